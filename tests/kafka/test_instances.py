#!/usr/bin/env python3
"""Several instances of a program: names that outlast a restart, and state that nobody works on any more."""
# timeout: 600
import os
import re
import signal
import time
import unittest

from broker import Broker
from kafka_case import KafkaCase, wait_for

SESSION = ("-X", "session.timeout.ms=10000", "-X", "heartbeat.interval.ms=500")
COUNT = """app {app}
stream records from {source}
table counts = records | group by key | count
counts | to "{out}"
"""


class Instances(KafkaCase):
    def setUp(self):
        super().setUp()
        self.kafka.create(self.source, 4, retention_ms=-1)
        self.kafka.create(self.out, 1, retention_ms=-1)
        self.path = self.program(text=COUNT)

    def instance(self, name, *args):
        """One with a folder of its own."""
        return self.start(self.path, *SESSION, "--set", f"instance={name}", "--set", f"state_dir={self.state(name)}", *args)

    def state(self, name):
        return os.path.join(self.folder.name, f"state-{name}")

    def feed(self, first, count):
        self.kafka.produce(self.source, self.numbered(count, first))

    def generations(self, running):
        """Of the group, as librdkafka tells of each rebalance."""
        return re.findall(r"JoinGroup response: GenerationId (\d+)", running.err)

    def test_a_restart_is_no_rebalance(self):
        """What an instance had is its own again, and nobody else's meanwhile."""
        running = {name: self.instance(name, "-X", "debug=cgrp") for name in ("a", "b")}
        self.feed(0, 1000)
        self.wait_committed(self.source, 1000)
        wait_for(lambda: all("delegating assign of 2 partition(s)" in r.err for r in running.values()), "two partitions for each")
        before = self.generations(running["b"])
        running["a"].stop()
        self.feed(1000, 1000)
        running["a"] = self.instance("a", "-X", "debug=cgrp")
        self.wait_committed(self.source, 2000)
        self.assertEqual(self.generations(running["b"]), before)
        self.assertEqual(self.generations(running["a"]), before[-1:])
        for r in running.values():
            r.stop()

    def test_two_of_one_name(self):
        """The one that came first ends, and says why."""
        first = self.instance("a")
        self.feed(0, 100)
        self.wait_committed(self.source, 100)
        second = self.start(self.path, *SESSION, "--set", "instance=a", "--set", f"state_dir={self.state('other')}")
        self.assertEqual(first.end(), 3)
        self.assertIn("another process was started as instance a and has taken this one's place: each needs a name of its own", first.err)
        self.feed(100, 100)
        self.wait_committed(self.source, 200)
        second.stop()

    def test_a_property_is_stronger_than_the_setting(self):
        running = self.instance("a", "-X", "group.instance.id=b", "-X", "debug=cgrp")
        self.feed(0, 100)
        self.wait_committed(self.source, 100)
        running.stop()
        self.assertIn("my MemberId b-", running.err)

    def tasks(self, name):
        folder = os.path.join(self.state(name), self.app)
        return sorted(os.listdir(folder)) if os.path.isdir(folder) else []

    def test_state_of_tasks_long_gone(self):
        """What went to another instance, and what the program has no longer, goes; what is in use stays."""
        cleanup = "--set", "state_cleanup=3s"
        self.kafka.produce(self.source, [{"key": f"k{n}", "value": "x"} for n in range(60000)])
        alone = self.instance("b", *cleanup)
        self.wait_committed(self.source, 60000)
        alone.stop()
        self.assertEqual(self.tasks("b"), ["0_0", "0_1", "0_2", "0_3"])
        os.makedirs(os.path.join(self.state("b"), self.app, "7_0"))
        running = [self.instance(name, *cleanup) for name in ("a", "b")]
        running[1].says("/0_0: this state on disk has not been used for long, and is removed")
        running[1].says("/0_1: this state on disk has not been used for long, and is removed")
        running[1].says("/7_0: this state on disk has not been used for long, and is removed")
        self.assertEqual(self.tasks("b"), ["0_2", "0_3"])
        for r in running:
            r.stop()

    def opened(self, name, task):
        """Changes whenever the state on disk is opened."""
        return [file for file in os.listdir(os.path.join(self.state(name), self.app, task)) if file.startswith("MANIFEST")]

    def test_tasks_that_stay(self):
        """Over a rebalance their state stays where it is, in memory and open on disk, and goes on from there."""
        keys = [{"key": f"k{n}", "value": "x"} for n in range(60000)]
        self.kafka.produce(self.source, keys)
        alone = self.instance("b")
        self.wait_committed(self.source, 60000)
        alone.stop()
        running = [self.instance("b")]
        self.kafka.produce(self.source, keys)
        self.wait_committed(self.source, 120000)
        before = {task: self.opened("b", task) for task in ("0_2", "0_3")}
        running.append(self.instance("a", "-X", "debug=cgrp"))
        running[1].says("delegating assign of 2 partition(s)")
        self.kafka.produce(self.source, keys)
        self.wait_committed(self.source, 180000)
        self.assertEqual({task: self.opened("b", task) for task in before}, before)
        last = {r["key"]["hex"]: int(r["value"]["hex"], 16) for r in self.kafka.consume(self.out, hex=True)}
        self.assertEqual((len(last), set(last.values())), (60000, {3}))
        for r in running:
            r.stop()


