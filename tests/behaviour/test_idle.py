#!/usr/bin/env python3
"""`idle D` of sources: stream time goes on with the wall clock when nobody speaks; and what is held back until then."""
import json
import signal
import subprocess
import time
import unittest

from weir_case import WEIR, WeirCase, record

TESTED = """app idle

stream rows from "rows" string => json { n: int64 } idle 1m
stream mute from "mute" string => json { n: int64 }
stream brief from "brief" string => json { n: int64 } idle 10s
stream slow from "slow" string => json { n: int64 } idle 10m

rows | group by key | window tumbling 10s | count | emit final | to "direct"
rows | group by n | window tumbling 10s | count | emit final | to "behind"
slow | group by n | window tumbling 10s | count | emit final | to "slower"
mute | group by n | window tumbling 10s | count | emit final | to "never"
mute | merge slow | map { n } | repartition | merge brief | group by key | window tumbling 10s | count | emit final | to "mixed"
rows | group by key | count | emit every 90s | to "every"

test "time goes on once everybody is silent for long enough" {
  rows <- "a" => { n: 1 }
  rows <- "a" => { n: 1 }
  slow <- "a" => { n: 1 }
  mute <- "a" => { n: 1 }
  brief <- "a" => { n: 1 }
  advance 59s
  "direct" -> nothing
  advance 1s
  "direct" -> "a" @2024-01-01T00:00:00Z => 2
  "behind" -> 1 @2024-01-01T00:00:00Z => 2
  "every" -> nothing
  advance 30s
  "every" -> "a" => 2
  advance 8m
  "slower" -> nothing
  "mixed" -> nothing
  advance 1m
  "slower" -> 1 @2024-01-01T00:00:00Z => 1
  "mixed" -> "a" @2024-01-01T00:00:00Z => 3
  "never" -> 1 @2024-01-01T00:00:00Z => 1
  "never" -> nothing
}

test "a record ends silence; what comes too late for the time since is late" {
  rows <- "a" @2024-01-01T00:00:00Z => { n: 1 }
  advance 2m
  "direct" -> "a" @2024-01-01T00:00:00Z => 1
  advance 2m
  rows <- "a" @2024-01-01T00:03:49Z => { n: 1 }
  rows <- "a" @2024-01-01T00:04:00Z => { n: 1 }
  advance 50s
  rows <- "a" @2024-01-01T00:04:05Z => { n: 1 }
  advance 50s
  "direct" -> nothing
  advance 10s
  "direct" -> "a" @2024-01-01T00:04:00Z => 2
  "direct" -> nothing
}
"""
FOLLOWED = """app followed

stream rows from "rows" string => json { n: int64 } idle 300ms

rows | group by key | window tumbling 1s | aggregate { n: sum(n) } | emit final | as stream | map 100 / n | to "out"
"""
NOW = 1700000000000


class Idle(WeirCase):
    def test_in_tests(self):
        self.write("idle.weir", TESTED)
        self.weir("test", "idle.weir")

    def follow(self, *flags):
        return subprocess.Popen([WEIR, "run", "followed.weir", "--local", "t", *flags], cwd=self.folder, stderr=subprocess.PIPE, text=True)

    def wait_for_out(self, count):
        deadline = time.monotonic() + 60
        while (lines := self.read("t/out.jsonl").splitlines() if self.exists("t/out.jsonl") else []) and len(lines) < count or not lines:
            self.assertLess(time.monotonic(), deadline, "nothing comes out")
            time.sleep(0.02)
        return [json.loads(line) for line in lines]

    def end(self, process, code=0):
        process.send_signal(signal.SIGTERM)
        err = process.communicate(timeout=60)[1]
        self.assertEqual(process.returncode, code, err)
        return err

    def test_of_a_file_that_is_followed(self):
        """The window comes out although nothing more is written, and what it had of time is there after a restart."""
        self.write("followed.weir", FOLLOWED)
        self.write("t/rows.jsonl", record("a", {"n": 5}, NOW) + record("a", {"n": 5}, NOW + 10))
        process = self.follow()
        self.assertEqual([(r["key"], r["value"]) for r in self.wait_for_out(1)], [("a", 10)])
        self.end(process)
        self.write("t/rows.jsonl", self.read("t/rows.jsonl") + record("a", {"n": 1}, NOW + 20) + record("b", {"n": 1}, NOW + 900_000))
        err = self.weir("run", "followed.weir", "-e", "--local", "t")[1]
        self.assertIn("1 record dropped: too late for a window", err)
        self.assertEqual(len(self.read("t/out.jsonl").splitlines()), 1)

    def test_bad_result_in_silence(self):
        """It is told and passed over, or the run ends with it."""
        self.write("followed.weir", FOLLOWED)
        self.write("t/rows.jsonl", record("a", {"n": 0}, NOW) + record("b", {"n": 5}, NOW + 10))
        process = self.follow("--set", "bad_records=skip")
        self.assertEqual([(r["key"], r["value"]) for r in self.wait_for_out(1)], [("b", 20)])
        err = self.end(process)
        self.assertRegex(err, r'bad record: store `[a-z-]+`, partition 0\n  cause: division: division by zero\n  key:   "a"\n  value: {"n":0}\n  skipped')
        self.assertIn("1 bad record: 1 division", err)
        process = self.follow("--reset")
        self.assertIn("stopped here", process.communicate(timeout=60)[1])
        self.assertEqual(process.returncode, 1)

    def test_bad_result_that_a_record_lets_go(self):
        """That record is none the worse, nor are those behind it."""
        self.write("followed.weir", FOLLOWED)
        self.write("t/rows.jsonl", record("a", {"n": 0}, NOW) + "".join(record("b", {"n": 5}, NOW + i * 1000) for i in range(5)))
        for cache in ("0", "64MB"):
            err = self.weir("run", "followed.weir", "-e", "--local", "t", "--reset", "--set", "bad_records=skip", "--set", f"cache={cache}")[1]
            self.assertIn("1 bad record: 1 division", err)
            self.assertEqual([json.loads(line)["value"] for line in self.read("t/out.jsonl").splitlines()][-4:], [20, 20, 20, 20], cache)


if __name__ == "__main__":
    unittest.main()
