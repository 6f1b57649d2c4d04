#!/usr/bin/env python3
"""Inputs that get more partitions while a program runs."""
# timeout: 300
import unittest

from kafka_case import PASS, KafkaCase, wait_for

SOON = ("-X", "topic.metadata.refresh.interval.ms=1000")

COUNT = """app {app}
stream orders from "{app}-in" string => string
table counts = orders | group by key | count
counts | to "{out}"
"""
GLOBAL = """app {app}
stream orders from "{app}-in" string => string
global table rates from "{app}-rates" string => string
orders | join rates as r on key == r.key | map r | to "{out}"
"""
JOIN = """app {app}
stream left from "{app}-in" string => string
stream right from "{app}-right" string => string
left | join right as r within 1m | map value + r | to "{out}"
"""


class Growth(KafkaCase):
    def setUp(self):
        super().setUp()
        self.kafka.create(self.source, 2)
        self.kafka.create(self.out, 1)

    def begin(self, text):
        running = self.start(self.program(text=text), *SOON)
        self.kafka.produce(self.source, self.numbered(100))
        self.wait_committed(self.source, 100)
        return running

    def ends(self, text, why, topic=None):
        running = self.begin(text)
        self.kafka.grow(topic or self.source, 3)
        self.assertEqual(running.end(), 3, running.err)
        self.assertIn(why, running.err)

    def test_without_state_they_are_read(self):
        running = self.begin(PASS)
        self.kafka.grow(self.source, 3)
        running.says(f"topic {self.source} has 3 partitions now, and had 2: the new ones are read, too; keys may have moved to them")
        self.kafka.produce(self.source, self.numbered(100, first=100))
        wait_for(lambda: len(self.values()) == 200, "all records")
        self.assertEqual(running.err.count("partitions now"), 1)
        running.stop()

    def test_with_state_it_ends(self):
        self.ends(COUNT, f"topic {self.app}-counts-changelog has 2 partitions and needs 3: the program or the partitions of its inputs have changed since it was made. "
                         "Keys have moved between partitions, so state is to be made anew: stop every instance and start over with --reset")

    def test_global_table(self):
        self.kafka.create(f"{self.app}-rates", 2)
        self.ends(GLOBAL, f"topic {self.app}-rates has 3 partitions now, and had 2 when global table rates was read: start again, to read all", f"{self.app}-rates")

    def test_joined(self):
        self.kafka.create(f"{self.app}-right", 2)
        self.ends(JOIN, f"left and right are not co-partitioned: topic {self.source} has 3 partitions, topic {self.app}-right has 2")


if __name__ == "__main__":
    unittest.main()
