#!/usr/bin/env python3
"""--log json: all that goes to standard error is one JSON object a line."""
import json
import unittest

from weir_case import PROGRAM, WeirCase, record

LOGS = """app says
stream rows from "rows" string => json { n: int64 }
rows | log "n is " + string(10 / n) | to "out"
"""


class Log(WeirCase):
    def run_it(self, *argv, code=0, **env):
        _, err = self.weir("run", "p.weir", "--local", "t", "-e", "--reset", *argv, code=code, **env)
        return [json.loads(line) for line in err.splitlines()]

    def test_every_line_is_an_object(self):
        self.write("p.weir", LOGS)
        self.write("t/rows.jsonl", record("a", {"n": 5}, 1) + record("b", {"n": 0}, 2) + record("c\n\"", {"n": "x"}, 3))
        lines = self.run_it("--log", "json", "--stats", "--set", "bad_records=skip")
        for line in lines:
            self.assertEqual(line["app"], "says")
            self.assertRegex(line["time"], r"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d\d\d)?Z$")
        self.assertEqual([(line["level"], line["flow"], line["message"]) for line in lines if "flow" in line], [("info", "rows", "n is 2")])
        bad = [line for line in lines if line.get("event") == "bad_record"]
        self.assertEqual([(b["level"], b["topic"], b["partition"], b["offset"], b["cause"]) for b in bad],
                         [("warning", "rows", 0, 1, "division"), ("warning", "rows", 0, 2, "decode")])
        self.assertEqual([(line["level"], line["records_in"], line["bad"]) for line in lines if line.get("event") == "end"], [("info", 3, 2)])
        self.assertEqual([(line["level"], line["message"]) for line in lines if "message" in line][-1], ("warning", "2 bad records: 1 decode, 1 division"))

    def test_errors(self):
        self.write("p.weir", PROGRAM)
        self.write("t/rows.jsonl", record("a", {"n": "x"}, 1))
        self.assertEqual(self.run_it("--json", code=1)[0]["level"], "error")
        self.assertEqual(self.run_it(code=1, WEIR_LOG="json")[0]["level"], "error")

    def test_wrong(self):
        self.write("p.weir", PROGRAM)
        _, err = self.weir("run", "p.weir", "--log", "xml", code=2)
        self.assertEqual(err, "weir run: --set: `log` takes text or json, not `xml`\n")


if __name__ == "__main__":
    unittest.main()
