#!/usr/bin/env python3
"""State on a real broker: what a crash, another instance and --reset make of it; the app's own topics."""
# timeout: 900
import os
import shutil
import unittest

from kafka_case import SHORT_SESSION, KafkaCase, wait_for

START = 1714557600000
REPARTITION = """app {app}
stream records from {source}
records | key by value | repartition | map value + "!" | to "{out}"
"""
COUNT = """app {app}
stream records from {source}
table counts = records | group by value | count
counts | to "{out}"
"""
WINDOWS = """app {app}
stream records from {source}
table counts = records | group by key | window tumbling 1h grace 5m | count
counts | to "{out}"
"""
# What the first groups hold back until a commit goes to the second ones.
TWICE = """app {app}
stream records from {source}
table counts = records | group by value | count
table sizes = counts | group by string(value) | count
sizes | to "{out}"
"""


class StateCase(KafkaCase):
    def topics(self, partitions=2):
        self.kafka.create(self.source, partitions, retention_ms=-1)
        self.kafka.create(self.out, partitions, retention_ms=-1)


class Internal(StateCase):
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

    def test_changelogs_of_rows_and_windows(self):
        self.topics(3)
        self.kafka.produce(self.source, self.numbered(10))
        self.run_to_end(self.program(text=COUNT))
        topic, = self.internal("changelog")
        self.assertEqual(topic, f"{self.app}-counts-changelog")
        self.assertEqual(self.kafka.topics()[topic], 3)
        config = self.kafka.config(topic)
        self.assertEqual((config["cleanup.policy"], config["message.timestamp.type"]), ("compact", "CreateTime"))
        self.app += "w"
        self.run_to_end(self.program(text=WINDOWS))
        config = self.kafka.config(*self.internal("changelog"))
        self.assertEqual((config["cleanup.policy"], config["retention.ms"]),
                         ("compact,delete", str((60 + 5 + 24 * 60) * 60000)))

    def test_changelog_with_other_partitions(self):
        self.topics()
        self.kafka.create(f"{self.app}-counts-changelog", 5)
        path = self.program(text=COUNT)
        err = self.run_to_end(path, code=3)
        self.assertIn(f"topic {self.app}-counts-changelog has 5 partitions and needs 2", err)
        self.assertIn("start over with --reset", err)
        self.run_to_end(path, "--reset")
        self.assertEqual(self.kafka.topics()[f"{self.app}-counts-changelog"], 2)


