"""What is written into the inputs while things break: numbered records, some of them twice."""
import json
import os
import subprocess
import threading
import time

PARTITIONS = 4
START = int(time.time()) // 3600 * 3600000  # of today: what is older than its retention goes from changelogs of windows
STEP_MS = 10  # of event time, from one number to the next
NUMBERS_A_SECOND = 300
KEYS, ITEMS, OWNERS = 40, 60, 12
TWICE = 0.02  # of the batches
TOPICS = ("numbers", "others", "items", "owners")


class Producer:
    """One process that writes a topic in order, over whatever becomes of the broker."""

    def __init__(self, kafka, topic):
        tool = os.path.join(os.environ["WEIR_BUILD"], "tests", "kafka_tool")
        self.process = subprocess.Popen([tool, kafka.address, "produce", topic], stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def write(self, records):
        for key, value, timestamp in records:
            self.process.stdin.write(json.dumps({"key": key, "value": json.dumps(value), "timestamp": timestamp}) + "\n")
        self.process.stdin.flush()

    def end(self):
        """All is on the broker."""
        said = self.process.communicate()[1]
        if self.process.returncode:
            raise RuntimeError(f"the input could not be written: {said}")


class Feed(threading.Thread):
    """Writes until it is ended. Each topic's records, (key, value, timestamp), are numbered by their n. Where librdkafka's producer gives up as the broker comes back
    (a sequence out of order), another one goes on: input is what the topics have."""

    def __init__(self, kafka, app, random):
        super().__init__()
        self.kafka, self.app, self.random = kafka, app, random
        self.numbered = dict.fromkeys(TOPICS, 0)
        self.producers = {}
        self.ending = threading.Event()
        self.given_up = 0  # producers
        self.failure = None

    def run(self):
        self.producers = {topic: Producer(self.kafka, f"{self.app}-{topic}") for topic in TOPICS}
        try:
            while not self.ending.wait(0.1):
                batch = {topic: [] for topic in TOPICS}
                for _ in range(NUMBERS_A_SECOND // 10):
                    self.draw(batch)
                for topic, records in batch.items():
                    for _ in range(2 if self.random.random() < TWICE else 1):
                        self.write(topic, records)
            for producer in self.producers.values():
                self.end_one(producer)
        except OSError as why:
            self.failure = why

    def end_one(self, producer):
        try:
            producer.end()
        except RuntimeError:
            self.given_up += 1

    def write(self, topic, records):
        try:
            self.producers[topic].write(records)
        except BrokenPipeError:
            self.producers[topic].process.communicate()
            self.producers[topic] = Producer(self.kafka, f"{self.app}-{topic}")
            self.given_up += 1

    def draw(self, batch):
        """A number, and sometimes others beside it; some of them are late."""
        draw = self.random
        now = START + STEP_MS * self.numbered["numbers"]
        self.add(batch, "numbers", f"k{draw.randrange(KEYS)}", now - draw.choice((0, 0, 0, 500, 3000, 14000)), v=draw.randrange(1000))
        if draw.random() < 0.5:
            self.add(batch, "others", f"k{draw.randrange(KEYS)}", now - draw.randrange(1000), v=0)
        if draw.random() < 0.1:
            self.add(batch, "items", f"i{draw.randrange(ITEMS)}", now, owner=f"o{draw.randrange(OWNERS)}")
        if draw.random() < 0.05:
            self.add(batch, "owners", f"o{draw.randrange(OWNERS)}", now, v=0)

    def add(self, batch, topic, key, timestamp, **value):
        batch[topic].append((key, {"n": self.numbered[topic], **value}, timestamp))
        self.numbered[topic] += 1

    def end(self):
        self.ending.set()
        self.join()
        if self.failure:
            raise self.failure

    def give_up(self):
        """Whether or not there is a broker."""
        self.ending.set()
        for producer in self.producers.values():
            producer.process.kill()
        self.join()
