#!/usr/bin/env python3
"""What a record is on the wire: partition, timestamp, headers, null and empty, dead letters."""
# timeout: 600
import os
import random
import subprocess
import unittest

from broker import JARS
from kafka_case import KafkaCase, murmur2

BYTES = 'app {app}\nstream records from "{source}" bytes => bytes\nrecords | map value | to "{out}"\n'
NUMBERS = """app {app} {{ bad_records dead_letter "{out}-dlq" }}
stream records from "{source}" string => json {{ n: int64 }}
records | map 100 / n | to "{out}"
"""


class Records(KafkaCase):
    def through(self, records, text=BYTES, partitions=1, *args):
        self.kafka.create(self.source, partitions, retention_ms=-1)
        self.kafka.create(self.out, partitions, retention_ms=-1)
        self.kafka.produce(self.source, records)
        path = self.write(text.format(app=self.app, source=self.source, out=self.out))
        return self.run_to_end(path, *args)

    def test_partitions_are_those_of_the_java_producer(self):
        draw = random.Random(7)
        keys = [draw.randbytes(n % 23).hex() for n in range(400)]
        self.through([{"key": {"hex": key}, "value": "v", "partition": 0} for key in keys], BYTES, 7)
        java = subprocess.run(["java", "-cp", f"{JARS}/*", os.path.join(os.path.dirname(__file__), "Partitions.java"), "7"],
                              input="\n".join(keys), stdout=subprocess.PIPE, check=True, text=True)
        wanted = dict(zip(keys, map(int, java.stdout.split())))
        for record in self.kafka.consume(self.out, hex=True):
            key = record["key"]["hex"]
            self.assertEqual(record["partition"], wanted[key], key)
            self.assertEqual(record["partition"], murmur2(bytes.fromhex(key)) % 7)

    def test_null_keys_spread(self):
        self.through([{"key": None, "value": "x" * 1000, "partition": 0} for _ in range(1000)], BYTES, 3)
        self.assertEqual({r["partition"] for r in self.kafka.consume(self.out)}, {0, 1, 2})

    def test_nothing_is_changed_on_the_way(self):
        sent = [
            {"timestamp": 1, "key": "", "value": ""},
            {"timestamp": 1714557600000, "key": None, "value": {"hex": "00ff"}, "headers": [["a", "1"], ["a", None], ["b", ""], ["a", {"hex": "ff00"}]]},
            {"timestamp": 1733000000000, "key": {"hex": "80"}, "value": "x" * 100000},
        ]
        self.through(sent)
        got = self.kafka.consume(self.out)
        for record in got:
            self.assertEqual((record.pop("partition"), record.pop("offset") < 3), (0, True))
            if not record.get("headers"):
                record.pop("headers", None)
        self.assertEqual(got, sent)

    def test_dead_letters(self):
        self.kafka.create(self.out + "-dlq", 1, retention_ms=-1)
        bad = {"timestamp": 1714557600001, "key": "k", "value": "{\"n\":0}", "headers": [["trace", "t1"]]}
        err = self.through([{"timestamp": 1714557600000, "key": "k", "value": "{\"n\":4}"}, bad,
                            {"timestamp": 1714557600002, "key": "k", "value": "no JSON"}], NUMBERS)
        self.assertEqual(len(self.kafka.consume(self.out)), 1)
        letters = self.kafka.consume(self.out + "-dlq")
        self.assertEqual([r["value"] for r in letters], [bad["value"], "no JSON"])
        self.assertEqual(letters[0]["timestamp"], bad["timestamp"])
        headers = dict(letters[0]["headers"])
        self.assertEqual(headers["trace"], "t1")
        self.assertEqual((headers["__streams.errors.topic"], headers["__streams.errors.partition"],
                          headers["__streams.errors.offset"]), (self.source, "0", "1"))
        self.assertIn("division", headers["__streams.errors.message"])
        self.assertIn(self.source, err)

    def test_a_record_too_large_is_a_bad_record(self):
        text = 'app {app} {{ bad_records skip }}\nstream records from "{source}" string => string\nrecords | map repeat(value, 2000) | to "{out}"\n'
        err = self.through([{"key": "k", "value": "x" * n} for n in (10, 1000, 20)], text)
        self.assertEqual(sorted(len(r["value"]) for r in self.kafka.consume(self.out)), [20000, 40000])
        self.assertIn("larger than message.max.bytes allows", err)


if __name__ == "__main__":
    unittest.main()
