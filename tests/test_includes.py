#!/usr/bin/env python3
"""Includes go one way: base < syntax < types < plan < emit < exec < main; and each big library has one user."""
import glob
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROOMS = ["base", "syntax", "types", "plan", "emit", "exec"]
# Only these files may include a header that matches.
OWNERS = {r"librdkafka/|kafka\.h": r"runtime/(broker_kafka|kafka\w*)\.[ch]",
          r"rocksdb/": r"runtime/store_rocksdb\.c", r"libtcc\.h": r"compiler/exec/jit\.c"}


def includes(path):
    with open(path, encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            match = re.match(r'\s*#\s*include\s*[<"]([^">]+)[">]', line)
            if match:
                yield number, match[1]


def problems():
    for path in sorted(glob.glob(f"{ROOT}/compiler/**/*.[chly]", recursive=True) + glob.glob(f"{ROOT}/runtime/*.[ch]")):
        name = os.path.relpath(path, ROOT)
        parts = name.split("/")
        room = ROOMS.index(parts[1]) if parts[0] == "compiler" and parts[1] in ROOMS else len(ROOMS)
        for number, header in includes(path):
            place = f"{name}:{number}"
            target = header.split("/")[0]
            if parts[0] == "runtime" and target in ROOMS:
                yield f"{place}: the runtime includes the compiler: {header}"
            elif parts[0] == "compiler" and target in ROOMS and ROOMS.index(target) > room:
                yield f"{place}: {parts[1]} includes {header}, which comes after it"
            elif header.startswith(".."):
                yield f"{place}: {header}: write the path from compiler/"
            for pattern, owner in OWNERS.items():
                if re.match(pattern, header) and not re.fullmatch(owner, name):
                    yield f"{place}: only {owner} includes {header}"


found = list(problems())
for problem in found:
    print(problem, file=sys.stderr)
sys.exit(1 if found else 0)
