"""What the tests of weir on a real broker share: running programs, and waiting for what they do."""
import http.client
import os
import re
import signal
import subprocess
import tempfile
import threading
import time
import unittest
from collections import Counter

from broker import Client

WEIR = os.environ["WEIR"]
WAIT_SECONDS = 120
# How long the group waits for a killed member.
SHORT_SESSION = ("-X", "session.timeout.ms=4000", "-X", "heartbeat.interval.ms=500")

# Passes every record on, topics and more filled in by the tests.
PASS = """app {app}
stream records from {source}
records | map value | to "{out}"
"""


def wait_for(condition, what, seconds=WAIT_SECONDS):
    """Polls until `condition()` is true; gives its value."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds} s for {what}")
        time.sleep(0.02)


def murmur2(data):
    """As org.apache.kafka.common.utils.Utils has it, with the sign bit off."""
    m, mask = 0x5BD1E995, 0xFFFFFFFF
    h = 0x9747B28C ^ len(data)
    for i in range(0, len(data) - 3, 4):
        k = int.from_bytes(data[i:i + 4], "little") * m & mask
        h = (h * m & mask) ^ ((k ^ k >> 24) * m & mask)
    tail = data[len(data) & ~3:]
    if tail:
        h = (h ^ int.from_bytes(tail, "little")) * m & mask
    h = (h ^ h >> 13) * m & mask
    return (h ^ h >> 15) & 0x7FFFFFFF


class Running:
    """A program that runs; its standard error is read as it comes."""

    def __init__(self, argv, cwd, env):
        self.process = subprocess.Popen(argv, cwd=cwd, env={**os.environ, **env}, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.err = ""
        self.reader = threading.Thread(target=self.read)
        self.reader.start()

    def read(self):
        for line in self.process.stderr:
            self.err += line.decode(errors="replace")

    def says(self, text):
        wait_for(lambda: text in self.err or self.process.poll() is not None, f"the message {text!r}")
        if text not in self.err:
            raise AssertionError(f"ended with {self.process.returncode} and without {text!r}:\n{self.err}")

    def signal(self, number):
        self.process.send_signal(number)

    def end(self, seconds=WAIT_SECONDS):
        """Waits; gives the exit code (of a signal: negative)."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"no end after {seconds} s\n{self.err}")
        finally:
            if self.process.poll() is None:
                self.process.kill()
                self.process.wait()
            self.reader.join()
            self.process.stderr.close()
        return self.process.returncode

    def takes_signals(self):
        """It has come as far as blocking SIGTERM, which it then reads; or it has ended."""
        with open(f"/proc/{self.process.pid}/status") as f:
            blocked = next((line for line in f if line.startswith("SigBlk:")), "SigBlk: 0")
        return int(blocked.split()[1], 16) >> (signal.SIGTERM - 1) & 1 or self.process.poll() is not None

    def stop(self):
        """SIGTERM: drains and commits."""
        wait_for(self.takes_signals, "its start")
        self.signal(signal.SIGTERM)
        code = self.end()
        if code != 0:
            raise AssertionError(f"exit code {code} after SIGTERM\n{self.err}")

    def kill(self):
        self.signal(signal.SIGKILL)
        self.end()


class KafkaCase(unittest.TestCase):
    counter = 0

    def setUp(self):
        self.kafka = self.client()
        self.folder = tempfile.TemporaryDirectory()
        self.started = []
        KafkaCase.counter += 1
        # Of its own for every test: topics, and an app, which is also the consumer group.
        self.app = f"t{os.getpid()}_{KafkaCase.counter}"
        self.source, self.out = f"{self.app}-in", f"{self.app}-out"

    def client(self):
        """The broker that all tests share."""
        return Client(os.environ["WEIR_KAFKA"])

    def tearDown(self):
        for running in self.started:
            if running.process.poll() is None:
                running.kill()
        self.folder.cleanup()

    def write(self, text):
        path = os.path.join(self.folder.name, f"p{len(os.listdir(self.folder.name))}.weir")
        with open(path, "w") as f:
            f.write(text)
        return path

    def program(self, source=None, text=PASS):
        return self.write(text.format(app=self.app, source=source or f'"{self.source}" string => string', out=self.out))

    def start(self, path, *args, brokers=None, **env):
        """`weir run`; runs on until it is stopped."""
        running = Running([WEIR, "run", path, "--brokers", brokers or self.kafka.address, *args], self.folder.name,
                          {k: str(v) for k, v in env.items()})
        self.started.append(running)
        return running

    def start_http(self, path, *args, **options):
        """`weir run` that answers HTTP, on running.port."""
        running = self.start(path, "--http", "0", *args, **options)
        running.says("listening on http://")
        running.port = int(re.search(r"listening on http://127\.0\.0\.1:(\d+)", running.err)[1])
        return running

    def get(self, running, path):
        """(status, text)"""
        connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=30)
        connection.request("GET", path)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text

    def run_to_end(self, path, *args, code=0, **options):
        """`weir run -e`; gives what it wrote on standard error."""
        running = self.start(path, "-e", *args, **options)
        self.assertEqual(running.end(), code, running.err)
        return running.err

    def numbered(self, count, first=0):
        return [{"key": f"k{n % 97}", "value": f"v{n}", "timestamp": 1714557600000 + n} for n in range(first, first + count)]

    def values(self, topic=None):
        return Counter(r["value"] for r in self.kafka.consume(topic or self.out))

    def assert_none_lost(self, count):
        """Each of the first `count` numbered records has come out, at least once."""
        got = self.values()
        missing = [n for n in range(count) if f"v{n}" not in got]
        self.assertEqual(missing[:10], [], f"{len(missing)} of {count} records lost")
        return sum(got.values()) - len(got)

    def send(self, name, records):
        """(key, value, timestamp), to the app's topic NAME."""
        self.kafka.produce(f"{self.app}-{name}", [{"key": key, "value": value, "timestamp": time} for key, value, time in records])

    def internal(self, suffix):
        """Names of the app's own topics."""
        return sorted(t for t in self.kafka.topics() if t.startswith(self.app + "-") and t.endswith("-" + suffix))

    def wait_through(self, *topics):
        """Until all that is in TOPICS, and what came of it on the way through others of them, is committed."""
        seen = [None]

        def settled():
            before, seen[0] = seen[0], self.kafka.offsets(self.app, *topics)
            return seen[0] == before and all(committed == end or end == 0 for _, committed, end in before)
        wait_for(settled, f"the records of {', '.join(topics)}")

    def wait_committed(self, topic, records):
        def all_done():
            offsets = self.kafka.offsets(self.app, topic)
            return sum(max(committed, 0) for _, committed, _ in offsets) >= records
        wait_for(all_done, f"{records} committed records of {topic}")
