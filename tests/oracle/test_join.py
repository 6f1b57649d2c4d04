#!/usr/bin/env python3
# timeout: 900
"""Random programs with joins: weir against Kafka Streams, record by record; with the cache, and over a restart, row by row.

    test_join.py                          what CI runs: every shape, some variants of each, 50 seeds
    test_join.py --long MINUTES           goes on with other seeds
    test_join.py --shape NAME --seed N    one case; prints it
"""
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
import generate_join  # noqa: E402
import harness  # noqa: E402
import test_state  # noqa: E402


class Run(test_state.Run):
    """A global table is whole before anything else is done: its records come first."""

    def lines(self, case):
        return sorted(super().lines(case), key=lambda line: json.loads(line)["topic"] not in generate_join.GLOBALS)


if __name__ == "__main__":
    sys.exit(harness.main(__doc__, Run(generate_join)))
