#!/usr/bin/env python3
"""A real Kafka broker on loopback, in a folder of its own: one KRaft node, or two where the broker goes and comes back while transactions are under way.

As a module: Broker().start(), .address, .stop(), .kill(), .restart(), .remove(); create(), produce(), consume(),
offsets() on a Broker, or on Client("host:port") for one that the test runner started (WEIR_KAFKA).
As a command: broker.py start [PORT] | stop | status.
"""
import contextlib
import ctypes
import fcntl
import hashlib
import json
import os
import random
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CACHE = os.path.join(ROOT, ".cache")
JARS = os.path.join(CACHE, "kafka")
POM = os.path.join(ROOT, "tests", "kafka", "pom.xml")
CLUSTER = "weir-test-cluster-0001"  # 22 characters, as Kafka's own ids
START_SECONDS = 60
MARKERS = "kafka.coordinator.transaction.TransactionMarkerChannelManager"

ONE_NODE = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{controller}
listeners=PLAINTEXT://{broker},CONTROLLER://{controller}
"""
BROKER_NODE = """\
process.roles=broker
node.id=1
controller.quorum.voters=2@{controller}
listeners=PLAINTEXT://{broker}
controlled.shutdown.enable=false
"""
CONTROLLER_NODE = """\
process.roles=controller
node.id=2
controller.quorum.voters=2@{controller}
listeners=CONTROLLER://{controller}
log.dirs={folder}/controller
"""
EVERY_NODE = """\
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
"""
SERVER = """\
advertised.listeners=PLAINTEXT://{broker}
log.dirs={folder}/logs
auto.create.topics.enable=false
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
log.cleaner.dedupe.buffer.size=8388608
# Records of tests are old: without this they are deleted for it, once the broker is 30 s old, and every 15 s from compacted topics.
log.initial.task.delay.ms=86400000
log.cleaner.backoff.ms=86400000
"""


class Client:
    """Topics and records of the broker at `address`, through kafka_tool."""

    def __init__(self, address):
        self.address = address

    def command(self, *args):
        build = os.environ.get("WEIR_BUILD", os.path.join(ROOT, "build"))
        return [os.path.join(build, "tests", "kafka_tool"), self.address, *map(str, args)]

    def tool(self, *args, stdin=""):
        done = subprocess.run(self.command(*args), input=stdin,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=120)
        if done.returncode:
            raise RuntimeError(f"kafka_tool {' '.join(map(str, args))}: {done.stderr.strip()}")
        return done.stdout

    def create(self, topic, partitions=1, **config):
        """config: Kafka's names with _ for the dots."""
        self.tool("create", topic, partitions, *(f"{k.replace('_', '.')}={v}" for k, v in config.items()))

    def grow(self, topic, partitions):
        self.tool("grow", topic, partitions)

    def delete(self, *topics):
        self.tool("delete", *topics)
        while set(topics) & set(self.topics()):  # the answer comes before the end
            time.sleep(0.02)

    def topics(self):
        """{name: partitions}, internal ones left out."""
        pairs = (line.split() for line in self.tool("topics").splitlines())
        return {name: int(count) for name, count in pairs if not name.startswith("__")}

    def produce(self, topic, records):
        """records: dicts with key, value, timestamp, headers, partition; see kafka_tool.c."""
        self.tool("produce", topic, stdin="".join(json.dumps(r) + "\n" for r in records))

    @contextlib.contextmanager
    def held(self, topic):
        """A transaction is open there."""
        with subprocess.Popen(self.command("hold", topic), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
            if holder.stdout.readline() != b"open\n":
                raise RuntimeError(f"no transaction could be opened in {topic}")
            yield

    @contextlib.contextmanager
    def next_record(self, topic):
        """Gives a function that waits for the first record that is committed there from now on."""
        with subprocess.Popen(self.command("wait", topic), stdout=subprocess.PIPE) as waiter:
            if waiter.stdout.readline() != b"waiting\n":
                raise RuntimeError(f"{topic} cannot be read")
            yield waiter.stdout.readline

    def consume(self, topic, hex=False):
        """All committed records, as dicts; within a partition in order."""
        out = self.tool("consume", topic, *(["--hex"] if hex else []))
        return [json.loads(line) for line in out.splitlines()]

    def offsets(self, group, *topics):
        """[(partition, committed or -1, end)]"""
        return [tuple(map(int, line.split())) for line in self.tool("offsets", group, *topics).splitlines()]

    def metadata(self, group, topic):
        """What is committed beside the offsets, by partition."""
        return self.tool("metadata", group, topic).splitlines()

    def logs(self, topic):
        """[(begin, end)] by partition"""
        return [tuple(map(int, line.split())) for line in self.tool("logs", topic).splitlines()]

    def config(self, topic):
        """{name: value}"""
        return dict(line.split(" ", 1) for line in self.tool("config", topic).splitlines())


class Broker(Client):
    """With a `controller_apart` the broker comes back as one that the cluster had given up. Without, it is the coordinator of transactions at once, and drops the markers of
    those that were ending while the controller, which is itself, still takes it for the one before (partitions without a leader pass for deleted ones)."""

    def __init__(self, folder=None, port=None, heap="1g", die_with_us=True, settings="", controller_apart=False):
        self.folder = folder or tempfile.mkdtemp(prefix="weir-kafka-")
        os.makedirs(self.folder, exist_ok=True)
        self.heap, self.die_with_us, self.settings = heap, die_with_us, settings
        self.controller_apart = controller_apart
        self.process = self.controller = None
        self.controller_address = f"127.0.0.1:{free_port()}"
        self.formatted = False
        super().__init__(f"127.0.0.1:{port or free_port()}")

    def start(self):
        """Starts and waits until it answers. The same port and data each time."""
        if not self.formatted:
            fetch_jars()
            self.write_settings()
            self.format("server.properties")
            if self.controller_apart:
                self.format("controller.properties")
                self.controller = self.java(["kafka.Kafka", self.path("controller.properties")])
            self.formatted = True
        elif self.controller_apart:
            self.ask("org.apache.kafka.tools.ClusterTool", "unregister", "--bootstrap-controller", self.controller_address, "--id", "1")
        self.process = self.java(["kafka.Kafka", self.path("server.properties")])
        deadline = time.monotonic() + START_SECONDS
        while not answers(self.address):
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"the broker did not start:\n{tail(self.path('broker.log'))}")
            time.sleep(0.05)
        return self

    def stop(self, seconds=20):
        """An orderly end; the data stays."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self):
        """SIGKILL: what a crash leaves."""
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def restart(self):
        self.stop()
        return self.start()

    def lost_markers(self):
        """Whether it has dropped markers of transactions: what they committed or aborted stays open, and becomes part of what the same producer commits next."""
        with open(self.path("broker.log"), errors="replace") as f:
            return "Couldn't find leader endpoint" in f.read()

    def remove(self):
        self.kill()
        if self.controller:
            self.controller.kill()
            self.controller.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write_settings(self):
        self.write_node("server.properties", (BROKER_NODE if self.controller_apart else ONE_NODE) + SERVER, self.settings)
        if self.controller_apart:
            self.write_node("controller.properties", CONTROLLER_NODE)

    def write_node(self, name, text, settings=""):
        with open(self.path(name), "w") as f:
            f.write((EVERY_NODE + text).format(broker=self.address, controller=self.controller_address, folder=self.folder) + settings)

    def format(self, node):
        self.java(["kafka.tools.StorageTool", "format", "-t", CLUSTER, "-c", self.path(node)], wait=True)

    def ask(self, tool, *args):
        """What one of Kafka's own tools says, by lines."""
        argv = ["java", "-Xmx256m", "-XX:TieredStopAtLevel=1", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error", "-cp", f"{JARS}/*", tool, *args]
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        return done.stdout.splitlines()

    def java(self, args, wait=False):
        argv = ["java", f"-Xmx{self.heap}", "-XX:TieredStopAtLevel=1" if wait else "-XX:+UseG1GC",
                "-Djava.awt.headless=true", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                f"-Dorg.slf4j.simpleLogger.log.{MARKERS}=info", "-Dorg.slf4j.simpleLogger.showDateTime=true", "-cp", f"{JARS}/*", *args]
        with open(self.path("broker.log"), "ab") as log:
            process = subprocess.Popen(argv, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                       start_new_session=True,
                                       preexec_fn=die_with_parent if self.die_with_us else None)
        if wait and process.wait():
            raise RuntimeError(f"{args[0]} failed:\n{tail(self.path('broker.log'))}")
        return process


def die_with_parent():
    """No broker outlives a runner that was killed. (The kernel watches the thread that started it.)"""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def fetch_jars(pom=POM, folder=JARS):
    """What POM names, fetched once (Kafka's jars unless told otherwise); a half-done fetch is never taken for a whole one."""
    with open(pom, "rb") as f:
        version = hashlib.sha256(f.read()).hexdigest()
    os.makedirs(os.path.dirname(folder), exist_ok=True)
    with open(f"{folder}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # others may want them at the same time
        if not os.path.exists(f"{folder}/complete-{version}"):
            fetch(pom, folder)
            open(f"{folder}/complete-{version}", "w").close()


def fetch(pom, folder):
    shutil.rmtree(folder, ignore_errors=True)
    print(f"fetching jars into {os.path.relpath(folder, ROOT)}", file=sys.stderr)
    os.makedirs(folder, exist_ok=True)
    done = subprocess.run(["mvn", "-q", "-B", "-f", pom, "dependency:copy-dependencies", f"-DoutputDirectory={folder}"],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise RuntimeError(f"Maven could not fetch the jars of {pom}:\n{done.stdout[-4000:]}")


FIRST_PORT, PORTS = 15000, 10000  # below those that the kernel gives to connections, which would take one while a broker is down
claims = []


def free_port():
    """One that this process has to itself until it ends, whether it listens there or not."""
    while True:
        port = FIRST_PORT + random.randrange(PORTS)
        claim = socket.socket(socket.AF_UNIX)
        try:
            claim.bind(f"\0weir-port-{port}")  # a name that only one holds, and that goes with its holder
            with socket.socket() as s:
                s.bind(("127.0.0.1", port))
        except OSError:
            claim.close()
            continue
        claims.append(claim)
        return port


def answers(address):
    """Does a broker answer a metadata request, and name itself in it (so that it is past its start-up)?"""
    host, port = address.split(":")
    request = struct.pack(">hhih4si", 3, 1, 1, 4, b"weir", 0)
    try:
        with socket.create_connection((host, int(port)), timeout=1) as s:
            s.sendall(struct.pack(">i", len(request)) + request)
            head = s.recv(12, socket.MSG_WAITALL)
            return len(head) == 12 and struct.unpack(">iii", head)[2] > 0
    except OSError:
        return False


def tail(path):
    with open(path, errors="replace") as f:
        return "".join(f.readlines()[-30:])


# The broker of `./dev kafka`: it outlives this command, so its process id is kept in a file.
PLAY = os.path.join(CACHE, "broker")


def playing():
    """(address, process id) of the broker that was started by hand, if it still runs."""
    try:
        with open(f"{PLAY}/running") as f:
            address, pid = f.read().split()
        with open(f"/proc/{pid}/cmdline", "rb") as f:
            return (address, int(pid)) if b"kafka.Kafka" in f.read() else None
    except (OSError, ValueError):
        return None


def main(args):
    command = args[0] if args else ""
    running = playing()
    if command == "start":
        if not running:
            shutil.rmtree(PLAY, ignore_errors=True)
            usual = 9092
            with socket.socket() as s:
                s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                taken = s.connect_ex(("127.0.0.1", usual)) == 0
            port = int(args[1]) if len(args) > 1 else free_port() if taken else usual
            broker = Broker(PLAY, port=port, die_with_us=False).start()
            with open(f"{PLAY}/running", "w") as f:
                f.write(f"{broker.address} {broker.process.pid}\n")
            running = playing()
        print(running[0])
        return 0
    if command == "stop":
        if running:
            os.kill(running[1], signal.SIGTERM)
            deadline = time.monotonic() + 20
            while playing():
                if time.monotonic() > deadline:
                    os.kill(running[1], signal.SIGKILL)
                time.sleep(0.05)
        shutil.rmtree(PLAY, ignore_errors=True)
        return 0
    if command == "status":
        print(running[0] if running else "no broker runs")
        return 0 if running else 1
    print("usage: ./dev kafka start [PORT] | stop | status", file=sys.stderr)
    return 2


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except RuntimeError as why:
        sys.exit(f"kafka: {why}")
