#!/usr/bin/env python3
"""Exactly once where the broker answers errors: every request of a transaction with every kind of them, before it was done and after. What passes costs no record and
repeats none; what can't pass ends the run with its reason, and the next run goes on behind the last commit."""
# timeout: 900
import contextlib
import glob
import json
import re
import signal
import subprocess
import time
import unittest

from broker import Broker
from exactly_once_case import START, VALUES, ExactlyOnceCase
from kafka_case import wait_for
from proxy import (ADD_OFFSETS, ADD_PARTITIONS, CUT, END_TXN, FIND_COORDINATOR, HEARTBEAT, INIT_PRODUCER, JOIN_GROUP, OFFSET_COMMIT, OFFSET_FETCH, PRODUCE,
                   SYNC_GROUP, TXN_OFFSETS, Fault, Proxy)

# Kafka's numbers.
UNEXPECTED, UNKNOWN_TOPIC, NOT_LEADER, TIMED_OUT, TOO_LARGE, LOADING, NO_COORDINATOR, NOT_COORDINATOR = -1, 3, 6, 7, 10, 14, 15, 16
NOT_ENOUGH_REPLICAS, ILLEGAL_GENERATION, UNKNOWN_MEMBER, REBALANCING, TOPIC_DENIED, GROUP_DENIED, CLUSTER_DENIED = 19, 22, 25, 27, 29, 30, 31
OUT_OF_ORDER, OLD_EPOCH, INVALID_STATE, UNMAPPED_ID, INVALID_TIMEOUT, CONCURRENT, TRANSACTION_DENIED = 45, 47, 48, 49, 50, 51, 53
STORAGE, UNKNOWN_PRODUCER, FENCED_INSTANCE, UNSTABLE, INVALID_RECORD, FENCED = 56, 59, 82, 88, 87, 90

MOVES = (LOADING, NO_COORDINATOR, NOT_COORDINATOR)
LOST = (OLD_EPOCH, INVALID_STATE, UNMAPPED_ID, FENCED, UNEXPECTED)  # the producer
NOT_OURS = (ILLEGAL_GENERATION, UNKNOWN_MEMBER, REBALANCING, FENCED_INSTANCE)
# What may come of a transaction that is under way.
UNDER_WAY = {
    ADD_PARTITIONS: (*MOVES, *LOST, CONCURRENT, UNKNOWN_TOPIC, CUT),
    ADD_OFFSETS: (*MOVES, *LOST, CONCURRENT, CUT),
    TXN_OFFSETS: (*MOVES, *LOST, *NOT_OURS, TIMED_OUT, UNKNOWN_TOPIC, CUT),
    END_TXN: (*MOVES, *LOST, CONCURRENT, CUT),
    HEARTBEAT: (NOT_COORDINATOR, *NOT_OURS[:3], CUT),
    PRODUCE: (NOT_LEADER, TIMED_OUT, NOT_ENOUGH_REPLICAS, STORAGE, OUT_OF_ORDER, OLD_EPOCH, UNMAPPED_ID, UNKNOWN_PRODUCER, UNKNOWN_TOPIC, CUT),
}
# Where a run begins, or a producer anew.
AT_START = {FIND_COORDINATOR: (NO_COORDINATOR, CUT), INIT_PRODUCER: (*MOVES, CONCURRENT, FENCED, OLD_EPOCH, UNEXPECTED, CUT), OFFSET_FETCH: (LOADING, NOT_COORDINATOR, CUT),
            JOIN_GROUP: (LOADING, NOT_COORDINATOR, CUT), SYNC_GROUP: (REBALANCING, CUT)}
