#!/usr/bin/env python3
"""Settings: the command line before the environment before the program; what is no setting or no value is said."""
import unittest

from weir_case import PROGRAM, WeirCase, record

BAD = record("a", {"n": "x"}, 1)
GOOD = record("b", {"n": 1}, 2)


class Settings(WeirCase):
    def program(self, settings):
        self.write("p.weir", PROGRAM.replace("app doubles\n", f"app doubles {{\n{settings}\n}}\n"))
        self.write("t/rows.jsonl", BAD + GOOD)

    def run_it(self, *argv, code=0, **env):
        out = self.weir("run", "p.weir", "--local", "t", "-e", "--reset", *argv, code=code, **env)
        return out[1]

    def test_strongest_first(self):
        self.program("  bad_records fail")
        self.run_it(code=1)
        self.run_it(WEIR_BAD_RECORDS="skip")
        self.run_it("--set", "bad_records=fail", code=1, WEIR_BAD_RECORDS="skip")
        self.run_it("--set", "bad_records=skip", WEIR_BAD_RECORDS="fail")
        self.program("  bad_records skip")
        self.run_it()
        self.run_it(code=1, WEIR_BAD_RECORDS="fail")

    def test_dead_letter_by_flag(self):
        self.program("  bad_records fail")
        self.run_it("--set", "bad_records=dead_letter elsewhere")
        self.assertIn('"value":{"n":"x"}', self.read("t/elsewhere.jsonl"))
        self.assertEqual(self.read("t/twice.jsonl"), record("b", {"n": 2}, 2))

    def test_every_setting(self):
        self.program('  processing at_least_once\n  threads 2; commit 50ms\n  cache 1MB\n  state_dir "state"\n  standby 2; instance "x-1"\n  bad_records skip\n'
                     '  kafka { "client.id": "x", "socket.timeout.ms": 5000 }')
        self.run_it()
        for setting in ("threads=4", "commit=1s", "cache=0", "cache=64KB", "state_dir=other", "processing=at_least_once", "bad_records=skip"):
            with self.subTest(setting):
                self.run_it("--set", setting)

    def test_wrong_values(self):
        self.program("  bad_records skip")
        for setting in ("threads=0", "threads=many", "threads=", "commit=5", "commit=-1s", "cache=lots", "bad_records=ignore", "bad_records=dead_letter", "instance=", "instance=a b", "standby=65", "state_cleanup=soon", "nonsense=1"):
            with self.subTest(setting):
                err = self.run_it("--set", setting, code=2)
                self.assertIn(setting.split("=")[0], err)
        for name, value in (("WEIR_THREADS", "x"), ("WEIR_COMMIT", "soon"), ("WEIR_BAD_RECORDS", "y")):
            with self.subTest(name):
                self.assertIn(name, self.run_it(code=2, **{name: value}))

    def test_wrong_settings_in_the_program(self):
        for settings in ("threads 0", "threads many", "commit 5", "cache lots", "bad_records ignore", "bad_records dead_letter", "nonsense 1",
                         "threads 1\n  threads 2", "state_dir state", "kafka 5", 'bad_records dead_letter "a b"'):
            with self.subTest(settings):
                self.program("  " + settings)
                _, err = self.weir("check", "p.weir", code=1)
                self.assertRegex(err, r"p\.weir:\d+:\d+: error: ")


if __name__ == "__main__":
    unittest.main()
