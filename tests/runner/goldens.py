"""Programs whose text, dump or diagnostics are compared with a file beside them.

The suffix of the golden picks the command. A folder's own suffix must be there; others are checked where they exist.
A program whose name begins with _ is only imported by others.
"""
import glob
import os
import re
import shutil
import tempfile

from .case import ROOT, Case, Failure, diff, read, text

COMMANDS = {
    "ast": ["emit", "--stage", "ast"],
    "types": ["emit", "--stage", "types"],
    "topology": ["emit", "--stage", "topology"],
    "plan": ["emit", "--stage", "plan"],
    "c": ["emit"],
    "graph": ["graph"],
    "dot": ["graph", "--format", "dot"],
    "mermaid": ["graph", "--format", "mermaid"],
    "svg": ["graph", "--format", "svg"],
}
FOLDERS = {"syntax": "ast", "types": "types", "plan": "plan", "emit": "c"}


def programs(folder):
    return [p for p in glob.glob(f"{ROOT}/{folder}/**/*.weir", recursive=True) if not os.path.basename(p).startswith("_")]


def discover():
    for folder, own in FOLDERS.items():
        for path in sorted(programs(f"tests/{folder}")):
            stem = path[: -len(".weir")]
            if "/errors/" in path:
                continue
            suffixes = [s for s in COMMANDS if os.path.exists(f"{stem}.{s}")] or [own]
            for suffix in suffixes:
                yield Case(folder, os.path.relpath(f"{stem}.{suffix}", ROOT + "/tests"), stage_check(path, suffix))
    for path in sorted(programs("tests/fmt")):
        yield Case("fmt", os.path.relpath(path, ROOT + "/tests"), fmt_check(path))
    for path in sorted(glob.glob(f"{ROOT}/dsl-examples/*.weir")):
        yield Case("fmt", "fmt --check " + os.path.relpath(path, ROOT), fmt_clean(path))
    for path in sorted(programs("tests/**/errors")):
        yield Case("errors", os.path.relpath(path, ROOT + "/tests"), error_check(path))
    for path in sorted(glob.glob(f"{ROOT}/tests/**/errors/**/*.cases", recursive=True)):
        yield from many_errors(path)


def stage_check(path, suffix):
    def check(context):
        folder, name = os.path.split(path)
        out, _ = context.run_ok([context.weir, *COMMANDS[suffix], name], cwd=folder)
        context.golden(path[: -len("weir")] + suffix, out)

    return check


def fmt_check(path):
    def check(context):
        with tempfile.TemporaryDirectory() as folder:
            copy = os.path.join(folder, os.path.basename(path))
            shutil.copyfile(path, copy)
            context.run_ok([context.weir, "fmt", copy])
            once = read(copy)
            context.golden(path[: -len("weir")] + "fmt", once)
            context.run_ok([context.weir, "fmt", copy])
            if read(copy) != once:
                raise Failure("formatting twice changes the text again:\n" + diff(once, read(copy), "formatted"))
            context.run_ok([context.weir, "fmt", "--check", copy])

    return check


def fmt_clean(path):
    return lambda context: context.run_ok([context.weir, "fmt", "--check", path]) and None


def diagnostics(context, folder, name):
    """stderr of `weir check`, with the exit code it must have."""
    code, out, err = context.run([context.weir, "check", "--error-format", "text", name], cwd=folder)
    want = 1 if b": error: " in err else 0
    if code != want:
        raise Failure(f"exit code {code}, expected {want}\n{text(out)}{text(err)}")
    if not err:
        raise Failure("no diagnostic at all")
    return err


def error_check(path):
    def check(context):
        folder, name = os.path.split(path)
        context.golden(path[: -len("weir")] + "err", diagnostics(context, folder, name))

    return check


def many_errors(path):
    """A .cases file: `=== NAME`, the program, `---`, what `weir check case.weir` must print."""
    sections = parse_cases(read(path).decode())
    for i, (name, program, want) in enumerate(sections):
        yield Case("errors", f"{os.path.relpath(path, ROOT + '/tests')}: {name}", one_of_many(path, i, program, want))


def one_of_many(path, index, program, want):
    def check(context):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "case.weir"), "w") as f:
                f.write(program)
            got = diagnostics(context, folder, "case.weir").decode().strip("\n")
        if got == want:
            return
        if not context.update:
            raise Failure(diff(want.encode(), got.encode(), "case.weir"))
        with context.lock:  # other cases of the same file may be rewriting it
            content = read(path).decode()
            sections = parse_cases(content)
            sections[index] = (sections[index][0], program, got)
            with open(path, "w") as f:
                f.write(head(content) + "\n".join(f"=== {n}\n{p}---\n{w}\n" for n, p, w in sections))
            context.updated.append(os.path.relpath(path, ROOT))

    return check


def head(content):
    """What stands before the first case: a comment for the reader."""
    return re.split(r"^=== ", content, maxsplit=1, flags=re.M)[0]


def parse_cases(content):
    """(name, program, expected text) of each case."""
    sections = []
    for part in re.split(r"^=== ", content, flags=re.M)[1:]:
        name, _, rest = part.partition("\n")
        program, _, want = (rest + "\n").partition("\n---\n")
        sections.append((name.strip(), program.rstrip("\n") + "\n", want.strip("\n")))
    return sections
