#!/usr/bin/env python3
"""Count and sum on a real broker, weir built and Kafka Streams side by side: by 100,000 keys, by 2,000,000, by key and minute (51 windows,
1,650,000 rows); each with the cache on and with every change written; then the restore of 2,000,000 rows from the changelog.

One topic of 2,000,000 JSON orders of 280 bytes with 10 fields, 4 partitions, keyed by 100,000 customers, one of the same keyed by the order. Both sides
commit every 30 s, Kafka Streams' default, have a cache of 64 MB and one thread. The last value of every key, and its timestamp, is compared.
BENCH_ONLY=NAME runs the cases whose name has it, BENCH_PEER=0 leaves Kafka Streams out."""
import os
import shutil
import sys
import tempfile

import race
from race import ORDERS, Measured, tool

ROUNDS = int(os.environ.get("BENCH_ROUNDS", 3))
ONLY, PEER = os.environ.get("BENCH_ONLY", ""), os.environ.get("BENCH_PEER", "1") != "0"
IN, BY_ID, OUT, SCRATCH = "bench-orders", "bench-orders-by-id", "bench-out", "bench-scratch"
CACHE, COMMIT_MS = 64 << 20, 30000


class Case:
    """A program of state/, what the peer calls it, its input, and how many times less CPU than Kafka Streams it shall need."""

    def __init__(self, name, program, peer, topic, cached, cpu_target):
        self.program, self.peer, self.topic, self.cached, self.cpu_target = program, peer, topic, cached, cpu_target
        self.name = f"{name}, {'cache' if cached else 'every change'}"


CASES = [case for case in (Case("100,000 keys", "keys", "rows", IN, True, 10), Case("100,000 keys", "keys", "rows", IN, False, 7),
                           Case("1-minute windows", "windows", "windows", IN, True, 8), Case("1-minute windows", "windows", "windows", IN, False, 8),
                           Case("2,000,000 keys", "ids", "rows", BY_ID, True, 4), Case("2,000,000 keys", "ids", "rows", BY_ID, False, 4))
         if ONLY in case.name]
RESTORE = "restore of 2,000,000 keys"


class Bench:
    def __init__(self, kafka, folder):
        self.kafka, self.folder = kafka, folder
        self.weir, self.streams = race.Results(), race.Results()
        self.outputs = {}  # case: {who: what came out}
        self.apps = {name: race.build(os.path.join(race.HERE, "state", f"{name}.weir"), folder) for name in ("keys", "windows", "ids")}
        self.peer = race.Peer(folder)
        self.run_count = 0

    def forget(self):
        """Topics that the last program made."""
        made = [topic for topic in self.kafka.topics() if topic.endswith("-changelog")]
        if made:
            self.kafka.delete(*made)

    def argv(self, program, cached):
        self.run_count += 1
        return [self.apps[program], "--brokers", self.kafka.address, "-e", "-X", f"group.id=bench-{self.run_count}", "--set",
                f"commit={COMMIT_MS}ms", "--set", f"cache={CACHE if cached else 0}", "--set", f"state_dir={self.folder}/state-{self.run_count}"]

    def lose_state(self):
        shutil.rmtree(f"{self.folder}/state-{self.run_count}", ignore_errors=True)

    def start_up(self, program, cached):
        """The same with nothing to read."""
        start_up = Measured([*self.argv(program, cached), "-X", "auto.offset.reset=latest"])
        self.lose_state()
        self.forget()
        return start_up

    def check(self, case, who):
        records, keys, checksum = tool("orders_load", self.kafka.address, "last", OUT).split()
        outputs = self.outputs.setdefault(case.name, {})
        outputs[who] = (int(keys), checksum)
        if len(set(outputs.values())) > 1 or (not case.cached and int(records) != ORDERS):
            sys.exit(f"{case.name}: the outputs differ: {outputs}, {records} records")
        return int(records)

    def run_weir(self, case):
        race.fresh(self.kafka, OUT)
        start_up = self.start_up(case.program, case.cached)
        whole = Measured(self.argv(case.program, case.cached))
        self.weir.add(case.name, whole.cpu - start_up.cpu, whole.wall - start_up.wall, whole.megabytes)
        self.check(case, "weir")
        self.lose_state()
        self.forget()

    def run_streams(self, case):
        race.fresh(self.kafka, OUT)
        race.fresh(self.kafka, SCRATCH)
        cache = CACHE if case.cached else 0
        self.streams.add(case.name, *self.peer.run("State", self.kafka.address, case.peer, case.topic, OUT, SCRATCH, ORDERS, cache, COMMIT_MS))
        self.check(case, "Kafka Streams")
        self.forget()

    def restore_weir(self):
        race.fresh(self.kafka, OUT)
        start_up = self.start_up("ids", True)
        argv = self.argv("ids", True)
        Measured(argv)
        self.lose_state()
        whole = Measured(argv)
        self.weir.add(RESTORE, whole.cpu - start_up.cpu, whole.wall - start_up.wall, whole.megabytes)
        self.lose_state()
        self.forget()

    def restore_streams(self):
        race.fresh(self.kafka, SCRATCH)
        self.streams.add(RESTORE, *self.peer.run("State", self.kafka.address, "restore", BY_ID, OUT, SCRATCH, ORDERS, CACHE, COMMIT_MS))
        self.forget()

    def round(self, first):
        for case in CASES:
            print(f"  {case.name}", file=sys.stderr)
            self.run_weir(case)
            if PEER and first:
                self.run_streams(case)
        if ONLY in RESTORE:
            print(f"  {RESTORE}", file=sys.stderr)
            self.restore_weir()
            if PEER and first:
                self.restore_streams()


def ratios(bench, name, cpu_target, rate_target):
    weir, streams = bench.weir.medians(name), bench.streams.medians(name)
    yield f"{name}: CPU, Kafka Streams / weir", streams[0] / weir[0], cpu_target
    yield f"{name}: records/s, weir / Kafka Streams", weir[1] / streams[1], rate_target
    yield f"{name}: memory, Kafka Streams / weir", streams[2] / weir[2], 4


def show(bench):
    names = list(bench.weir.runs)
    print("\nweir, built", end="")
    bench.weir.show(names)
    if not PEER:
        return
    print("\nKafka Streams", end="")
    bench.streams.show(names)
    print("\nThe last value of every key and its timestamp are the same: " +
          ", ".join(f"{case.name}: {bench.outputs[case.name]['weir'][0]:,} keys" for case in CASES) + ".")
    print("CPU and time of weir: the whole process, less the same command with nothing to read; of the restore too, what it saves at its end included. Kafka\n"
          "Streams: the second of two runs in one JVM, from its first record to the last that is written; CPU until all is flushed.\n")
    targets = [target for case in CASES for target in ratios(bench, case.name, case.cpu_target, 4)]
    if RESTORE in names:
        targets += list(ratios(bench, RESTORE, 1, 3))[:2]
    race.show_targets(targets)


def main():
    folder = tempfile.mkdtemp(prefix="weir-bench-")
    broker = race.start_broker()
    try:
        bench = Bench(broker, folder)
        for topic, key in ((IN, "customer"), (BY_ID, "id")):
            print(f"writing {ORDERS:,} orders by {key}", file=sys.stderr)
            race.fresh(broker, topic)
            tool("orders_load", broker.address, "load", topic, ORDERS, key)
        for number in range(1, ROUNDS + 1):
            print(f"round {number} of {ROUNDS}", file=sys.stderr)
            bench.round(first=number == 1)
        show(bench)
    finally:
        broker.remove()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
