#!/usr/bin/env python3
"""Tasks with several inputs take their records by time, and wait for inputs as Kafka Streams' max.task.idle.ms has it."""
# timeout: 600
import base64
import struct
import time
import unittest

from kafka_case import SHORT_SESSION, KafkaCase, wait_for

MERGE = """app {app}
stream left from "{app}-left" string => string
stream right from "{app}-right" string => string
left | merge right | map value | to "{out}"
"""
LONG = """app {app}
stream left from "{app}-left" string => string
stream right from "{app}-right" string => string
left | merge right | filter value < "l" || md5(value) == sha256(value) || sha256(value + "1") == sha256(value + "2") | map key | to "{out}"
"""
LATE = """app {app}
stream records from {source}
table counts = records | group by key | window tumbling 10s | count
counts | to "{out}"
counts | emit final | to "{app}-closed"
"""
SILENT = """app {app}
stream records from {source} idle 20ms
table counts = records | group by key | window tumbling 10ms | count | emit final
table sizes = counts | group by value | count
sizes | to "{out}"
"""
START = 1714557600000


class Time(KafkaCase):
    def topics(self, partitions=1):
        for topic in (f"{self.app}-left", f"{self.app}-right", self.out):
            self.kafka.create(topic, partitions, retention_ms=-1)

    def feed(self, side, numbers, partition=0):
        """Values are the side's first letter and the number; timestamps say the number."""
        self.kafka.produce(f"{self.app}-{side}", [{"partition": partition, "key": str(n), "value": f"{side[0]}{n}",
                                                   "timestamp": START + n} for n in numbers])

    def order(self, partition=0):
        return [r["value"] for r in self.kafka.consume(self.out) if r["partition"] == partition]

    def test_smallest_timestamp_first(self):
        self.topics()
        self.feed("left", range(0, 4000, 2))
        self.feed("right", [n for n in range(4000) if n % 2])
        self.run_to_end(self.program(text=MERGE))
        self.assertEqual(self.order(), [f"{'lr'[n % 2]}{n}" for n in range(4000)])

    def test_ties_go_to_the_source_declared_first(self):
        self.topics()
        self.feed("right", range(100))
        self.feed("left", range(100))
        self.run_to_end(self.program(text=MERGE))
        self.assertEqual(self.order(), [f"{side}{n}" for n in range(100) for side in "lr"])

    def test_one_input_far_ahead(self):
        """More of one than fits in memory's queues, all of it later than the other's."""
        self.topics()
        self.feed("right", range(1000, 61000))
        self.feed("left", range(1000))
        self.run_to_end(self.program(text=MERGE), "--set", "threads=2")
        self.assertEqual(self.order(), [f"l{n}" for n in range(1000)] + [f"r{n}" for n in range(1000, 61000)])

    def feed_long(self, side, numbers, size):
        """SIZE bytes each; the last one passes LONG."""
        self.kafka.produce(f"{self.app}-{side}", [{"partition": 0, "key": str(n), "value": f"{'z' if n < numbers[-1] else 'a'}{'.' * size}", "timestamp": START + n}
                                                  for n in numbers])

    def seconds_of_long(self, text, results, *args):
        """Until all is read, and there are as many results."""
        begun = time.monotonic()
        self.run_to_end(self.program(text=text), *args)
        took = time.monotonic() - begun
        self.assertEqual(len(self.order()), results)
        return took

    def test_an_input_at_its_end_does_not_hold_up_another(self):
        """librdkafka waits for its next record, and fetches nothing else meanwhile: it took five times as long as the other one alone."""
        self.topics()
        self.feed_long("left", range(1, 40000), 2000)
        self.feed_long("right", range(1), 1)
        small = "-X", "consumer.queued.max.messages.kbytes=64"
        alone = self.seconds_of_long(LONG.replace("stream right", "// ").replace("left | merge right", "left"), 1, *small)
        self.assertLess(self.seconds_of_long(LONG.replace("app {app}", "app {app}_both"), 3, *small), alone * 2.5)

    def test_empty_input_is_not_waited_for(self):
        self.topics(2)
        self.feed("left", range(10), partition=1)
        running = self.start(self.program(text=MERGE))
        self.wait_committed(f"{self.app}-left", 10)
        running.stop()
        self.assertEqual(sorted(self.values()), [f"l{n}" for n in range(10)])

    def test_max_task_idle_waits_for_an_empty_input(self):
        self.topics()
        self.feed("left", [5])
        self.feed("right", [3])
        running = self.start(self.program(text=MERGE), "--set", "max_task_idle=10m")
        wait_for(self.order, "the first record")
        self.feed("right", [4])  # late to all who did not wait
        self.feed("right", [9])
        wait_for(lambda: len(self.order()) == 3, "the others")
        running.stop()
        self.assertEqual(self.order(), ["r3", "r4", "l5"])

    def test_max_task_idle_ends(self):
        self.topics()
        self.feed("left", range(10))
        running = self.start(self.program(text=MERGE), "--set", "max_task_idle=300ms")
        self.wait_committed(f"{self.app}-left", 10)
        running.stop()
        self.assertEqual(self.order(), [f"l{n}" for n in range(10)])

    def test_max_task_idle_never(self):
        self.topics()
        self.feed("left", range(10))
        running = self.start(self.program(text=MERGE), "--set", "max_task_idle=-1")
        self.wait_committed(f"{self.app}-left", 10)
        running.stop()

    def test_max_task_idle_wrong(self):
        err = self.run_to_end(self.program(text=MERGE), "--set", "max_task_idle=soon", code=2)
        self.assertIn("`max_task_idle` takes a duration, like 0 or 500ms, or -1 (never wait), not `soon`", err)

    def test_partition_time_is_committed(self):
        """Kafka Streams' format: base64 of a version and the greatest timestamp."""
        self.topics()
        self.feed("left", [7, 90, 8])
        self.run_to_end(self.program(text=MERGE))
        metadata = self.kafka.metadata(self.app, f"{self.app}-left")
        self.assertEqual(base64.b64decode(metadata[0]), struct.pack(">bq", 2, START + 90))
        self.feed("left", [9])
        self.run_to_end(self.program(text=MERGE))
        metadata = self.kafka.metadata(self.app, f"{self.app}-left")
        self.assertEqual(base64.b64decode(metadata[0]), struct.pack(">bq", 2, START + 90), "forgotten by a restart")


