#!/usr/bin/env python3
# timeout: 600
"""Random programs and records: weir against Kafka Streams, record by record.

    test_oracle.py                          what CI runs: every shape, some variants of each, 50 seeds
    test_oracle.py --long MINUTES           goes on with other seeds
    test_oracle.py --shape NAME --seed N    one case; prints it
"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
import generate  # noqa: E402
import harness  # noqa: E402

if __name__ == "__main__":
    sys.exit(harness.main(__doc__, harness.Run(generate)))
