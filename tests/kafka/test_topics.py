#!/usr/bin/env python3
"""Topics at the start and later: missing, with other partition counts, created, matched by a pattern; settings of librdkafka."""
# timeout: 600
import json
import os
import subprocess
import unittest

from kafka_case import SHORT_SESSION, WEIR, KafkaCase, wait_for

ROUTE = """app {app}
stream records from {source}
records | map value | to ("{out}-" + value)
"""


# Records of both inputs come to one task.
MEET = """app {app}
stream records from {source}
stream others from "{out}-others" string => string
cogroup records {by}, others by key | aggregate {{ n: count(records), m: count(others) }} | to "{out}"
"""


# By what a join is of: {how it is written, what it says of the records}.
JOINS = {
    "join": "stream records from {source}\nstream others from \"{out}-others\" string => string\n"
            "records | join others as o within 1m | map value + o | to \"{out}\"",
    "left join": "stream records from {source}\ntable others from \"{out}-others\" string => string\n"
                 "records | left join others as o | map value + (o ?? \"\") | to \"{out}\"",
    "outer join": "table records from {source}\ntable others from \"{out}-others\" string => string\n"
                  "records | outer join others as o | map records ?? o ?? \"\" | to \"{out}\"",
}
# These need no co-partitioning.
FREE_JOINS = (
    "table records from {source}\ntable others from \"{out}-others\" string => string\n"
    "records | join others as o on value == o.key | map value + o | to \"{out}\"",
    "stream records from {source}\nglobal table others from \"{out}-others\" string => string\n"
    "records | join others as o on value == o.key | map value + o | to \"{out}\"",
)


class CoPartitioned(KafkaCase):
    def meet(self, by="by key", source=None):
        text = MEET.replace("{by}", by)
        return self.program(source, text)

    def check(self, path, code):
        run = subprocess.run([WEIR, "check", path, "--brokers", self.kafka.address], capture_output=True, text=True)
        self.assertEqual(run.returncode, code, run.stderr)
        return run.stderr

    def create(self, records, others):
        for topic, count in ((self.source, records), (f"{self.out}-others", others), (self.out, 1)):
            self.kafka.create(topic, count)

    def test_topics_that_differ(self):
        self.create(3, 8)
        path = self.meet()
        for err in (self.check(path, 3), self.run_to_end(path, code=3)):
            self.assertIn(f"records and others are not co-partitioned: topic {self.source} has 3 partitions, "
                          f"topic {self.out}-others has 8", err)
            self.assertIn("`repartition 8`", err)

    def test_joins_that_differ(self):
        self.create(3, 8)
        for why, text in JOINS.items():
            path = self.program(text="app {app}\n" + text)
            for err in (self.check(path, 3), self.run_to_end(path, code=3)):
                self.assertIn(f"records and others are not co-partitioned: topic {self.source} has 3 partitions, "
                              f"topic {self.out}-others has 8, and `{why} others", err)

    def test_a_repartition_that_differs_from_what_it_meets(self):
        self.create(3, 3)
        text = ("app {app}\nstream records from {source}\ntable others from \"{out}-others\" string => string\n"
                "records | key by value | repartition 5 | join others as o | map o | to \"{out}\"")
        path = self.program(text=text)
        for err in (self.check(path, 3), self.run_to_end(path, code=3)):
            self.assertIn(f"has 5 partitions, topic {self.out}-others has 3", err)

    def test_joins_that_need_none(self):
        self.create(3, 8)
        self.kafka.produce(self.source, [{"key": f"k{n}", "value": f"v{n}", "timestamp": 2} for n in range(20)])
        self.kafka.produce(f"{self.out}-others", [{"key": f"v{n}", "value": "!", "timestamp": 1} for n in range(20)])
        for number, text in enumerate(FREE_JOINS, 1):
            path = self.program(text=f"app {{app}}{number}\n" + text)
            self.check(path, 0)
            self.run_to_end(path)
            self.assertEqual(self.values(), {f"v{n}!": number for n in range(20)})

    def test_check_makes_nothing(self):
        self.create(3, 3)
        before = set(self.kafka.topics())
        self.check(self.meet("by value"), 0)
        self.assertEqual({t for t in self.kafka.topics() if t not in before and t.startswith(self.app)}, set())

    def test_check_names_what_is_missing(self):
        self.kafka.create(self.source, 3)
        err = self.check(self.meet(), 3)
        self.assertIn(f"{self.out}-others", err)
        self.assertNotIn(f"{self.source},", err)

    def test_a_repartition_has_as_many_as_what_it_meets(self):
        self.create(2, 5)
        self.kafka.produce(self.source, [{"key": "x", "value": f"v{n}"} for n in range(40)])
        self.kafka.produce(f"{self.out}-others", [{"key": f"v{n}", "value": "y"} for n in range(40)])
        self.run_to_end(self.meet("by value"), "--set", "threads=2")
        self.assertEqual({n for t, n in self.kafka.topics().items() if t.startswith(self.app) and t.endswith("-repartition")}, {5})
        rows = {r["key"]: json.loads(r["value"]) for r in self.kafka.consume(self.out)}
        self.assertEqual(rows, {f"v{n}": {"n": 1, "m": 1} for n in range(40)})

    def test_topics_are_created_alike(self):
        self.kafka.create(self.source, 3)
        self.run_to_end(self.meet(), "--create-topics")
        self.assertEqual(self.kafka.topics()[f"{self.out}-others"], 3)


