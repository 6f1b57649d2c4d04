"""What the scripts of --http share: a program that runs, its address, and questions to it."""
import http.client
import json
import os
import re
import signal
import subprocess
import time

from weir_case import WEIR, WeirCase


class HttpCase(WeirCase):
    def start(self, *argv, program=None, **env):
        """Runs until the test ends; self.port is where it listens."""
        self.err = open(self.path("err"), "w+")
        self.addCleanup(self.err.close)
        self.process = subprocess.Popen([*(program or [WEIR, "run", "p.weir"]), "--http", "0", *argv], cwd=self.folder,
                                        stderr=self.err, env={**os.environ, **env})
        self.addCleanup(self.stop)
        self.port = int(self.wait_for_err(r"listening on http://127\.0\.0\.1:(\d+)")[1])
        return self.process

    def stop(self, code=0):
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
            self.assertEqual(self.process.wait(timeout=30), code, self.read("err"))

    def wait_for_err(self, pattern):
        for _ in range(600):
            found = re.search(pattern, self.read("err"))
            if found:
                return found
            self.assertIsNone(self.process.poll(), self.read("err"))
            time.sleep(0.02)
        self.fail(f"{pattern} is not in {self.read('err')}")

    def request(self, path, method="GET", body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path, body)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text, answer.headers

    def get(self, path, status=200):
        """The answer, parsed."""
        got, text, headers = self.request(path)
        self.assertEqual(got, status, text)
        self.assertEqual(headers["Content-Type"], "application/json")
        return json.loads(text)

    def error(self, path, status):
        return self.get(path, status)["error"]

    def metrics(self):
        """{series: value}"""
        status, text, headers = self.request("/metrics")
        self.assertEqual((status, headers["Content-Type"]), (200, "text/plain; version=0.0.4; charset=utf-8"))
        return {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if not line.startswith("#")}

    def until(self, look, expected):
        """What LOOK gives becomes EXPECTED."""
        got = None
        for _ in range(500):
            got = look()
            if got == expected:
                return
            time.sleep(0.02)
        self.assertEqual(got, expected)

    def taken(self, count):
        """Waits until COUNT records of the program's sources were taken."""
        def sources():
            metrics = self.metrics()
            return sum(n for series, n in metrics.items() if series.startswith("weir_process_records_total") and "repartition" not in series)
        self.until(sources, count)
