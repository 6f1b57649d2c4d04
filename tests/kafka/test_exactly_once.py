#!/usr/bin/env python3
"""Exactly once: what readers of committed records see is what the input says, whoever is killed or stopped when."""
# timeout: 900
import signal
import time
import unittest

from broker import Broker
from exactly_once_case import PROGRAM, START, ExactlyOnceCase
from kafka_case import SHORT_SESSION, wait_for


class OneInstance(ExactlyOnceCase):
    def test_to_the_end(self):
        self.feed(5000)
        for threads in (1, 2):
            self.run_to_end(self.path, "--set", f"threads={threads}")
            self.assert_each_once()
            self.feed(5000)

    def test_killed_at_any_moment(self):
        """Ten times, with a name, so that the group does not wait for the dead one."""
        for n in range(10):
            self.feed(2000)
            running = self.instance("a", "--set", "instance=a", "--set", f"threads={1 + n % 2}")
            self.pause(0.1, 1.2)
            running.kill()
        self.run_to_end(self.path, "--set", "instance=a", "--set", f"state_dir={self.state('a')}")
        self.assert_each_once()

    def test_killed_in_a_transaction_of_long_duration(self):
        """The next process of the folder ends it at once: readers need not wait for the broker to give it up."""
        self.feed(1000)
        running = self.start(self.path, *SHORT_SESSION, "--set", "commit=60s", "-X", "producer.debug=eos")
        running.says("Ready -> InTransaction")
        time.sleep(1)
        running.kill()
        self.assertEqual(self.kafka.consume(self.out + "-echo"), [])
        begun = time.monotonic()
        self.run_to_end(self.path)
        self.assert_each_once()
        self.assertLess(time.monotonic() - begun, 30, "the transaction was not ended by its successor")

    def test_stopped_for_longer_than_a_transaction(self):
        """The broker gives it up; the same process goes on behind its last commit."""
        self.feed(1000)
        running = self.start(self.path, "-X", "transaction.timeout.ms=1000", "--set", "commit=500ms")
        self.wait_committed(self.source, 1000)
        self.feed(10000)
        time.sleep(0.2)
        running.signal(signal.SIGSTOP)
        time.sleep(13)  # the broker looks every 10 s
        running.signal(signal.SIGCONT)
        self.wait_committed(self.source, self.fed)
        self.feed(1000)
        self.assert_each_once()
        running.stop()
        self.assert_each_once()


class Instances(ExactlyOnceCase):
    def test_one_killed_one_stopped(self):
        """The one that was stopped is a zombie when it goes on: what it had under way counts for nothing."""
        first, second = self.instance("a", "--set", "commit=1s"), self.instance("b")
        for _ in range(3):
            self.feed(2000)
            self.pause(0.3, 1)
        second.kill()
        self.feed(2000)
        second = self.instance("b")
        self.pause(4, 6)
        self.feed(2000)
        time.sleep(0.5)
        first.signal(signal.SIGSTOP)
        self.feed(2000)
        time.sleep(8)
        first.signal(signal.SIGCONT)
        first.says("; what was done since the last commit is taken back")
        self.feed(2000)
        self.pause(0, 1)
        first.kill()
        self.feed(2000)
        self.assert_each_once()
        second.stop()
        self.assert_each_once()

    def test_they_come_and_go(self):
        """Tasks are handed over at commits."""
        running = [self.instance("a")]
        for n in range(4):
            self.feed(3000)
            self.pause(0.5, 2)
            running.append(self.instance(f"b{n}"))
            self.feed(3000)
            self.pause(0.5, 2)
            if n % 2:
                running.pop(0).stop()
        self.assert_each_once()
        for r in running:
            r.stop()
        self.assert_each_once()


class LostBroker(ExactlyOnceCase):
    def setUp(self):
        self.own = Broker(heap="512m", controller_apart=True).start()
        self.addCleanup(self.own.remove)
        super().setUp()

    def client(self):
        return self.own

    def test_killed_and_back(self):
        """Transactions that are cut off by it are found to be taken or not, and the run goes on by itself."""
        running = self.instance("a", "--set", "threads=2", "-X", "session.timeout.ms=10000")
        for away in (0, 6):
            self.feed(3000)
            self.pause(0.5, 1.5)
            self.own.kill()
            time.sleep(away)
            self.own.start()
            self.feed(3000)
            self.wait_committed(self.source, self.fed)
        self.assert_each_once()
        running.stop()
        self.assert_each_once()


class StateOnDisk(ExactlyOnceCase):
    def test_killed_with_much_state(self):
        """It is never restored as a whole: the disk has what committed transactions wrote, and the changelog the rest."""
        rows, args = 150000, ("--set", "memory=4MB", "--set", "commit=100ms")
        self.path = self.program(text=PROGRAM.replace("group by value", "group by key"))
        self.kafka.produce(self.source, [{"key": f"k{n}", "value": "v", "timestamp": START + n} for n in range(rows)])
        running = self.instance("a", *args)
        self.wait_through(self.source)
        self.pause(0, 0.1)
        running.kill()
        self.kafka.produce(self.source, [{"key": f"k{n}", "value": "v", "timestamp": START + n} for n in range(rows)])
        for _ in range(4):
            running = self.instance("a", *args, "--set", "instance=a")
            self.pause(0.5, 1.5)
            running.kill()
            self.assertNotIn("restored", running.err)
        self.assertNotIn("restored", self.run_to_end(self.path, *args, "--set", "instance=a", "--set", f"state_dir={self.state('a')}"))
        wait_for(lambda: len(self.kafka.consume(self.out)) >= 2 * rows, "the counts")
        counts = self.counts()
        self.assertEqual([key for key, found in counts.items() if found != [1, 2]], [])
        self.assertEqual(len(counts), rows)
        elsewhere = self.run_to_end(self.path, *args, "--set", "instance=a", "--set", f"state_dir={self.state('b')}")
        self.assertIn("restored", elsewhere)


if __name__ == "__main__":
    unittest.main()
