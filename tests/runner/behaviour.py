"""Programs with input topics and expected output topics, run by the JIT and as a built executable.

NAME.weir with NAME/in/*.jsonl and NAME/out/*.jsonl, and beside the program where they are needed: NAME.args (more
arguments), NAME.exit (exit code), NAME.stderr (lines that must be part of the messages), NAME.stdout (exact).
"""
import glob
import hashlib
import os
import re
import shlex
import shutil
import tempfile

from .case import ROOT, Case, Failure, diff, output, read, text

INTERNAL = re.compile(r"-(repartition|changelog)\.jsonl$")


def discover():
    for folder, kind in (("tests/behaviour", "behaviour"), ("dsl-examples", "examples")):
        for path in sorted(glob.glob(f"{ROOT}/{folder}/*.weir")):
            stem = path[: -len(".weir")]
            name = os.path.relpath(stem, ROOT)
            if os.path.isdir(stem):
                yield Case(kind, f"{name} (jit)", records_check(path, "jit"))
                yield Case(kind, f"{name} (built)", records_check(path, "built"))
            if re.search(rb"^test\b", read(path), re.M):
                yield Case(kind, f"{name} (test blocks)", blocks_check(path))
            if kind == "examples":
                yield Case(kind, f"generated/{os.path.basename(stem)}.c", fresh_check(path))


def blocks_check(path):
    return lambda context: context.run_ok([context.weir, "test", path]) and None


def fresh_check(path):
    def check(context):
        folder, name = os.path.split(path)
        # As a reader of the repository would write it: the #line paths are relative to the root.
        out, _ = context.run_ok([context.weir, "emit", os.path.relpath(path, ROOT)], cwd=ROOT)
        context.golden(f"{ROOT}/generated/{name[: -len('.weir')]}.c", out)

    return check


def records_check(path, how):
    def check(context):
        stem = path[: -len(".weir")]
        with tempfile.TemporaryDirectory() as topics:
            for file in glob.glob(f"{stem}/in/*"):
                shutil.copy(file, topics)
            # The other tier would only start a C compiler aside that is never waited for.
            argv = [context.weir, "run", "--tier", "jit", path] if how == "jit" else [built(context, path)]
            argv += ["--local", topics, "-e", "--clock", "record"]
            if os.path.exists(stem + ".args"):
                argv += shlex.split(read(stem + ".args").decode(), comments=True)
            code, out, err = context.run(argv, cwd=topics)
            compare_ends(stem, code, out, err)
            compare_topics(context, stem, topics, err)

    return check


def compare_ends(stem, code, out, err):
    want = int(read(stem + ".exit")) if os.path.exists(stem + ".exit") else 0
    if code != want:
        raise Failure(f"exit code {code}, expected {want}\n{output(out, err)}")
    if os.path.exists(stem + ".stdout") and read(stem + ".stdout") != out:
        raise Failure(diff(read(stem + ".stdout"), out, "standard output"))
    if os.path.exists(stem + ".stderr"):
        for line in read(stem + ".stderr").decode().splitlines():
            if line.strip() and line.strip() not in text(err):
                raise Failure(f"the messages lack: {line.strip()}\n{text(err)}")


def compare_topics(context, stem, topics, err):
    """Every file that the run made or changed must be as in out/, and every file of out/ must be there."""
    expected = {os.path.basename(f) for f in glob.glob(f"{stem}/out/*.jsonl")}
    inputs = {os.path.basename(f): f for f in glob.glob(f"{stem}/in/*.jsonl")}
    made = set()
    for file in glob.glob(f"{topics}/*.jsonl"):
        name = os.path.basename(file)
        if name in expected or INTERNAL.search(name):
            continue
        if name not in inputs or read(file) != read(inputs[name]):
            made.add(name)
    for name in sorted(expected | made):
        got = read(f"{topics}/{name}") if os.path.exists(f"{topics}/{name}") else b""
        if name in made and not context.update:
            raise Failure(f"records in a topic that out/ does not expect: {name}\n{text(got)}")
        try:
            context.golden(f"{stem}/out/{name}", got)
        except Failure as wrong:
            raise Failure(f"{wrong}\n{text(err[-4000:])}".rstrip())


def built(context, path):
    """The executable of `weir build`, kept in the build folder as long as its C, the runtime and the compiler's
    flags are the same."""
    emitted, _ = context.run_ok([context.weir, "emit", path])
    flags = os.environ.get("WEIR_CFLAGS", "-O1")  # -O3 would double the time of the whole suite
    with context.lock:
        runtime = runtime_hash(context)
    folder = os.path.join(context.build, "tests", "aot", runtime)
    os.makedirs(folder, exist_ok=True)
    in_c = [read(os.path.join(os.path.dirname(path), name)) for name in re.findall(r' from "([\w.]+\.c)"', read(path).decode())]
    key = hashlib.sha256(b"\0".join([emitted, flags.encode(), *in_c])).hexdigest()[:24]
    app = os.path.join(folder, f"{os.path.basename(path)[:-5]}-{key}")
    if not os.path.exists(app):
        made = f"{app}.new"
        context.run_ok([context.weir, "build", path, "-o", made], WEIR_CFLAGS=flags)
        os.rename(made, app)
    return app


def runtime_hash(context):
    if not hasattr(context, "runtime_hash"):
        digest = hashlib.sha256()
        for file in [f"{context.build}/libweir_rt.a", *sorted(glob.glob(f"{ROOT}/runtime/weir*.h"))]:
            if os.path.exists(file):
                digest.update(read(file))
        context.runtime_hash = digest.hexdigest()[:16]
        for old in glob.glob(f"{context.build}/tests/aot/*"):
            if os.path.basename(old) != context.runtime_hash:
                shutil.rmtree(old, ignore_errors=True)
    return context.runtime_hash
