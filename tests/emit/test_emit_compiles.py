#!/usr/bin/env python3
# timeout: 300
"""The C of every program in the repository compiles clean in gcc, clang and tcc, with and without #line; it is the same
every time, and says nothing that it does not use."""
import concurrent.futures
import glob
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WEIR = os.environ.get("WEIR", os.path.join(ROOT, "build", "weir"))
WARNINGS = ["-Wall", "-Wextra", "-Werror", "-Wconversion", "-Wshadow", "-Wundef", "-Wwrite-strings"]
COMPILERS = [compiler for compiler in (
    ["gcc", "-std=c11", "-fsyntax-only", *WARNINGS],
    ["clang", "-std=c11", "-fsyntax-only", *WARNINGS],
    ["tcc", "-Wall", "-c"],
) if shutil.which(compiler[0])]


def programs():
    for folder in ("dsl-examples", "tests/behaviour", "tests/plan", "tests/emit"):
        for path in sorted(glob.glob(f"{ROOT}/{folder}/*.weir")):
            if not os.path.basename(path).startswith("_"):
                yield path


def problems(path, folder):
    name = os.path.relpath(path, ROOT)
    for flags in ([], ["-g"]):
        text = subprocess.run([WEIR, "emit", *flags, name], cwd=ROOT, capture_output=True)
        if text.returncode != 0:
            yield f"{name}: weir emit: exit code {text.returncode}\n{text.stderr.decode()}"
            return
        again = subprocess.run([WEIR, "emit", *flags, name], cwd=ROOT, capture_output=True)
        if again.stdout != text.stdout:
            yield f"{name}: another text the second time"
        c = os.path.join(folder, name.replace("/", "_") + ("-g.c" if flags else ".c"))
        with open(c, "wb") as f:
            f.write(text.stdout)
        for compiler in COMPILERS:
            # tcc removes its output before it writes it: as root that would be the end of /dev/null.
            output = ["-o", c + ".o"] if compiler[0] == "tcc" else []
            done = subprocess.run([*compiler, *output, "-I", "runtime", c], cwd=ROOT, capture_output=True)
            if done.returncode != 0 or done.stderr:
                yield f"{name}: {compiler[0]} {' '.join(flags)}\n{done.stderr.decode()[:3000]}"


def main():
    with tempfile.TemporaryDirectory() as folder:
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            found = [p for each in pool.map(lambda path: list(problems(path, folder)), programs()) for p in each]
    print("\n".join(found))
    return 1 if found else 0


sys.exit(main())