class State(StateCase):
    different = 50  # values that records have in turn

    def feed(self, count, first=0):
        self.kafka.produce(self.source, [{"key": f"k{n % 97}", "value": f"v{n % self.different}", "timestamp": START + n}
                                         for n in range(first, first + count)])

    def counts(self, topic=None):
        """The last count of each value."""
        last = {}
        for r in self.kafka.consume(topic or self.out, hex=True):
            last[bytes.fromhex(r["key"]["hex"]).decode()] = int(r["value"]["hex"], 16)
        return last

    def state(self):
        return os.path.join(self.folder.name, "state")

    def args(self):
        return *SHORT_SESSION, "--set", f"state_dir={self.state()}"

    def run_all(self, *args):
        return self.run_to_end(self.path, *self.args(), *args)

    def assert_counts(self, records):
        self.assertEqual(self.counts(), {f"v{n}": len(range(n, records, self.different)) for n in range(self.different)})
        self.assertEqual(self.counts(f"{self.app}-counts-changelog"), self.counts())

    def setUp(self):
        super().setUp()
        self.topics()
        self.path = self.program(text=COUNT)

    def test_clean_restart(self):
        self.feed(1000)
        self.run_all()
        self.assert_counts(1000)
        self.feed(1000, 1000)
        self.run_all()
        self.assert_counts(2000)

    def test_what_is_held_back_comes_before_the_end(self):
        self.feed(1000)
        for threads in (1, 2):
            self.app += "t"
            self.run_to_end(self.program(text=TWICE), *self.args(), "--set", "commit=1h", "--set", f"threads={threads}")
            self.assertEqual({size: values for size, values in self.counts().items() if values}, {"20": 50})

    def test_restart_without_local_state(self):
        self.feed(1000)
        self.run_all()
        shutil.rmtree(self.state(), ignore_errors=True)
        self.feed(1000, 1000)
        self.run_all()
        self.assert_counts(2000)

    def test_local_copy_and_the_changelog_behind_it(self):
        self.different = 30000  # fewer are not worth a local copy
        self.feed(30000)
        self.run_all()
        self.assertTrue(any(files for _, _, files in os.walk(self.state())), "no local copy")
        running = self.start(self.path, *self.args(), "--set", "commit=100ms")
        self.feed(5000, 30000)
        self.wait_committed(*self.internal("repartition"), 35000)
        running.kill()
        self.feed(1000, 35000)
        self.run_all()
        self.assert_counts(36000)

    def kill_amid(self, fed, *args):
        """Killed once something of what was fed is out. What is committed was counted once, and the rest may be counted again."""
        running = self.start(self.path, *self.args(), *args)
        seen = sum(end for _, end in self.kafka.logs(self.out))
        self.feed(3000, fed)
        wait_for(lambda: sum(end for _, end in self.kafka.logs(self.out)) > seen, "changes")
        running.kill()
        return fed + 3000

    def assert_at_least(self, records):
        """At least once: each count is what the input says, or more by what was done again."""
        wrong = {v: n for v, n in self.counts().items() if n < len(range(int(v[1:]), records, 50))}
        self.assertEqual(wrong, {})
        self.assertEqual(len(self.counts()), 50)

    def test_killed_and_restarted(self):
        fed = 0
        for _ in range(3):
            fed = self.kill_amid(fed)
        self.run_all()
        self.assert_at_least(fed)
        self.assertEqual(self.counts(f"{self.app}-counts-changelog"), self.counts())

    def test_killed_after_a_commit(self):
        """What is committed is exact, from the local copy and the changelog behind it, or from the changelog alone."""
        fed = 0
        for local in (True, False, True):
            running = self.start(self.path, *self.args(), "--set", "commit=100ms")
            self.feed(1000, fed)
            fed += 1000
            self.wait_committed(self.source, fed)
            topic, = self.internal("repartition")
            self.wait_committed(topic, fed)
            running.kill()
            if not local:
                shutil.rmtree(self.state(), ignore_errors=True)
        self.run_all()
        self.assert_counts(fed)

    def test_two_instances_and_one_is_killed(self):
        first = self.start(self.path, *SHORT_SESSION, "--set", f"state_dir={self.state()}1", "--set", "commit=100ms")
        second = self.start(self.path, *SHORT_SESSION, "--set", f"state_dir={self.state()}2", "--set", "commit=100ms")
        self.feed(1000)
        wait_for(lambda: self.internal("repartition"), "the topics")
        topic, = self.internal("repartition")
        self.wait_committed(topic, 1000)
        second.kill()
        self.feed(1000, 1000)
        self.wait_committed(topic, 2000)
        first.stop()
        self.assert_counts(2000)

    def test_third_comes_and_goes(self):
        """State moves with its partitions, by the changelog."""
        def start(name):
            return self.start(self.path, *SHORT_SESSION, "--set", f"state_dir={self.state()}{name}", "--set", "commit=100ms")
        first, fed = start("a"), 0
        for name in "bcb":
            self.feed(1000, fed)
            fed += 1000
            other = start(name)
            self.feed(1000, fed)
            fed += 1000
            wait_for(lambda: self.internal("repartition"), "the topics")
            self.wait_committed(*self.internal("repartition"), fed)
            other.stop()
        first.stop()
        self.assert_counts(fed)


if __name__ == "__main__":
    unittest.main()
