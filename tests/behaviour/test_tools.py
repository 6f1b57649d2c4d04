#!/usr/bin/env python3
"""weir new, fmt, check, graph and emit."""
import json
import os
import stat
import subprocess
import unittest
import xml.dom.minidom

from weir_case import PROGRAM, WEIR, WeirCase, record


class Tools(WeirCase):
    def setUp(self):
        super().setUp()
        self.write("p.weir", PROGRAM)

    def test_new(self):
        out, _ = self.weir("new", "my_app")
        self.assertIn("weir test", out)
        self.assertIn("1 passed", self.weir("test", "my_app/my_app.weir")[0])
        self.weir("fmt", "--check", "my_app/my_app.weir")
        self.assertEqual(self.weir("check", "my_app/my_app.weir"), ("", ""))
        self.weir("run", "my_app/my_app.weir", "-e")
        self.assertIn('"bob"', self.read("my_app/topics/large-orders.jsonl"))
        self.weir("new", "my_app", code=3)

    def test_fmt(self):
        ugly = PROGRAM.replace("  n > 0", "n>0").replace("{ n: n * 2 }", "{n:n*2}   // twice\n").replace("type Row { n: int64 }", "type   Row{n:int64}")
        self.write("ugly.weir", ugly)
        out, _ = self.weir("fmt", "--check", "ugly.weir", "p.weir", code=1)
        self.assertEqual(out, "ugly.weir\n")
        self.assertEqual(self.read("ugly.weir"), ugly)
        os.chmod(self.path("ugly.weir"), 0o640)
        self.weir("fmt", "ugly.weir")
        once = self.read("ugly.weir")
        self.assertIn("// twice", once)
        self.assertEqual(stat.S_IMODE(os.stat(self.path("ugly.weir")).st_mode), 0o640)
        self.weir("fmt", "--check", "ugly.weir")
        self.weir("fmt", "ugly.weir")
        self.assertEqual(self.read("ugly.weir"), once)
        self.weir("test", "ugly.weir")
        self.assertEqual(self.weir("fmt", "-", stdin=ugly)[0], once)
        self.weir("fmt", "none.weir", code=2)

    def test_fmt_leaves_what_it_cannot_read(self):
        for wrong in ("stream = \n", "type A { x: }\n", 'test "x {\n', "/* open\n"):
            with self.subTest(wrong):
                self.write("w.weir", wrong)
                _, err = self.weir("fmt", "w.weir", code=1)
                self.assertIn("w.weir:", err)
                self.assertEqual(self.read("w.weir"), wrong)

    def test_check_json(self):
        self.write("w.weir", PROGRAM.replace("n > 0", "m > 0").replace("n * 2", "n * true"))
        out, err = self.weir("check", "--error-format", "json", "w.weir", code=1)
        self.assertEqual(out, "")
        errors = [json.loads(line) for line in err.splitlines()]
        self.assertEqual(len([e for e in errors if e["level"] == "error"]), 2)
        for error in errors:
            self.assertEqual((error["file"], error["line"]), ("w.weir", 7))
            self.assertGreater(error["column"], 0)
            self.assertTrue(error["message"])

    def test_check_reports_all_errors_of_a_run(self):
        self.write("w.weir", "type A { x: in64, y: [strin] }\nstream a from \"a\" string => json A time z\na | filter nothing | to \"x\"\nb | to \"y\"\na | map 1 + true | to \"z\"\n")
        _, err = self.weir("check", "w.weir", code=1)
        for line in (1, 2, 3, 4, 5):
            self.assertRegex(err, rf"(?m)^w\.weir:{line}:\d+: error: ")
        self.assertIn("int64", err)
        self.write("s.weir", "stream a = = b\nstream c = | d\ntype E { x }\n")
        _, err = self.weir("check", "s.weir", code=1)
        for line in (1, 2, 3):
            self.assertRegex(err, rf"(?m)^s\.weir:{line}:\d+: error: ")

    def test_import(self):
        self.write("lib/types.weir", "type Row { n: int64 }\nfn double(n: int64) -> int64 = n * 2\n")
        self.write("q.weir", 'import "lib/types.weir"\nstream rows from "rows" string => json Row\nrows | map double(n) | to "out"\n')
        out, _ = self.weir("run", "q.weir", "-e", "--in", "rows=-", "--out", "out=-", stdin=record("a", {"n": 2}, 1))
        self.assertEqual(out, record("a", 4, 1))
        self.write("lib/types.weir", "type Row { n: in64 }\n")
        _, err = self.weir("check", "q.weir", code=1)
        self.assertIn("types.weir:1:15: error:", err)
        self.write("q.weir", 'import "nowhere.weir"\n')
        self.assertIn("q.weir:1:", self.weir("check", "q.weir", code=1)[1])
        self.write("a.weir", 'import "b.weir"\n')
        self.write("b.weir", 'import "a.weir"\ntype X { n: int64 }\n')
        subprocess.run([WEIR, "check", "a.weir"], cwd=self.folder, timeout=10, capture_output=True, check=False)  # it ends

    def test_graph(self):
        text, _ = self.weir("graph", "p.weir")
        for name in ("rows", "twice", "filter", "map"):
            self.assertIn(name, text)
        dot, _ = self.weir("graph", "p.weir", "--format", "dot")
        self.assertTrue(dot.startswith("digraph"))
        self.assertEqual(dot.count("{"), dot.count("}"))
        self.assertRegex(self.weir("graph", "p.weir", "--format=mermaid")[0], r"^(flowchart|graph) ")
        svg, _ = self.weir("graph", "p.weir", "--format", "svg")
        self.assertEqual(xml.dom.minidom.parseString(svg).documentElement.tagName, "svg")

    def test_graph_of_hostile_names(self):
        self.write("h.weir", 'type R { `<b>&"\\x`: string }\nstream rows from "rows" string => json R\nrows | filter `<b>&"\\x` == "</text>]]>\\"{}" | to "out"\n')
        xml.dom.minidom.parseString(self.weir("graph", "h.weir", "--format", "svg")[0])
        for how in ("dot", "mermaid", "text"):
            self.weir("graph", "h.weir", "--format", how)

    def test_emit(self):
        for stage in ("ast", "types", "topology", "plan", "c"):
            with self.subTest(stage):
                once, _ = self.weir("emit", "p.weir", "--stage", stage)
                self.assertEqual(self.weir("emit", "--stage=" + stage, "p.weir")[0], once)
                self.assertIn("rows", once)
                self.weir("emit", "p.weir", "--stage", stage, "-o", "written")
                self.assertEqual(self.read("written"), once)
        self.assertIn('#line', self.weir("emit", "-g", "p.weir")[0])
        # A program that parses has an AST even where its types are wrong.
        self.write("w.weir", PROGRAM.replace("n > 0", "m > 0"))
        self.weir("emit", "--stage", "ast", "w.weir")
        self.weir("emit", "--stage", "types", "w.weir", code=1)

    def test_programs_too_large_to_compile(self):
        """Said at once, not after minutes."""
        self.write("chain.weir", 'stream s from "s" string => int64\ns' + " | filter value > 1" * 2000 + ' | to "o"\n')
        errors = self.weir("check", "chain.weir", code=1)[1]
        self.assertRegex(errors, r"^chain\.weir:2:9\d+: error: more than 500 stages stand behind one another here\n")
        self.assertEqual(errors.count("error:"), 1)
        doubled = "".join(f"type A{i} {{ l: A{i - 1}, r: A{i - 1} }}\n" for i in range(1, 60))
        self.write("types.weir", f'type A0 {{ x: int64 }}\n{doubled}stream s from "s" string => json A59\ns | to "o"\n')
        self.assertRegex(self.weir("check", "types.weir", code=1)[1],
                         r"^types\.weir:17:10: error: this type has more than 99999 fields, with those of the types in it\n")
        self.write("maps.weir", 'stream s from "s" string => int64\ns' + " | map { a: value, b: value }" * 60 + ' | to "o"\n')
        self.assertRegex(self.weir("check", "maps.weir", code=1)[1], r"^maps\.weir:2:\d+: error: this type has more than")

    def test_programs_without_flows(self):
        self.write("empty.weir", "")
        self.write("comment.weir", "// nothing\n")
        for name in ("empty.weir", "comment.weir"):
            for command in ("check", "fmt", "test", "graph", "emit"):
                with self.subTest((command, name)):
                    done = subprocess.run([WEIR, command, name], cwd=self.folder, capture_output=True, timeout=20, check=False)
                    self.assertIn(done.returncode, (0, 1))
                    self.assertNotIn(b"internal", done.stderr)


if __name__ == "__main__":
    unittest.main()
