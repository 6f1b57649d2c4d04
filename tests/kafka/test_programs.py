#!/usr/bin/env python3
"""The examples and the programs of tests/behaviour on a real broker: the same records as with topics as files.

Their topics hold JSON text in the files; here it becomes the bytes of the serdes that the emitted C names, and back."""
# timeout: 1200
import base64
import glob
import json
import os
import re
import shlex
import struct
import subprocess
import unittest

from kafka_case import WEIR, KafkaCase, murmur2, wait_for

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# Offsets count the lines of a file, but the records of a partition; and the timestamp 0 becomes 1, as librdkafka takes 0 for now;
# static variables of C begin anew when the second tier takes over.
NOT_ALIKE = {("headers", "meta"), ("times", "record_time"), ("final", "sessions"), ("effects", "totals")}
SCALARS = {"int32": ">i", "int64": ">q", "float32": ">f", "float64": ">d", "bool": ">?"}


class Unsupported(Exception):
    """What the program needs is not in this test."""


def text_of(path):
    """Empty if it is not there."""
    if not os.path.exists(path):
        return ""
    with open(path) as f:
        return f.read()


def lines_of(path):
    """Each record of a file, as members() has it."""
    return [members(line) for line in text_of(path).splitlines()]


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


def to_bytes(serde, text, window=None):
    """For kafka_tool. A windowed key has its window's bounds behind it."""
    if text is None or (text == "null" and serde["format"] != "json"):
        return None
    data = scalar_bytes(serde["format"], text)
    if serde.get("window"):
        bounds = json.loads(window)
        names = ("start",) if serde["window"] == "time" else ("end", "start")
        data += b"".join(struct.pack(">q", bounds[name]) for name in names)
    return None if text == "null" else {"hex": data.hex()}


def scalar_bytes(form, text):
    if form == "json":
        return text.encode()
    value = json.loads(text)
    if form in SCALARS:
        return struct.pack(SCALARS[form], value)
    if form == "bytes":
        return base64.b64decode(value)
    if not isinstance(value, str):
        raise Unsupported(f"{form} that is no string in its file")
    return value.encode()


def key_bytes(serde, line):
    return to_bytes(serde, line.get("key"), line.get("window"))


def comparable(serde, data):
    """What a field of a record in Kafka (kafka_tool's form) or the JSON text of one in a file amounts to."""
    if data is None:
        return None
    raw = bytes.fromhex(data["hex"])
    if serde["format"] in SCALARS and not serde.get("window"):
        return struct.unpack(SCALARS[serde["format"]], raw)[0]
    return raw


def partition_of(key, partitions):
    return murmur2(bytes.fromhex(key["hex"])) % partitions if key else 0


