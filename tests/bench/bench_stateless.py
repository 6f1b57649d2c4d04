#!/usr/bin/env python3
"""Filter and map on a real broker: weir under its JIT and built, Kafka Streams, and librdkafka alone, side by side.

One topic of 2,000,000 JSON orders of 280 bytes with 10 fields, 4 partitions, keyed by 100,000 customers; stateless.weir keeps 43 % and writes three
fields. Each round runs everyone once, in turn, on an output topic that is made anew; the medians are shown. What comes out is compared by a checksum
over keys, values and timestamps."""
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
ROUNDS = int(os.environ.get("BENCH_ROUNDS", 5))
PARTITIONS = 4
IN, OUT, SCRATCH, EMPTY = "bench-orders", "bench-large", "bench-scratch", "bench-empty"
PROGRAM = os.path.join(HERE, "stateless.weir")
PEER_JARS = os.path.join(ROOT, ".cache", "peer")


class Measured:
    """CPU seconds of a process and all it waited for, seconds from start to end, the most memory it had, what it printed."""

    def __init__(self, argv):
        began = time.monotonic()
        process = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.out, err = process.stdout.read(), process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.wall = time.monotonic() - began
        self.cpu = usage.ru_utime + usage.ru_stime
        self.megabytes = usage.ru_maxrss / 1024
        if process.returncode:
            sys.exit(f"{' '.join(argv)}: exit code {process.returncode}\n{err}")


def tool(name, *args):
    return subprocess.run([os.path.join(BUILD, "tests", name), *map(str, args)], check=True, stdout=subprocess.PIPE, text=True).stdout


class Bench:
    def __init__(self, kafka, folder):
        self.kafka, self.folder = kafka, folder
        self.results = {}       # name: [(µs of CPU per record, records per second, MB)]
        self.sums = {}          # name: what came out
        self.run_count = 0
        self.app = os.path.join(folder, "stateless")
        subprocess.run([WEIR, "build", PROGRAM, "-o", self.app], check=True)
        fetch_jars(os.path.join(HERE, "peer", "pom.xml"), PEER_JARS)
        subprocess.run(["javac", "-cp", f"{PEER_JARS}/*", "-d", folder, os.path.join(HERE, "peer", "Stateless.java")], check=True)

    def fresh(self, topic):
        if topic in self.kafka.topics():
            self.kafka.delete(topic)
        # The orders are of 2024: the broker would delete them soon.
        self.kafka.create(topic, PARTITIONS, retention_ms=-1)

    def add(self, name, cpu, seconds, megabytes):
        self.results.setdefault(name, []).append((cpu / ORDERS * 1e6, ORDERS / seconds, megabytes))

    def check_output(self, name):
        self.sums[name] = tool("orders_load", self.kafka.address, "sum", OUT).split()
        if len(set(map(tuple, self.sums.values()))) > 1:
            sys.exit(f"the outputs differ: {self.sums}")

    def weir(self, name, argv):
        self.fresh(OUT)
        self.run_count += 1
        argv = [*argv, "--brokers", self.kafka.address, "-e", "-X", f"group.id=bench-{self.run_count}"]
        whole, start_up = Measured(argv), Measured(argv)  # the second finds everything committed and nothing to read
        self.add(name, whole.cpu - start_up.cpu, whole.wall - start_up.wall, whole.megabytes)
        self.check_output(name)

    def bare(self, name):
        """Needs to know how much passes: runs after weir."""
        records, size = map(int, self.sums["weir, built"][:2])
        share, value = round(records / ORDERS * 1e6), round(size / records)
        self.fresh(SCRATCH)
        argv = [os.path.join(BUILD, "tests", "bare_loop"), self.kafka.address]
        whole = Measured([*argv, IN, SCRATCH, str(share), str(value)])
        start_up = Measured([*argv, EMPTY, SCRATCH, str(share), str(value)])
        self.add(name, whole.cpu - start_up.cpu, whole.wall - start_up.wall, whole.megabytes)

    def kafka_streams(self, name):
        self.fresh(OUT)
        self.fresh(SCRATCH)
        run = Measured(["java", "-XX:+UseParallelGC", "-Xmx512m", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error", "-cp",
                        f"{PEER_JARS}/*:{self.folder}", "Stateless", self.kafka.address, IN, OUT, SCRATCH, str(ORDERS)])
        cpu, seconds = map(float, run.out.split())
        self.add(name, cpu, seconds, run.megabytes)
        self.check_output(name)

    def round(self, last):
        self.weir("weir, built", [self.app])
        self.bare("librdkafka alone")
        self.weir("weir, JIT", [WEIR, "run", PROGRAM])
        if last or len(self.results.get("Kafka Streams", [])) < 2:
            self.kafka_streams("Kafka Streams")

    def medians(self, name):
        return [statistics.median(column) for column in zip(*self.results[name])]


