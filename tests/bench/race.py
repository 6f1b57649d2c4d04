"""What the benchmarks on a real broker share: processes that are measured, topics, the peer's classes, tables of medians."""
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tests", "kafka"))
sys.dont_write_bytecode = True
from broker import Broker, fetch_jars  # noqa: E402

WEIR, BUILD = os.environ["WEIR"], os.environ["WEIR_BUILD"]
ORDERS = int(os.environ.get("BENCH_ORDERS", 2000000))
ONLY, WITH_PEER = os.environ.get("BENCH_ONLY", ""), os.environ.get("BENCH_PEER", "1") != "0"
PARTITIONS = 4
PEER = os.path.join(HERE, "peer")
PEER_JARS = os.path.join(ROOT, ".cache", "peer")


def start_broker():
    # The orders are of 2024: what the broker may delete as too old, it would delete within minutes.
    return Broker(heap="2g", settings="log.retention.check.interval.ms=86400000\n").start()


def tool(name, *args):
    return subprocess.run([os.path.join(BUILD, "tests", name), *map(str, args)], check=True, stdout=subprocess.PIPE, text=True).stdout


def fresh(kafka, topic):
    if topic in kafka.topics():
        kafka.delete(topic)
    kafka.create(topic, PARTITIONS, retention_ms=-1)


def write_orders(kafka, topic, key):
    print(f"writing {ORDERS:,} orders by {key}", file=sys.stderr)
    fresh(kafka, topic)
    tool("orders_load", kafka.address, "load", topic, ORDERS, key)


class Measured:
    """CPU seconds of a process and all it waited for, seconds from start to end, the most memory it had, what it printed and said."""

    def __init__(self, argv):
        began = time.monotonic()
        process = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.out, self.err = process.stdout.read(), process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.wall = time.monotonic() - began
        self.cpu = usage.ru_utime + usage.ru_stime
        self.megabytes = usage.ru_maxrss / 1024
        if process.returncode:
            sys.exit(f"{' '.join(argv)}: exit code {process.returncode}\n{self.err}")


def build(program, folder):
    app = os.path.join(folder, os.path.splitext(os.path.basename(program))[0])
    subprocess.run([WEIR, "build", program, "-o", app], check=True)
    return app


class Built:
    """Programs that are built: each run has a group and state of its own."""

    def __init__(self, kafka, folder, programs):
        self.kafka, self.folder = kafka, folder
        self.apps = {name: build(os.path.join(HERE, f"{path}.weir"), folder) for name, path in programs.items()}
        self.run_count = 0

    def argv(self, program, commit_ms, cache, *more):
        """COMMIT_MS None: as often as the program does by itself."""
        self.run_count += 1
        commit = ["--set", f"commit={commit_ms}ms"] if commit_ms else []
        return [self.apps[program], "--brokers", self.kafka.address, "-e", "-X", f"group.id=bench-{self.run_count}", *commit,
                "--set", f"cache={cache}", "--set", f"state_dir={self.folder}/state-{self.run_count}", *more]

    def lose_state(self):
        shutil.rmtree(f"{self.folder}/state-{self.run_count}", ignore_errors=True)

    def start_up(self, *how):
        """The same with nothing to read."""
        start_up = Measured([*self.argv(*how), "-X", "auto.offset.reset=latest"])
        self.forget()
        return start_up

    def forget(self):
        """State, and topics that the last program made."""
        self.lose_state()
        made = [topic for topic in self.kafka.topics() if topic.endswith(("-changelog", "-repartition"))]
        if made:
            self.kafka.delete(*made)


class Peer:
    """The hand-written Kafka Streams programs of peer/."""

    def __init__(self, folder):
        self.folder = folder
        fetch_jars(os.path.join(PEER, "pom.xml"), PEER_JARS)
        sources = [os.path.join(PEER, name) for name in os.listdir(PEER) if name.endswith(".java")]
        subprocess.run(["javac", "-cp", f"{PEER_JARS}/*", "-d", folder, *sources], check=True)

    def run(self, name, *args, exactly_once=False):
        """What it prints: CPU seconds, seconds, MB."""
        # In 512 MB windows of 64 MB of cache do nothing but collect garbage.
        java = ["java", "-XX:+UseParallelGC", "-Xmx1g", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error", f"-Dstate.dir={self.folder}",
                f"-Dexactly.once={str(exactly_once).lower()}"]
        return map(float, Measured([*java, "-cp", f"{PEER_JARS}/*:{self.folder}", name, *map(str, args)]).out.split())


class Results:
    """By name, a run each: µs of CPU per record, records per second, MB."""

    def __init__(self):
        self.runs = {}

    def add(self, name, cpu, seconds, megabytes):
        self.runs.setdefault(name, []).append((cpu / ORDERS * 1e6, ORDERS / seconds, megabytes))

    def medians(self, name):
        return [statistics.median(column) for column in zip(*self.runs[name])]

    def show(self, names):
        width = max(map(len, names))
        print(f"\n{'':{width}} {'CPU, µs/record':>15} {'records/s':>11} {'memory, MB':>11}   rounds")
        for name in names:
            cpu, rate, megabytes = self.medians(name)
            print(f"{name:{width}} {cpu:15.3f} {rate:11,.0f} {megabytes:11.0f}   {len(self.runs[name])}")


def ratios(bench, name, cpu, rate, memory):
    """Of the medians by that name, weir's and Kafka Streams', as targets."""
    weir, streams = bench.weir.medians(name), bench.streams.medians(name)
    return [(f"{name}: CPU, Kafka Streams / weir", streams[0] / weir[0], cpu),
            (f"{name}: records/s, weir / Kafka Streams", weir[1] / streams[1], rate),
            (f"{name}: memory, Kafka Streams / weir", streams[2] / weir[2], memory)]


def show_sides(bench):
    names = list(bench.weir.runs)
    print("\nweir, built", end="")
    bench.weir.show(names)
    if WITH_PEER:
        print("\nKafka Streams", end="")
        bench.streams.show(names)


def play(rounds, prepare, show):
    """All of a benchmark: PREPARE makes it, given the broker and a folder; it has a round(first, last). SHOW is given it at the end."""
    folder = tempfile.mkdtemp(prefix="weir-bench-")
    broker = start_broker()
    try:
        bench = prepare(broker, folder)
        for number in range(1, rounds + 1):
            print(f"round {number} of {rounds}", file=sys.stderr)
            bench.round(number == 1, number == rounds)
        show(bench)
    finally:
        broker.remove()
        shutil.rmtree(folder, ignore_errors=True)


def show_targets(targets):
    """(what, value, target): a positive target is the least, a negative one the most."""
    width = max(len(what) for what, _, _ in targets)
    for what, value, target in targets:
        good = value >= target if target > 0 else value <= -target
        print(f"{what:{width}} {value:7.2f}   target: at {'least' if target > 0 else 'most'} {abs(target):g}{'' if good else ' (missed)'}")
