#!/usr/bin/env python3
"""What is restored on a real broker, store by store: histories, joins, and what to do about state and changelogs that cannot be read."""
# timeout: 600
import os
import shutil
import signal
import unittest

from kafka_case import KafkaCase

START = 1714557600000
MINUTE = 60000

VERSIONED = """app {app}
table prices from "{app}-prices" string => string versioned 1h
stream sales from "{app}-sales" string => string
sales | left join prices as p | map value + " " + (p ?? "-") | to "{out}"
"""

# A store of each kind that joins have, and one of groups.
STORES = """app {app}
stream orders from "{app}-orders" string => json {{ n: int64 }}
stream payments from "{app}-payments" string => json {{ n: int64 }}
table items from "{app}-items" string => json {{ owner: string }}
table customers from "{app}-customers" string => string
table rates from "{app}-rates" string => int64 versioned 1h
orders | left join payments as p within 10s | map string(n) + " and " + string(p?.n ?? 0) | to "{out}"
items | join customers as c on owner == c.key | map c | to "{out}"
orders | join rates as r grace 1m | map string(n) + " at " + string(r) | to "{out}"
table counts = orders | group by key | count
counts | map string(value) | to "{out}"
"""

COUNT = """app {app}
stream orders from "{app}-orders" string => string
table counts = orders | group by key | count
counts | to "{out}"
"""


class Restore(KafkaCase):
    def create(self, *names):
        for topic in (*(f"{self.app}-{name}" for name in names), self.out):
            self.kafka.create(topic, 1, retention_ms=-1)

    def put(self, name, *records):
        """(key, value, minutes since the start)"""
        self.send(name, [(key, value, START + at * MINUTE) for key, value, at in records])

    def state(self):
        return os.path.join(self.folder.name, "state")

    def run_all(self, code=0):
        return self.run_to_end(self.path, "--set", f"state_dir={self.state()}", code=code)

    def test_history(self):
        """What rows were, with a local copy and without."""
        self.create("prices", "sales")
        self.path = self.program(text=VERSIONED)
        self.put("prices", ("a", "10", 0), ("a", "12", 10), ("a", None, 30))
        self.put("sales", ("a", "s0", 1))
        self.run_all()
        self.put("sales", ("a", "s1", 7), ("a", "s2", 12), ("a", "s3", 31))
        self.run_all()
        shutil.rmtree(self.state(), ignore_errors=True)
        self.put("prices", ("a", "11", 9))  # late: from then until the next
        self.put("sales", ("a", "t1", 8), ("a", "t2", 9), ("a", "t3", 15), ("a", "t4", 40))
        self.run_all()
        self.assertEqual(sorted(self.values()), ["s0 10", "s1 10", "s2 12", "s3 -", "t1 10", "t2 11", "t3 12", "t4 -"])

    def fill(self):
        self.create("orders", "payments", "items", "customers", "rates")
        self.path = self.program(text=STORES)
        self.put("rates", ("a", {"hex": f"{3:016x}"}, 0))
        self.put("customers", ("c", "Cy", 0))
        self.put("items", ("i", {"owner": "c"}, 0))
        self.put("orders", ("a", {"n": 1}, 1), ("b", {"n": 2}, 1))
        self.put("payments", ("b", {"n": 3}, 1))
        self.run_all()

    def test_a_changelog_that_cannot_be_read(self):
        """In every kind of store: a message that names it and what to do; with what was there, nothing is done."""
        self.fill()
        changelogs = self.internal("changelog")
        self.assertEqual(len(changelogs), 7, changelogs)
        for topic in changelogs:
            store = topic[len(self.app) + 1 : -len("-changelog")]
            for key in ("x", {"hex": "00" * 40}):
                shutil.rmtree(self.state(), ignore_errors=True)
                self.kafka.produce(topic, [{"key": key, "value": {"hex": "ff00ff"}}])
                err = self.run_all(code=3)
                self.assertIn(f"the changelog of store {store}, partition 0, cannot be read (--reset starts over): ", err)
            self.kafka.delete(topic)
            self.kafka.create(topic, 1)

    def test_what_is_restored_of_joins(self):
        """An order without a payment, and one that waits for its rate, leave after a restart; a customer's new name comes to the items."""
        self.fill()
        before = self.values()
        shutil.rmtree(self.state(), ignore_errors=True)
        self.put("orders", ("late", {"n": 0}, 50))
        self.put("customers", ("c", "Cyd", 3))
        self.run_all()
        self.assertEqual(sorted((self.values() - before).elements()), ["1", "1 and 0", "1 at 3", "Cyd"])

    def test_a_changelog_that_is_deleted(self):
        """While the program runs: how new its rows are can't be known at the end, so they are not saved, and it ends all the same."""
        self.create("orders")
        self.path = self.program(text=COUNT)
        self.put("orders", *((f"k{n}", "x", 0) for n in range(20000)))  # fewer are not worth a local copy
        running = self.start(self.path, "--create-topics", "--set", f"state_dir={self.state()}", "--set", "commit=50ms")
        self.wait_through(f"{self.app}-orders")
        self.kafka.delete(*self.internal("changelog"))
        running.signal(signal.SIGTERM)
        self.assertEqual(running.end(40), 0, running.err)

    def test_state_that_is_no_folder(self):
        self.create("orders")
        self.path = self.program(text=COUNT)
        self.put("orders", *((f"k{n}", "x", 0) for n in range(20000)))  # fewer are not worth a local copy
        with open(self.state(), "w") as f:
            f.write("not a folder")
        err = self.run_all(code=3)
        self.assertIn(f"{self.state()}/{self.app}", err)
        self.assertIn("Not a directory", err)


if __name__ == "__main__":
    unittest.main()
