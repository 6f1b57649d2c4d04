"""Tests that are programs themselves: cmocka executables and scripts."""
import glob
import os
import re
import sys

from .case import ROOT, Case, Failure, Skip, output, text


def discover(build):
    for source in sorted(glob.glob(f"{ROOT}/tests/**/unit_*.c", recursive=True)):
        name = os.path.basename(source)[: -len(".c")]
        yield Case("unit", name, unit_check(os.path.join(build, "tests", name)))
    scripts = [p for pattern in ("test_*.py", "test_*.sh")
               for p in glob.glob(f"{ROOT}/tests/**/{pattern}", recursive=True)]
    for path in sorted(scripts):
        folder = os.path.basename(os.path.dirname(path))
        kind = folder if folder in ("kafka", "oracle", "crash") else "script"
        yield Case(kind, os.path.relpath(path, ROOT + "/tests"), script_check(path), lane=kind if kind in ("kafka", "crash") else None)


def unit_check(path):
    def check(context):
        if not os.path.exists(path):
            raise Failure(f"not built: {os.path.relpath(path, ROOT)} (./dev test builds it)")
        code, out, err = context.run([path], cwd=ROOT, timeout=300, CMOCKA_MESSAGE_OUTPUT="TAP")
        results = []
        for line in text(out).splitlines():
            case = re.match(r"(not ok|ok) \d+ - (.*)", line) or re.match(r"(not ok|ok) \d+ (# SKIP.*)", line)
            if case:
                passed = case[1] == "ok" or case[2].startswith("# SKIP")  # cmocka says `not ok` of what is skipped
                results.append((case[2], None if passed else f"{text(out)}{text(err)}"))
        if code != 0 and all(error is None for _, error in results):
            # It died rather than failed: nothing after this point ran.
            results.append(("(whole program)", f"exit code {code}\n{output(out, err)}"))
        if not results:
            raise Failure("it ran no case")
        return results

    return check


def script_check(path):
    def check(context):
        argv = [sys.executable, path] if path.endswith(".py") else ["bash", path]
        with open(path, errors="replace") as f:
            limit = re.search(r"^# timeout: (\d+)", f.read(2000), re.M)
        code, out, err = context.run(argv, cwd=ROOT, timeout=int(limit[1]) if limit else 120)
        if code == 77:
            raise Skip((text(out) + text(err)).strip() or "exit code 77")
        if code != 0:
            raise Failure(f"exit code {code}\n{output(out, err)}")

    return check
