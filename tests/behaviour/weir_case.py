"""What the scripts beside this file share: running the command in a folder of its own."""
import json
import os
import subprocess
import tempfile
import unittest

WEIR = os.environ.get("WEIR", os.path.abspath(os.path.join(os.path.dirname(__file__), "../../build/weir")))
SANITIZED = os.path.exists(os.path.join(os.path.dirname(WEIR), "CMakeCache.txt")) and \
    any(line.startswith("WEIR_SANITIZE:STRING=") and line.strip()[-1] != "=" for line in open(os.path.join(os.path.dirname(WEIR), "CMakeCache.txt")))

PROGRAM = """app doubles

type Row { n: int64 }

stream rows from "rows" string => json Row

stream twice = rows | filter n > 0 | map { n: n * 2 }

twice | to "twice"

test "small numbers" {
  rows <- "a" => { n: 1 }
  twice -> "a" => { n: 2 }
}
"""


def record(key, value, timestamp, **more):
    return json.dumps({"key": key, "value": value, "timestamp": timestamp, **more}, separators=(",", ":"), ensure_ascii=False) + "\n"


class WeirCase(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def exists(self, name):
        return os.path.exists(self.path(name))

    def write(self, name, text):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "w") as f:
            f.write(text)
        return name

    def read(self, name):
        with open(self.path(name)) as f:
            return f.read()

    def weir(self, *argv, stdin="", code=0, program=None, **env):
        """Runs the command (or another program); (stdout, stderr), once the exit code is as expected."""
        done = subprocess.run([program or WEIR, *argv], cwd=self.folder, input=stdin, capture_output=True, text=True, timeout=60,
                              env={**os.environ, **env})
        self.assertEqual(done.returncode, code, f"{argv}\n{done.stdout}{done.stderr}")
        return done.stdout, done.stderr