class LateRecords(KafkaCase):
    """What a store has observed of time is committed beside the offsets: what comes too late does so behind a restart, too."""

    def setUp(self):
        super().setUp()
        for topic in (self.source, self.out, f"{self.app}-closed"):
            self.kafka.create(topic, 1, retention_ms=-1)
        self.path = self.program(text=LATE)
        self.fed = 0

    def feed(self, *seconds):
        self.kafka.produce(self.source, [{"key": "k", "value": str(s), "timestamp": START + s * 1000} for s in seconds])
        self.fed += len(seconds)

    def windows(self, topic):
        """[(start in seconds, count)], each change."""
        return [(int(r["key"]["hex"][-16:], 16) // 1000 - START // 1000, int(r["value"]["hex"], 16)) for r in self.kafka.consume(topic, hex=True)]

    def args(self):
        return *SHORT_SESSION, "--set", "cache=0", "--set", "commit=50ms"

    def check(self):
        self.assertEqual(self.windows(self.out), [(0, 1), (0, 2), (20, 1), (20, 2), (40, 1)])
        self.assertEqual(self.windows(f"{self.app}-closed"), [(0, 2), (20, 2)])

    def test_ended(self):
        for seconds in ((1, 2, 25), (3, 9, 21), (40, 5, 29)):
            self.feed(*seconds)
            self.run_to_end(self.path, *self.args())
        self.check()

    def test_killed(self):
        for seconds in ((1, 2, 25), (3, 9, 21), (40, 5, 29)):
            running = self.start(self.path, *self.args())
            self.feed(*seconds)
            self.wait_committed(self.source, self.fed)
            running.kill()
        self.check()

    def committed(self):
        """(version, partition time, {store: time})"""
        data = base64.b64decode(self.kafka.metadata(self.app, self.source)[0])
        version, time, count = struct.unpack_from(">bqi", data) if len(data) > 9 else (2, -1, 0)
        at, times = 13, {}
        for _ in range(count):
            size, = struct.unpack_from(">i", data, at)
            times[data[at + 4:at + 4 + size].decode()], = struct.unpack_from(">q", data, at + 4 + size)
            at += size + 12
        self.assertEqual(at, max(len(data), 13))
        return version, time, times

    def test_format(self):
        """ProcessorMetadata of Kafka Streams, by the names of the stores."""
        self.feed(1, 2, 25, 3)
        self.run_to_end(self.path, *self.args())
        version, time, times = self.committed()
        self.assertEqual((version, time), (2, START + 25000))
        self.assertEqual(times, {"counts": time, "counts-suppress": time})

    def test_idle(self):
        """Windows close by the wall clock once the input is silent; what they closed by is committed."""
        self.path = self.program(f'"{self.source}" string => string idle 2s', LATE)
        self.feed(1, 2)
        running = self.start(self.path, *self.args())
        wait_for(lambda: self.committed()[2].get("counts", 0) > START + 10000, "time to go on")
        self.assertEqual(self.windows(f"{self.app}-closed"), [(0, 2)])
        running.kill()
        self.feed(3)
        err = self.run_to_end(self.path, *self.args())
        self.assertIn("late for a window", err)
        self.assertEqual(self.windows(f"{self.app}-closed"), [(0, 2)])

    def test_what_idle_sends_at_the_end_of_a_run(self):
        """One worker's input falls silent, and its windows close, while the other still reads: the run ends when what came of them is read as well."""
        self.source += "2"
        self.kafka.create(self.source, 2, retention_ms=-1)
        self.kafka.produce(self.source, [{"partition": 0, "key": "a", "value": "x", "timestamp": START}] +
                           [{"partition": 1, "key": f"k{n % 7}", "value": "x", "timestamp": START} for n in range(400000)])
        self.run_to_end(self.program(text=SILENT), "--set", "threads=2", "-X", "linger.ms=3000")
        self.assertTrue(self.internal("repartition"))
        for topic in self.internal("repartition"):
            self.assertEqual([end - max(committed, 0) for _, committed, end in self.kafka.offsets(self.app, topic)], [0, 0], topic)


if __name__ == "__main__":
    unittest.main()
