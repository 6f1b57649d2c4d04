"""What the tests of exactly-once share: a program of an echo and counts, of which each record counts once, and no more."""
import os
import random
import time
from collections import defaultdict

from kafka_case import SHORT_SESSION, KafkaCase, wait_for

START = 1714557600000
VALUES = 50  # that records have in turn
# Every change of a count is an output, behind a repartition topic and from a store.
PROGRAM = """app {app} {{
  processing exactly_once
  cache 0
}}
stream records from {source}
records | map value | to "{out}-echo"
table counts = records | group by value | count
counts | to "{out}"
"""
# How long others wait for what a zombie has begun.
SHORT_TRANSACTIONS = ("-X", "transaction.timeout.ms=3000")


class ExactlyOnceCase(KafkaCase):
    partitions = 4

    def setUp(self):
        super().setUp()
        for topic in (self.source, self.out, self.out + "-echo"):
            self.kafka.create(topic, self.partitions, retention_ms=-1)
        self.path = self.program(text=PROGRAM)
        self.fed = 0
        self.random = random.Random(self.id())  # the same moments in each run

    def next_records(self, count):
        self.fed += count
        return [{"key": f"k{n % 97}", "value": f"v{n % VALUES}", "timestamp": START + n} for n in range(self.fed - count, self.fed)]

    def feed(self, count):
        self.kafka.produce(self.source, self.next_records(count))

    def instance(self, folder, *args):
        """One with a state folder of its own."""
        return self.start(self.path, *SHORT_SESSION, *SHORT_TRANSACTIONS, "--set", f"state_dir={self.state(folder)}", *args)

    def state(self, folder):
        return os.path.join(self.folder.name, f"state-{folder}")

    def counts(self):
        """All counts of each value, in the order they came."""
        found = defaultdict(list)
        for r in self.kafka.consume(self.out):
            found[r["key"]].append(int(r["value"]["hex"], 16))
        return found

    def come_out(self):
        """As many as were fed, or more. A transaction may be open or not yet marked as committed."""
        ends = [sum(end for _, end in self.kafka.logs(topic)) for topic in (self.out, self.out + "-echo")]
        return min(ends) >= self.fed and len(self.kafka.consume(self.out)) >= self.fed and \
            len(self.kafka.consume(self.out + "-echo")) >= self.fed

    def assert_each_once(self):
        wait_for(self.come_out, f"{self.fed} records")
        each = self.fed // VALUES
        self.assertEqual(self.values(self.out + "-echo"), {f"v{n}": each for n in range(VALUES)})
        for value, found in self.counts().items():
            self.assertEqual(found, list(range(1, each + 1)), value)

    def pause(self, least, most):
        time.sleep(self.random.uniform(least, most))
