#!/usr/bin/env python3
"""How long after a crash the first new result is there, with 2,000,000 keys of state, exactly once, on a real broker.

Recovery: the only instance of an app is killed (SIGKILL) 40 s after all is committed; 1000 records come; it is started again, under its name, with its disk as it was:
the time from the start of the process until a reader of what is committed has the first new record. weir, built, and Kafka Streams, both with one thread and a
cache of 64 MB; Kafka Streams commits every 100 ms, its default.
Failover: of two instances of weir's with `standby 1` one is killed; the time from there until a reader has the first new record of its partitions, less the
session timeout. BENCH_PEER=0 leaves Kafka Streams out."""
import os
import shutil
import statistics
import subprocess
import sys
import time

import race
from race import BUILD, ORDERS, PARTITIONS, WITH_PEER

ROUNDS = int(os.environ.get("BENCH_ROUNDS", 3))
IN, OUT, SCRATCH = "bench-orders-by-id", "bench-out", "bench-scratch"
CACHE, COMMIT_MS, SESSION_MS, NEW = 64 << 20, 100, 6000, 1000


class Bench:
    def __init__(self, kafka, folder):
        self.kafka, self.folder = kafka, folder
        self.app = race.build(os.path.join(race.HERE, "state", "ids.weir"), folder)
        self.peer = race.Peer(folder, exactly_once=True) if WITH_PEER else None
        self.times = {"weir": [], "Kafka Streams": [], "failover": []}
        self.written, self.runs = ORDERS, 0

    def note(self, what, seconds):
        print(f"  {what}: {seconds:.2f} s", file=sys.stderr)
        self.times[what].append(seconds)

    def weir(self, group, name, *more):
        log = open(f"{self.folder}/{group}-{name}.log", "a")
        return subprocess.Popen([self.app, "--brokers", self.kafka.address, "-X", f"group.id={group}", "-X", f"session.timeout.ms={SESSION_MS}", "-X",
                                 "heartbeat.interval.ms=1000", "--set", "processing=exactly_once", "--set", f"instance={name}", "--set", f"cache={CACHE}",
                                 "--set", f"state_dir={self.folder}/{group}-{name}", *more], stdin=subprocess.DEVNULL, stderr=log)

    def streams(self, name):
        return self.peer.start(name, "Recovery", self.kafka.address, "rows", IN, OUT, SCRATCH, ORDERS, CACHE, COMMIT_MS)

    def wait_committed(self, group, *processes):
        while sum(max(committed, 0) for _, committed, _ in self.kafka.offsets(group, IN)) < self.written:
            if any(process.poll() is not None for process in processes):
                sys.exit(f"{group} has ended")
            time.sleep(0.5)
        time.sleep(40)  # as any app that has run for a while: disks have what they get every 30 s

    def write_new(self, partitions):
        self.kafka.produce(IN, [{"key": f"new-{self.written + n}", "value": '{"amount":1.5}', "partition": n % partitions} for n in range(NEW)])
        self.written += NEW

    def recovery(self, who, group, start):
        process = start()
        self.wait_committed(group, process)
        process.kill()
        process.wait()
        self.write_new(PARTITIONS)
        with self.kafka.next_record(OUT) as wait:
            began = time.monotonic()
            process = start()
            wait()
            self.note(who, time.monotonic() - began)
        process.kill()
        process.wait()

    def says(self, group, name, text):
        while text not in open(f"{self.folder}/{group}-{name}.log").read():
            time.sleep(0.2)

    def failover(self, group):
        """`range` gives the first half of the partitions to the first name."""
        instances = [self.weir(group, name, "--set", "standby=1") for name in ("a", "b")]
        self.wait_committed(group, *instances)
        for name in ("a", "b"):
            self.says(group, name, "of other instances are up to date")
        with self.kafka.next_record(OUT) as wait:
            began = time.monotonic()
            instances[0].kill()
            self.write_new(PARTITIONS // 2)
            wait()
            self.note("failover", time.monotonic() - began - SESSION_MS / 1000)
        for process in instances:
            process.kill()
            process.wait()

    def forget(self):
        race.fresh(self.kafka, OUT)
        for name in os.listdir(self.folder):
            if name.startswith(("one-", "two-", "streams-")):
                path = os.path.join(self.folder, name)
                shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)
        made = [topic for topic in self.kafka.topics() if topic.endswith("-changelog")]
        if made:
            self.kafka.delete(*made)

    def round(self, first, _):
        self.runs += 1
        race.fresh(self.kafka, OUT)
        race.fresh(self.kafka, SCRATCH)
        one, two = f"one-{self.runs}", f"two-{self.runs}"
        self.recovery("weir", one, lambda: self.weir(one, "a"))
        self.forget()
        self.failover(two)
        self.forget()
        if WITH_PEER and first:
            self.recovery("Kafka Streams", "peer-streams-1", lambda: self.streams("streams-1"))
            self.forget()


def show(bench):
    for who, times in bench.times.items():
        if times:
            what = "to a standby, less the session timeout" if who == "failover" else "after SIGKILL"
            print(f"{who}: {statistics.median(times):.2f} s {what} ({', '.join(f'{t:.2f}' for t in times)})")
    targets = [("failover to a standby, less the session timeout, s", statistics.median(bench.times["failover"]), -2)]
    if WITH_PEER:
        targets.append(("recovery, Kafka Streams / weir", statistics.median(bench.times["Kafka Streams"]) / statistics.median(bench.times["weir"]), 10))
    print()
    race.show_targets(targets)


def prepare(broker, folder):
    bench = Bench(broker, folder)
    race.write_orders(broker, IN, "id")
    return bench


if __name__ == "__main__":
    race.play(ROUNDS, prepare, show)
