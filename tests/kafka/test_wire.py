#!/usr/bin/env python3
"""Bytes of the app's own topics, of weir on a real broker, against those of Kafka Streams' TopologyTestDriver:
repartition topics record by record, keys, values and timestamps; of changelogs the last record of each key. (The values in its stores are tests/oracle's
own: those of changelogs are compared as bytes where they are numbers, else as JSON.)"""
# timeout: 600
import json
import os
import random
import struct
import subprocess
import sys
import unittest

from kafka_case import WEIR, KafkaCase

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "oracle"))
from oracle import Number, Oracle, Pairs, covers  # noqa: E402

STREAM = 'app {app}\nstream rows from "{source}" string => int64\n'
TABLE = 'app {app}\ntable rows from "{source}" string => int64\n'
JSON = 'app {app}\ntype Row {{ g: string, n: int64 }}\ntable rows from "{source}" string => json Row\n'
OUT = '\nt | to "{out}"\n'
PROGRAMS = {
    "count by a number": STREAM + "table t = rows | group by value | count" + OUT,
    "as table": STREAM + "table t = rows | key by string(value) | as table" + OUT,
    "reduce": STREAM + "table t = rows | group by key | reduce (a, b) => a - b" + OUT,
    "tumbling": STREAM + "table t = rows | group by string(value) | window tumbling 10s grace 5s | count" + OUT,
    "hopping": STREAM + "table t = rows | group by value | window hopping 10s every 5s grace 1m | aggregate {{ n: count(), s: sum(value) }}" + OUT,
    "sliding": STREAM + "table t = rows | group by key | window sliding 10s grace 5s | count" + OUT,
    "session": STREAM + "table t = rows | group by value | window session 5s grace 5s | count" + OUT,
    "changes": TABLE + "table t = rows | group by value | count" + OUT,
    "changes of equal keys": TABLE + "table t = rows | group by key | aggregate {{ n: count(), s: sum(value) }}" + OUT,
    "changes of records": JSON + "table t = rows | group by g | aggregate {{ n: count(), s: sum(n) }}" + OUT,
    "fold": TABLE + "table t = rows | filter value > 0 | group all | fold 0, (acc) => acc + value, undo (acc) => acc - value" + OUT,
}
RECORDS = 60
START = 1714557600000


def rows(seed, is_json, tombstones):
    """(key, value as JSON, timestamp): with equal, late and null ones."""
    draw = random.Random(seed)
    for n in range(RECORDS):
        value = draw.randint(-1, 3)
        text = f'{{"g":"{draw.choice("ab")}","n":{value}}}' if is_json else str(value)
        yield (None if draw.random() < 0.05 else draw.choice(("a", "b", "long key")), "null" if draw.random() < tombstones else text,
               START + n * 1500 + draw.choice((0, 0, 0, -3000, -30000, 60000)))


def value_bytes(text, is_json):
    if text == "null":
        return None
    return {"hex": (text.encode() if is_json else struct.pack(">q", int(text))).hex()}


def hex_of(field):
    return field and field["hex"]


class Wire(KafkaCase):
    @classmethod
    def setUpClass(cls):
        cls.oracle = Oracle()

    @classmethod
    def tearDownClass(cls):
        cls.oracle.close()

    def test_all(self):
        for seed, (name, text) in enumerate(PROGRAMS.items()):
            with self.subTest(name):
                self.check(text, list(rows(seed, text.startswith(JSON), 0.2 if "table rows" in text else 0)))
            self.tearDown()
            self.setUp()

    def check(self, text, inputs):
        path = self.program(source=self.source, text=text)
        described = subprocess.run([WEIR, "emit", "--stage", "program", path], check=True, capture_output=True, text=True).stdout
        expected = self.oracle.run(described, [
            f'{{"topic":"{self.source}","key":{json.dumps(key)},"value":{value},"timestamp":{at}}}' for key, value, at in inputs])
        repartition = [s for s in json.loads(described)["stages"] if s["kind"] == "repartition"]
        self.feed(inputs, text.startswith(JSON))
        # Of a compacted topic no records can be deleted: what went through stays.
        plan = subprocess.run([WEIR, "emit", "--stage", "plan", path], check=True, capture_output=True, text=True).stdout
        internal = [line.split()[-1] for line in plan.splitlines() if line.strip().startswith("internal topic ")]
        for topic in set(internal):
            self.kafka.create(f"{self.app}-{topic}", 1, cleanup_policy="compact", retention_ms=-1)
        self.run_to_end(path, "--set", "cache=0", "--clock", "record")
        self.assertEqual(len(repartition), len(set(internal)))
        for stage, topic in zip(repartition, internal):
            records = [r for of, found in expected.repartitions.items() if int(of) == stage["id"] for r in found]
            self.compare_repartition(records, f"{self.app}-{topic}")
        for of_stage in expected.changelogs.values():
            self.compare_changelog(of_stage, f"{self.app}-t-changelog")

    def feed(self, inputs, is_json):
        self.kafka.create(self.source, 1, retention_ms=-1)
        self.kafka.create(self.out, 1, retention_ms=-1)
        self.kafka.produce(self.source, [{"key": key, "value": value_bytes(value, is_json), "timestamp": at} for key, value, at in inputs])

    def compare_repartition(self, expected, topic):
        want = [(r["key"], r["value"], int(r["timestamp"])) for r in expected]
        got = [(hex_of(r["key"]), hex_of(r["value"]), r["timestamp"]) for r in self.kafka.consume(topic, hex=True)]
        self.assertEqual(want, got)
        self.assertTrue(want)

    def compare_changelog(self, expected, topic):
        """The last record of each key, if it has a value: a commit writes what has changed since the one before."""
        want = {r["bytes"]: r for r in expected if r["bytes"]}
        got = {hex_of(r["key"]): r for r in self.kafka.consume(topic, hex=True)}
        want, got = ({key: r for key, r in last.items() if r["value"] is not None} for last in (want, got))
        self.assertEqual({key: int(r["timestamp"]) for key, r in want.items()}, {key: r["timestamp"] for key, r in got.items()})
        for key, record in want.items():
            self.assertTrue(self.is_same_value(record["value"], bytes.fromhex(got[key]["value"]["hex"])), (record, got[key]))
        self.assertTrue(want)

    @staticmethod
    def is_same_value(want, raw):
        if isinstance(want, Number):
            return struct.pack(">q", int(want)) == raw
        return covers(want, json.loads(raw, parse_float=Number, parse_int=Number, object_pairs_hook=Pairs))


if __name__ == "__main__":
    unittest.main()
