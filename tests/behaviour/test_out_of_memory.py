#!/usr/bin/env python3
"""Whichever allocation of the compiler fails: a message and an exit code, never a crash."""
import os
import signal
import subprocess
import unittest

from weir_case import SANITIZED, WEIR, WeirCase

HERE = os.path.dirname(os.path.abspath(__file__))
EXAMPLE = os.path.join(HERE, "../../dsl-examples/hourly_sales.weir")


@unittest.skipIf(SANITIZED, "sanitizers bring allocators of their own")
class OutOfMemory(WeirCase):
    def setUp(self):
        super().setUp()
        self.shim = self.path("fail_malloc.so")
        subprocess.run(["cc", "-shared", "-fPIC", "-o", self.shim, os.path.join(HERE, "fail_malloc.c")], check=True)

    def without(self, number, *command):
        return subprocess.run([WEIR, *command, EXAMPLE], env={**os.environ, "LD_PRELOAD": self.shim, "FAIL_ALLOCATION": str(number)},
                              capture_output=True, text=True, timeout=60)

    def each(self, *command, step=1):
        number = 1
        while (done := self.without(number, *command)).returncode:
            self.assertGreater(done.returncode, 0, f"{command}, allocation {number}: {signal.Signals(-done.returncode).name if done.returncode < 0 else ''}")
            self.assertRegex(done.stderr, "out of memory|Cannot allocate memory|memory full", f"{command}, allocation {number}: {done.stderr}")
            number += step
        self.assertGreater(number, 10)

    def test_check(self):
        self.each("check")

    def test_fmt(self):
        self.each("fmt", "--check")

    def test_graph(self):
        self.each("graph", "--format", "svg")

    def test_emit(self):
        self.each("emit", step=5)
        self.each("emit", "--stage", "program")

    def test_test(self):
        self.each("test", step=37)


if __name__ == "__main__":
    unittest.main()
