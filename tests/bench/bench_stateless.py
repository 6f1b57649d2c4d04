#!/usr/bin/env python3
"""Filter and map on a real broker: weir under its JIT and built, Kafka Streams, and librdkafka alone, side by side.

One topic of 2,000,000 JSON orders of 280 bytes with 10 fields, 4 partitions, keyed by 100,000 customers; stateless.weir keeps 43 % and writes three
fields. Each round runs everyone once, in turn, on an output topic that is made anew; the medians are shown. What comes out is compared by a checksum
over keys, values and timestamps."""
import os
import statistics
import sys

import race
from race import ORDERS, WEIR, Measured, tool

ROUNDS = int(os.environ.get("BENCH_ROUNDS", 5))
IN, OUT, SCRATCH, EMPTY = "bench-orders", "bench-large", "bench-scratch", "bench-empty"
COMMIT_MS = 200  # as often as weir
PROGRAM = os.path.join(race.HERE, "stateless.weir")


class Bench:
    def __init__(self, kafka, folder):
        self.kafka = kafka
        self.results = race.Results()
        self.sums = {}          # name: what came out
        self.run_count = 0
        self.app = race.build(PROGRAM, folder)
        self.peer = race.Peer(folder)

    def check_output(self, name):
        self.sums[name] = tool("orders_load", self.kafka.address, "sum", OUT).split()
        if len(set(map(tuple, self.sums.values()))) > 1:
            sys.exit(f"the outputs differ: {self.sums}")

    def weir(self, name, argv):
        race.fresh(self.kafka, OUT)
        self.run_count += 1
        argv = [*argv, "--brokers", self.kafka.address, "-e", "-X", f"group.id=bench-{self.run_count}"]
        whole, start_up = race.measure_weir(argv), race.measure_weir(argv)  # the second finds everything committed and nothing to read
        self.results.add(name, *whole.figures(start_up, race.last_written(self.kafka, OUT)))
        self.check_output(name)

    def bare(self, name):
        """Needs to know how much passes: runs after weir."""
        records, size = map(int, self.sums["weir, built"][:2])
        share, value = round(records / ORDERS * 1e6), round(size / records)
        race.fresh(self.kafka, SCRATCH)
        argv = [os.path.join(race.BUILD, "tests", "bare_loop"), self.kafka.address]
        whole = Measured([*argv, IN, SCRATCH, str(share), str(value)])
        start_up = Measured([*argv, EMPTY, SCRATCH, str(share), str(value)])
        whole.began = float(whole.out.split()[-1])
        self.results.add(name, *whole.figures(start_up, race.last_written(self.kafka, SCRATCH)))

    def kafka_streams(self, name):
        race.fresh(self.kafka, OUT)
        race.fresh(self.kafka, SCRATCH)
        self.results.add(name, *self.peer.run(self.kafka, OUT, "Stateless", self.kafka.address, IN, OUT, SCRATCH, ORDERS, COMMIT_MS))
        self.check_output(name)

    def round(self, _, last):
        self.weir("weir, built", [self.app])
        self.bare("librdkafka alone")
        self.weir("weir, JIT", [WEIR, "run", PROGRAM])
        if last or len(self.results.runs.get("Kafka Streams", [])) < 2:
            self.kafka_streams("Kafka Streams")


def show(bench):
    bench.results.show(("librdkafka alone", "weir, built", "weir, JIT", "Kafka Streams"))
    records, size, checksum = bench.sums["weir, built"]
    print(f"\nAll wrote the same {int(records):,} records, {int(size):,} bytes of values (checksum {checksum}).")
    print(f"{race.TIMED}\nOf the JIT the CPU includes the C compiler that runs aside. Memory: the most that was resident. Both commit every 200 ms.\n"
          "librdkafka alone looks into no record, and writes as many records and bytes, with the same timestamps.\n")
    built, bare, streams = (bench.results.medians(name) for name in ("weir, built", "librdkafka alone", "Kafka Streams"))
    # Of a pair of runs next to each other, which the machine's other work disturbs alike.
    over_bare = statistics.median(w[0] / b[0] for w, b in zip(bench.results.runs["weir, built"], bench.results.runs["librdkafka alone"]))
    race.show_targets([("CPU of weir, built / librdkafka alone", over_bare, -1.2),
                       ("CPU of weir, built, µs/record", built[0], -0.88),
                       ("CPU of Kafka Streams / weir, built", streams[0] / built[0], 5),
                       ("records/s of weir, built / Kafka Streams", built[1] / streams[1], 3),
                       ("memory of Kafka Streams / weir, built", streams[2] / built[2], 5)])
    print(f"records/s of weir, built / librdkafka alone: {built[1] / bare[1]:.2f}")


def prepare(broker, folder):
    broker.create(EMPTY, race.PARTITIONS)
    race.write_orders(broker, IN, "customer")
    bench = Bench(broker, folder)
    bench.weir("warm-up of the broker", [bench.app])
    return bench


if __name__ == "__main__":
    race.play(ROUNDS, prepare, show)
