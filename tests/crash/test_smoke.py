#!/usr/bin/env python3
"""Kafka's SmokeTestDriver drives smoke.weir, by three instances that are killed and stopped while it writes, and verifies what comes of its records."""
# timeout: 600
import os
import subprocess
import sys
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tests", "kafka"))
from broker import Broker, fetch_jars  # noqa: E402
from kafka_case import SHORT_SESSION, KafkaCase  # noqa: E402

JARS = os.path.join(ROOT, ".cache", "smoke")
TOPICS = ("data", "echo", "max", "min", "min-suppressed", "min-raw", "dif", "sum", "sws-raw", "sws-suppressed", "cnt", "avg", "tagg", "fk")
PARTITIONS = 4
WRITING_SECONDS = 40


class Smoke(KafkaCase):
    def client(self):
        own = Broker(heap="512m")
        self.addCleanup(own.remove)
        return own.start()

    def instance(self, name):
        return self.start(os.path.join(HERE, "smoke.weir"), *SHORT_SESSION, "-X", "transaction.timeout.ms=3000", "--set",
                          f"state_dir={self.folder.name}/{name}")

    def drive(self):
        """The driver, which writes until it is told to verify."""
        return subprocess.Popen(["java", "-Xmx512m", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", f"{JARS}/*",
                                 os.path.join(HERE, "Smoke.java"), self.kafka.address, str(WRITING_SECONDS)],
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def test_driver(self):
        fetch_jars(os.path.join(HERE, "pom.xml"), JARS)
        for topic in TOPICS:
            self.kafka.create(topic, PARTITIONS, retention_ms=-1)
        running = [self.instance(n) for n in range(3)]
        driver = self.drive()
        self.addCleanup(driver.kill)
        for n in range(9):
            time.sleep(4)
            if n % 2:
                running[n % 3].stop()
            else:
                running[n % 3].kill()
            running[n % 3] = self.instance(n % 3)
        said = driver.communicate(timeout=400)[0]
        self.assertEqual(driver.returncode, 0, said[-8000:])
        self.assertTrue("ALL-RECORDS-DELIVERED" in said, said[-8000:])
        self.assertTrue(said.endswith("SUCCESS\n"), said[-8000:])
        for r in running:
            r.stop()


if __name__ == "__main__":
    unittest.main()
