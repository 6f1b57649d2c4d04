#!/usr/bin/env python3
"""Count and sum on a real broker, weir built and Kafka Streams side by side: by 100,000 keys, by 2,000,000, by key and minute (51 windows,
1,650,000 rows); each with the cache on and with every change written; then the restore of 2,000,000 rows from the changelog.

One topic of 2,000,000 JSON orders of 280 bytes with 10 fields, 4 partitions, keyed by 100,000 customers, one of the same keyed by the order. Both sides
commit every 30 s, Kafka Streams' default, have a cache of 64 MB and one thread. The last value of every key, and its timestamp, is compared.
BENCH_ONLY=NAME runs the cases whose name has it, BENCH_PEER=0 leaves Kafka Streams out."""
import os
import re
import sys

import race
from race import ONLY, ORDERS, WITH_PEER, Measured, tool

ROUNDS = int(os.environ.get("BENCH_ROUNDS", 3))
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
        self.built = race.Built(kafka, folder, {name: f"state/{name}" for name in ("keys", "windows", "ids")})
        self.peer = race.Peer(folder)

    def check(self, case, who):
        records, keys, checksum = tool("orders_load", self.kafka.address, "last", OUT).split()
        outputs = self.outputs.setdefault(case.name, {})
        outputs[who] = (int(keys), checksum)
        if len(set(outputs.values())) > 1 or (not case.cached and int(records) != ORDERS):
            sys.exit(f"{case.name}: the outputs differ: {outputs}, {records} records")
        return int(records)

    def run_weir(self, case):
        race.fresh(self.kafka, OUT)
        how = case.program, COMMIT_MS, CACHE if case.cached else 0
        start_up = self.built.start_up(*how)
        whole = self.built.run(*how)
        self.weir.add(case.name, *whole.figures(start_up, race.last_written(self.kafka, OUT)))
        self.check(case, "weir")
        self.built.forget()

    def run_streams(self, case):
        race.fresh(self.kafka, OUT)
        race.fresh(self.kafka, SCRATCH)
        cache = CACHE if case.cached else 0
        self.streams.add(case.name, *self.peer.run(self.kafka, OUT, "State", self.kafka.address, case.peer, case.topic, OUT, SCRATCH, ORDERS, cache, COMMIT_MS))
        self.check(case, "Kafka Streams")
        self.built.forget()

    def restore_weir(self):
        race.fresh(self.kafka, OUT)
        start_up = self.built.start_up("ids", COMMIT_MS, CACHE)
        argv = self.built.argv("ids", COMMIT_MS, CACHE)
        Measured(argv)
        self.built.lose_state()
        whole = Measured(argv)
        records, seconds = re.search(r"restored (\d+) records of \d+ changelogs? in ([\d.]+) s", whole.err).groups()
        if int(records) != ORDERS:
            sys.exit(f"restored {records}")
        self.weir.add(RESTORE, whole.cpu - start_up.cpu, float(seconds), whole.megabytes)
        self.built.forget()

    def restore_streams(self):
        race.fresh(self.kafka, SCRATCH)
        self.streams.add(RESTORE, *self.peer.numbers("State", self.kafka.address, "restore", BY_ID, OUT, SCRATCH, ORDERS, CACHE, COMMIT_MS))
        self.built.forget()

    def round(self, first, _):
        for case in CASES:
            print(f"  {case.name}", file=sys.stderr)
            self.run_weir(case)
            if WITH_PEER and first:
                self.run_streams(case)
        if ONLY in RESTORE:
            print(f"  {RESTORE}", file=sys.stderr)
            self.restore_weir()
            if WITH_PEER and first:
                self.restore_streams()


def show(bench):
    race.show_sides(bench)
    if not WITH_PEER:
        return
    print("\nThe last value of every key and its timestamp are the same: " +
          ", ".join(f"{case.name}: {bench.outputs[case.name]['weir'][0]:,} keys" for case in CASES) + ".")
    print(f"{race.TIMED}\nOf the restore the time is that until the last partition is restored, on both sides; weir's CPU is that of the whole process, with the save at\n"
          "its end.\n")
    targets = [target for case in CASES for target in race.ratios(bench, case.name, case.cpu_target, 4, 4)]
    if RESTORE in bench.weir.runs:
        targets += race.ratios(bench, RESTORE, 1, 3, 4)[:2]
    race.show_targets(targets)


def prepare(broker, folder):
    bench = Bench(broker, folder)
    for topic, key in ((IN, "customer"), (BY_ID, "id")):
        race.write_orders(broker, topic, key)
    return bench


if __name__ == "__main__":
    race.play(ROUNDS, prepare, show)
