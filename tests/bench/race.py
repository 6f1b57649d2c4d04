"""What the benchmarks on a real broker share: processes that are measured, topics, the peer's classes, tables of medians."""
import glob
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tests", "kafka"))
sys.dont_write_bytecode = True
from broker import Broker, fetch_jars, free_port  # noqa: E402

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


def last_written(kafka, topic):
    """When the broker has appended to TOPIC last: whoever wrote, and without asking the broker while it is busy."""
    return max(os.stat(log).st_mtime for log in glob.glob(f"{kafka.folder}/logs/{topic}-[0-9]/*.log"))


def first_record(process, port):
    """When PROCESS, a program of weir's that answers HTTP on PORT, has taken its first record; None: it ended without one."""
    while not os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=1) as answer:
                if re.search(r"^weir_process_records_total.* [1-9]", answer.read().decode(), re.M):
                    return time.time()
        except OSError:
            pass  # it does not listen yet
        time.sleep(0.01)
    return None


class Measured:
    """CPU seconds of a process and all it waited for, the most memory it had, what it printed and said, when it took its first record if it answers on PORT."""

    def __init__(self, argv, port=None):
        process = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.began = first_record(process, port) if port else None
        self.out, self.err = process.stdout.read(), process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.cpu = usage.ru_utime + usage.ru_stime
        self.megabytes = usage.ru_maxrss / 1024
        if process.returncode:
            sys.exit(f"{' '.join(argv)}: exit code {process.returncode}\n{self.err}")

    def figures(self, start_up, ended):
        """CPU seconds without those of START_UP, seconds from the first record until ENDED, MB."""
        return self.cpu - start_up.cpu, ended - self.began, self.megabytes


def measure_weir(argv):
    """With its counters to be read, which tell of the first record."""
    port = free_port()
    return Measured([*argv, "--http", str(port)], port)


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
        start_up = measure_weir([*self.argv(*how), "-X", "auto.offset.reset=latest"])
        self.forget()
        return start_up

    def run(self, *how):
        return measure_weir(self.argv(*how))

    def forget(self):
        """State, and topics that the last program made."""
        self.lose_state()
        made = [topic for topic in self.kafka.topics() if topic.endswith(("-changelog", "-repartition"))]
        if made:
            self.kafka.delete(*made)


class Peer:
    """The hand-written Kafka Streams programs of peer/."""

    def __init__(self, folder, exactly_once=False):
        self.folder, self.exactly_once = folder, exactly_once
        fetch_jars(os.path.join(PEER, "pom.xml"), PEER_JARS)
        sources = [os.path.join(PEER, name) for name in os.listdir(PEER) if name.endswith(".java")]
        subprocess.run(["javac", "-cp", f"{PEER_JARS}/*", "-d", folder, *sources], check=True)

    def java(self, *properties):
        # In 512 MB windows of 64 MB of cache do nothing but collect garbage.
        return ["java", "-XX:+UseParallelGC", "-Xmx1g", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error", *properties,
                f"-Dexactly.once={str(self.exactly_once).lower()}", "-cp", f"{PEER_JARS}/*:{self.folder}"]

    def start(self, instance, name, *args):
        """One that runs until it is killed, and then has its state where it was."""
        os.makedirs(f"{self.folder}/{instance}", exist_ok=True)
        return subprocess.Popen([*self.java(f"-Dstate.dir={self.folder}/{instance}", f"-Dinstance={instance}"), name, *map(str, args)])

    def run(self, kafka, out, name, *args):
        """CPU seconds, seconds from the first record to the last that was written to OUT, MB."""
        cpu, began, megabytes = self.numbers(name, *args)
        return cpu, last_written(kafka, out) - began, megabytes

    def numbers(self, name, *args):
        """What it prints."""
        return map(float, Measured([*self.java(f"-Dstate.dir={self.folder}"), name, *map(str, args)]).out.split())


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


TIMED = ("CPU of weir: the whole process, less the same command with nothing to read; of Kafka Streams: the second of two runs in one JVM, from its first record\n"
         "until all is flushed. Time, of both: from the first record taken to the last that the broker has appended to the output.")


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
