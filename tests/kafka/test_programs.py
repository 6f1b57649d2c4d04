#!/usr/bin/env python3
"""The examples and the programs of tests/behaviour on a real broker: the same records as with topics as files.

Their topics hold JSON text in the files; here it becomes the bytes of the serdes that the emitted C names, and back."""
# timeout: 600
import base64
import glob
import json
import os
import re
import struct
import subprocess
import unittest

from kafka_case import WEIR, KafkaCase, murmur2

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# Offsets count the lines of a file, but the records of a partition; and kafka_tool can't write the timestamp 0 (nor can librdkafka).
NOT_ALIKE = {("headers", "meta"), ("times", "record_time")}
SCALARS = {"int32": ">i", "int64": ">q", "float32": ">f", "float64": ">d", "bool": ">?"}


class Unsupported(Exception):
    """What the program needs is not in this test."""


def members(line):
    """{name: JSON text} of an object, the text as it stands there."""
    decoder, found, at = json.JSONDecoder(), {}, line.index("{") + 1
    while True:
        at = re.compile(r"[\s,]*").match(line, at).end()
        if line[at] == "}":
            return found
        name, at = decoder.raw_decode(line, at)
        at = re.compile(r"\s*:\s*").match(line, at).end()
        _, end = decoder.raw_decode(line, at)
        found[name], at = line[at:end], end


def to_bytes(serde, text):
    """For kafka_tool."""
    if text is None or (text == "null" and serde != "json"):
        return None
    value = json.loads(text)
    if serde in SCALARS:
        return {"hex": struct.pack(SCALARS[serde], value).hex()}
    if serde == "bytes":
        return {"hex": base64.b64decode(value).hex()}
    data = (value if serde in ("string", "csv") else text).encode("utf-8")
    return None if text == "null" else {"hex": data.hex()}


def comparable(serde, data):
    """What a field of a record in Kafka (kafka_tool's form) or the JSON text of one in a file amounts to."""
    if data is None:
        return None
    raw = bytes.fromhex(data["hex"])
    if serde in SCALARS:
        return struct.unpack(SCALARS[serde], raw)[0]
    return raw


def partition_of(key, partitions):
    return murmur2(bytes.fromhex(key["hex"])) % partitions if key else 0


def pairs(headers):
    return [[name, value] for name, value in headers]


class Programs(KafkaCase):
    def setUp(self):
        super().setUp()
        self.made = []

    def tearDown(self):
        super().tearDown()
        for topic in self.made:
            self.kafka.delete(topic)

    def serdes(self, path):
        """({source topic: (key, value)}, {sink topic or None: ...}) as the emitted C has them."""
        c = subprocess.run([WEIR, "emit", path], check=True, capture_output=True, text=True).stdout
        own = dict(re.findall(r'struct weir_serde (\w+) = \{ "([^"]*)"', c))
        lists = dict(re.findall(r"const char \*const (\w+)\[\] = \{([^}]*)\}", c))

        def serde(name):
            if name.startswith("weir_serde_"):
                return name[len("weir_serde_"):]
            if not own[name].startswith("json"):
                raise Unsupported(own[name])
            return "json"
        sources, sinks = {}, {}
        for block in re.findall(r"\[(?:source|sink)_\w+\] = \{(.*?)\n    \},", c, re.S):
            fields = dict(re.findall(r"\.(\w+) = (.*?),(?:\n|$)", block))
            both = serde(fields["key"].lstrip("&")), serde(fields["value"].lstrip("&"))
            if fields.get("internal") == "true":
                continue
            if "topics" in fields:
                if fields.get("pattern") == "true":
                    raise Unsupported("a pattern: its topics are the files there are")
                listed = fields["topics"] if "{" in fields["topics"] else lists[fields["topics"]]
                for topic in re.findall(r'"([^"]+)"', listed):
                    sources[topic] = *both, int(fields.get("partitions", 0))
            elif "topic" in fields:
                sinks[fields["topic"].strip('"')] = both
            elif sinks.setdefault(None, both) != both:
                raise Unsupported("several sinks whose topics the records choose")
        return sources, sinks

    def feed(self, topic, key, value, declared, path):
        lines = [members(line) for line in open(path)] if os.path.exists(path) else []
        partitions = declared or 1 + max((int(line.get("partition", 0)) for line in lines), default=0)
        self.kafka.create(topic, partitions, retention_ms=-1)
        self.made.append(topic)
        self.kafka.produce(topic, [{
            "partition": int(line["partition"]) if "partition" in line
            else partition_of(to_bytes(key, line.get("key")), partitions) if declared else 0,
            "timestamp": int(line["timestamp"]), "key": to_bytes(key, line.get("key")), "value": to_bytes(value, line.get("value")),
            "headers": list(json.loads(line.get("headers", "{}")).items())} for line in lines])

    def expected(self, path, key, value):
        # To librdkafka the timestamp 0 means now: weir writes 1 instead.
        for line in map(members, open(path)):
            yield (comparable(key, to_bytes(key, line.get("key"))), comparable(value, to_bytes(value, line.get("value"))),
                   int(line["timestamp"]) or 1, pairs(json.loads(line.get("headers", "{}")).items()))

    def got(self, topic, key, value):
        for record in self.kafka.consume(topic, hex=True):
            headers = [[bytes.fromhex(n["hex"]).decode() if isinstance(n, dict) else n,
                        bytes.fromhex(v["hex"]).decode() if isinstance(v, dict) else v] for n, v in record.get("headers", [])]
            yield comparable(key, record["key"]), comparable(value, record["value"]), record["timestamp"], headers

    def check(self, path):
        stem = path[: -len(".weir")]
        sources, sinks = self.serdes(path)
        for topic, (key, value, partitions) in sources.items():
            self.feed(topic, key, value, partitions, f"{stem}/in/{topic}.jsonl")
        outs = {os.path.basename(p)[: -len(".jsonl")]: p for p in glob.glob(f"{stem}/out/*.jsonl")}
        code = int(open(stem + ".exit").read()) if os.path.exists(stem + ".exit") else 0
        self.run_to_end(path, "--create-topics", "--clock", "record", "-X", f"group.id={self.app}", code=code)
        self.made += [t for t in self.kafka.topics() if t not in sources and (t in outs or t in sinks or t.endswith("-repartition"))]
        for topic, file in outs.items():
            if topic in sources or (os.path.basename(stem), topic) in NOT_ALIKE:
                continue
            serdes = sinks.get(topic) or sinks.get(None)
            if not serdes:
                continue  # dead letters: test_records.py
            want, have = list(self.expected(file, *serdes)), list(self.got(topic, *serdes))
            self.assertEqual(sorted(map(repr, want)), sorted(map(repr, have)), topic)

    def test_all(self):
        checked, skipped = [], []
        for path in sorted(glob.glob(f"{ROOT}/dsl-examples/*.weir") + glob.glob(f"{ROOT}/tests/behaviour/*.weir")):
            stem = path[: -len(".weir")]
            name = os.path.relpath(stem, ROOT)
            if not os.path.isdir(stem + "/in") or os.path.exists(stem + ".args"):
                continue
            with self.subTest(name):
                try:
                    self.check(path)
                    checked.append(name)
                except Unsupported as why:
                    skipped.append(f"{name} ({why})")
                finally:
                    self.tearDown()
                    self.setUp()
        print(f"{len(checked)} programs; not {', '.join(skipped) or 'one left out'}")
        self.assertGreater(len(checked), 15)


if __name__ == "__main__":
    unittest.main()
