#!/usr/bin/env python3
"""Copies of state on other instances: they are kept up to date, and what takes over from a killed instance goes on from them."""
# timeout: 600
import re
import time
import unittest

from kafka_case import KafkaCase, murmur2, wait_for

SESSION_MS = 6000
PARTITIONS = 4
KEYS = 200000
START = 1714557600000
COUNT = """app {app} {{ standby 1 }}
stream records from {source}
table counts = records | group by key | count
counts | to "{out}"
"""


class Standby(KafkaCase):
    def setUp(self):
        super().setUp()
        self.kafka.create(self.source, PARTITIONS, retention_ms=-1)
        self.kafka.create(self.out, 1, retention_ms=-1)
        self.path = self.program(text=COUNT)

    def instance(self, name, *args):
        return self.start(self.path, "-X", f"session.timeout.ms={SESSION_MS}", "--set", f"instance={name}",
                          "--set", f"state_dir={self.folder.name}/{name}", *args)

    def feed(self, keys):
        self.kafka.produce(self.source, [{"key": f"k{n}", "value": "x", "timestamp": START + n} for n in keys])

    def counts(self):
        return {r["key"]["hex"]: int(r["value"]["hex"], 16) for r in self.kafka.consume(self.out, hex=True)}

    def out_end(self):
        return sum(end for _, end in self.kafka.logs(self.out))

    def test_failover(self):
        """`range` gives the first half of the partitions to the first name."""
        first = self.instance("a")
        self.feed(range(KEYS))
        self.wait_committed(self.source, KEYS)
        second = self.instance("b")
        for running in (first, second):
            running.says("the copies of the state of 2 tasks of other instances are up to date")
        self.feed(range(KEYS))
        self.wait_committed(self.source, 2 * KEYS)
        time.sleep(2)  # rounds of reading
        said, before = len(second.err), self.out_end()
        first.kill()
        killed = time.monotonic()
        self.feed(n for n in range(1000) if murmur2(f"k{n}".encode()) % PARTITIONS < PARTITIONS // 2)
        wait_for(lambda: self.out_end() > before, "what comes of the killed instance's partitions")
        failover = time.monotonic() - killed - SESSION_MS / 1000
        self.assertLess(failover, 5)  # under 2 s where nothing else runs
        self.feed(range(1000, KEYS))
        self.feed(n for n in range(1000) if murmur2(f"k{n}".encode()) % PARTITIONS >= PARTITIONS // 2)
        self.wait_committed(self.source, 3 * KEYS)
        restored = [int(n) for n in re.findall(r"restored (\d+) records", second.err[said:])]
        self.assertLess(sum(restored), KEYS // 4, second.err)
        counts = self.counts()
        self.assertEqual(len(counts), KEYS)
        self.assertEqual({n for n in counts.values()}, {3})
        second.stop()


if __name__ == "__main__":
    unittest.main()
