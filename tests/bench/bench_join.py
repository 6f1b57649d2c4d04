#!/usr/bin/env python3
"""Joins on a real broker, weir built and Kafka Streams side by side: a stream with a table of 100,000 rows, two streams within ten minutes, two tables by
foreign key.

2,000,000 JSON orders of 280 bytes with 10 fields (51 minutes of event time), as many payments, of which seven of eight have an order, 4 partitions. Both sides commit every 30 s,
Kafka Streams' default, and have one thread; every change goes on at once, as a cache would hold back each row of the table until the next commit. All that comes out is compared:
keys, values, timestamps.
BENCH_ONLY=NAME runs the cases whose name has it, BENCH_PEER=0 leaves Kafka Streams out."""
import os
import sys

import race
from race import ONLY, ORDERS, WITH_PEER, tool

ROUNDS = int(os.environ.get("BENCH_ROUNDS", 3))
TOPICS = {"bench-orders": (ORDERS, "customer"), "bench-orders-by-id": (ORDERS, "id"), "bench-payments": (ORDERS, "payments"),
          "bench-customers": (100000, "customers")}
OUT, SCRATCH = "bench-out", "bench-scratch"
CACHE, COMMIT_MS = 0, 30000


class Case:
    """A program of join/, the topics of its sides, how many results it has, and how many times less CPU than Kafka Streams it shall need."""

    def __init__(self, name, program, left, right, results, cpu_target):
        self.name, self.program, self.left, self.right, self.results, self.cpu_target = name, program, left, right, results, cpu_target


CASES = [case for case in (Case("stream and table", "lookup", "bench-orders", "bench-customers", ORDERS, 6),
                           Case("streams, 10 minutes", "near", "bench-orders-by-id", "bench-payments", ORDERS - (ORDERS + 7) // 8, 4),
                           Case("foreign key", "foreign", "bench-orders-by-id", "bench-customers", ORDERS, 4))
         if ONLY in case.name]


class Bench:
    def __init__(self, kafka, folder):
        self.kafka = kafka
        self.weir, self.streams = race.Results(), race.Results()
        self.outputs = {}  # case: {who: what came out}
        self.built = race.Built(kafka, folder, {case.program: f"join/{case.program}" for case in CASES})
        self.peer = race.Peer(folder) if WITH_PEER else None
        self.start_ups = {}

    def prepare(self):
        """Before there is anything to read, as a table is read from its beginning whatever the settings: what it costs to start."""
        topics = sorted({topic for case in CASES for topic in (case.left, case.right)})
        for topic in (*topics, OUT):
            race.fresh(self.kafka, topic)
        for case in CASES:
            self.start_ups[case.program] = self.built.run(case.program, COMMIT_MS, CACHE)
            self.built.forget()
        for topic in topics:
            print(f"writing {topic}", file=sys.stderr)
            tool("orders_load", self.kafka.address, "load", topic, *TOPICS[topic])

    def check(self, case, who):
        outputs = self.outputs.setdefault(case.name, {})
        outputs[who] = tool("orders_load", self.kafka.address, "sum", OUT).split()
        if int(outputs[who][0]) != case.results or any(output != outputs[who] for output in outputs.values()):
            sys.exit(f"{case.name}: {case.results} results are expected, and the same of both: {outputs}")

    def run_weir(self, case):
        race.fresh(self.kafka, OUT)
        start_up = self.start_ups[case.program]
        whole = self.built.run(case.program, COMMIT_MS, CACHE)
        self.weir.add(case.name, *whole.figures(start_up, race.last_written(self.kafka, OUT)))
        self.check(case, "weir")
        self.built.forget()

    def run_streams(self, case):
        race.fresh(self.kafka, OUT)
        race.fresh(self.kafka, SCRATCH)
        self.streams.add(case.name, *self.peer.run(self.kafka, OUT, "Join", self.kafka.address, case.program, case.left, case.right, OUT, SCRATCH,
                                                   case.results, CACHE, COMMIT_MS))
        self.check(case, "Kafka Streams")
        self.built.forget()

    def round(self, first, _):
        for case in CASES:
            print(f"  {case.name}", file=sys.stderr)
            self.run_weir(case)
            if WITH_PEER and first:
                self.run_streams(case)


def show(bench):
    race.show_sides(bench)
    if not WITH_PEER:
        return
    print("\nAll results and their timestamps are the same: " + ", ".join(f"{case.name}: {case.results:,}" for case in CASES) + ".")
    print(f"By order; the customers' rows are part of it. {race.TIMED}\n")
    race.show_targets([target for case in CASES for target in race.ratios(bench, case.name, case.cpu_target, 3, 1)])


def prepare(broker, folder):
    bench = Bench(broker, folder)
    bench.prepare()
    return bench


if __name__ == "__main__":
    race.play(ROUNDS, prepare, show)
