#!/usr/bin/env python3
"""What belongs together comes to one instance: topics of 1, 3 and 8 partitions, patterns, instances that come and go one after another."""
# timeout: 900
import json
import unittest

from kafka_case import SHORT_SESSION, KafkaCase, wait_for

COUNTS = (1, 3, 8)
START = 1714557600000

# Three sub-topologies of different partition counts. Rows are wrong as soon as one task is at two places.
COGROUPS = "app {app}\n" + "".join(f"""
stream left{n} from "{{app}}-left{n}" string => string
stream right{n} from "{{app}}-right{n}" string => string
table both{n} = cogroup left{n} by key, right{n} by key | aggregate {{{{ n: count(left{n}), m: count(right{n}) }}}}
both{n} | to "{{out}}-{n}"
""" for n in COUNTS)

# The same with joins, one side of which is brought to the other.
JOINS = "app {app}\n" + "".join(f"""
stream left{n} from "{{app}}-left{n}" string => string
stream right{n} from "{{app}}-right{n}" string => string
left{n} | join right{n} as r on value == r.key within 1m | map value + " " + r | to "{{out}}-{n}"
""" for n in COUNTS)

PATTERN = """app {app}
stream logs from /{app}-logs-[a-z]+/ string => string
stream others from "{app}-others" string => string
table both = cogroup logs by key, others by key | aggregate {{ n: count(logs), m: count(others) }}
both | to "{out}"
"""


class Assignment(KafkaCase):
    def sides(self):
        return [f"{self.app}-{side}{n}" for n in COUNTS for side in ("left", "right")]

    def create_sides(self, left=None):
        for n in COUNTS:
            self.kafka.create(f"{self.app}-left{n}", left or n, retention_ms=-1)
            self.kafka.create(f"{self.app}-right{n}", n, retention_ms=-1)
            self.kafka.create(f"{self.out}-{n}", 1, retention_ms=-1)

    def feed(self, first, count, value=lambda n: "x"):
        """The same keys on all sides; of the right ones half as many records."""
        for topic in self.sides():
            every = 2 if "right" in topic else 1
            self.kafka.produce(topic, [{"key": f"k{n % 40}", "value": value(n), "timestamp": START + n}
                                       for n in range(first, first + count, every)])

    def wait_all(self, records):
        for topic in self.sides():
            self.wait_committed(topic, records // (2 if "right" in topic else 1))

    def rows(self, topic):
        return {r["key"]: json.loads(r["value"]) for r in self.kafka.consume(topic)}

    def instances(self, path, *args):
        """Three, one after another; each has its own state on disk, and something to do before the next one comes."""
        running = []
        for i in range(3):
            self.feed(400 * i, 400)
            running.append(self.start(path, *SHORT_SESSION, *args, "--set", f"threads={1 + i % 2}",
                                      "--set", f"state_dir={self.folder.name}/state{i}"))
            self.wait_all(400 * (i + 1))
        return running

    def check_counts(self, records):
        for n in COUNTS:
            expected = {f"k{k}": {"n": records // 40, "m": records // 40 if k % 2 == 0 else 0} for k in range(40)}
            wait_for(lambda n=n, e=expected: self.rows(f"{self.out}-{n}") == e, f"the rows of {n} partitions")

    def test_instances_come_and_go(self):
        self.create_sides()
        running = self.instances(self.program(text=COGROUPS))
        self.check_counts(1200)
        running.pop(0).stop()
        self.feed(1200, 400)
        self.wait_all(1600)
        running.pop(0).stop()
        self.feed(1600, 400)
        self.wait_all(2000)
        running.pop(0).stop()
        self.check_counts(2000)

    def test_joins_with_one_side_repartitioned(self):
        """From 5 partitions to 1, 3 and 8; one instance is killed."""
        self.create_sides(left=5)
        path = self.program(text=JOINS)
        running = [self.start(path, *SHORT_SESSION, "--set", f"state_dir={self.folder.name}/state{i}") for i in range(2)]
        for first in range(0, 1200, 400):
            for n in COUNTS:
                self.kafka.produce(f"{self.app}-left{n}", [{"key": f"{i % 7}", "value": f"v{i}", "timestamp": START + i}
                                                           for i in range(first, first + 400)])
                self.kafka.produce(f"{self.app}-right{n}", [{"key": f"v{i}", "value": f"w{i}", "timestamp": START + i}
                                                            for i in range(first, first + 400)])
            if first == 400:
                running.pop(0).kill()
        expected = {f"v{i} w{i}" for i in range(1200)}
        for n in COUNTS:
            wait_for(lambda n=n: set(self.values(f"{self.out}-{n}")) == expected, f"the results of {n} partitions")
        running.pop().stop()

    def test_members_that_know_of_different_topics(self):
        for topic in (f"{self.app}-others", f"{self.app}-logs-a"):
            self.kafka.create(topic, 3)
        self.kafka.create(self.out, 1)
        path = self.program(text=PATTERN)
        records = [{"key": f"k{n % 40}", "value": "x"} for n in range(400)]
        first = self.start(path, "--set", f"state_dir={self.folder.name}/first")
        self.kafka.produce(f"{self.app}-logs-a", records)
        self.kafka.produce(f"{self.app}-others", records)
        self.wait_committed(f"{self.app}-logs-a", 400)
        self.kafka.create(f"{self.app}-logs-b", 3)
        self.kafka.produce(f"{self.app}-logs-b", records)
        second = self.start(path, "--set", f"state_dir={self.folder.name}/second")
        second.says("partitions wait until all instances know of the topics that belong together")
        self.kafka.produce(f"{self.app}-others", records)
        self.wait_committed(f"{self.app}-others", 800)
        self.assertLess(sum(max(committed, 0) for _, committed, _ in self.kafka.offsets(self.app, f"{self.app}-logs-b")), 400)
        first.stop()
        self.wait_committed(f"{self.app}-logs-b", 400)
        second.stop()
        self.assertEqual(self.rows(self.out), {f"k{k}": {"n": 20, "m": 20} for k in range(40)})

    def test_a_topic_that_appears_later_with_another_count(self):
        for topic in (f"{self.app}-others", f"{self.app}-logs-a"):
            self.kafka.create(topic, 3)
        self.kafka.create(self.out, 1)
        running = self.start(self.program(text=PATTERN), "-X", "topic.metadata.refresh.interval.ms=200")
        self.kafka.produce(f"{self.app}-logs-a", [{"key": "k", "value": "x"}])
        self.wait_committed(f"{self.app}-logs-a", 1)
        self.kafka.create(f"{self.app}-logs-b", 5)
        self.assertEqual(running.end(), 3)
        self.assertIn(f"topic {self.app}-logs-b has 5", running.err)

    def test_the_strategy_is_not_the_users(self):
        self.create_sides()
        err = self.run_to_end(self.program(text=COGROUPS), "-X", "partition.assignment.strategy=roundrobin", code=2)
        self.assertIn("partition.assignment.strategy can't be set: partitions that belong together must come to one instance", err)


if __name__ == "__main__":
    unittest.main()
