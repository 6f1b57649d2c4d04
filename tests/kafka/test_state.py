#!/usr/bin/env python3
"""State on a real broker: what a crash, another instance and --reset make of it; the app's own topics."""
# timeout: 300
import unittest

from kafka_case import SHORT_SESSION, KafkaCase, wait_for

REPARTITION = """app {app}
stream records from {source}
records | key by value | repartition | map value + "!" | to "{out}"
"""
START = 1714557600000


class Internal(KafkaCase):
    def internal(self, suffix):
        """Names of the app's own topics."""
        return sorted(t for t in self.kafka.topics() if t.startswith(self.app + "-") and t.endswith("-" + suffix))

    def topics(self, partitions=2):
        self.kafka.create(self.source, partitions, retention_ms=-1)
        self.kafka.create(self.out, partitions, retention_ms=-1)

    def test_repartition_topic_is_purged(self):
        self.topics()
        self.kafka.produce(self.source, self.numbered(1000))
        running = self.start(self.program(text=REPARTITION))
        self.wait_committed(self.source, 1000)
        topic, = self.internal("repartition")
        config = self.kafka.config(topic)
        self.assertEqual((config["cleanup.policy"], config["retention.ms"], config["message.timestamp.type"]),
                         ("delete", "-1", "CreateTime"))
        wait_for(lambda: sum(begin for begin, _ in self.kafka.logs(topic)) > 0, "the purge")
        running.stop()
        self.assert_all_out(1000)

    def assert_all_out(self, count):
        self.assertEqual(self.values(), {f"v{n}!": 1 for n in range(count)})

    def test_reset_starts_over(self):
        self.topics()
        self.kafka.produce(self.source, self.numbered(100))
        path = self.program(text=REPARTITION)
        self.run_to_end(path)
        self.assert_all_out(100)
        topic, = self.internal("repartition")
        err = self.run_to_end(path, "--reset")
        self.assertIn(f"--reset: deleted topic {topic}", err)
        self.assertIn(f"--reset: deleted the offsets of the group {self.app}; local state is removed", err)
        self.assertEqual(self.values(), {f"v{n}!": 2 for n in range(100)})

    def test_reset_of_nothing(self):
        self.topics()
        err = self.run_to_end(self.program(text=REPARTITION), "--reset")
        self.assertIn(f"--reset: there were no offsets of the group {self.app}", err)

    def test_reset_while_an_instance_runs(self):
        self.topics()
        self.kafka.produce(self.source, self.numbered(10))
        path = self.program(text=REPARTITION)
        running = self.start(path)
        self.wait_committed(self.source, 10)
        err = self.run_to_end(path, "--reset", code=3)
        self.assertIn(f"--reset: the consumer group {self.app} has members: stop every instance of {self.app} first", err)
        self.assertEqual(len(self.internal("repartition")), 1)
        running.stop()


if __name__ == "__main__":
    unittest.main()