class Topics(KafkaCase):
    def test_missing_topics_are_named_with_the_fix(self):
        err = self.run_to_end(self.program(), code=3)
        for part in (self.source, self.out, "--create-topics", self.kafka.address):
            self.assertIn(part, err)
        self.assertNotIn(self.source, self.kafka.topics())

    def test_create_topics(self):
        self.run_to_end(self.program(f'"{self.source}" string => string partitions 3'), "--create-topics")
        topics = self.kafka.topics()
        self.assertEqual((topics[self.source], topics[self.out]), (3, 3))

    def test_wrong_partition_count(self):
        self.kafka.create(self.source, 2)
        self.kafka.create(self.out, 2)
        err = self.run_to_end(self.program(f'"{self.source}" string => string partitions 4'), code=3)
        self.assertIn(f"topic {self.source} has 2 partitions, but records says `partitions 4`", err)

    def test_topic_chosen_per_record(self):
        self.kafka.create(self.source, 1)
        self.kafka.create(f"{self.out}-known", 1)
        self.kafka.produce(self.source, [{"key": "k", "value": v} for v in ("known", "unknown", "known")])
        err = self.run_to_end(self.program(text=ROUTE), "--set", "bad_records=skip")
        self.assertEqual(self.values(f"{self.out}-known"), {"known": 2})
        self.assertIn(f"{self.out}-unknown", err)
        self.assertIn("does not exist", err)
        self.assertNotIn(f"{self.out}-unknown", self.kafka.topics())

    def test_topic_chosen_per_record_is_created(self):
        self.kafka.create(self.source, 1)
        self.kafka.produce(self.source, [{"key": "k", "value": v} for v in ("a", "b", "a")])
        self.run_to_end(self.program(text=ROUTE), "--create-topics")
        self.assertEqual(self.values(f"{self.out}-a"), {"a": 2})
        self.assertEqual(self.values(f"{self.out}-b"), {"b": 1})

    def test_pattern_with_a_topic_that_appears_later(self):
        self.kafka.create(self.out, 1)
        self.kafka.create(f"{self.app}-logs-a", 1)
        self.kafka.create(f"x{self.app}-logs-a", 1)  # the pattern is anchored
        for topic in (f"{self.app}-logs-a", f"x{self.app}-logs-a"):
            self.kafka.produce(topic, [{"key": "k", "value": topic}])
        running = self.start(self.program(f"/{self.app}-logs-[a-z]+/ string => string"),
                             "-X", "topic.metadata.refresh.interval.ms=200")
        self.wait_committed(f"{self.app}-logs-a", 1)
        self.kafka.create(f"{self.app}-logs-b", 2)
        self.kafka.produce(f"{self.app}-logs-b", [{"key": "k", "value": "later"}])
        self.wait_committed(f"{self.app}-logs-b", 1)
        running.stop()
        self.assertEqual(self.values(), {f"{self.app}-logs-a": 1, "later": 1})

    def test_start_latest(self):
        self.kafka.create(self.source, 2)
        self.kafka.create(self.out, 2)
        self.kafka.produce(self.source, [{"key": "k", "value": "before"}])
        path = self.program(f'"{self.source}" string => string start latest')
        # A killed member is missed only after this.
        running = self.start(path, *SHORT_SESSION)
        # Where it starts is committed at once, so what comes while it is down is not skipped.
        wait_for(lambda: all(c == e for _, c, e in self.kafka.offsets(self.app, self.source)), "the committed start")
        running.kill()
        self.kafka.produce(self.source, [{"key": "k", "value": "after"}])
        self.run_to_end(path, *SHORT_SESSION)
        self.assertEqual(self.values(), {"after": 1})

    def test_repartition_topic(self):
        self.kafka.create(self.source, 3)
        self.kafka.create(self.out, 1)
        records = self.numbered(300)
        self.kafka.produce(self.source, records)
        text = 'app {app}\nstream records from {source}\nrecords | key by value | repartition | map value + "!" | to "{out}"\n'
        self.run_to_end(self.program(text=text), "--set", "threads=2")
        internal = {t: n for t, n in self.kafka.topics().items() if t.startswith(self.app + "-") and t.endswith("-repartition")}
        self.assertEqual(list(internal.values()), [3], internal)
        self.assertEqual(self.values(), {r["value"] + "!": 1 for r in records})
        name = next(iter(internal))
        self.kafka.delete(name)
        self.kafka.create(name, 2)
        err = self.run_to_end(self.program(text=text), code=3)
        self.assertIn(f"topic {name} has 2 partitions and needs 3", err)