def show(bench):
    print(f"\n{'':18} {'CPU, µs/record':>15} {'records/s':>11} {'memory, MB':>11}   rounds")
    for name in ("librdkafka alone", "weir, built", "weir, JIT", "Kafka Streams"):
        cpu, rate, megabytes = bench.medians(name)
        print(f"{name:18} {cpu:15.3f} {rate:11,.0f} {megabytes:11.0f}   {len(bench.results[name])}")
    records, size, checksum = bench.sums["weir, built"]
    print(f"\nAll wrote the same {int(records):,} records, {int(size):,} bytes of values (checksum {checksum}).")
    print("CPU and time: the whole process tree, less the same command with nothing to read; of the JIT this includes the C compiler that runs\n"
          "aside. Kafka Streams: the second of two runs in one JVM, from its first record to its last flush. Memory: the most that was resident.\n"
          "librdkafka alone looks into no record, and writes as many records and bytes, with the same timestamps, as weir does.\n")
    built, bare, streams = bench.medians("weir, built"), bench.medians("librdkafka alone"), bench.medians("Kafka Streams")
    # Of a pair of runs next to each other, which the machine's other work disturbs alike.
    over_bare = statistics.median(w[0] / b[0] for w, b in zip(bench.results["weir, built"], bench.results["librdkafka alone"]))
    for what, value, good, target in (
            ("CPU of weir, built / librdkafka alone", over_bare, over_bare <= 1.2, "at most 1.2"),
            ("CPU of weir, built, µs/record", built[0], built[0] <= 0.88, "at most 0.88"),
            ("CPU of Kafka Streams / weir, built", streams[0] / built[0], streams[0] / built[0] >= 5, "at least 5"),
            ("records/s of weir, built / Kafka Streams", built[1] / streams[1], built[1] / streams[1] >= 3, "at least 3"),
            ("memory of Kafka Streams / weir, built", streams[2] / built[2], streams[2] / built[2] >= 5, "at least 5")):
        print(f"{what:42} {value:7.2f}   target: {target}{'' if good else ' (missed)'}")
    print(f"{'records/s of weir, built / librdkafka alone':42} {built[1] / bare[1]:6.2f}")


def main():
    folder = tempfile.mkdtemp(prefix="weir-bench-")
    broker = Broker(heap="2g").start()
    try:
        broker.create(IN, PARTITIONS, retention_ms=-1)
        broker.create(EMPTY, PARTITIONS)
        print(f"writing {ORDERS:,} orders", file=sys.stderr)
        tool("orders_load", broker.address, "load", IN, ORDERS)
        bench = Bench(broker, folder)
        bench.weir("warm-up of the broker", [bench.app])
        for number in range(1, ROUNDS + 1):
            print(f"round {number} of {ROUNDS}", file=sys.stderr)
            bench.round(last=number == ROUNDS)
        show(bench)
    finally:
        broker.remove()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
