#!/usr/bin/env python3
"""Random kills, pauses, rebalances and broker restarts while numbered records are written, by three instances on a real broker; then all that came of
the records is compared with what they say. CRASH_SECONDS (180): how long things happen, in rounds of a variant each; CRASH_SEED (1): of the first round;
CRASH_KEEP: a folder that gets state, logs and outputs of a round that failed. README.md says more."""
# timeout: 1800
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "kafka"))
from broker import Broker  # noqa: E402
from kafka_case import WEIR, wait_for  # noqa: E402

import evidence  # noqa: E402
import expect  # noqa: E402
from chaos import Chaos  # noqa: E402
from feed import PARTITIONS, START, TOPICS, Feed, Producer  # noqa: E402

SECONDS = float(os.environ.get("CRASH_SECONDS", 180))
SEED = int(os.environ.get("CRASH_SEED", 1))
KEEP = os.environ.get("CRASH_KEEP")
ROUND_SECONDS = 45
SETTLE_SECONDS = 120
FLUSH = START + 30 * 24 * 3600 * 1000
SETTINGS = """\
transaction.abort.timed.out.transaction.cleanup.interval.ms=30000
log.message.timestamp.after.max.ms=9223372036854775807
"""
VARIANTS = (
    dict(PROCESSING="exactly_once", CACHE="0", STANDBY="0", static=False),
    dict(PROCESSING="exactly_once", CACHE="0", STANDBY="1", static=True),
    dict(PROCESSING="exactly_once", CACHE="64MB", STANDBY="1", static=False),
    dict(PROCESSING="at_least_once", CACHE="0", STANDBY="0", static=False),
)


