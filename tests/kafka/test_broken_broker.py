#!/usr/bin/env python3
"""Brokers that answer errors, are slow or away (librdkafka's mock cluster): nothing is lost, and what can't pass is said."""
# timeout: 600
import os
import subprocess
import time
import unittest

from broker import Client
from kafka_case import KafkaCase, wait_for

# Kafka's numbers.
PRODUCE, FETCH, LIST_OFFSETS, OFFSET_COMMIT, OFFSET_FETCH, FIND_COORDINATOR, JOIN_GROUP, HEARTBEAT = 0, 1, 2, 8, 9, 10, 11, 12
UNKNOWN_TOPIC, NOT_LEADER, TIMED_OUT, LOADING, NO_COORDINATOR, NOT_COORDINATOR = 3, 6, 7, 14, 15, 16
NOT_ENOUGH_REPLICAS, ILLEGAL_GENERATION, UNKNOWN_MEMBER, REBALANCING, TOPIC_DENIED, GROUP_DENIED = 19, 22, 25, 27, 29, 30
PASSING = [(PRODUCE, NOT_LEADER), (PRODUCE, TIMED_OUT), (PRODUCE, NOT_ENOUGH_REPLICAS), (FETCH, NOT_LEADER), (FETCH, UNKNOWN_TOPIC), (LIST_OFFSETS, NOT_LEADER),
           (OFFSET_COMMIT, LOADING), (OFFSET_COMMIT, NOT_COORDINATOR), (OFFSET_COMMIT, TIMED_OUT), (OFFSET_FETCH, LOADING), (OFFSET_FETCH, NOT_COORDINATOR),
           (FIND_COORDINATOR, NO_COORDINATOR), (JOIN_GROUP, LOADING), (JOIN_GROUP, NOT_COORDINATOR)]
# The group begins anew; the mock cluster waits for who was in it before until its session is over.
REJOINING = [(HEARTBEAT, REBALANCING), (HEARTBEAT, UNKNOWN_MEMBER), (OFFSET_COMMIT, ILLEGAL_GENERATION), (OFFSET_COMMIT, REBALANCING)]
QUICK = ("--set", "commit=10ms", "-X", "heartbeat.interval.ms=100", "-X", "session.timeout.ms=6000", "-X", "fetch.wait.max.ms=10")
COUNT = 300
TOTALS = """app {app}
stream records from {source}
table counts = records | group by key | count
counts | map string(value) | to "{out}"
"""


RATED = """app {app}
stream records from {source}
global table rates from "{app}-rates" string => string
records | left join rates as r on key == r.key | map value | to "{out}"
"""


class Mock(Client):
    """It does not know the request for a group's members, which weir makes with --http or copies: librdkafka uses memory that it has freed then, and stands still."""

    def __init__(self):
        tool = os.path.join(os.environ["WEIR_BUILD"], "tests", "mock_tool")
        self.process = subprocess.Popen([tool], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        super().__init__(self.process.stdout.readline().strip())

    def tell(self, *words):
        print(*words, file=self.process.stdin, flush=True)
        if self.process.stdout.readline() != "ok\n":
            raise RuntimeError(f"mock_tool: {words}")

    def close(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


class BrokenBroker(KafkaCase):
    def setUp(self):
        super().setUp()
        self.kafka = Mock()
        self.addCleanup(self.kafka.close)
        for topic in (self.source, self.out):
            self.kafka.tell("topic", topic, 2)
        self.path = self.program()

    def came(self, count):
        return len(self.values()) >= count

    def feed(self, first, count=COUNT):
        self.kafka.produce(self.source, self.numbered(count, first))

    def test_what_passes(self):
        self.feed(0)
        for api, error in PASSING:
            self.kafka.tell("errors", api, error, 2)
        running = self.start(self.path, *QUICK)
        wait_for(lambda: self.came(COUNT), "the records")
        for turn, (api, error) in enumerate(PASSING):
            self.kafka.tell("errors", api, error, 2)
            self.feed(COUNT + turn * 10, 10)
        wait_for(lambda: self.came(COUNT + len(PASSING) * 10), "the records that met errors")
        running.stop()
        self.assert_none_lost(COUNT + len(PASSING) * 10)

    def test_a_group_that_begins_anew(self):
        running = self.start(self.path, *QUICK)
        for turn, (api, error) in enumerate(REJOINING, 1):
            self.kafka.tell("errors", api, error, 2)
            self.feed(turn * 10 - 10, 10)
            wait_for(lambda: self.came(turn * 10), f"the records behind error {error}")
        running.stop()
        self.assert_none_lost(len(REJOINING) * 10)

    def test_brokers_that_go(self):
        running = self.start(self.path, *QUICK)
        for turn in range(4):
            self.kafka.tell("down", turn % 2 + 1)
            time.sleep(0.1)  # so long it is away
            self.kafka.tell("up", turn % 2 + 1)
            self.kafka.tell("slow", turn % 2 + 1, 20)
            self.feed(turn * 50, 50)
        wait_for(lambda: self.came(200), "the records")
        running.stop()
        self.assert_none_lost(200)

    def test_a_changelog_without_a_leader(self):
        """As on a broker that has just come back; librdkafka would not look again for 15 minutes."""
        changelog = f"{self.app}-counts-changelog"
        self.kafka.tell("topic", changelog, 2)
        self.kafka.tell("leader", changelog, 0, -1)
        self.feed(0)
        running = self.start(self.program(text=TOTALS), *QUICK, "-X", "debug=metadata")

        def met():
            """Where the changelog ends has been asked for, and that there is no leader has been seen since."""
            return f"Topic {changelog} partition 0 Leader -1" in running.err.partition("query partition leaders")[2]
        wait_for(met, "the restore")
        self.kafka.tell("leader", changelog, 0, 1)
        self.wait_committed(self.source, COUNT)
        running.stop()

    def test_a_global_table_without_a_leader(self):
        self.kafka.tell("topic", f"{self.app}-rates", 1)
        self.kafka.tell("leader", f"{self.app}-rates", 0, -1)
        self.feed(0)
        running = self.start(self.program(text=RATED), *QUICK, "-X", "debug=metadata")
        running.says("partition 0 Leader -1")
        self.kafka.tell("leader", f"{self.app}-rates", 0, 1)
        wait_for(lambda: self.came(COUNT), "results")
        running.stop()

    def test_what_does_not_pass(self):
        self.feed(0)
        for api, error, message in ((FETCH, TOPIC_DENIED, "Topic authorization failed"), (PRODUCE, TOPIC_DENIED, "Topic authorization failed"),
                                    (JOIN_GROUP, GROUP_DENIED, "Group authorization failed"), (OFFSET_COMMIT, GROUP_DENIED, "Group authorization failed")):
            with self.subTest(f"{api} {message}"):
                self.kafka.tell("errors", api, error, 30)
                running = self.start(self.path, *QUICK, "-X", f"group.id=denied-{api}")
                self.assertEqual(running.end(), 3, running.err)
                self.assertIn(message, running.err)
                self.kafka.close()
                self.setUp()
                self.feed(0)


if __name__ == "__main__":
    unittest.main()