class Properties(KafkaCase):
    def refused(self, *args):
        return self.run_to_end(self.program(), *args, code=2)

    def test_unknown(self):
        err = self.refused("-X", "linger.msec=5")
        self.assertIn("there is no kafka property linger.msec: did you mean linger.ms?", err)
        self.assertIn("did you mean producer.linger.ms?", self.refused("-X", "producer.linger.msec=5"))

    def test_wrong_value(self):
        self.assertIn("session.timeout.ms", self.refused("-X", "consumer.session.timeout.ms=soon"))

    def test_reserved(self):
        self.assertIn("enable.auto.commit", self.refused("-X", "enable.auto.commit=true"))

    def test_secrets_are_not_shown(self):
        err = self.run_to_end(self.program(), "-X", "sasl.password=hunter2", "-X", "ssl.key.password=hunter2",
                              "-X", "consumer.ssl.keystore.password=hunter2", "-X", "linger.msec=1", code=2)
        self.assertNotIn("hunter2", err)

    def test_config_file(self):
        path = os.path.join(self.folder.name, "kafka.properties")
        with open(path, "w") as f:
            f.write("# a comment\n\nlinger.ms = 3\nconsumer.fetch.wait.max.ms=20\n")
        self.kafka.create(self.source, 1)
        self.kafka.create(self.out, 1)
        self.kafka.produce(self.source, self.numbered(10))
        self.run_to_end(self.program(), "--config", path)
        self.assert_none_lost(10)
        with open(path, "a") as f:
            f.write("fetch.wait.max.sm=20\n")
        self.assertIn("fetch.wait.max.ms", self.refused("--config", path))

    def test_no_broker_there(self):
        running = self.start(self.program(), "-X", "socket.connection.setup.timeout.ms=1000", brokers="127.0.0.1:1")
        running.says("waiting for Kafka at 127.0.0.1:1")
        running.stop()


if __name__ == "__main__":
    unittest.main()
