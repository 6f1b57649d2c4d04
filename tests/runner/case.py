"""What every kind of test case shares: results, running commands, comparing with goldens."""
import difflib
import os
import subprocess
import tempfile
import threading

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Failure(Exception):
    """The case failed; the text says how, for a person."""


class Skip(Exception):
    """The case can't run here; the text says why."""


class Case:
    """One thing to run. `check(context)` raises Failure or Skip, or returns None, or a list of
    (name, error text or None) when one program holds many cases."""

    def __init__(self, kind, name, check, lane=None):
        self.kind = kind
        self.name = name
        self.check = check
        self.lane = lane  # cases that have a thread of their own (tests/run)


class Context:
    def __init__(self, build, update, tool_env):
        self.build = build
        self.weir = os.path.join(build, "weir")
        self.update = update
        self.tool_env = tool_env
        self.lock = threading.Lock()
        self.updated = []
        # What weir keeps between runs must not reach from one run of the tests into the next.
        self.cache = tempfile.TemporaryDirectory(prefix="weir-cache-")

    def environment(self, **more):
        env = {k: v for k, v in os.environ.items() if not k.startswith("WEIR_")}
        # A zone far from UTC shows whatever reads the local time by mistake.
        env.update(LC_ALL="C.UTF-8", TZ="Asia/Kathmandu", NO_COLOR="1", WEIR=self.weir, WEIR_BUILD=self.build,
                   XDG_CACHE_HOME=self.cache.name)
        # Only sanitized builds read these.
        env.setdefault("UBSAN_OPTIONS", "print_stacktrace=1")
        env.setdefault("TSAN_OPTIONS", f"halt_on_error=1:suppressions={ROOT}/tests/tsan.supp")
        env.update(self.tool_env)
        env.update(more)
        return env

    def run(self, argv, cwd=None, stdin=b"", timeout=120, **env):
        """Runs a command; gives (exit code, stdout, stderr) as bytes. A signal's code is negative."""
        try:
            done = subprocess.run(argv, cwd=cwd, input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                  timeout=timeout, env=self.environment(**env))
        except subprocess.TimeoutExpired as late:
            raise Failure(f"no end after {timeout} s: {' '.join(argv)}\n{text(late.stdout)}{text(late.stderr)}")
        except OSError as why:
            raise Failure(f"cannot run {argv[0]}: {why.strerror}")
        return done.returncode, done.stdout, done.stderr

    def run_ok(self, argv, **options):
        code, out, err = self.run(argv, **options)
        if code != 0:
            raise Failure(f"$ {' '.join(argv)}\nexit code {code}, expected 0\n{output(out, err)}")
        return out, err

    def golden(self, path, got):
        """Compares bytes with the file `path`, or rewrites it under --update."""
        want = read(path) if os.path.exists(path) else None
        if want == got:
            return
        if self.update:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as f:
                f.write(got)
            with self.lock:
                self.updated.append(os.path.relpath(path, ROOT))
            return
        if want is None:
            raise Failure(f"no golden {os.path.relpath(path, ROOT)}: make it with --update\n{text(got)}")
        raise Failure(diff(want, got, os.path.relpath(path, ROOT)))


def read(path):
    with open(path, "rb") as f:
        return f.read()


def text(data):
    return (data or b"").decode("utf-8", "backslashreplace")


def output(out, err):
    """What a program that failed has printed: of much of it the beginning, which says why, and the end."""
    return excerpt(text(out), 6000) + excerpt(text(err), 8000)


def excerpt(what, most):
    left_out = len(what) - most
    return what if left_out <= 0 else f"{what[:most // 2]}\n[{left_out} characters left out]\n{what[-(most // 2):]}"


def diff(want, got, name):
    lines = difflib.unified_diff(text(want).splitlines(), text(got).splitlines(), f"{name} (expected)",
                                 f"{name} (got)", lineterm="")
    shown = list(lines)
    if not shown:
        return f"{name}: the same lines, but the bytes differ (line ends?)"
    if len(shown) > 80:
        shown[80:] = [f"... {len(shown) - 80} more lines"]
    return "\n".join(shown)
