#!/usr/bin/env python3
# timeout: 300
"""Random programs with state: weir against Kafka Streams, record by record; with the cache, and from the changelogs, row by row.

    test_state.py                          what CI runs: every shape, some variants of each, 50 seeds
    test_state.py --long MINUTES           goes on with other seeds
    test_state.py --shape NAME --seed N    one case; prints it
"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
import generate_state  # noqa: E402
import harness  # noqa: E402
from oracle import difference, last_rows, row_difference  # noqa: E402


class Run(harness.Run):
    """Every record with each change written, also over a restart in the middle; the last value of each row with the cache on; the changelogs."""

    def compare(self, case, expected, path, lines):
        self.count(expected.topics)
        got = self.weir.run(path, lines)
        wrong = difference(expected.topics, got.topics)
        if wrong:
            return wrong
        half = len(lines) // 2
        restarted = self.weir.run(path, lines[:half], lines[half:])
        wrong = difference(expected.topics, restarted.topics)
        if wrong:
            return f"with a restart behind record {half}: {wrong}"
        return self.compare_rows(case, expected, got, self.weir.run(path, lines, cache="64MB"))

    def compare_rows(self, case, expected, got, cached):
        """What is left in the end."""
        changelogs = last_rows(expected.changelogs)
        self.count(changelogs)
        wrong = row_difference(changelogs, last_rows(got.changelogs), "changelog")
        if not wrong and case.shape not in generate_state.UPDATES:
            rows = last_rows(expected.topics)
            self.count(rows)
            wrong = row_difference(rows, last_rows(cached.topics), "with the cache, topic")
        return wrong or row_difference(changelogs, last_rows(cached.changelogs), "with the cache, changelog")


if __name__ == "__main__":
    sys.exit(harness.main(__doc__, Run(generate_state)))
