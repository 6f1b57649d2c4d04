#!/usr/bin/env python3
"""A task that fails is tried again, and the others go on: state that cannot be saved or is damaged, records that are bad."""
# timeout: 600
import glob
import json
import os
import unittest

from kafka_case import KafkaCase, murmur2, wait_for

START = 1714557600000
KEYS = 30000
COUNT = """app {app} {{ on_failure retry; commit 100ms }}
stream orders from "{app}-orders" string => string
table counts = orders | group by key | count
counts | map string(value) | to "{out}"
"""
BAD = """app {app} {{ on_failure retry; commit 100ms; processing PROCESSING }}
stream orders from "{app}-orders" string => string
orders | map string(1 / int64(value)) | to "{out}"
"""


def partition(key):
    return murmur2(key.encode()) % 2


class Failures(KafkaCase):
    def setUp(self):
        super().setUp()
        self.kafka.create(f"{self.app}-orders", 2)
        self.kafka.create(self.out, 1)
        self.state = os.path.join(self.folder.name, "state")

    def put(self, keys, value="1"):
        self.send("orders", [(f"k{n}", value, START + n) for n in keys])

    def run_it(self, text, *args):
        return self.start_http(self.program(text=text), "--set", f"state_dir={self.state}", *args)

    def ready(self, running):
        wait_for(lambda: self.get(running, "/readyz")[0] == 200, "it to be ready")

    def counted(self, running, key):
        """As the store has it."""
        status, text = self.get(running, f"/stores/counts/{key}")
        return json.loads(text)["value"] if status == 200 else None

    def test_state_that_cannot_be_saved(self):
        """Until somebody makes room."""
        with open(self.state, "w") as f:
            f.write("not a folder")
        running = self.run_it(COUNT, "--set", "memory=1MB", "--set", "processing=exactly_once")
        self.put(range(KEYS))
        running.says("saving the state of partition")
        running.says("failed; what was done since the last commit is taken back, and the task is tried again in 1 s")
        running.says("is tried again in 2 s")
        status, text = self.get(running, "/readyz")
        self.assertEqual(status, 503, text)
        os.remove(self.state)
        self.wait_committed(f"{self.app}-orders", KEYS)
        self.ready(running)
        self.put(range(100))
        wait_for(lambda: self.values()["2"] == 100, "what comes then")
        self.assertEqual(self.values()["1"], KEYS)
        self.assertIn("\nweir_failed_tasks 0\n", self.get(running, "/metrics")[1])
        running.stop()

    def test_state_that_is_damaged(self):
        """While the program runs: it is restored from the changelog."""
        running = self.run_it(COUNT, "--set", "memory=1MB")
        self.put(range(KEYS))
        self.wait_committed(f"{self.app}-orders", KEYS)
        tables = glob.glob(f"{self.state}/{self.app}/*/*.sst")
        self.assertTrue(tables)
        for path in tables:
            with open(path, "r+b") as f:
                f.truncate(100)
        self.put(range(KEYS))
        running.says("is tried again in 1 s")
        self.wait_committed(f"{self.app}-orders", 2 * KEYS)
        self.ready(running)
        self.assertEqual([self.counted(running, f"k{n}") for n in (0, 1, KEYS - 1)], [2, 2, 2])
        running.stop()

    def test_bad_record(self):
        """One partition waits for it, and the other goes on; when it may be skipped, all of it is there once."""
        for processing in ("exactly_once", "at_least_once"):
            with self.subTest(processing):
                self.bad_record(processing)

    def bad_record(self, processing):
        first, other = ([n for n in range(200) if partition(f"k{n}") == p][:50] for p in (0, 1))
        before = self.values()["1"]
        text = BAD.replace("PROCESSING", processing)
        running = self.run_it(text)
        self.put(first)
        self.put(first[:1], "none")
        self.put(first)
        self.put(other)
        running.says("bad record: topic")
        running.says("and on_failure `retry`")
        running.says("is tried again in 2 s")
        self.put(other)
        wait_for(lambda: self.values()["1"] - before >= 150, "what is not behind the bad record")
        status, answer = self.get(running, "/readyz")
        self.assertEqual((status, json.loads(answer)["status"], json.loads(answer)["failed_tasks"]), (503, "retrying", 1))
        self.assertRegex(self.get(running, "/metrics")[1], r"\nweir_task_failures_total [2-9]\n")
        running.stop()
        self.run_to_end(self.program(text=text), "--set", "bad_records=skip")
        if processing == "exactly_once":
            self.assertEqual(self.values()["1"] - before, 200)


if __name__ == "__main__":
    unittest.main()
