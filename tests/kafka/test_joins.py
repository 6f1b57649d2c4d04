#!/usr/bin/env python3
"""Joins of every kind on 1, 3 and 8 partitions by one, two and three instances that are killed and come again: what comes of them is what one
instance makes of the same topics."""
# timeout: 1200
import random
import unittest

from kafka_case import SHORT_SESSION, KafkaCase

START = 1714557600000
CLOSE = START + 7 * 24 * 3600 * 1000  # later than all windows

# What is near in time is joined however the inputs meet: nothing is late within a day.
JOINS = """app {app}
stream orders from "{topics}-orders" string => json {{ customer: string, n: int64 }}
stream payments from "{topics}-payments" string => json {{ order: string, n: int64 }}
table customers from "{topics}-customers" string => string
table accounts from "{topics}-accounts" string => int64
table items from "{topics}-items" string => json {{ owner: string, n: int64 }}

orders | join payments as p on key == p.order within 10s grace 1d | map string(n) + " " + string(p.n) | to "{out}-inner"
orders | left join payments as p on key == p.order within 1h grace 1d | map string(n) + " " + string(p?.n ?? -1) | to "{out}-left"
orders | join customers as c on customer == c.key | map string(n) + " " + c | to "{out}-found"
orders | filter n % 2 == 0 | left join customers as c on customer == c.key | map string(n) + " " + (c ?? "nobody") | to "{out}-perhaps"
customers | join accounts as a | map customers + " " + string(a) | to "{out}-rows"
customers | outer join accounts as a | map (customers ?? "-") + " " + string(a ?? 0) | to "{out}-all-rows"
items | join customers as c on owner == c.key | map string(n) + " " + c | to "{out}-foreign"
items | left join customers as c on owner == c.key | map string(n) + " " + (c ?? "nobody") | to "{out}-foreign-left"
"""
INPUTS = ("orders", "payments", "customers", "accounts", "items")
STREAMS = ("inner", "left", "found", "perhaps")
TABLES = ("rows", "all-rows", "foreign", "foreign-left")


class Joins(KafkaCase):
    def topic(self, name):
        return f"{self.app}-{name}"

    def create(self, partitions):
        for name in INPUTS:
            self.kafka.create(self.topic(name), partitions, retention_ms=-1)
        for name in (*STREAMS, *TABLES):
            for out in (self.out, f"{self.out}-single"):
                self.kafka.create(f"{out}-{name}", 2, retention_ms=-1)

    def feed_customers(self):
        """Before the first order, so that each order finds them as they will be."""
        self.send("customers", [(f"c{n}", f"name{n}", START) for n in range(40)])

    def feed(self, numbers, first, count):
        """Rows that come, change and go, and orders and payments out of order."""
        def some_time(n):
            return START + 1000 + 20 * n + numbers.randrange(3000)
        span = range(first, first + count)
        # Rows that go don't come again: as in Kafka Streams, the answer that would take a result away is stale once the key has another row.
        self.send("items", [(f"i{n % 60}", {"owner": f"c{numbers.randrange(50)}", "n": n}, some_time(n)) for n in span])
        self.send("items", [(f"gone{n // 2}", None if n % 2 else {"owner": f"c{numbers.randrange(50)}", "n": n}, some_time(n)) for n in span])
        self.send("orders", [(f"o{n}", {"customer": f"c{numbers.randrange(50)}", "n": n}, some_time(n)) for n in span])
        self.send("accounts", [(f"c{numbers.randrange(50)}", {"hex": f"{n:016x}"} if numbers.random() < 0.8 else None, some_time(n)) for n in span])
        self.send("payments", [(f"p{n}", {"order": f"o{numbers.randrange(first, first + count)}", "n": n}, some_time(n)) for n in span])

    def close(self, partitions):
        """What is looked at last is there. Time goes on in every partition of what the joins of streams read, so that those without a match leave."""
        self.send("items", [(f"i{n}", {"owner": f"c{n % 40}", "n": -n}, CLOSE) for n in range(60)])
        self.send("orders", [(f"late{n}", {"customer": "nobody", "n": -1}, CLOSE) for n in range(20 * partitions)])

    def joins(self, app, out):
        return self.write(JOINS.format(app=app, topics=self.app, out=out))

    def instance(self, path, number):
        return self.start(path, *SHORT_SESSION, "--set", f"threads={1 + number % 2}", "--set", "commit=100ms", "--set", "cache=0",
                          "--set", f"state_dir={self.folder.name}/state{number}")

    def wait(self):
        self.wait_through(*(self.topic(name) for name in INPUTS), *self.internal("repartition"))

    def records(self, out, name):
        return [(r["key"], r["value"]) for r in self.kafka.consume(f"{out}-{name}") if not r["key"].startswith("late")]

    def compare(self):
        single = f"{self.out}-single"
        for name in STREAMS:
            want, got = self.records(single, name), self.records(self.out, name)
            self.assertEqual(sorted(set(want) ^ set(got))[:10], [], name)
            self.assertEqual(len(want), len(set(want)), name)
            self.assertGreater(len(want), 100, name)
        for name in TABLES:
            want, got = dict(self.records(single, name)), dict(self.records(self.out, name))
            self.assertEqual(sorted(set(want.items()) ^ set(got.items()), key=str)[:10], [], name)
            self.assertGreater(sum(value is not None for value in want.values()), 10, name)

    def check(self, partitions):
        numbers = random.Random(partitions)
        self.create(partitions)
        self.feed_customers()
        path = self.joins(self.app, self.out)
        running = [self.instance(path, 0)]
        self.wait_committed(self.topic("customers"), 40)
        for round_of in range(3):
            self.feed(numbers, 400 * round_of, 200)
            running[round_of].kill()
            running[round_of] = self.instance(path, round_of)
            self.feed(numbers, 400 * round_of + 200, 200)
            if round_of < 2:
                running.append(self.instance(path, round_of + 1))
        self.wait()
        single = (self.joins(f"{self.app}s", f"{self.out}-single"), "--set", "cache=0", "--set", f"state_dir={self.folder.name}/single")
        self.run_to_end(*single)
        self.close(partitions)
        self.run_to_end(*single)
        self.wait()
        for one in running:
            one.stop()
        self.compare()

    def test_1_partition(self):
        self.check(1)

    def test_3_partitions(self):
        self.check(3)

    def test_8_partitions(self):
        self.check(8)


if __name__ == "__main__":
    unittest.main()
