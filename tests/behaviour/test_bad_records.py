#!/usr/bin/env python3
"""Bad records: fail, skip and dead_letter, by every cause, with what is said of them and Kafka's headers."""
import json
import unittest

from weir_case import WeirCase, record

TYPES = """enum Status { paid, shipped }
type A { x: int64 }
type B { y: string }
union U by kind { a: A, b: B }
type All {
  i: int32, l: int64, f: float64, d: decimal(4, 2), s: string, b: bytes, t: timestamp, day: date
  e: Status, u: U, list: [int32], map: {string: bool}, flag: bool
}

stream all from "all" string => json All

all | to "whole"
all | map { i } | to "partly"
"""
GOOD = ('{"i":1,"l":2,"f":1.5,"d":1.25,"s":"x","b":"AA==","t":0,"day":"2024-05-01","e":"paid","u":{"kind":"a","x":1},'
        '"list":[1],"map":{"k":true},"flag":true}')
# Each changes one member, and names what the message must name.
FAULTS = [("i", "2147483648"), ("i", "1.5"), ("i", '"1"'), ("i", "null"), ("l", "9223372036854775808"), ("l", "true"), ("f", '"x"'), ("f", "1e999"),
          ("d", "123.45"), ("d", "1.234"), ("s", "1"), ("s", "null"), ("b", '"*"'), ("t", '"yesterday"'), ("t", "1.5"), ("day", '"2024-02-30"'), ("day", "true"),
          ("e", '"lost"'), ("e", "1"), ("u.kind", '{"kind":"c","x":1}'), ("u", '{"x":1}'), ("u", '{"kind":"a"}'), ("u", "null"), ("list[1]", "[1,null]"),
          ("list", "{}"), ("map", '{"k":1}'), ("map", "[]"), ("flag", '"true"'), ("flag", "0")]

EVALUATED = """type Row { n: int64, s: string, list: [int64], m: int32, d: decimal(4, 1) }
stream rows from "rows" string => json Row
rows | map { r: EXPRESSION } | to "out"
"""
ROW = {"n": 0, "s": "x", "list": [1], "m": 2147483647, "d": 999.9}
CAUSES = ["1 / n", "1 % n", "m + m", "m * 2", "-(0 - m - 1 + n32)", "list[1]", "list[-1 + n]", "int64(s)", "float64(s)", "bool(s)", "timestamp(s)", "decimal(n + 100000, 4, 1)",
          "int32(n + 3000000000)", "parse_json(s)", 'decode(s, "hex")', "decimal(d + 0.1, 4, 1)", "chr(n - 1)", 'regex_extract(s, s + "(")',
          "int64(1e300 + float64(n))", "9223372036854775807 + n + 1", "parse_time(s, \"yyyy\")"]


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


