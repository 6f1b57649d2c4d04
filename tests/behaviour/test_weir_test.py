#!/usr/bin/env python3
"""`weir test`: what passes, what fails and how that is shown, for people and as JSON."""
import json
import unittest

from weir_case import PROGRAM, WeirCase

FLOWS = """app shop

type Row { id: string, n: int64, note: string? }

stream rows from "rows" string => json Row
stream other from "other" string => string

stream good = rows | filter n > 0 | map { id, n }
stream parts = good | split { big: n > 10, rest: else }

good | to "good"
parts.big | map n | to "big"
parts.rest | key by n | map 100 / (n - 5) | to "ratio"
other | to "other-out"

"""


class WeirTest(WeirCase):
    def check(self, steps, code=0, *flags):
        self.write("p.weir", FLOWS + 'test "the test" {\n' + steps + "\n}\n")
        return self.weir("test", "p.weir", *flags, code=code)

    def test_passes(self):
        out, _ = self.check('  rows <- "a" => { id: "x", n: 20 }\n  good -> "a" => { id: "x", n: 20 }\n  good -> nothing\n  parts.big -> "a" => { id: "x", n: 20 }\n'
                              '  "big" -> "a" => 20\n  "ratio" -> nothing\n  "good" -> "a" => { n: 20, id: "x" }\n  "good" -> nothing')
        self.assertIn("1 passed, 0 failed", out)

    def test_no_steps(self):
        self.check("")

    def test_order_is_per_flow(self):
        self.check('  rows <- "a" => { id: "1", n: 1 }\n  rows <- "a" => { id: "2", n: 20 }\n  "big" -> "a" => 20\n  good -> "a" => { id: "1", n: 1 }\n'
                     '  "ratio" -> 1 => -25\n  good -> "a" => { id: "2", n: 20 }\n  rows <- "a" => { id: "3", n: 2 }\n  good -> "a" => { id: "3", n: 2 }\n  good -> nothing')

    def test_what_is_not_asked_for_may_be_there(self):
        self.check('  rows <- "a" => { id: "1", n: 1 }')

    def test_wrong_value(self):
        out, err = self.check('  rows <- "a" => { id: "x", n: 7 }\n  good -> "a" => { id: "x", n: 8 }', 1)
        shown = out + err
        for part in ("the test", "p.weir:18", "7", "8", "n", "0 passed, 1 failed"):
            self.assertIn(part, shown)

    def test_wrong_key_missing_and_left_over(self):
        for steps in ('  rows <- "a" => { id: "x", n: 7 }\n  good -> "b" => { id: "x", n: 7 }', '  good -> "b" => { id: "x", n: 7 }',
                      '  rows <- "a" => { id: "x", n: 7 }\n  good -> nothing', '  rows <- "a" => null\n  rows <- null => { id: "x", n: 1 }\n  good -> "a" => null'):
            with self.subTest(steps):
                out, err = self.check(steps, 1)
                self.assertRegex(out + err, r"p\.weir:\d+")

    def test_bad(self):
        self.check('  rows <- "a" => { id: "x", n: 5 }\n  bad rows "zero"\n  "ratio" -> nothing\n  rows <- "a" => { id: "x", n: 6 }\n  "ratio" -> 6 => 100')
        out, err = self.check('  rows <- "a" => { id: "x", n: 5 }\n  bad rows "another cause"', 1)
        self.assertIn("another cause", out + err)
        self.assertIn("zero", out + err)
        self.check('  rows <- "a" => { id: "x", n: 6 }\n  bad rows "zero"', 1)

    def test_unexpected_bad_record_fails_the_test(self):
        out, err = self.check('  rows <- "a" => { id: "x", n: 5 }', 1)
        self.assertIn("zero", out + err)

    def test_values_by_type(self):
        self.check('  rows <- "a" => { id: "x", n: 1, note: null }\n  rows <- "a" => { n: 1, id: "x" }\n  good -> "a" => { id: "x", n: 1 }\n  good -> "a" => { id: "x", n: 1 }')
        _, err = self.weir("check", self.write("q.weir", FLOWS + 'test "t" {\n  rows <- 5 => { id: "x" }\n  rows <- "a" => { id: "x", n: "y" }\n  good -> "a" => { id: "x", m: 1, n: 1 }\n'
                                               '  nowhere -> nothing\n  "no-topic" -> nothing\n  good <- "a" => null\n}\n'), code=1)
        for line in range(17, 23):
            self.assertIn(f"q.weir:{line}:", err)

    def test_each_test_begins_anew(self):
        self.write("p.weir", FLOWS + 'test "one" {\n  rows <- "a" => { id: "x", n: 1 }\n}\ntest "two" {\n  good -> nothing\n}\ntest "three" {\n  good -> "a" => null\n}\n')
        out, _ = self.weir("test", "p.weir", code=1)
        self.assertIn("2 passed, 1 failed", out)

    def test_only_and_verbose(self):
        self.write("p.weir", FLOWS + 'test "one" {\n}\ntest "two" {\n  good -> "a" => null\n}\n')
        out, _ = self.weir("test", "p.weir", "--only", "one", "-v")
        self.assertIn("one", out)
        self.assertIn("1 passed, 0 failed", out)

    def test_json(self):
        self.write("p.weir", FLOWS + 'test "one" {\n}\ntest "two \\"quoted\\"" {\n  rows <- "a" => { id: "x", n: 7 }\n  good -> "a" => { id: "x", n: 8 }\n}\n')
        out, _ = self.weir("test", "p.weir", "--json", code=1)
        events = [json.loads(line) for line in out.splitlines()]
        self.assertIn("one", [e.get("test") for e in events])
        self.assertIn('two "quoted"', [e.get("test") for e in events])

    def test_several_files(self):
        self.write("a.weir", PROGRAM)
        self.write("b.weir", PROGRAM.replace("{ n: 2 }", "{ n: 3 }"))
        out, _ = self.weir("test", "a.weir", "b.weir", code=1)
        self.assertIn("1 passed, 1 failed", out)

    def test_time_and_headers(self):
        self.write("p.weir", 'stream rows from "rows" string => json { n: int64, at: timestamp }  time at\n'
                             'stream plain from "plain" string => int64\nstream wall from "wall" string => int64 time wall\n'
                             'rows | map { timestamp, n } | to "out"\nplain | map { timestamp, h: headers["h"] } | to "plain-out"\n'
                             'wall | map { timestamp, now: now() } | to "wall-out"\n'
                             'test "t" {\n  rows <- "a" @2024-05-01T00:00:00Z => { n: 1, at: @2024-06-01T00:00:00Z }\n'
                             '  "out" -> "a" => { timestamp: @2024-06-01T00:00:00Z, n: 1 }\n'
                             '  plain <- "a" @2024-05-01T00:00:00Z headers { h: "x" } => 1\n  plain <- "a" => 2\n'
                             '  "plain-out" -> "a" => { timestamp: @2024-05-01T00:00:00Z, h: "x" }\n'
                             '}\n')
        self.weir("test", "p.weir")


if __name__ == "__main__":
    unittest.main()