FINAL = [(FIND_COORDINATOR, TRANSACTION_DENIED, "Transactional Id authorization failed"), (INIT_PRODUCER, TRANSACTION_DENIED, "Transactional Id authorization failed"),
         (INIT_PRODUCER, CLUSTER_DENIED, "Cluster authorization failed"), (INIT_PRODUCER, INVALID_TIMEOUT, "Transaction timeout is larger than the maximum value"),
         (ADD_PARTITIONS, TRANSACTION_DENIED, "Transactional Id authorization failed"), (ADD_PARTITIONS, TOPIC_DENIED, "Topic authorization failed"),
         (ADD_OFFSETS, TRANSACTION_DENIED, "Transactional Id authorization failed"), (ADD_OFFSETS, GROUP_DENIED, "Group authorization failed"),
         (TXN_OFFSETS, GROUP_DENIED, "Group authorization failed"), (TXN_OFFSETS, TOPIC_DENIED, "Topic authorization failed"),
         (END_TXN, TRANSACTION_DENIED, "Transactional Id authorization failed"), (PRODUCE, TOPIC_DENIED, "Topic authorization failed"),
         (PRODUCE, TOO_LARGE, "Message size too large"), (PRODUCE, INVALID_RECORD, "Broker failed to validate record"), (OFFSET_FETCH, GROUP_DENIED, "Group authorization failed"),
         (JOIN_GROUP, GROUP_DENIED, "Group authorization failed"), (HEARTBEAT, FENCED_INSTANCE, "another process was started as instance a")]
WORTH_SAVING = 25000  # rows, in two partitions, at the end of a run
MORE_THAN_HELD = 5000  # records, of which 256 KB of outputs come
# The next heartbeat after one that was answered with an error must not go before the machine has had time for what comes of it: librdkafka sends it without its
# member id, and the group fences a named member for that.
QUICK = ("--set", "commit=20ms", "--set", "instance=a", "-X", "heartbeat.interval.ms=1000", "-X", "session.timeout.ms=6000", "-X", "fetch.wait.max.ms=10")


