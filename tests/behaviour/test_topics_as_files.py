#!/usr/bin/env python3
"""Topics as files: pipes, --in and --out, --feed, following files as they grow, restarts, folders."""
import os
import signal
import subprocess
import time
import unittest

from weir_case import PROGRAM, WEIR, WeirCase, record

TWO = """stream a from "a" string => string
stream b from "b" string => string
a | merge b | map topic + value | to "out"
"""


def values(text):
    import json
    return [json.loads(line)["value"] for line in text.splitlines()]


class TopicsAsFiles(WeirCase):
    def setUp(self):
        super().setUp()
        self.write("p.weir", PROGRAM)

    def test_pipe(self):
        out, _ = self.weir("run", "p.weir", "-e", "--in", "rows=-", "--out", "twice=-", stdin=record("a", {"n": 1}, 5) + record("b", {"n": -1}, 6) + record("c", {"n": 3}, 7))
        self.assertEqual(out, record("a", {"n": 2}, 5) + record("c", {"n": 6}, 7))

    def test_in_and_out_files(self):
        self.write("x/input", record("a", {"n": 1}, 5))
        self.weir("run", "p.weir", "-e", "--in", "rows=x/input", "--out", "twice=x/output", "--local", "t")
        self.assertEqual(self.read("x/output"), record("a", {"n": 2}, 5))

    def test_unknown_topic_in_flags(self):
        self.weir("run", "p.weir", "-e", "--in", "nothing=f", code=2)
        self.weir("run", "p.weir", "-e", "--out", "nothing=f", code=2)

    def test_missing_members(self):
        lines = '{}\n{"value":{"n":1}}\n{"key":"k"}\n{"key":"k","value":null,"timestamp":7}\n{"key":null,"value":{"n":2},"timestamp":8,"unknown":[{}]}\n'
        self.write("q.weir", 'stream rows from "rows" string => json { n: int64 }\nrows | map { n } | to "out"\n')
        out, _ = self.weir("run", "q.weir", "-e", "--in", "rows=-", "--out", "out=-", stdin=lines)
        self.assertEqual(values(out), [None, {"n": 1}, None, None, {"n": 2}])
        self.assertTrue(out.endswith(record("k", None, 7) + record(None, {"n": 2}, 8)))

    def test_lines(self):
        """Blank lines are no records, nor is the end of the file the end of the last line; CRLF is a line end too."""
        out, _ = self.weir("run", "p.weir", "-e", "--in", "rows=-", "--out", "twice=-",
                           stdin=record("a", {"n": 1}, 5) + "\n" + record("b", {"n": 2}, 6).replace("\n", "\r\n") + record("c", {"n": 3}, 7).rstrip("\n"))
        self.assertEqual(values(out), [{"n": 2}, {"n": 4}, {"n": 6}])

    def test_timestamps_may_be_iso(self):
        out, _ = self.weir("run", "p.weir", "-e", "--in", "rows=-", "--out", "twice=-", stdin='{"key":"a","value":{"n":1},"timestamp":"2024-05-01T10:00:00Z"}\n')
        self.assertEqual(out, record("a", {"n": 2}, 1714557600000))

    def test_feed(self):
        """--feed takes the records in just its order, whatever their timestamps say."""
        self.write("two.weir", TWO)
        feed = "".join(record("k", v, t, topic=topic) for topic, v, t in (("b", "1", 9), ("a", "2", 3), ("b", "3", 1), ("a", "4", 20)))
        self.write("feed.jsonl", feed)
        out, _ = self.weir("run", "two.weir", "-e", "--feed", "feed.jsonl", "--out", "out=-")
        self.assertEqual(values(out), ["b1", "a2", "b3", "a4"])
        out, _ = self.weir("run", "two.weir", "-e", "--feed", "-", "--out", "out=-", stdin=feed)
        self.assertEqual(values(out), ["b1", "a2", "b3", "a4"])

    def test_order_across_inputs(self):
        self.write("two.weir", TWO)
        self.write("t/a.jsonl", record("k", "1", 5) + record("k", "2", 1) + record("k", "3", 9))
        self.write("t/b.jsonl", record("k", "1", 5) + record("k", "2", 6) + record("k", "3", 9))
        self.weir("run", "two.weir", "-e", "--local", "t")
        self.assertEqual(values(self.read("t/out.jsonl")), ["a1", "a2", "b1", "b2", "a3", "b3"])

    def test_partitions_are_inputs_of_their_own(self):
        self.write("two.weir", TWO.replace('"a" string => string', '"a" string => string partitions 2'))
        self.write("t/a.jsonl", record("k", "1", 9) + record("l", "2", 2, partition=1) + record("k", "3", 3) + record("l", "4", 8, partition=1))
        self.weir("run", "two.weir", "-e", "--local", "t")
        self.assertEqual(values(self.read("t/out.jsonl")), ["a2", "a4", "a1", "a3"])

    def test_partitions_that_no_topic_has(self):
        for partition in (-1, 100000, 2147483647):
            self.write("t/rows.jsonl", record("a", {"n": 1}, 5, partition=partition))
            self.assertIn(f"partition: {partition} is none: they are counted from 0, and a topic has at most 100000",
                          self.weir("run", "p.weir", "-e", "--local", "t", code=1)[1])

    def test_no_input_at_all(self):
        os.mkdir(self.path("t"))
        self.weir("run", "p.weir", "-e", "--local", "t")
        self.assertFalse(self.exists("t/twice.jsonl"))

    def test_no_folder(self):
        self.assertIn("--local", self.weir("run", "p.weir", "-e", "--local", "t", code=3)[1])

    def test_default_folder(self):
        self.write("deep/p.weir", PROGRAM)
        self.write("deep/topics/rows.jsonl", record("a", {"n": 1}, 5))
        self.weir("run", "deep/p.weir", "-e")
        self.assertEqual(self.read("deep/topics/twice.jsonl"), record("a", {"n": 2}, 5))

    def test_second_run_goes_on(self):
        self.write("t/rows.jsonl", record("a", {"n": 1}, 5))
        self.weir("run", "p.weir", "-e", "--local", "t")
        with open(self.path("t/rows.jsonl"), "a") as f:
            f.write(record("b", {"n": 2}, 6))
        self.weir("run", "p.weir", "-e", "--local", "t")
        self.assertEqual(self.read("t/twice.jsonl"), record("a", {"n": 2}, 5) + record("b", {"n": 4}, 6))

    def test_outputs_taken_away(self):
        """Who removes an output wants its records again; the last word is the files', not a position's."""
        self.write("t/rows.jsonl", record("a", {"n": 1}, 5))
        self.weir("run", "p.weir", "-e", "--local", "t")
        os.remove(self.path("t/twice.jsonl"))
        _, err = self.weir("run", "p.weir", "-e", "--local", "t")
        self.assertIn("twice.jsonl lacks what the last run wrote", err)
        self.assertEqual(self.read("t/twice.jsonl"), record("a", {"n": 2}, 5))
        self.weir("run", "p.weir", "-e", "--local", "t")
        self.assertEqual(self.read("t/twice.jsonl"), record("a", {"n": 2}, 5))

    def wait_for(self, name, text):
        for _ in range(200):
            if self.exists(name) and self.read(name) == text:
                return
            time.sleep(0.05)
        self.assertEqual(self.read(name) if self.exists(name) else None, text)

    def test_follow(self):
        """Without -e it follows: files that grow, in pieces too, and files that appear; SIGTERM ends it with 0."""
        os.mkdir(self.path("t"))
        process = subprocess.Popen([WEIR, "run", "p.weir", "--local", "t"], cwd=self.folder, stderr=subprocess.PIPE, text=True)
        try:
            self.write("t/rows.jsonl", record("a", {"n": 1}, 5))
            self.wait_for("t/twice.jsonl", record("a", {"n": 2}, 5))
            more = record("b", {"n": 2}, 6)
            for piece in (more[:10], more[10:]):
                with open(self.path("t/rows.jsonl"), "a") as f:
                    f.write(piece)
                time.sleep(0.1)
            self.wait_for("t/twice.jsonl", record("a", {"n": 2}, 5) + record("b", {"n": 4}, 6))
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(10), 0, process.stderr.read())
        finally:
            process.kill()
            process.communicate()

    def test_clock_of_records(self):
        self.write("now.weir", 'stream rows from "rows" string => json { n: int64 } time wall\nrows | map { at: timestamp, now: now() } | to "out"\n')
        out, _ = self.weir("run", "now.weir", "-e", "--clock", "record", "--in", "rows=-", "--out", "out=-", stdin=record("a", {"n": 1}, 5000) + record("a", {"n": 1}, 4000) + record("a", {"n": 1}, 9000))
        self.assertEqual(values(out), [{"at": 5000, "now": 5000}, {"at": 5000, "now": 5000}, {"at": 9000, "now": 9000}])


if __name__ == "__main__":
    unittest.main()
