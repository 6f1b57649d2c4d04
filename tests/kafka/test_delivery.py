#!/usr/bin/env python3
"""At least once: no record is lost, whoever ends how."""
# timeout: 900
import signal
import unittest

from broker import Broker
from kafka_case import SHORT_SESSION, KafkaCase, wait_for

COUNT = 60000


class Delivery(KafkaCase):
    def topics(self, partitions=4):
        self.kafka.create(self.source, partitions, retention_ms=-1)
        self.kafka.create(self.out, partitions, retention_ms=-1)

    def some_out(self, more_than=0):
        return lambda: sum(end for _, _, end in self.kafka.offsets(self.app, self.out)) > more_than

    def test_threads_give_every_record_once(self):
        self.topics(partitions=6)
        self.kafka.produce(self.source, self.numbered(COUNT))
        self.run_to_end(self.program(), "--set", "threads=2")
        self.assertEqual(self.assert_none_lost(COUNT), 0)
        self.assertTrue(all(c == e for _, c, e in self.kafka.offsets(self.app, self.source)))

    def test_order_within_a_key(self):
        self.topics()
        self.kafka.produce(self.source, self.numbered(5000))
        self.run_to_end(self.program(), "--set", "threads=2")
        fed, got = self.disorder(self.source), self.disorder(self.out)
        self.assertEqual(got, [], f"(key, number, number after it); already so in the input topic: {fed}; "
                                  f"written {sum(self.values().values())} times for 5000")

    def disorder(self, topic):
        """[(key, number, a smaller or equal one that came after it)]"""
        last, found = {}, []
        for record in self.kafka.consume(topic):
            key, number = record["key"], int(record["value"][1:])
            if last.get(key, -1) >= number:
                found.append((key, last[key], number))
            last[key] = number
        return found

    def test_sigterm_drains_and_commits(self):
        self.topics()
        self.kafka.produce(self.source, self.numbered(COUNT))
        first = self.start(self.program())
        wait_for(self.some_out(), "the first records")
        first.stop()
        self.run_to_end(self.program())
        self.assertEqual(self.assert_none_lost(COUNT), 0, "records were done again after a clean stop")

    def test_sigkill_and_restart(self):
        """Killed between what it wrote and its next commit, three times, while records keep coming."""
        self.topics()
        fed = seen = 0
        for _ in range(3):
            self.kafka.produce(self.source, self.numbered(5000, fed))
            fed += 5000
            running = self.start(self.program(), *SHORT_SESSION, "--set", "commit=10m")
            wait_for(self.some_out(seen), "more records")
            self.kafka.produce(self.source, self.numbered(5000, fed))
            fed += 5000
            running.kill()
            seen = sum(end for _, _, end in self.kafka.offsets(self.app, self.out))
        self.run_to_end(self.program(), *SHORT_SESSION)
        self.assertGreater(self.assert_none_lost(fed), 0, "nothing was done again: it was not killed between two commits")

    def test_two_instances_share_and_one_is_killed(self):
        self.topics()
        args = (*SHORT_SESSION, "--stats", "--json")
        first, second = self.start(self.program(), *args), self.start(self.program(), *args)
        fed = 0

        def both_work():
            nonlocal fed
            self.kafka.produce(self.source, self.numbered(500, fed))
            fed += 500
            return all('"records_in":' in r.err and '"records_in":0,' not in r.err.splitlines()[-1] for r in (first, second))
        wait_for(both_work, "both instances to get records")
        second.kill()
        self.kafka.produce(self.source, self.numbered(COUNT, fed))
        fed += COUNT
        self.wait_committed(self.source, fed)
        first.stop()
        self.assert_none_lost(fed)

    def test_third_instance_comes_and_goes(self):
        """Rebalances of living instances lose nothing, and do nothing twice: partitions are handed over at a commit."""
        self.topics()
        self.kafka.produce(self.source, self.numbered(COUNT))
        first = self.start(self.program())
        wait_for(self.some_out(), "the first records")
        second = self.start(self.program())
        wait_for(self.some_out(COUNT // 2), "half of the records")
        third = self.start(self.program())
        self.wait_committed(self.source, COUNT)
        for running in (third, second, first):
            running.stop()
        self.assertEqual(self.assert_none_lost(COUNT), 0)

    def test_second_signal_ends_at_once(self):
        """The broker is gone, so the first SIGTERM waits for what was sent to be safe."""
        own = Broker(heap="512m")
        own.start()
        self.addCleanup(own.remove)
        self.kafka = own
        self.topics(1)
        own.produce(self.source, self.numbered(10))
        running = self.start(self.program(), "--set", "commit=10m")
        wait_for(self.some_out(), "the records")
        own.stop()
        running.says("lost Kafka")
        running.signal(signal.SIGTERM)
        self.assertIsNone(running.process.poll())

        def ended():
            # Two that come before the first was taken are one to the system.
            if running.process.poll() is None:
                running.signal(signal.SIGTERM)
            return running.process.poll() is not None

        wait_for(ended, "the end")
        self.assertEqual(running.end(10), 128 + signal.SIGTERM)


class LostBroker(KafkaCase):
    def test_waits_and_goes_on(self):
        own = Broker(heap="512m")
        own.start()
        self.addCleanup(own.remove)
        self.kafka = own
        own.create(self.source, 2, retention_ms=-1)
        own.create(self.out, 2, retention_ms=-1)
        own.produce(self.source, self.numbered(20000))
        running = self.start(self.program())
        self.wait_committed(self.source, 1)
        own.stop()
        running.says("lost Kafka at " + own.address)
        own.start()
        running.says("is back")
        own.produce(self.source, self.numbered(1000, 20000))
        self.wait_committed(self.source, 21000)
        running.stop()
        self.assert_none_lost(21000)
        self.assertEqual(running.err.count("lost Kafka"), 1, running.err)
        self.assertEqual(running.err.count("is back"), 1, running.err)


if __name__ == "__main__":
    unittest.main()
