#!/usr/bin/env python3
# timeout: 300
"""Little memory for state: rows go to the disk and come back, and what comes out is, byte for byte, what comes out with enough of it."""
import os
import random
import subprocess
import unittest

from weir_case import WEIR, WeirCase, record

PROGRAM = """app much

stream visits from "visits" string => json { page: string, seconds: int64 }
table taxes from "taxes" string => json { rate: int64 }  versioned 1h

visits | group by key | aggregate { n: count(), seconds: sum(seconds), pages: first(3, page), last: last(page) } | to "users"
visits | group by page | count | to "pages"
visits | group by key | window tumbling 10s grace 5s | aggregate { seconds: sum(seconds), page: last(page) } | to "windows"
visits | group by key | window session 2s grace 5s | count | to "sessions"
visits | group by page | window sliding 1s grace 5s | count | to "sliding"
taxes | group by rate | aggregate { n: count(), rates: sum(rate) } | to "rates"
taxes | to "all-taxes"
"""
TOPICS = ("users", "pages", "windows", "sessions", "sliding", "rates", "all-taxes")
START = 1700000000000


class StateMemory(WeirCase):
    def feed(self, folder, records, keys, seed):
        r = random.Random(seed)
        filler = "x" * 200
        os.makedirs(self.path(folder))
        with open(self.path(f"{folder}/visits.jsonl"), "w") as f:
            for n in range(records):
                key, page = f"user-{r.randrange(keys)}", f"page-{r.randrange(keys)}-{filler[:r.randrange(200)]}"
                f.write(record(key, {"page": page, "seconds": r.randrange(100)}, START + n * 3 + r.randrange(3000)))
        with open(self.path(f"{folder}/taxes.jsonl"), "w") as f:
            for n in range(records // 2):
                value = {"rate": r.randrange(50)} if r.randrange(5) else None
                f.write(record(f"tax-{r.randrange(keys)}", value, START + n * 100 + r.randrange(3600000)))

    def run_program(self, folder, memory, program, *flags):
        """Peak memory, bytes."""
        argv = [*program, "-e", "--local", folder, "--set", "cache=0", "--memory", memory, *flags]
        with open(self.path(f"{folder}.err"), "w+") as err:
            process = subprocess.Popen(argv, cwd=self.folder, stderr=err)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(process.returncode, 0, self.read(f"{folder}.err"))
        return usage.ru_maxrss * 1024

    def copy(self, of, folder):
        os.makedirs(self.path(folder))
        for name in ("visits", "taxes"):
            os.link(self.path(f"{of}/{name}.jsonl"), self.path(f"{folder}/{name}.jsonl"))

    def expect_same(self, a, b):
        for topic in TOPICS:
            self.assertEqual(self.read(f"{a}/{topic}.jsonl") == self.read(f"{b}/{topic}.jsonl"), True, f"{topic} of {a} and {b}")

    def test_same_bytes(self):
        self.write("p.weir", PROGRAM)
        jit = [WEIR, "run", "--tier", "jit", "p.weir"]
        self.feed("much", 15000, 10000, 1)
        self.copy("much", "little")
        self.copy("much", "built")
        much = self.run_program("much", "1GB", jit)
        little = self.run_program("little", "1MB", jit)
        self.expect_same("much", "little")
        self.assertLess(little, much - 8e6)
        self.weir("build", "p.weir", "-o", "p")
        built = self.run_program("built", "1MB", [self.path("p")])
        self.expect_same("much", "built")
        self.assertLess(built, much - 8e6)

    def test_state_in_memory_only(self):
        """`store memory` has nowhere to go: it is all there, whatever the budget, and the rest goes."""
        self.write("p.weir", PROGRAM.replace("count | to \"pages\"", "count store memory | to \"pages\""))
        self.feed("much", 8000, 3000, 2)
        self.copy("much", "little")
        for folder, memory in (("much", "1GB"), ("little", "1MB")):
            self.run_program(folder, memory, [WEIR, "run", "--tier", "jit", "p.weir"])
        self.expect_same("much", "little")


if __name__ == "__main__":
    unittest.main()
