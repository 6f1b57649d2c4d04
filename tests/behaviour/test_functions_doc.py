#!/usr/bin/env python3
"""docs/functions.md: every built-in is there, and every example gives what the page says."""
import json
import os
import re
import unittest

from weir_case import WeirCase, record

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")


def examples():
    with open(f"{ROOT}/docs/functions.md") as f:
        for line in f:
            cells = re.split(r"(?<!\\) \| ", line.strip().strip("|"))
            if len(cells) == 3 and cells[2].strip().startswith("`"):
                yield cells[1].strip().strip("`"), cells[2].strip().strip("`")


class FunctionsDoc(WeirCase):
    def test_examples(self):
        """All in one program: as many flows as examples."""
        found = list(examples())
        self.assertGreater(len(found), 80)
        flows = "".join(f's | map {{ r: {expression} }} | to "{i}"\n' for i, (expression, _) in enumerate(found))
        self.write("p.weir", 'stream s from "s" string => string\n' + flows)
        self.write("t/s.jsonl", record("k", "v", 1))
        self.weir("run", "p.weir", "-e", "--local", "t", "--clock", "wall")
        for i, (expression, result) in enumerate(found):
            with self.subTest(expression):
                value = re.fullmatch(r'\{"key":"k","value":\{"r":(.*)\},"timestamp":1\}\n', self.read(f"t/{i}.jsonl"))
                json.loads(result)
                self.assertEqual(value[1], result)

    def test_all_are_there(self):
        with open(f"{ROOT}/compiler/types/builtins.def") as f:
            names = set(re.findall(r'BUILTIN\(\w+, "(\w+)"', f.read()))
        with open(f"{ROOT}/docs/functions.md") as f:
            page = f.read()
        self.assertEqual([n for n in sorted(names) if not re.search(rf"\b{n}\b", page)], [])


if __name__ == "__main__":
    unittest.main()
