#!/usr/bin/env python3
"""import: what comes with another file, what does not, and what is said of it."""
import subprocess
import time
import unittest

from weir_case import WEIR, WeirCase, record

SHAPES = """// Shapes and what is done with them.
import "colours.weir"

app shapes {
  bad_records skip
}

type Shape {
  name: string
  colour: Colour
}

union Event by kind { drawn: Shape, erased: Erased }

type Erased { name: string }

stream shapes from "shapes" string => json Shape

shapes | to "copy"

fn title(s: Shape) -> string = shade(s.colour) + " " + s.name

test "its own" {
  shapes <- "a" => { name: "x", colour: red }
  "copy" -> "a" => { name: "x", colour: "blue" }
}
"""
COLOURS = """import "../lib/shapes.weir"

enum Colour { red, blue }

fn shade(c: Colour) -> string = string(c)

fn label(s: Shape, deep: int64) -> string = if deep == 0 then title(s) else label(s, deep - 1)
"""
MAIN = """import "lib/shapes.weir"
import "./lib/../lib/colours.weir"

stream events from "events" string => json Event

stream labels = events | filter value is drawn | map label({ name: name, colour: colour }, 3)

labels | to "labels"

test "labels" {
  events <- "a" => { kind: "drawn", name: "square", colour: red }
  labels -> "a" => "red square"
}
"""


class Imports(WeirCase):
    def setUp(self):
        super().setUp()
        self.write("lib/shapes.weir", SHAPES)
        self.write("lib/colours.weir", COLOURS)
        self.write("main.weir", MAIN)

    def fails(self, name, *parts):
        _, err = self.weir("check", name, code=1)
        for part in parts:
            self.assertIn(part, err)
        return err

    def test_files_that_import_one_another(self):
        self.assertEqual(self.weir("check", "main.weir", "lib/shapes.weir", "lib/colours.weir"), ("", ""))
        # Tests, flows and settings of an imported file are its own.
        self.assertIn("1 passed, 0 failed", self.weir("test", "main.weir")[0])
        self.assertIn("0 passed, 1 failed", self.weir("test", "lib/shapes.weir", code=1)[0])
        out, _ = self.weir("emit", "main.weir")
        self.assertNotIn('"copy"', out)
        self.assertIn(" main.weir", out.replace('"', " "))

    def test_formatting_is_of_one_file(self):
        self.weir("fmt", "main.weir")
        self.assertEqual(self.read("lib/colours.weir"), COLOURS)

    def test_run_and_build(self):
        self.write("topics/events.jsonl", record("a", {"kind": "drawn", "name": "square", "colour": "blue"}, 1))
        self.weir("run", "main.weir", "-e", "--local", "topics")
        self.assertIn('"blue square"', self.read("topics/labels.jsonl"))
        self.weir("build", "main.weir", WEIR_CFLAGS="-O0")
        self.write("again/events.jsonl", record("a", {"kind": "drawn", "name": "dot", "colour": "red"}, 1))
        self.weir("-e", "--local", "again", program=self.path("main"))
        self.assertIn('"red dot"', self.read("again/labels.jsonl"))

    def test_lines_for_gdb(self):
        out, _ = self.weir("emit", "-g", "main.weir")
        self.assertIn('"main.weir"', out)

    def test_twice(self):
        self.write("twice.weir", 'import "lib/shapes.weir"\nimport "lib/shapes.weir"\n')
        _, err = self.weir("check", "twice.weir")
        self.assertIn('twice.weir:2:8: warning: "lib/shapes.weir" is imported twice', err)
        self.assertIn("twice.weir:1:8: note: first here", err)

    def test_itself(self):
        self.write("self.weir", 'import "self.weir"\n')
        _, err = self.weir("check", "self.weir")
        self.assertIn("self.weir:1:8: warning: this file imports itself", err)

    def test_missing(self):
        self.write("p.weir", 'import "nowhere.weir"\nimport "lib"\nimport ""\n')
        err = self.fails("p.weir", 'p.weir:1:8: error: can\'t import "nowhere.weir": No such file or directory',
                         'p.weir:2:8: error: can\'t import "lib": Is a directory', 'p.weir:3:8: error: can\'t import ""')
        self.assertIn("imports are looked for beside the file that imports them", err)

    def test_the_same_name_in_two_files(self):
        self.write("p.weir", 'import "lib/colours.weir"\ntype Colour { a: int64 }\nfn shade(x: int64) -> int64 = x\n')
        self.fails("p.weir", "lib/colours.weir:3:6: ", "lib/colours.weir:5:4: ", "p.weir:2:6: ", "p.weir:3:4: ", "declared twice")

    def test_errors_are_where_they_are(self):
        self.write("lib/bad.weir", 'type T { a: Nothing }\nfn f(x: int64) -> string = x\n')
        self.write("p.weir", 'import "lib/bad.weir"\nfn h(t: T) -> int64 = f(1) + t.b\n')
        err = self.fails("p.weir", "lib/bad.weir:1:13: error: ", "lib/bad.weir:2:28: error: ")
        self.assertIn("   2 | fn f(x: int64) -> string = x\n", err)
        self.write("lib/bad.weir", "fn g() -> = 1\n")
        self.fails("p.weir", "lib/bad.weir:1:11: error: ")

    def test_flows_stay_behind(self):
        self.write("p.weir", 'import "lib/shapes.weir"\nshapes | to "mine"\n')
        self.fails("p.weir", "p.weir:2:1: error: there is no flow named `shapes`", "`shapes` is declared in lib/shapes.weir: an import brings in types")

    def test_watched(self):
        self.write("topics/events.jsonl", "")
        run = subprocess.Popen([WEIR, "run", "main.weir", "--watch", "--tier", "jit", "--local", "topics", "--set", "commit=10ms"], cwd=self.folder,
                               stderr=subprocess.PIPE, text=True)
        self.addCleanup(run.stderr.close)
        self.addCleanup(run.wait)
        self.addCleanup(run.terminate)

        def emitted(text):
            for _ in range(200):
                with open(self.path("topics/events.jsonl"), "a") as f:
                    f.write(record("a", {"kind": "drawn", "name": "dot", "colour": "red"}, 1))
                time.sleep(0.05)
                try:
                    if text in self.read("topics/labels.jsonl"):
                        return
                except FileNotFoundError:
                    pass
            self.fail(f"no {text}")

        emitted('"red dot"')
        self.write("lib/colours.weir", COLOURS.replace("= string(c)", '= "very " + string(c)'))
        emitted('"very red dot"')


if __name__ == "__main__":
    unittest.main()