def in_order(inputs):
    """(topic, record), as files are read: the smallest timestamp of the partitions' next records first, then the first topic."""
    queues = {}
    for topic, records in inputs.items():
        for record in records:
            queues.setdefault((topic, record["partition"]), []).append(record)
    while queues:
        first = min(queues, key=lambda of: queues[of][0]["timestamp"])
        yield first[0], queues[first].pop(0)
        queues = {of: left for of, left in queues.items() if left}


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

    def stages(self, path):
        """Of the typed program."""
        text = subprocess.run([WEIR, "emit", "--stage", "program", path], check=True, capture_output=True, text=True).stdout
        return json.loads(text)["stages"]

    def serdes(self, stages):
        """({source topic: (key, value, partitions)}, {sink topic or None: (key, value)})"""
        sources, sinks = {}, {}
        for stage in stages:
            if stage["kind"] == "source":
                source = stage["source"]
                for topic in source["topics"]:
                    if "pattern" in topic:
                        raise Unsupported("a pattern: its topics are the files there are")
                    sources[topic["name"]] = source["key"], source["value"], source.get("partitions", 0)
            elif stage["kind"] == "to":
                sink = stage["sink"]
                both = sink["key"], sink["value"]
                if sinks.setdefault(sink.get("topic"), both) != both and "topic" not in sink:
                    raise Unsupported("several sinks whose topics the records choose")
        return sources, sinks

    def races(self, stages):
        """What comes through repartition topics meets by chance on a broker: the changes on the way to the last rows are not those of files."""
        joins = [stage for stage in stages if stage["kind"] == "join"]
        return joins and any(s["kind"] == "repartition" or s.get("join", {}).get("form") == "foreign" for s in stages)

    def records(self, key, value, declared, path):
        """(partitions, what is to be produced)"""
        lines = lines_of(path)
        partitions = declared or 1 + max((int(line.get("partition", 0)) for line in lines), default=0)
        return partitions, [{
            "partition": int(line["partition"]) if "partition" in line
            else partition_of(key_bytes(key, line), partitions) if declared else 0,
            "timestamp": int(line["timestamp"]) or 1, "key": key_bytes(key, line), "value": to_bytes(value, line.get("value")),
            "headers": list(json.loads(line.get("headers", "{}")).items())} for line in lines]

    def create(self, sources, stem):
        """Makes the topics; gives what is to be in them: {topic: records}."""
        found = {}
        for topic, (key, value, declared) in sources.items():
            partitions, found[topic] = self.records(key, value, declared, f"{stem}/in/{topic}.jsonl")
            self.kafka.create(topic, partitions, retention_ms=-1)
            self.made.append(topic)
        return found

    def run_at_once(self, inputs, path, args, code):
        for topic, records in inputs.items():
            self.kafka.produce(topic, records)
        self.run_to_end(path, *args, code=code)

    def run_step_by_step(self, inputs, stages, path, args):
        """Each record once all that came of the one before is through: no two meet by chance. What is global goes first."""
        of_all = {t["name"] for s in stages if s["kind"] == "source" and s["source"].get("global") for t in s["source"]["topics"]}
        for topic in of_all:
            self.kafka.produce(topic, inputs.pop(topic))
        running = self.start(path, *args, "--set", "commit=10ms")
        wait_for(self.repartitions, "the topics")
        through = [*inputs, *self.repartitions()]
        for topic, record in in_order(inputs):
            self.kafka.produce(topic, [record])
            self.wait_through(*through)
        running.stop()

    def repartitions(self):
        return self.of_program("-repartition", "-topic")

    def of_program(self, *suffixes):
        """Internal topics; the broker has those of other tests, too."""
        return [t for t in self.kafka.topics() if t.startswith(self.name + "-") and t.endswith(suffixes)]

    def expected(self, path, key, value):
        # To librdkafka the timestamp 0 means now: weir writes 1 instead.
        for line in lines_of(path):
            yield (comparable(key, key_bytes(key, line)), comparable(value, to_bytes(value, line.get("value"))),
                   int(line["timestamp"]) or 1, pairs(json.loads(line.get("headers", "{}")).items()))

    def got(self, topic, key, value):
        for record in self.kafka.consume(topic, hex=True):
            headers = [[bytes.fromhex(n["hex"]).decode() if isinstance(n, dict) else n,
                        bytes.fromhex(v["hex"]).decode() if isinstance(v, dict) else v] for n, v in record.get("headers", [])]
            yield comparable(key, record["key"]), comparable(value, record["value"]), record["timestamp"], headers

    def check(self, path):
        stem = path[: -len(".weir")]
        stages = self.stages(path)
        named = re.search(r"^app (\w+)", text_of(path), re.M)
        self.name = named[1] if named else os.path.basename(stem)
        sources, sinks = self.serdes(stages)
        outs = {os.path.basename(p)[: -len(".jsonl")]: p for p in glob.glob(f"{stem}/out/*.jsonl")}
        args = (*shlex.split(text_of(stem + ".args")), "--create-topics", "--clock", "record", "-X", f"group.id={self.app}",
                "--set", f"state_dir={self.folder.name}/state")
        step_by_step = self.races(stages)
        if step_by_step and "cache=0" not in args and any(stage["kind"] == "aggregate" for stage in stages):
            raise Unsupported("a cache: each step commits, and sends on what a file's run merges")
        inputs = self.create(sources, stem)
        if step_by_step:
            self.run_step_by_step(inputs, stages, path, args)
        else:
            self.run_at_once(inputs, path, args, int(text_of(stem + ".exit") or 0))
        internal = self.of_program("-repartition", "-changelog")
        self.made += [t for t in self.kafka.topics() if t not in sources and (t in outs or t in sinks or t in internal)]
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
            if not os.path.isdir(stem + "/in"):
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
