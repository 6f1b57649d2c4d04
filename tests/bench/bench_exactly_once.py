#!/usr/bin/env python3
"""Exactly once on a real broker: weir, built, and Kafka Streams, side by side.

One topic of 2,000,000 JSON orders of 280 bytes with 10 fields, 4 partitions, keyed by 100,000 customers: those above an amount with three of ten fields, and
count and sum by key and minute of event time. Both have one thread and a cache of 64 MB. Kafka Streams commits every 100 ms, its default; weir runs once the
same and once as it does by itself. The results are compared as a reader of what is committed sees them.
BENCH_ONLY=NAME runs the cases whose name has it, BENCH_PEER=0 leaves Kafka Streams out."""
import os
import sys

import race
from race import ONLY, ORDERS, WITH_PEER, tool

ROUNDS = int(os.environ.get("BENCH_ROUNDS", 3))
IN, SCRATCH = "bench-orders", "bench-scratch"
CACHE, COMMIT_MS = 64 << 20, 100


class Case:
    """A program, where it writes, what is compared of that, what the peer is called and takes, and how many times its throughput weir shall have."""

    def __init__(self, name, program, out, result, peer, target):
        self.name, self.program, self.out, self.result, self.peer, self.target = name, program, out, result, peer, target

    def streams_args(self, address):
        if self.peer == "Stateless":
            return address, IN, self.out, SCRATCH, ORDERS, COMMIT_MS
        return address, "windows", IN, self.out, SCRATCH, ORDERS, CACHE, COMMIT_MS


CASES = [case for case in (Case("stateless", "stateless", "bench-large", "sum", "Stateless", 2.5),
                           Case("1-minute windows", "state/windows", "bench-out", "last", "State", 5)) if ONLY in case.name]
OWN = "as it commits by itself"


class Bench:
    def __init__(self, kafka, folder):
        self.kafka = kafka
        self.weir, self.streams = race.Results(), race.Results()
        self.results = {}  # case: what came out
        self.built = race.Built(kafka, folder, {case.program: case.program for case in CASES})
        self.peer = race.Peer(folder, exactly_once=True) if WITH_PEER else None

    def check(self, case, who):
        result = tool("orders_load", self.kafka.address, case.result, case.out).split()
        if case.result == "last":
            result = result[1:]  # how many changes a cache lets through is by chance
        if self.results.setdefault(case.name, result) != result:
            sys.exit(f"{case.name}: {who} has another result: {result}, not {self.results[case.name]}")

    def run_weir(self, case, name, commit_ms):
        race.fresh(self.kafka, case.out)
        how = case.program, commit_ms, CACHE, "--set", "processing=exactly_once"
        start_up = self.built.start_up(*how)
        whole = self.built.run(*how)
        self.weir.add(name, *whole.figures(start_up, race.last_written(self.kafka, case.out)))
        self.check(case, "weir")
        self.built.forget()

    def run_streams(self, case):
        race.fresh(self.kafka, case.out)
        race.fresh(self.kafka, SCRATCH)
        self.streams.add(case.name, *self.peer.run(self.kafka, case.out, case.peer, *case.streams_args(self.kafka.address)))
        self.check(case, "Kafka Streams")
        self.built.forget()

    def round(self, first, _):
        for case in CASES:
            print(f"  {case.name}", file=sys.stderr)
            self.run_weir(case, case.name, COMMIT_MS)
            self.run_weir(case, f"{case.name}, {OWN}", None)
            if WITH_PEER and first:
                self.run_streams(case)
                self.streams.runs[f"{case.name}, {OWN}"] = self.streams.runs[case.name]


def show(bench):
    race.show_sides(bench)
    if not WITH_PEER:
        return
    print(f"\nThe results are the same. {race.TIMED}\n")
    race.show_targets([target for case in CASES for name in (case.name, f"{case.name}, {OWN}") for target in race.ratios(bench, name, 1, case.target, 1)])


def prepare(broker, folder):
    bench = Bench(broker, folder)
    race.write_orders(broker, IN, "customer")
    return bench


if __name__ == "__main__":
    race.play(ROUNDS, prepare, show)