class Round:
    def __init__(self, kafka, folder, seed):
        self.kafka, self.folder, self.seed = kafka, folder, seed
        self.variant = VARIANTS[seed % len(VARIANTS)]
        self.app = f"crash{seed}"
        self.exactly_once = self.variant["PROCESSING"] == "exactly_once"
        self.random = random.Random(seed)
        self.feed = Feed(kafka, self.app, random.Random(-seed))
        program, built = self.write_program()
        self.chaos = Chaos(kafka, folder, program, built, self.random, self.variant["static"])
        self.inputs, self.got = {}, {}
        self.evidence, self.stacks, self.hanging = [], [], []

    def write_program(self):
        with open(os.path.join(HERE, "crash.weir")) as f:
            text = f.read().replace("APP", self.app)
        for name, value in self.variant.items():
            text = text.replace(name, str(value))
        path = os.path.join(self.folder, "program.weir")
        with open(path, "w") as f:
            f.write(text)
        built = os.path.join(self.folder, "built")
        subprocess.run([WEIR, "build", path, "-o", built], check=True, stderr=subprocess.DEVNULL)
        return path, built

    def run(self, seconds):
        for topic in (*TOPICS, *expect.OUTPUTS):
            self.kafka.create(f"{self.app}-{topic}", PARTITIONS, retention_ms=-1)
        self.feed.start()
        try:
            self.chaos.start()
            # At least once, what an instance writes that lost its partitions comes between what the next one writes.
            self.chaos.run(seconds, zombies=self.exactly_once)
            self.chaos.calm()
            self.feed.end()
            self.read_input()
            self.verify()
            self.chaos.stop()
            self.judge()
        except Exception:
            if not self.kafka.lost_markers():
                self.gather()
            raise
        finally:
            self.feed.give_up()
            self.chaos.end()

    def read_input(self):
        """As the topics have it."""
        for topic in TOPICS:
            records = self.kafka.consume(f"{self.app}-{topic}")
            if not records:
                raise AssertionError(f"{topic} has no input")
            self.inputs[topic] = [expect.Input(r["key"], json.loads(r["value"]), r["timestamp"], r["partition"]) for r in records]

    def gather(self):
        """While they are still there."""
        if self.chaos.broker_up:
            self.evidence += evidence.of_broker(self.kafka, self.app)
            self.hanging += evidence.hanging(self.kafka)
        for instance in self.chaos.instances:
            self.evidence += evidence.of_instance(instance)
            self.stacks += evidence.stacks_of_instance(instance)

    def flush(self):
        """Time goes on in every partition, so that all windows close."""
        for topic in ("numbers", "others"):
            producer = Producer(self.kafka, f"{self.app}-{topic}")
            for partition in range(PARTITIONS):
                producer.process.stdin.write(json.dumps({"key": f"flush{partition}", "value": '{"n":-1,"v":-1}', "timestamp": FLUSH,
                                                         "partition": partition}) + "\n")
            producer.end()

    def verify(self):
        """Until nothing is missing: what is left behind comes within some time."""
        wait_for(self.all_read, "the input to be read", SETTLE_SECONDS)
        deadline = time.monotonic() + SETTLE_SECONDS
        while True:
            self.flush()
            found = self.judge()
            if not found.missing:
                return
            if time.monotonic() > deadline:
                raise AssertionError("\n".join(["missing:", *found.missing[:20]]))
            time.sleep(1)

    def all_read(self):
        self.chaos.check()
        rows = self.kafka.offsets(self.app, *(f"{self.app}-{t}" for t in TOPICS))
        return all(committed == end or end == 0 for _, committed, end in rows)

    def judge(self):
        """Nothing may be wrong; gives what is found."""
        self.got = {t: [(r["key"], json.loads(r["value"] or "null")) for r in self.kafka.consume(f"{self.app}-{t}")] for t in expect.OUTPUTS}
        judge = expect.exactly_once if self.exactly_once else expect.at_least_once
        found = judge(expect.Expected(self.inputs), self.got, self.variant["CACHE"] != "0")
        if found.wrong:
            raise AssertionError("\n".join(["wrong:", *found.wrong[:20], f"{len(found.missing)} missing:", *found.missing[:20]]))
        return found

    def report(self, why):
        """What tells most first."""
        lines = [f"seed {self.seed}, {self.variant}: {why}", *self.evidence, "what happened:", *self.chaos.log]
        for instance in self.chaos.instances:
            lines += [f"-- {instance.name} said, at last:", *instance.said.splitlines()[-40:]]
        return "\n".join(lines + self.stacks)

    def counted(self):
        different = sum(len({record.value["n"] for record in records}) for records in self.inputs.values())
        return (f"seed {self.seed} ({', '.join(f'{k} {v}' for k, v in self.variant.items())}): {self.chaos.events} events, "
                f"{sum(map(len, self.inputs.values()))} records in{f', {self.feed.given_up} of its producers gave up' if self.feed.given_up else ''}, {different} different ones of {sum(self.feed.numbered.values())} written, "
                f"{sum(map(len, self.got.values()))} out")

    def keep(self, report):
        folder = os.path.join(KEEP, f"{self.app}-{int(time.time())}")
        shutil.copytree(self.folder, folder)
        self.kafka.stop()
        shutil.copytree(self.kafka.folder, os.path.join(folder, "broker"))
        for name, value in (("report", report), ("input.json", json.dumps(self.inputs)), ("output.json", json.dumps(self.got)),
                            *((f"said-{i.name}", i.said) for i in self.chaos.instances)):
            with open(os.path.join(folder, name), "w") as f:
                f.write(value)


def play(seed, seconds):
    """A round, with a broker of its own. True: it went well; None: it does not count; False: it has been reported."""
    kafka = Broker(heap="512m", settings=SETTINGS, controller_apart=True).start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            one = Round(kafka, folder, seed)
            try:
                one.run(seconds)
            except Exception as why:
                if kafka.lost_markers() or one.hanging:
                    print(f"seed {seed} does not count: Kafka has lost markers of transactions ({', '.join(one.hanging) or str(why).splitlines()[0]})",
                          flush=True)
                    return None
                print(one.report(why))
                if KEEP:
                    one.keep(one.report(why))
                return False
            print(one.counted(), flush=True)
            return True
    finally:
        kafka.remove()


def main():
    left, seed, good = SECONDS, SEED, 0
    while left > 0:
        result = play(seed, min(ROUND_SECONDS, left))
        if result is False:
            return 1
        good += bool(result)
        left, seed = left - ROUND_SECONDS, seed + 1
    if not good:
        print("no round counts")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