class BrokenTransactions(ExactlyOnceCase):
    partitions = 2

    @classmethod
    def setUpClass(cls):
        cls.proxy = Proxy()
        cls.addClassCleanup(cls.proxy.close)
        cls.broker = Broker(heap="512m", settings=f"advertised.listeners=PLAINTEXT://{cls.proxy.address}\n")
        cls.addClassCleanup(cls.broker.remove)
        cls.proxy.start(cls.broker.address)
        cls.broker.start()

    def client(self):
        return self.broker

    def setUp(self):
        super().setUp()
        self.addCleanup(self.proxy.forget)
        self.feeder = subprocess.Popen(self.kafka.command("produce", self.source), stdin=subprocess.PIPE, text=True)
        self.addCleanup(self.feeder.communicate)

    def feed(self, count=VALUES):
        for record in self.next_records(count):
            print(json.dumps(record), file=self.feeder.stdin)
        self.feeder.stdin.flush()

    def run_it(self, *faults):
        self.proxy.tell(*faults)
        self.feed()
        return self.start(self.path, *QUICK, "--set", f"state_dir={self.state('a')}", brokers=self.proxy.address)

    def wait_met(self, running):
        try:
            wait_for(lambda: not self.proxy.faults or running.process.poll() is not None, "them to be met", 90)
        except AssertionError as late:
            raise AssertionError(f"{late}: {self.proxy.faults}\n{running.err}")
        self.assertEqual((self.proxy.faults, running.process.poll()), ([], None), running.err)

    def end_well(self, running):
        self.assert_each_once()
        running.stop()
        self.assert_each_once()

    def each_under_way(self, done):
        """One after the other, in one run."""
        running = self.run_it()
        for api, errors in UNDER_WAY.items():
            for error in errors:
                self.proxy.tell(Fault(api, error, done))
                self.feed()
                self.wait_met(running)
        self.feed()
        self.end_well(running)

    def test_not_done(self):
        self.each_under_way(False)

    def test_done_and_not_known(self):
        self.each_under_way(True)

    @contextlib.contextmanager
    def held_commit(self):
        """Records are fed, and their commit gets no answer until the end."""
        with self.proxy.hold(END_TXN):
            self.feed()
            wait_for(lambda: self.proxy.waiting, "a commit")
            yield

    def taken(self, running):
        return sum(int(n) for n in re.findall(r"weir_process_records_total.*records.* (\d+)\n", self.get(running, "/metrics")[1]))

    def take_more(self, running, records):
        before = self.taken(running)
        self.feed(records)
        wait_for(lambda: self.taken(running) >= before + records, "more to be taken")

    def take_during_a_commit(self, running, records):
        """RECORDS more are taken while the commit of those before waits for its answer."""
        with self.held_commit():
            self.take_more(running, records)
            self.assertTrue(self.proxy.waiting)

    def test_beside_a_commit(self):
        """What is taken while a commit is under way counts with the next one, however that commit ends."""
        running = self.start_http(self.path, *QUICK, brokers=self.proxy.address)
        for faults in ((), *((Fault(END_TXN, error, done),) for error in (NOT_COORDINATOR, OLD_EPOCH, FENCED, CUT) for done in (False, True))):
            with self.subTest(faults):
                self.proxy.tell(*faults)
                self.take_during_a_commit(running, VALUES * 4)
                self.assert_each_once()
        self.end_well(running)

    def test_more_beside_a_commit_than_is_held(self):
        """The worker waits for the commit then, and all counts with the next one."""
        running = self.start_http(self.path, *QUICK, brokers=self.proxy.address)
        with self.held_commit():
            before = self.taken(running)
            self.feed(MORE_THAN_HELD)
            wait_for(lambda: self.taken(running) > before and self.stands_still(running), "the worker to wait")
            self.assertLess(self.taken(running), before + MORE_THAN_HELD)
        self.end_well(running)

    def stands_still(self, running):
        before = self.taken(running)
        time.sleep(0.5)
        return self.taken(running) == before

    def test_too_large_beside_a_commit(self):
        """A record that Kafka does not take is a bad one, not a reason to begin again and again."""
        running = self.start_http(self.path, *QUICK, "--set", "bad_records=skip", "-X", "message.max.bytes=4000", brokers=self.proxy.address)
        with self.held_commit():
            print(json.dumps({"key": "k", "value": "v" * 5000, "timestamp": START}), file=self.feeder.stdin)
            self.feed()
        running.says("larger than message.max.bytes allows")
        self.end_well(running)
        self.assertNotIn("taken back", running.err)

    def test_topic_deleted_beside_a_commit(self):
        """What was to be sent to it behind the commit has nowhere to go: the run says so, and goes on when there is one of that name."""
        running = self.start_http(self.path, *QUICK, "-X", "topic.metadata.refresh.interval.ms=100", brokers=self.proxy.address)
        with self.held_commit():
            self.take_more(running, VALUES)
            self.kafka.delete(self.out)
        running.says(f"writing to topic {self.out}")
        self.kafka.create(self.out, self.partitions)
        wait_for(lambda: len(self.counts()) == VALUES, "what was to be sent")
        running.stop()
        for value, found in self.counts().items():
            self.assertIn(found, ([2], [1, 2]), value)

    def test_told_to_end_in_a_commit_of_which_nobody_will_hear(self):
        """The broker is lost with the answer: the run ends all the same, and the next one finds out."""
        running = self.start(self.path, *QUICK, brokers=self.proxy.address)
        with self.held_commit():
            self.broker.kill()
        running.says("lost Kafka")
        running.signal(signal.SIGTERM)
        self.assertEqual(running.end(60), 0, running.err)
        self.broker.start()
        self.end_well(self.start(self.path, *QUICK, brokers=self.proxy.address))

    def test_offsets_are_committed_in_transactions_alone(self):
        """Also where a save asks the group whose its partitions are. From a named member that it has just forgotten the group takes no other commit, and fences it for good."""
        fault = Fault(OFFSET_COMMIT, FENCED_INSTANCE, False)
        running = self.run_it(fault)
        self.kafka.produce(self.source, ({"key": "k", "value": f"row{n}", "timestamp": START} for n in range(WORTH_SAVING)))
        wait_for(lambda: sum(end for _, end in self.kafka.logs(self.out)) >= WORTH_SAVING, "all rows")
        running.stop()
        self.assertTrue(self.saved(), "nothing was saved")
        self.assertEqual(self.proxy.faults, [fault])

    def saved(self):
        """Tables of RocksDB."""
        return glob.glob(f"{self.state('a')}/**/*.sst", recursive=True)

    def test_at_the_start(self):
        running = self.run_it(*(Fault(api, error, False) for api, errors in AT_START.items() for error in errors))
        self.wait_met(running)
        self.feed()
        self.end_well(running)

    def test_final(self):
        for api, error, message in FINAL:
            with self.subTest(api=api, error=error):
                self.proxy.forget()
                running = self.run_it(*[Fault(api, error, False)] * 3)
                self.assertEqual(running.end(90), 3, running.err)
                self.assertIn(message, running.err)
        self.proxy.forget()
        self.end_well(self.run_it())


if __name__ == "__main__":
    unittest.main()
