#!/usr/bin/env python3
"""Exit codes of every command: 0 done, 1 the program or data is wrong, 2 wrong usage, 3 the environment failed."""
import os
import unittest

from weir_case import PROGRAM, WeirCase, record

WRONG = PROGRAM.replace("n * 2", "m * 2")


class ExitCodes(WeirCase):
    def setUp(self):
        super().setUp()
        self.write("good.weir", PROGRAM)
        self.write("wrong.weir", WRONG)
        self.write("failing.weir", PROGRAM.replace("{ n: 2 }", "{ n: 3 }"))
        self.write("topics/rows.jsonl", record("a", {"n": 4}, 1))

    def test_done(self):
        for argv in (["check", "good.weir"], ["check", "good.weir", "failing.weir"], ["test", "good.weir"], ["emit", "good.weir"],
                     ["graph", "good.weir"], ["run", "good.weir", "-e"], ["run", "good.weir", "--exit-at-end", "--reset"],
                     ["build", "good.weir", "-o", "app"], ["fmt", "--check", "good.weir"]):
            with self.subTest(argv):
                self.weir(*argv)

    def test_help_is_no_error(self):
        for command in ("run", "build", "emit", "check", "test", "graph", "fmt", "new"):
            with self.subTest(command):
                out, err = self.weir(command, "--help")
                self.assertIn(f"usage: weir {command}", out)
                self.assertEqual(err, "")
        self.assertRegex(self.weir("--help")[0], r"(?m)^ +run ")
        self.assertRegex(self.weir("--version")[0], r"^weir \d")

    def test_program_is_wrong(self):
        for command in (["check"], ["test"], ["emit"], ["graph"], ["run", "-e"], ["build"]):
            with self.subTest(command):
                out, err = self.weir(*command, "wrong.weir", code=1)
                self.assertEqual(out, "")
                self.assertRegex(err, r"^wrong\.weir:7:\d+: error: ")
                self.assertIn("\n", err)
                self.assertIn("^", err)
        self.weir("test", "failing.weir", code=1)

    def test_data_is_wrong(self):
        self.write("topics/rows.jsonl", record("a", {"n": "x"}, 1))
        _, err = self.weir("run", "good.weir", "-e", code=1)
        for part in ("rows", "partition 0", "offset 0", '"x"'):
            self.assertIn(part, err)
        self.write("topics/rows.jsonl", "no json\n")
        self.weir("run", "good.weir", "-e", "--reset", code=1)

    def test_usage(self):
        for argv in ([], ["nothing"], ["run"], ["run", "good.weir", "good.weir"], ["run", "good.weir", "--nonsense"], ["check"], ["check", "--nonsense", "good.weir"],
                     ["test"], ["graph", "good.weir", "--format", "pdf"], ["emit", "good.weir", "--stage", "asm"], ["emit"], ["fmt"], ["new"], ["new", "a", "b"], ["new", "1x"],
                     ["run", "good.weir", "--set", "threads"], ["run", "good.weir", "--set", "threads=0"], ["run", "good.weir", "--set", "thread=2"],
                     ["run", "good.weir", "--local"], ["run", "good.weir", "--local", "topics", "--brokers", "localhost:9092"], ["run", "good.weir", "--in", "rows"],
                     ["run", "good.weir", "--clock", "sun"], ["build", "good.weir", "--nonsense"], ["check", "--error-format", "xml", "good.weir"]):
            with self.subTest(argv):
                out, err = self.weir(*argv, code=2)
                self.assertEqual(out, "")
                self.assertNotEqual(err, "")

    def test_near_misses_are_named(self):
        self.assertIn("--local", self.weir("run", "good.weir", "--locl", "x", code=2)[1])
        self.assertIn("threads", self.weir("run", "good.weir", "--set", "thread=2", code=2)[1])
        self.assertIn("check", self.weir("chek", "good.weir", code=2)[1])

    def test_environment_failed(self):
        self.weir("build", "good.weir", "-o", "no/such/folder/app", code=3)
        self.weir("build", "good.weir", "-o", "app", code=3, CC="no-such-compiler", PATH="/no/such/folder")
        self.weir("emit", "good.weir", "-o", "no/such/folder/x.c", code=3)
        self.weir("new", "topics", code=3)  # it is there already
        _, err = self.weir("run", "good.weir", "-e", "--out", "twice=/dev/full", code=3)
        self.assertIn("/dev/full", err)
        self.weir("run", "good.weir", "-e", "--reset")  # nothing was lost

    def test_built_executable(self):
        self.weir("build", "good.weir", "-o", "app")
        app = self.path("app")
        self.weir("-e", program=app)
        self.assertEqual(self.read("topics/twice.jsonl"), record("a", {"n": 8}, 1))
        self.assertIn("--local", self.weir("--help", program=app)[0])
        self.weir("--nonsense", program=app, code=2)
        self.weir("--set", "threads=none", program=app, code=2)
        os.mkdir(self.path("other"))
        self.write("other/rows.jsonl", record("a", {"n": "x"}, 1))
        self.weir("-e", "--local", "other", program=app, code=1)
        self.weir("-e", "--local", "other", "--reset", "--set", "bad_records=skip", program=app)


if __name__ == "__main__":
    unittest.main()
