#!/usr/bin/env python3
"""Copies of state on other instances: they are kept up to date, and what takes over from a killed instance goes on from them."""
# timeout: 600
import os
import re
import time
import unittest
from collections import Counter

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

# A store of each kind; APP is one that nothing happens to, or one whose instance is killed.
KINDS = """app {app} {{ standby 1; cache 0 }}
stream orders from "{source}-orders" string => json {{ n: int64 }}
stream payments from "{source}-payments" string => json {{ n: int64 }}
table items from "{source}-items" string => json {{ owner: string }}
table customers from "{source}-customers" string => string
table rates from "{source}-rates" string => string versioned 1h
orders | left join payments as p within 10s | map string(n) + " and " + string(p?.n ?? 0) | to "{out}"
items | join customers as c on owner == c.key | map c | to "{out}"
orders | join rates as r grace 1m | map string(n) + " at " + r | to "{out}"
table counts = orders | group by key | count
counts | map "count " + string(value) | to "{out}"
table windows = orders | group by key | window tumbling 1m grace 10s | count | emit final
windows | map "final " + string(value) | as stream | key by "w" | to "{out}"
table sessions = payments | group by key | window session 30s grace 1m | aggregate {{ n: sum(n) }}
sessions | map "session" | as stream | key by "s" | to "{out}"
"""


class StandbyCase(KafkaCase):
    def instance(self, name, *args):
        return self.start(self.path, "-X", f"session.timeout.ms={SESSION_MS}", "--set", f"instance={name}",
                          "--set", f"state_dir={self.folder.name}/{name}", *args)



class Failover(StandbyCase):
    def setUp(self):
        super().setUp()
        self.kafka.create(self.source, PARTITIONS, retention_ms=-1)
        self.kafka.create(self.out, 1, retention_ms=-1)
        self.path = self.program(text=COUNT)

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

    def test_a_copy_that_cannot_be_kept(self):
        """It is said, and the instance goes on with what is its own."""
        folder = os.path.join(self.folder.name, "b", self.app)
        os.makedirs(folder)
        open(os.path.join(folder, "0_0"), "w").close()
        first = self.instance("a")
        self.feed(range(1000))
        self.wait_committed(self.source, 1000)
        second = self.instance("b")
        second.says(f"copies of other instances' state: {folder}/0_0: ")
        self.feed(range(1000))
        self.wait_committed(self.source, 2000)
        second.stop()
        first.stop()


class Kinds(StandbyCase):
    """What each kind of store has a copy of is what it would have restored."""

    topics = "orders", "payments", "items", "customers", "rates"

    def put(self, name, *records):
        """(key, value, ms since the start)"""
        self.kafka.produce(f"{self.source}-{name}", [{"key": key, "value": value, "timestamp": START + at} for key, value, at in records])

    def wait_done(self, *apps):
        """All is committed that the sources have, and what comes of it in topics of the app's own."""
        own = self.app
        for self.app in apps:
            self.wait_through(*(f"{self.source}-{name}" for name in self.topics), *self.internal("repartition"))
        self.app = own

    def results(self, out):
        return Counter((r["key"], r["value"], r["timestamp"]) for r in self.kafka.consume(out))

    def test_every_kind(self):
        for name in self.topics:
            self.kafka.create(f"{self.source}-{name}", 1, retention_ms=-1)
        apps = {app: f"{app}-out" for app in (self.app, f"{self.app}u")}
        paths = {}
        for app, out in apps.items():
            self.kafka.create(out, 1, retention_ms=-1)
            paths[app] = self.write(KINDS.format(app=app, source=self.source, out=out))
        undisturbed = self.start(paths[f"{self.app}u"], "--set", "standby=0", "--set", f"state_dir={self.folder.name}/u")
        self.path = paths[self.app]
        first = self.instance("a")
        self.put("customers", *((f"c{n}", f"name {n}", n) for n in range(50)))
        self.put("rates", *((f"k{n % 3000}", f"rate {n}", n) for n in range(6000)))
        self.wait_done(*apps)
        self.put("items", *((f"i{n}", {"owner": f"c{n % 50}"}, n) for n in range(6000)))
        second = self.instance("b", "--set", "memory=1MB")
        second.says("other instances are up to date")
        # All within the join's time, whichever comes first.
        self.put("orders", *((f"k{n % 3000}", {"n": n}, 10000 + n // 10) for n in range(12000)))
        self.put("payments", *((f"k{n % 3000}", {"n": n}, 10000 + n // 10) for n in range(0, 6000, 2)))
        self.wait_done(*apps)
        time.sleep(2)  # rounds of reading
        first.kill()
        self.put("customers", *((f"c{n}", f"new {n}", 200000 + n) for n in range(50)), ("c7", None, 200100))
        self.put("rates", *((f"k{n}", None, 130000) for n in range(0, 3000, 3)))
        self.put("payments", *((f"k{n % 3000}", {"n": -n}, 10000 + n // 10) for n in range(2001, 3000, 2)))
        self.wait_done(*apps)
        self.put("orders", *((f"k{n}", {"n": n}, 130000 + n) for n in range(3000)))
        self.wait_done(*apps)
        time.sleep(1.5)  # what is held back leaves once a second at most
        self.put("orders", ("end", {"n": 0}, 3600000), ("end", {"n": 0}, 3600001))
        self.wait_done(*apps)
        expected, got = (self.results(out) for out in reversed(apps.values()))
        self.assertEqual((list((expected - got).elements())[:5], list((got - expected).elements())[:5]), ([], []))
        self.assertGreater(len(expected), 20000)
        second.stop()
        undisturbed.stop()


if __name__ == "__main__":
    unittest.main()
