#!/usr/bin/env python3
# timeout: 300
"""extern fn: what is said of C that is wrong, shared libraries, what libtcc can't compile, crashes."""
import os
import shutil
import signal
import subprocess
import time
import unittest

from weir_case import SANITIZED, WEIR, WeirCase, record

PROGRAM = """app calls

extern fn f(n: int64) -> int64 from "%s"

stream numbers from "numbers" string => json { n: int64 }

numbers | map f(n) | to "out"
"""
GOOD = "#include <weir_extern.h>\n\nint64_t f(struct weir_ctx *w, int64_t n)\n{\n    (void)w;\n    return n + %d;\n}\n"
CRASHES = {
    "SIGSEGV": "*(volatile int *)0 = 1;",
    "SIGFPE": "volatile int zero = 0; return n / zero;",
    "SIGABRT": "abort();",
    "SIGILL": "raise(SIGILL);",
    "SIGBUS": "raise(SIGBUS);",
}



class Extern(WeirCase):
    def setUp(self):
        super().setUp()
        self.write("p.weir", PROGRAM % "f.c")
        self.write("f.c", GOOD % 1)
        self.write("topics/numbers.jsonl", record("a", {"n": 3}, 1) + record("b", {"n": 4}, 2))

    def wrong(self, *parts, name="p.weir", **env):
        _, err = self.weir("check", name, code=1, **env)
        for part in parts:
            self.assertIn(part, err)
        return err

    def out(self):
        try:
            return self.read("topics/out.jsonl")
        finally:
            os.remove(self.path("topics/out.jsonl"))

    def no_compiler(self):
        """An environment without one."""
        self.write("empty/nothing", "")
        return {"PATH": self.path("empty"), "CC": ""}

    # ---- C that is wrong ----

    def test_signature(self):
        self.write("f.c", "int64_t f(struct weir_ctx *w, int32_t n)\n{\n    return n;\n}\n")
        for env in ({}, self.no_compiler()):
            self.wrong("f.c:", "error: `f` is not the function that the program declares", "p.weir:3:11: note: declared here",
                       "in C it is `int64_t f(struct weir_ctx *w, int64_t n)`", **env)

    def test_syntax(self):
        self.write("f.c", "int64_t f(struct weir_ctx *w, int64_t n)\n{\n\treturn n\n}\n")
        self.wrong("f.c:3:10: error: expected ';' before '}' token", CC="gcc")
        err = self.wrong("f.c:4:1: error: ';' expected", "a C compiler (gcc or clang) may do better", **self.no_compiler())
        self.assertIn("   4 | }\n", err)

    def test_all_errors_at_once(self):
        self.write("f.c", GOOD % 1 + "int g(void) { return one; }\nint h(void) { return two; }\n")
        self.wrong("f.c:8:22: error: 'one' undeclared", "f.c:9:22: error: 'two' undeclared", CC="gcc", LANG="ko_KR.UTF-8")

    def test_undeclared_function(self):
        self.write("f.c", 'int64_t f(struct weir_ctx *w, int64_t n)\n{\n    return n + strlen("");\n}\n')
        self.wrong("f.c:3:16: error: implicit declaration of function 'strlen'\n", CC="gcc")
        self.wrong('p.weir:3:37: error: "f.c" can\'t be compiled: f.c:3: warning: implicit declaration of function', **self.no_compiler())

    def test_error_in_a_header(self):
        self.write("part.h", "int a = ;\n")
        self.write("f.c", '#include "part.h"\n' + GOOD % 1)
        self.wrong("part.h:1:")
        self.write("f.c", '#include "nowhere.h"\n' + GOOD % 1)
        self.wrong("f.c:1:", "nowhere.h")

    def test_missing_file(self):
        os.remove(self.path("f.c"))
        self.wrong('p.weir:3:37: error: can\'t read "f.c": No such file', "C is looked for beside the file that declares its functions")

    def test_missing_function(self):
        for text in ("", "int64_t g(struct weir_ctx *w, int64_t n) { return n; }\n"):
            self.write("f.c", text)
            self.wrong('p.weir:3:11: error: "f.c" has no function `f`', "in C it is `int64_t f(struct weir_ctx *w, int64_t n)`, and not static")

    @unittest.skipIf(SANITIZED, "sanitizers have functions of the same names")
    def test_names_that_are_taken(self):
        self.write("f.c", GOOD % 1 + "int read(int x) { return x; }\nint weir_mine;\nint main(void) { return 0; }\n")
        self.wrong('"f.c" defines `read`, which is a function of libc.so', '"f.c" defines `weir_mine`, which is a function of weir',
                   '"f.c" defines `main`, which is a function of weir', "make it `static`, or give it another name")
        self.write("p.weir", (PROGRAM % "f.c").replace("f(n", "read(n"))
        self.wrong("p.weir:3:11: error: `read` is a function of libc.so", "give it another name, there and here")
        self.write("p.weir", (PROGRAM % "f.c").replace("f(n", "double(n"))
        self.wrong("p.weir:3:11: error: `double` can't be the name of a function in C")

    def test_two_files_with_one_name(self):
        self.write("f.c", GOOD % 1 + "int help;\n")
        self.write("g.c", (GOOD % 1).replace("f(", "g(") + "int help;\n")
        self.write("p.weir", PROGRAM % "f.c" + 'extern fn g(n: int64) -> int64 from "g.c"\n')
        self.wrong('p.weir:8:37: error: "g.c" defines `help`, and so does "f.c"')

    def test_what_is_used_but_nowhere(self):
        self.write("f.c", "int64_t zork(int64_t);\nint64_t f(struct weir_ctx *w, int64_t n)\n{\n    return zork(n);\n}\n")
        self.wrong('p.weir:3:37: error: "f.c" uses `zork`, which neither it nor the C library has')

    def test_neither_c_nor_library(self):
        self.write("p.weir", PROGRAM % "f.py")
        self.wrong('p.weir:3:37: error: "f.py" is neither C nor a shared library', 'write `from "file.c"` or `from "libname.so"`')

    # ---- C that is right ----

    def test_both_back_ends(self):
        for tier in ("jit", "cc"):
            self.weir("run", "p.weir", "-e", "--local", "topics", "--tier", tier)
            self.assertEqual(self.out(), record("a", 4, 1) + record("b", 5, 2))
        self.weir("build", "p.weir")
        self.weir("-e", "--local", "topics", program=self.path("p"))
        self.assertEqual(self.out(), record("a", 4, 1) + record("b", 5, 2))

    def test_no_compiler_is_needed(self):
        self.weir("run", "p.weir", "-e", "--local", "topics", **self.no_compiler())
        self.assertEqual(self.out(), record("a", 4, 1) + record("b", 5, 2))
        self.assertIn("no C compiler found", self.weir("build", "p.weir", code=3, **self.no_compiler())[1])

    def test_other_folders(self):
        self.write("lib/c/part.h", "#define PART 10\n")
        self.write("lib/c/f.c", '#include "part.h"\n' + (GOOD % 1).replace("n + 1", "n + PART"))
        self.write("lib/f.weir", 'extern fn f(n: int64) -> int64 from "c/f.c"\n')
        self.write("p.weir", 'import "lib/f.weir"\n' + (PROGRAM % "").replace('extern fn f(n: int64) -> int64 from ""\n', ""))
        for tier in ("jit", "cc"):
            self.weir("run", "p.weir", "-e", "--local", "topics", "--tier", tier)
            self.assertEqual(self.out(), record("a", 13, 1) + record("b", 14, 2))
        self.write("lib/c/part.h", "#define PART 20\n")  # what it includes is part of it
        for tier in ("jit", "cc"):
            self.weir("run", "p.weir", "-e", "--local", "topics", "--tier", tier)
            self.assertEqual(self.out(), record("a", 23, 1) + record("b", 24, 2))

    def test_what_libtcc_cannot_compile(self):
        self.write("f.c", "#include <stdatomic.h>\nstatic _Atomic int64_t seen;\n" + (GOOD % 1).replace("n + 1", "n + ++seen"))
        self.assertEqual(self.weir("check", "p.weir"), ("", ""))
        _, err = self.weir("run", "p.weir", "-e", "--local", "topics")
        self.assertIn("weir run: libtcc can't compile what is in C, the C compiler is used from the start (f.c:", err)
        self.assertEqual(err.count("libtcc"), 1)
        self.assertEqual(self.out(), record("a", 4, 1) + record("b", 6, 2))
        self.write("p.weir", PROGRAM % "f.c" + 'test "f" {\n  numbers <- "a" => { n: 1 }\n  "out" -> "a" => 2\n}\n')
        self.assertIn("1 passed", self.weir("test", "p.weir")[0])
        self.wrong("a C compiler (gcc or clang) may do better", **self.no_compiler())

    def test_what_the_linker_says(self):
        self.write("f.c", GOOD % 1 + "int task_find;\n")  # a name of the runtime's own
        self.assertIn("task_find", self.weir("build", "p.weir", code=3)[1])

    def test_watched(self):
        open(self.path("topics/numbers.jsonl"), "w").close()
        run = subprocess.Popen([WEIR, "run", "p.weir", "--watch", "--tier", "jit", "--local", "topics", "--set", "commit=10ms"], cwd=self.folder,
                               stderr=subprocess.PIPE, text=True)
        self.addCleanup(run.stderr.close)
        self.addCleanup(run.wait)
        self.addCleanup(run.terminate)

        def emitted(text):
            for _ in range(200):
                with open(self.path("topics/numbers.jsonl"), "a") as f:
                    f.write(record("a", {"n": 3}, 1))
                time.sleep(0.05)
                if os.path.exists(self.path("topics/out.jsonl")) and text in self.read("topics/out.jsonl"):
                    return
            self.fail(f"no {text}")

        emitted(record("a", 4, 1))
        self.write("f.c", GOOD % 7)
        emitted(record("a", 10, 1))

    # ---- shared libraries ----

    def library(self, add, *flags, name="lib/libf.so"):
        self.write("lib/libf.c", GOOD % add)
        subprocess.run(["cc", "-shared", "-fPIC", "-I", os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../runtime"), *flags,
                        "-o", self.path(name), self.path("lib/libf.c")], check=True)
        self.write("p.weir", PROGRAM % name)

    def test_library(self):
        for flags in ((), ("-Wl,-soname,libf.so",)):
            self.library(5, *flags)
            for tier in ("jit", "cc"):
                self.weir("run", "p.weir", "-e", "--local", "topics", "--tier", tier)
                self.assertEqual(self.out(), record("a", 8, 1) + record("b", 9, 2))
            self.weir("build", "p.weir")
            self.weir("-e", "--local", "topics", program=self.path("p"))
            self.assertEqual(self.out(), record("a", 8, 1) + record("b", 9, 2))

    def test_library_that_fails_records(self):
        self.write("lib/libg.c", "#include <weir_extern.h>\nint64_t f(struct weir_ctx *w, int64_t n)\n{\n    char *p = weir_alloc(w, 8);\n"
                                 "    p[0] = 0;\n    weir_fail(w, WEIR_BAD_USER, \"no %d\", (int)n);\n    return n;\n}\n")
        subprocess.run(["cc", "-shared", "-fPIC", "-I", os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../runtime"),
                        "-o", self.path("lib/libg.so"), self.path("lib/libg.c")], check=True)
        self.write("p.weir", PROGRAM % "lib/libg.so")
        self.weir("build", "p.weir")
        for program, first in ((None, ["run", "p.weir"]), (self.path("p"), [])):
            _, err = self.weir(*first, "-e", "--local", "topics", program=program, code=1)
            self.assertIn("cause: user: no 3", err)

    def test_library_that_is_not_there(self):
        self.write("p.weir", PROGRAM % "libnowhere.so")
        self.wrong('p.weir:3:37: error: can\'t load "libnowhere.so": ', "cannot open shared object file")
        self.write("libbad.so", "this is none")
        self.write("p.weir", PROGRAM % "libbad.so")
        self.wrong('p.weir:3:37: error: can\'t load "libbad.so": ', "libbad.so")

    def test_library_without_the_function(self):
        self.library(5)
        self.write("p.weir", (PROGRAM % "lib/libf.so").replace("f(n", "other(n"))
        self.wrong('p.weir:3:11: error: "lib/libf.so" has no function `other`', "in C it is `int64_t other(struct weir_ctx *w, int64_t n)`")
        self.write("p.weir", PROGRAM % "libm.so.6")  # where the system has them
        self.wrong('p.weir:3:11: error: "libm.so.6" has no function `f`')

    # ---- crashes ----

    @unittest.skipIf(SANITIZED, "sanitizers take the signals")
    def test_crashes(self):
        for name, crash in CRASHES.items():
            self.write("f.c", "#include <signal.h>\n#include <stdlib.h>\n" + (GOOD % 1).replace("(void)w;", "if (n == 4) { " + crash + " }"))
            self.weir("build", "p.weir", WEIR_CFLAGS="-O0")
            for argv in ([WEIR, "run", "p.weir", "--tier", "jit"], [WEIR, "run", "p.weir", "--tier", "cc"], [self.path("p")]):
                run = subprocess.run([*argv, "-e", "--local", "topics"], cwd=self.folder, capture_output=True, text=True)
                self.assertEqual(run.returncode, -getattr(signal, name), f"{argv} {name} {run.stderr}")
                self.assertIn(f"weir: `f` (f.c) crashed: {name}\n  record: topic `numbers`, partition 0, offset 1\n", run.stderr)

    @unittest.skipIf(SANITIZED, "sanitizers take the signals")
    def test_the_stack_runs_out(self):
        self.write("f.c", "static int64_t g(int64_t n)\n{\n    volatile char a[4096];\n    a[n % 4096] = 1;\n    return n < 0 ? n : g(n + 1) + a[0];\n}\n"
                   + (GOOD % 1).replace("n + 1", "g(n)"))
        run = subprocess.run([WEIR, "run", "p.weir", "-e", "--local", "topics", "--tier", "jit"], cwd=self.folder, capture_output=True, text=True)
        self.assertEqual(run.returncode, -signal.SIGSEGV)
        self.assertIn("weir: `f` (f.c) crashed: SIGSEGV\n", run.stderr)

    @unittest.skipIf(SANITIZED, "sanitizers take the signals")
    def test_crash_in_a_test(self):
        self.write("f.c", (GOOD % 1).replace("(void)w;", "*(volatile int *)0 = 1;"))
        self.write("p.weir", PROGRAM % "f.c" + 'test "f" {\n  numbers <- "a" => { n: 1 }\n  "out" -> "a" => 2\n}\n')
        run = subprocess.run([WEIR, "test", "p.weir"], cwd=self.folder, capture_output=True, text=True)
        self.assertEqual(run.returncode, -signal.SIGSEGV)
        self.assertIn("weir: `f` (f.c) crashed: SIGSEGV\n  record: topic `numbers`, partition 0, offset 0\n", run.stderr)


if __name__ == "__main__":
    if not shutil.which("cc"):
        raise SystemExit(77)
    unittest.main()