class Outage(KafkaCase):
    def setUp(self):
        super().setUp()
        own = Broker(heap="512m")
        self.addCleanup(own.remove)
        self.kafka = own.start()

    def test_longer_than_the_session(self):
        """What is lost is let go of at once: librdkafka has itself fenced if it comes back while that takes its time."""
        self.kafka.create(self.source, 4, retention_ms=-1)
        self.kafka.create(self.out, 1, retention_ms=-1)
        path = self.program(text=COUNT)
        running = [self.start(path, "-X", "session.timeout.ms=6000", "--set", f"instance={name}", "--set", "standby=1",
                              "--set", f"state_dir={self.folder.name}/{name}") for name in ("a", "b")]
        self.kafka.produce(self.source, [{"key": f"k{n}", "value": "x"} for n in range(60000)])
        self.wait_committed(self.source, 60000)
        for r in running:
            r.says("the copies of the state of 2 tasks of other instances are up to date")
        self.kafka.stop()
        for r in running:
            r.says("the group has given this instance's partitions to others")
        time.sleep(3)
        self.kafka.start()
        self.kafka.produce(self.source, [{"key": f"k{n}", "value": "x"} for n in range(60000)])
        self.wait_committed(self.source, 120000)
        last = {r["key"]["hex"]: int(r["value"]["hex"], 16) for r in self.kafka.consume(self.out, hex=True)}
        self.assertEqual((len(last), set(last.values())), (60000, {2}))
        for r in running:
            r.stop()

    def test_told_to_end_meanwhile(self):
        """It does not wait for the broker as long as that may take."""
        self.kafka.create(self.source, 4, retention_ms=-1)
        self.kafka.create(self.out, 1, retention_ms=-1)
        running = self.start(self.program(text=COUNT), "--set", "cache=0", "--set", "commit=10m", "-X", "queue.buffering.max.messages=1000")
        self.kafka.produce(self.source, [{"key": f"k{n}", "value": "x"} for n in range(200000)])
        wait_for(lambda: sum(end for _, end in self.kafka.logs(self.out)) > 0, "the first records")
        self.kafka.kill()
        running.signal(signal.SIGTERM)
        self.assertEqual(running.end(45), 3)
        self.assertRegex(running.err, "records could not be sent: Kafka at .* does not answer; what was not committed will be done again")

    def test_told_to_end_with_all_sent(self):
        """All that is left to do is to commit."""
        self.kafka.create(self.source, 1, retention_ms=-1)
        self.kafka.create(self.out, 1, retention_ms=-1)
        running = self.start(self.program(), "--set", "commit=10m")
        self.kafka.produce(self.source, self.numbered(100))
        wait_for(lambda: sum(end for _, end in self.kafka.logs(self.out)) == 100, "all records")
        self.kafka.kill()
        running.signal(signal.SIGTERM)
        self.assertEqual(running.end(45), 3)
        self.assertRegex(running.err, "offsets could not be committed: Kafka at .* does not answer; what was done since the last commit will be done again")


if __name__ == "__main__":
    unittest.main()