class BadRecords(WeirCase):
    def faulty(self):
        rows = []
        for name, value in FAULTS:
            member = name.split(".")[0].split("[")[0]
            at = GOOD.index(f'"{member}":') + len(member) + 3
            depth, end = 0, at
            while depth > 0 or GOOD[end] not in ",}":
                depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(GOOD[end], 0)
                end += 1
            rows.append(f'{{"key":"k","value":{GOOD[:at]}{value}{GOOD[end:]},"timestamp":7}}\n')
        return rows

    def test_what_does_not_decode(self):
        """All of them, each sent on as it came; the good one passes."""
        self.write("p.weir", TYPES)
        rows = self.faulty()
        missing = '{"key":"k","value":' + GOOD.replace('"s":"x",', "") + ',"timestamp":7}\n'
        self.write("t/all.jsonl", "".join(rows) + missing + f'{{"key":"k","value":{GOOD},"timestamp":8}}\n')
        _, err = self.weir("run", "p.weir", "-e", "--local", "t", "--set", "bad_records=dead_letter dlq")
        self.assertEqual(self.read("t/whole.jsonl"), f'{{"key":"k","value":{GOOD},"timestamp":8}}\n')
        self.assertEqual(self.read("t/partly.jsonl"), record("k", {"i": 1}, 8))
        letters = self.read("t/dlq.jsonl").splitlines()
        self.assertEqual(len(letters), len(rows) + 1)
        for offset, (letter, row, (name, _)) in enumerate(zip(letters, rows, FAULTS)):
            with self.subTest(row):
                self.assertEqual(letter.split(',"headers":')[0], row[:-2])
                headers = json.loads(letter)["headers"]
                self.assertEqual(headers["__streams.errors.topic"], "all")
                self.assertEqual(headers["__streams.errors.partition"], "0")
                self.assertEqual(headers["__streams.errors.offset"], str(offset))
                self.assertIn(name, headers["__streams.errors.message"])
                self.assertTrue(headers["__streams.errors.exception"])
                self.assertTrue(headers["__streams.errors.stacktrace"])
        self.assertIn("s", json.loads(letters[-1])["headers"]["__streams.errors.message"])
        self.assertIn(str(len(letters)), err)

    def test_one_by_one_it_fails(self):
        self.write("p.weir", TYPES)
        for row in self.faulty():
            with self.subTest(row):
                self.write("t/all.jsonl", row)
                _, err = self.weir("run", "p.weir", "-e", "--local", "t", "--reset", code=1)
                for part in ("`all`", "partition 0", "offset 0", "all.jsonl:1", "cause: ", 'key:   "k"', "value: {"):
                    self.assertIn(part, err)

    def test_what_does_not_evaluate(self):
        for expression in CAUSES:
            with self.subTest(expression):
                self.write("p.weir", EVALUATED.replace("EXPRESSION", expression.replace("n32", "int32(n)")))
                self.write("t/rows.jsonl", record("k", ROW, 1) + record("k", dict(ROW, s="5"), 2))
                _, err = self.weir("run", "p.weir", "-e", "--local", "t", "--reset", code=1)
                self.assertIn("cause: ", err)
                self.write("p.weir", EVALUATED.replace("EXPRESSION", "try (" + expression.replace("n32", "int32(n)") + ")"))
                self.write("t/out.jsonl", "")
                self.weir("run", "p.weir", "-e", "--local", "t", "--reset")
                self.assertEqual(lines(self.read("t/out.jsonl"))[0]["value"], {"r": None})

    def test_skip(self):
        self.write("p.weir", EVALUATED.replace("EXPRESSION", "10 / n"))
        self.write("t/rows.jsonl", "".join(record("k", dict(ROW, n=n), n) for n in (0, 1, 0, 2)))
        _, err = self.weir("run", "p.weir", "-e", "--local", "t", "--set", "bad_records=skip")
        self.assertEqual([r["value"]["r"] for r in lines(self.read("t/out.jsonl"))], [10, 5])
        self.assertIn("2 bad records", err)

    def test_nothing_of_a_bad_record_is_sent(self):
        """A record that fails in one of a source's flows is in none of them."""
        self.write("p.weir", EVALUATED.replace("EXPRESSION", "10 / n") + 'rows | map n | to "first"\nrows | map s | to "last"\n')
        self.write("t/rows.jsonl", "".join(record("k", dict(ROW, n=n), n) for n in (1, 0, 2)))
        self.weir("run", "p.weir", "-e", "--local", "t", "--set", "bad_records=skip")
        for topic in ("out", "first", "last"):
            self.assertEqual(len(lines(self.read(f"t/{topic}.jsonl"))), 2, topic)

    def test_fail_keeps_what_came_before(self):
        """What was before the bad record is written and committed; the next run begins at the bad one."""
        self.write("p.weir", EVALUATED.replace("EXPRESSION", "10 / n"))
        self.write("t/rows.jsonl", "".join(record("k", dict(ROW, n=n), n) for n in (5, 0, 2)))
        self.weir("run", "p.weir", "-e", "--local", "t", code=1)
        self.assertEqual([r["value"]["r"] for r in lines(self.read("t/out.jsonl"))], [2])
        self.weir("run", "p.weir", "-e", "--local", "t", code=1)
        self.weir("run", "p.weir", "-e", "--local", "t", "--set", "bad_records=skip")
        self.assertEqual([r["value"]["r"] for r in lines(self.read("t/out.jsonl"))], [2, 5])

    def test_lines_that_are_no_records(self):
        self.write("p.weir", EVALUATED.replace("EXPRESSION", "n"))
        good = record("k", ROW, 1)
        for wrong in ("nonsense", "[]", '"x"', "5", '{"key":"k"', '{"key":"k","value":{},"timestamp":"x"}', '{"value":1}}', '{"key":"k","partition":-1}', '{"headers":5}'):
            with self.subTest(wrong):
                self.write("t/rows.jsonl", wrong + "\n" + good)
                self.write("t/out.jsonl", "")
                _, err = self.weir("run", "p.weir", "-e", "--local", "t", "--reset", code=1)
                self.assertIn("rows.jsonl:1", err)
                self.weir("run", "p.weir", "-e", "--local", "t", "--reset", "--set", "bad_records=skip")
                self.assertEqual([r["value"]["r"] for r in lines(self.read("t/out.jsonl"))], [0])
                self.weir("run", "p.weir", "-e", "--local", "t", "--reset", "--set", "bad_records=dead_letter dlq")

    def test_json_reports(self):
        self.write("p.weir", EVALUATED.replace("EXPRESSION", "10 / n"))
        self.write("t/rows.jsonl", record("k", ROW, 1))
        _, err = self.weir("run", "p.weir", "-e", "--local", "t", "--json", code=1)
        report = [r for r in lines(err) if r.get("event") == "bad_record"][0]
        self.assertEqual((report["topic"], report["partition"], report["offset"], report["key"], report["value"]["n"], report["policy"]), ("rows", 0, 0, "k", 0, "fail"))

    def test_dead_letters_keep_headers_and_null(self):
        self.write("p.weir", 'stream rows from "rows" string => json { n: int64 }\nrows | map { key, n } | to "out"\n')
        self.write("t/rows.jsonl", record(None, {"n": 1}, 4, headers={"a": "b", "__streams.errors.topic": "older"}))
        self.weir("run", "p.weir", "-e", "--local", "t", "--set", "bad_records=dead_letter dlq")
        letter = lines(self.read("t/dlq.jsonl"))[0]
        self.assertEqual((letter["key"], letter["value"], letter["timestamp"], letter["headers"]["a"]), (None, {"n": 1}, 4, "b"))
        self.assertEqual(letter["headers"]["__streams.errors.topic"], "rows")


if __name__ == "__main__":
    unittest.main()
