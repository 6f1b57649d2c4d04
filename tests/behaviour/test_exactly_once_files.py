#!/usr/bin/env python3
"""Exactly once with topics as files: outputs are byte for byte those of a run that nobody disturbed."""
import os
import random
import select
import subprocess
import time
import unittest

from weir_case import WEIR, WeirCase, record

PROGRAM = """app sums {
  processing exactly_once
  bad_records dead_letter "dead"
}
type Sale { shop: string, n: int64 }
stream sales from "sales" string => json Sale
sales | filter n > 0 | to "echo"
table counts = sales | group by shop | aggregate { count: count(), sum: sum(n) }
counts | to "counts"
table sizes = counts | group by string(count) | count
sizes | to "sizes"
"""
OUTPUTS = ("echo", "counts", "sizes", "dead")


def sales(first, end):
    bad = record("x", {"shop": 1}, 5)
    return "".join(record(f"k{n % 7}", {"shop": f"s{n * 7919 % 83}", "n": n}, 1700000000000 + n) + (bad if n % 500 == 3 else "")
                   for n in range(first, end))


class ExactlyOnceFiles(WeirCase):
    def setUp(self):
        super().setUp()
        self.write("p.weir", PROGRAM)

    def append(self, name, text):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "a") as f:
            f.write(text)

    def run_to_end(self, folder, *args, **more):
        return self.weir("run", "p.weir", "-e", "--local", folder, "--set", "cache=0", *args, **more)[1]

    def outputs(self, folder):
        return {topic: self.read(f"{folder}/{topic}.jsonl") for topic in OUTPUTS}

    def assert_same(self, folder, wanted):
        for topic, text in self.outputs(folder).items():
            self.assertEqual(text, wanted[topic], topic)
        self.assertFalse(self.exists(f"{folder}/.weir/sums/writing"))

    def undisturbed(self, count):
        self.append("whole/sales.jsonl", sales(0, count))
        self.run_to_end("whole")
        return self.outputs("whole")

    def test_killed_at_any_moment(self):
        wanted = self.undisturbed(20000)
        chance = random.Random(7)
        for i in range(20):
            self.append("t/sales.jsonl", sales(i * 1000, i * 1000 + 1000))
            process = subprocess.Popen([WEIR, "run", "p.weir", "--local", "t", "--set", f"commit={1 + i % 3}ms", "--set", "cache=0",
                                        "--set", "memory=" + ("100KB" if i % 2 else "100MB")], cwd=self.folder, stderr=subprocess.DEVNULL)
            time.sleep(chance.uniform(0.01, 0.2))
            process.kill()
            process.wait()
        self.run_to_end("t")
        self.assert_same("t", wanted)

    def test_killed_while_outputs_are_written(self):
        """What the journal says is taken back; what was there before, of others too, stays."""
        first, wanted = self.undisturbed(2000), None
        others = {topic: self.read(f"whole/{topic}.jsonl") for topic in OUTPUTS}
        self.append("whole/echo.jsonl", record("of", "others", 1))
        others["echo"] += record("of", "others", 1)
        self.append("whole/sales.jsonl", sales(2000, 2100))
        journal = ""
        for topic in OUTPUTS:
            before = len(others[topic])
            self.append(f"whole/{topic}.jsonl", '{"key":"uncommitted"}\n' * 5 + '{"key":"half a l')
            journal += f"{before} {before + 5000} {os.path.realpath(self.path(f'whole/{topic}.jsonl'))}\n"
        self.write("whole/.weir/sums/writing", journal)
        err = self.run_to_end("whole")
        self.assertIn("what the last run had not committed is taken away", err)
        self.assertFalse(self.exists("whole/.weir/sums/writing"))
        self.append("plain/sales.jsonl", sales(0, 2100))
        self.run_to_end("plain")
        wanted = self.outputs("plain")
        self.assertEqual(self.read("whole/echo.jsonl"), others["echo"] + wanted["echo"][len(first["echo"]):])
        for topic in ("counts", "sizes", "dead"):
            self.assertEqual(self.read(f"whole/{topic}.jsonl"), wanted[topic], topic)

    def test_killed_behind_the_positions(self):
        """A journal of what was committed takes nothing back."""
        wanted = self.undisturbed(2000)
        self.write("whole/.weir/sums/writing", "".join(
            f"0 {len(wanted[topic])} {os.path.realpath(self.path(f'whole/{topic}.jsonl'))}\n" for topic in OUTPUTS))
        self.assertNotIn("taken away", self.run_to_end("whole"))
        self.assert_same("whole", wanted)

    def test_first_run_killed_while_outputs_are_written(self):
        """Before any position was stored."""
        wanted = self.undisturbed(2000)
        self.append("t/sales.jsonl", sales(0, 2000))
        self.append("t/echo.jsonl", wanted["echo"][:500])
        self.write("t/.weir/sums/writing", f"0 5000 {os.path.realpath(self.path('t/echo.jsonl'))}\n")
        self.run_to_end("t")
        self.assert_same("t", wanted)

    def test_a_bad_record_that_ends_the_run(self):
        """What went before it is done, and it is not, on this side and on the far side of a repartition topic."""
        self.append("t/sales.jsonl", sales(0, 4) + sales(4, 2000))
        for _ in range(3):
            self.run_to_end("t", "--set", "bad_records=fail", code=1)
        self.run_to_end("t")
        self.assert_same("t", self.undisturbed(2000))

    def test_outputs_that_are_inputs(self):
        """What a commit writes is read before the run ends."""
        self.write("p.weir", """app loop {
  processing exactly_once
}
stream numbers from "numbers" string => json { n: int64 }
numbers | filter n < 5 | map { n: n + 1 } | to "numbers"
""")
        self.append("t/numbers.jsonl", record("a", {"n": 1}, 5))
        self.run_to_end("t")
        self.assertEqual(self.read("t/numbers.jsonl"), "".join(record("a", {"n": n}, 5) for n in range(1, 6)))

    def test_pipes_are_written_at_commits(self):
        process = subprocess.Popen([WEIR, "run", "p.weir", "--in", "sales=-", "--out", "echo=-", "--local", "t", "--set", "commit=1h"],
                                   cwd=self.folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        lines = sales(1, 40000)  # more than a megabyte
        process.stdin.write(lines)
        process.stdin.flush()
        self.assertEqual(select.select([process.stdout], [], [], 0.5)[0], [])
        out, _ = process.communicate()
        self.assertEqual(out.count("\n"), 39999)

    def test_two_processes(self):
        """One works on the outputs of an app, also without state."""
        self.write("p.weir", 'app copies { processing exactly_once }\nstream a from "a" string => string\na | to "b"\n')
        self.append("t/a.jsonl", record("a", "x", 5))
        process = subprocess.Popen([WEIR, "run", "p.weir", "--local", "t"], cwd=self.folder, stderr=subprocess.DEVNULL)
        try:
            while not self.exists("t/b.jsonl"):
                time.sleep(0.01)
            self.assertIn("another run of this app", self.run_to_end("t", code=3))
        finally:
            process.kill()
            process.wait()


if __name__ == "__main__":
    unittest.main()
