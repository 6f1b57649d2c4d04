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
JOINED = """app joined

stream left from "left" string => json { n: int64 } idle 1m
stream right from "right" string => json { m: int64 }
table rates from "rates" string => int64 versioned 1h

left | left join right as r within 10s grace 5s | map { n, quotient: 100 / n, m: r?.m } | to "alone"
left | outer join right as r within 10s | map { n: left?.n, m: r?.m } | to "both"
left | filter n > 0 | join rates as x grace 30s | map { n, rate: x } | to "rated"

test "records without a match leave once everybody is silent, and those that wait for a row" {
  left <- "a" => { n: 1 }
  right <- "b" => { m: 2 }
  rates <- "a" @2023-12-31T23:59:00Z => 7
  advance 59s
  "alone" -> nothing
  advance 1s
  "alone" -> "a" => { n: 1, quotient: 100, m: null }
  "both" -> "b" => { n: null, m: 2 }
  "both" -> "a" => { n: 1, m: null }
  "rated" -> "a" => { n: 1, rate: 7 }
  advance 10m
  left <- "c" => { n: 3 }
  "alone" -> nothing
  "rated" -> nothing
  advance 2m
  "alone" -> "c" => { n: 3, quotient: 33, m: null }
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

    def test_of_joins(self):
        self.write("joined.weir", JOINED)
        self.weir("test", "joined.weir")

    def test_bad_results_of_what_nothing_matched(self):
        """One is told and passed over; the others of its key and time leave, and the record that let them go is none the worse."""
        self.write("joined.weir", JOINED)
        self.write("t/left.jsonl", "".join(record(k, {"n": n}, NOW + at) for k, n, at in (("a", 4, 0), ("a", 0, 0), ("a", 5, 0), ("d", 1, 60_000), ("e", 1, 120_000))))
        err = self.weir("run", "joined.weir", "-e", "--local", "t", "--set", "bad_records=skip")[1]
        self.assertRegex(err, r'bad record: store `left-join-right-left-shared-join`, partition 0\n  cause: division: division by zero\n  key:   "a"\n  value: {"n":0}\n  skipped')
        self.assertIn("1 bad record: 1 division", err)
        alone = [json.loads(line) for line in self.read("t/alone.jsonl").splitlines()]
        self.assertEqual([(r["key"], r["value"]["quotient"]) for r in alone], [("a", 25), ("a", 20), ("d", 100)])
        self.assertIn("stopped here", self.weir("run", "joined.weir", "-e", "--local", "t", "--reset", code=1)[1])

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
