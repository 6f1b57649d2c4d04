#!/usr/bin/env python3
"""--http on a real broker: lag by partition, and keys that another instance has."""
# timeout: 600
import http.client
import json
import re
import unittest

from kafka_case import KafkaCase, murmur2, wait_for

COUNT = """app {app}
stream orders from "{app}-orders" string => string
table counts = orders | group by key | count
counts | to "{out}"
"""
START = 1714557600000
KEYS = 40


class Http(KafkaCase):
    def run_it(self, path, name, *args):
        running = self.start_http(path, "--set", f"state_dir={self.folder.name}/{name}", *args)
        wait_for(lambda: self.get(running, "/readyz")[0] == 200, f"{name} to be ready")
        return running

    def redirected(self, running, owner, key):
        """Once the group has been asked: to whom has the key."""
        wait_for(lambda: self.get(running, f"/stores/counts/{key}")[0] == 307, "the owner to be known")
        connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=30)
        connection.request("GET", f"/stores/counts/{key}?limit=5")
        answer = connection.getresponse()
        address = f"http://127.0.0.1:{owner.port}"
        self.assertEqual(answer.getheader("Location"), f"{address}/stores/counts/{key}?limit=5")
        described = json.loads(answer.read())
        connection.close()
        self.assertEqual(described["partition"], murmur2(key.encode()) % 4)
        self.assertEqual(described["owner"], {"client": f"weir-{self.app}-http-{owner.port}", "host": "127.0.0.1", "address": address})
        self.assertEqual(json.loads(self.get(owner, f"/stores/counts/{key}")[1])["value"], 10)

    def rows(self, running):
        """({key: value}, partitions); nothing while a task is being restored, as after a rebalance."""
        status, text = self.get(running, "/stores/counts?limit=10000")
        self.assertIn(status, (200, 503), text)
        answer = json.loads(text)
        return {row["key"]: row["value"] for row in answer.get("rows", ())}, answer.get("partitions", [])

    def test_two_instances(self):
        self.kafka.create(f"{self.app}-orders", 4)
        self.kafka.create(self.out, 1)
        path = self.program(text=COUNT)
        self.send("orders", [(f"k{n % KEYS}", "x", START + n) for n in range(400)])
        a = self.run_it(path, "a", "--set", "threads=2")
        wait_for(lambda: sum(self.rows(a)[0].values()) == 400, "all rows of the first")
        self.assertEqual(self.rows(a)[1], [0, 1, 2, 3])
        b = self.run_it(path, "b")
        wait_for(lambda: len(self.rows(a)[1]) == len(self.rows(b)[1]) == 2 and sum((self.rows(a)[0] | self.rows(b)[0]).values()) == 400, "rows at both")
        here, partitions = self.rows(a)
        self.assertEqual(sorted(partitions + self.rows(b)[1]), [0, 1, 2, 3])
        for n in range(KEYS):
            key, partition = f"k{n}", murmur2(f"k{n}".encode()) % 4
            status, text = self.get(a, f"/stores/counts/{key}")
            if partition in partitions:
                self.assertEqual((status, json.loads(text)["value"]), (200, 10))
                self.assertIn(key, here)
            else:
                answer = json.loads(text)
                self.assertIn(status, (307, 404))
                self.assertEqual(answer["error"], f"key `{key}` of store `counts` is in partition {partition}, which another instance has: "
                                                  f"this one has partitions {','.join(map(str, partitions))}")
        self.redirected(a, b, next(f"k{n}" for n in range(KEYS) if murmur2(f"k{n}".encode()) % 4 not in partitions))
        missing = next(k for k in (f"m{n}" for n in range(99)) if murmur2(k.encode()) % 4 in partitions)
        self.assertEqual(self.get(a, f"/stores/counts/{missing}"), (404, f'{{"error":"store `counts` has no key `{missing}`"}}\n'))
        metrics = self.get(a, "/metrics")[1]
        lags = re.findall(r'weir_consumer_lag_records\{topic="([^"]*)",partition="(\d)"\} 0\n', metrics)
        self.assertEqual(sorted(int(p) for topic, p in lags if topic == f"{self.app}-orders"), partitions)
        b.stop()
        a.stop()

    def test_restored_is_ready(self):
        """Without its local state an instance says that it restores, and then has all rows."""
        self.kafka.create(f"{self.app}-orders", 1)
        self.kafka.create(self.out, 1)
        path = self.program(text=COUNT)
        self.send("orders", [(f"key-{n}", "x", START + n) for n in range(20000)])
        a = self.run_it(path, "a")
        self.wait_committed(f"{self.app}-orders", 20000)
        a.stop()
        b = self.run_it(path, "b")
        self.assertEqual(self.get(b, "/stores/counts/key-19999")[0], 200)
        self.assertIn("\nweir_restored_records_total 20000\n", self.get(b, "/metrics")[1])
        b.stop()


if __name__ == "__main__":
    unittest.main()
