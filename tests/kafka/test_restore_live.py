#!/usr/bin/env python3
"""Tasks go on while others of the same worker are restored: of a changelog in which somebody's transaction is open the end is waited for."""
# timeout: 600
import json
import re
import signal
import time
import unittest

from kafka_case import KafkaCase, wait_for

START = 1714557600000
OLD = 20000
TWO = """app {app} {{ processing exactly_once; threads 1 }}
stream orders from "{app}-orders" string => string
stream others from "{app}-others" string => string
table counts = orders | group by key | count
table sizes = others | group by key | count
counts | map "count " + string(value) | to "{out}"
sizes | map "size " + string(value) | to "{out}"
"""


class RestoreLive(KafkaCase):
    def setUp(self):
        super().setUp()
        for name in ("orders", "others"):
            self.kafka.create(f"{self.app}-{name}", 1)
        self.kafka.create(self.out, 1)
        self.path = self.program(text=TWO)
        self.put("orders", OLD)
        self.run_to_end(self.path, "--set", f"state_dir={self.folder.name}/old")

    def put(self, name, count):
        self.send(name, [(f"k{n}", "x", START + n) for n in range(count)])

    def run_it(self, name):
        return self.start_http(self.path, "--set", f"state_dir={self.folder.name}/{name}")

    def restored(self, running):
        return int(re.search(r"\nweir_restored_records_total (\d+)", self.get(running, "/metrics")[1])[1])

    def held(self):
        return self.kafka.held(f"{self.app}-counts-changelog")

    def not_ready_before(self, running, word):
        """Not for a moment, and so when it has been given its partitions, but does not know yet what there is to restore."""
        while (answer := self.get(running, "/readyz"))[0] == 503 and json.loads(answer[1])["status"] != word:
            pass
        self.assertEqual(answer[0], 503, answer[1])

    def test_live_task(self):
        """One task gives results, is committed and is asked while the other is restored, which then goes on."""
        self.put("orders", 3)
        with self.held():
            running = self.run_it("new")
            self.not_ready_before(running, "restoring")
            self.put("others", 5)
            wait_for(lambda: self.values()["size 1"] == 5, "results of the live task")
            self.assertEqual(self.values()["count 2"], 0)
            status, text = self.get(running, "/readyz")
            self.assertEqual((status, json.loads(text)["status"], json.loads(text)["stores"]), (503, "restoring", 1))
            self.assertIn("\nweir_restoring_stores 1\n", self.get(running, "/metrics")[1])
            self.assertEqual(self.get(running, "/stores/sizes/k4")[0], 200)
            for path in ("/stores/counts/k1", "/stores/counts"):
                status, text = self.get(running, path)
                self.assertEqual((status, json.loads(text)["status"]), (503, "restoring"))
        wait_for(lambda: self.get(running, "/readyz")[0] == 200, "the end of the restore")
        wait_for(lambda: self.values()["count 2"] == 3, "results of the restored task")
        self.assertEqual(self.get(running, "/stores/counts/k1")[0], 200)
        running.stop()

    def test_end_in_a_restore(self):
        """What was read until then is kept on disk: the next start reads the rest."""
        with self.held():
            running = self.run_it("new")
            wait_for(lambda: self.restored(running) > 16000, "most of the changelog")
            time.sleep(0.5)  # and the rest of it
            running.signal(signal.SIGTERM)
            self.assertEqual(running.end(20), 0, running.err)
        running = self.run_it("new")
        wait_for(lambda: self.get(running, "/readyz")[0] == 200, "the second start")
        self.assertLess(self.restored(running), 1000)
        self.assertEqual(self.get(running, f"/stores/counts/k{OLD - 1}")[0], 200)
        running.stop()

    def test_idle_state_is_saved(self):
        """After 30 s, although no record comes: a kill does not cost what was before."""
        running = self.run_it("new")
        self.put("orders", OLD)
        self.wait_committed(f"{self.app}-orders", 2 * OLD)
        time.sleep(35)
        running.kill()
        running = self.run_it("new")
        wait_for(lambda: self.get(running, "/readyz")[0] == 200, "the second start")
        self.assertLess(self.restored(running), 1000)
        running.stop()

    def test_a_restore_is_revoked(self):
        """Its task goes to another instance, which restores it; this one keeps what it has."""
        with self.held():
            first = self.run_it("a")
            self.put("others", 5)
            wait_for(lambda: self.values()["size 1"] == 5, "results of the live task")
            second = self.run_it("b")
            time.sleep(4)  # the group is rebalanced, with both of them
            self.put("others", 5)
            wait_for(lambda: self.values()["size 2"] == 5, "results behind the rebalance")
        for running in (first, second):
            wait_for(lambda: self.get(running, "/readyz")[0] == 200, "the end of the restore")
        self.put("orders", 3)
        wait_for(lambda: self.values()["count 2"] == 3, "results of the restored task")
        first.stop()
        second.stop()


if __name__ == "__main__":
    unittest.main()
