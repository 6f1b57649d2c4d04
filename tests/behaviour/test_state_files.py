#!/usr/bin/env python3
"""State with topics as files: a run that was interrupted, however it was, and goes on gives what one run gives."""
# timeout: 600
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import time
import unittest

from weir_case import WEIR, WeirCase, record

SHOP = """app shop

stream sales from "sales" string => json { region: string, amount: int64 } partitions 3

table totals = sales | group by region | aggregate { n: count(), total: sum(amount), most: max(amount) }
totals | to "totals"

table minutes = sales | group by region | window tumbling 1m grace 10s | count
minutes | to "minutes"

table visits = sales | group by key | window session 30s | aggregate { n: count() }
visits | to "visits"

table ranks = totals | map { band: n / 10, total } | group by band | aggregate { regions: count(), total: sum(total) }
ranks | to "ranks"
"""
FINAL = """app closing

stream sales from "sales" string => json { region: string, amount: int64 }

sales | group by region | window tumbling 20s | count | emit final | to "closed"
"""
BOTH = """app both

stream sales from "sales" string => json { n: int64 }
stream clicks from "clicks" string => json { n: int64 }

table minutes = cogroup sales by key, clicks by key | window tumbling 10s retain 1h | aggregate { sold: sum(sales.n), clicks: count(clicks) }
minutes | to "minutes"
"""
LOOKUP = """app lookup

table regions from "regions" string => json { size: int64 }
regions | group by string(size) | count | to "sizes"
"""
TOPICS = ("totals", "minutes", "visits", "ranks")


def sales(start, end, jitter=8000):
    """Records START to END of an endless input, out of order by JITTER ms."""
    lines = []
    for i in range(start, end):
        r = random.Random(i)
        lines.append(record(f"k{r.randrange(20)}", {"region": f"r{r.randrange(40)}", "amount": r.randrange(1000)}, 1700000000000 + i * 300 + r.randrange(jitter)))
    return "".join(lines)


class StateFiles(WeirCase):
    def append(self, name, text):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "a") as f:
            f.write(text)

    def last(self, name):
        """The last value of each key and window; a group that everybody has left is as if it had never been."""
        found = {}
        for line in self.read(name).splitlines():
            r = json.loads(line)
            if "compacted" in r:  # the first line of a changelog that was made shorter
                continue
            found[json.dumps([r["key"], r.get("window")])] = r["value"]
        return {key: value for key, value in found.items() if value is not None and value != {"regions": 0, "total": 0}}

    def run_shop(self, folder, *flags, code=0):
        return self.weir("run", "shop.weir", "-e", "--local", folder, *flags, code=code)[1]

    def whole(self, count):
        """What one run makes of the first COUNT records."""
        self.write("shop.weir", SHOP)
        self.append("whole/sales.jsonl", sales(0, count))
        self.run_shop("whole")
        return {topic: self.last(f"whole/{topic}.jsonl") for topic in TOPICS}

    def expect(self, folder, wanted):
        for topic in TOPICS:
            self.assertEqual(self.last(f"{folder}/{topic}.jsonl"), wanted[topic], topic)

    def expect_at_least(self, folder, wanted):
        """What came out behind the last commit and never is again when it is done over: nothing takes that session, or that band, back."""
        for topic in TOPICS:
            found = self.last(f"{folder}/{topic}.jsonl")
            self.assertEqual({key: found.get(key) for key in wanted[topic]}, wanted[topic], topic)

    def test_in_parts(self):
        wanted = self.whole(900)
        for cache in ("0", "64MB"):
            folder, at = f"parts{cache}", 0
            for end in (1, 7, 400, 401, 900):
                self.append(f"{folder}/sales.jsonl", sales(at, end))
                self.assertEqual(self.run_shop(folder, "--set", f"cache={cache}"), "")
                at = end
            self.expect(folder, wanted)

    def test_every_change_comes_out_once(self):
        """Without a cache the outputs of a run in parts are, byte for byte, those of one run."""
        self.write("shop.weir", SHOP)
        self.append("one/sales.jsonl", sales(0, 600, 1))
        self.run_shop("one", "--set", "cache=0")
        for start in range(0, 600, 150):
            self.append("four/sales.jsonl", sales(start, start + 150, 1))
            self.run_shop("four", "--set", "cache=0")
        for topic in TOPICS:
            self.assertEqual(self.read(f"four/{topic}.jsonl"), self.read(f"one/{topic}.jsonl"), topic)

    def test_late_records(self):
        """What comes too late for its window does so after a restart, too, whether the run before it ended or was killed."""
        self.write("shop.weir", SHOP.replace(" partitions 3", "") + FINAL[FINAL.index("sales |"):])
        lines = sales(0, 900, 60000).splitlines(keepends=True)
        self.append("one/sales.jsonl", "".join(lines))
        self.assertRegex(self.run_shop("one", "--set", "cache=0"), r"\d{3} records dropped: too late for a window")
        for start in range(0, 900, 150):
            self.append("parts/sales.jsonl", "".join(lines[start:start + 150]))
            self.run_shop("parts", "--set", "cache=0")
            self.append("killed/sales.jsonl", "".join(lines[start:start + 150]))
            self.kill_when_committed("killed", start + 150)
        for topic in (*TOPICS, "closed"):
            self.assertEqual(self.read(f"parts/{topic}.jsonl"), self.read(f"one/{topic}.jsonl"), topic)
            self.assertEqual(self.read(f"killed/{topic}.jsonl"), self.read(f"one/{topic}.jsonl"), topic)

    def test_late_records_of_a_cogroup(self):
        """Each input has a time of its own, after a restart, too."""
        self.write("both.weir", BOTH)
        for folder, parts in (("one", ((0, 6),)), ("parts", ((0, 2), (2, 4), (4, 6)))):
            for start, end in parts:
                for topic, seconds in (("sales", (60, 61, 45, 62, 3, 63)), ("clicks", (1, 2, 25, 3, 26, 27))):
                    self.append(f"{folder}/{topic}.jsonl", "".join(record("a", {"n": 1}, 1700000000000 + s * 1000) for s in seconds[start:end]))
                self.weir("run", "both.weir", "-e", "--local", folder, "--set", "cache=0")
        self.assertEqual(self.last("parts/minutes.jsonl"), self.last("one/minutes.jsonl"))

    def kill_when_committed(self, folder, count):
        process = subprocess.Popen([WEIR, "run", "shop.weir", "--local", folder, "--set", "commit=5ms", "--set", "cache=0"], cwd=self.folder, stderr=subprocess.DEVNULL)
        try:
            deadline = time.monotonic() + 60
            while f" {count} " not in (self.read(f"{folder}/.weir/shop/offsets") if self.exists(f"{folder}/.weir/shop/offsets") else ""):
                self.assertLess(time.monotonic(), deadline, "no commit")
                time.sleep(0.005)
        finally:
            process.kill()
            process.wait()

    def test_killed(self):
        """SIGKILL at any moment: state is what the input says, exactly. (What was written after the last commit comes out again.)"""
        wanted = self.whole(6000)
        for i in range(12):
            self.append("killed/sales.jsonl", sales(i * 500, i * 500 + 500))
            process = subprocess.Popen([WEIR, "run", "shop.weir", "--local", "killed", "--set", "commit=5ms", "--set", "cache=" + ("0" if i % 2 else "64MB")],
                                       cwd=self.folder, stderr=subprocess.DEVNULL)
            time.sleep(random.random() * 0.15)
            process.kill()
            process.wait()
        self.run_shop("killed")
        for topic in TOPICS[:3]:
            self.assertEqual(self.last_of_changelog("killed", topic), wanted[topic], topic)
        self.expect_at_least("killed", wanted)

    def last_of_changelog(self, folder, store):
        return self.last(f"{folder}/shop-{store}-changelog.jsonl")

    def test_damaged_and_removed_state(self):
        """A database that was cut, overwritten or removed is restored from the changelog."""
        wanted = self.whole(14000)
        for i, harm in enumerate((lambda path: os.truncate(path, os.path.getsize(path) // 2), lambda path: open(path, "wb").write(b"nonsense"), os.remove)):
            folder = f"harm{i}"
            self.append(f"{folder}/sales.jsonl", sales(0, 13000))
            self.run_shop(folder, "--set", "memory=100KB")
            state = self.path(f"{folder}/.weir/shop")
            files = [os.path.join(where, name) for where, _, names in os.walk(state) for name in names if where != state]
            self.assertTrue(files)
            for path in files:
                harm(path)
            self.append(f"{folder}/sales.jsonl", sales(13000, 14000))
            self.run_shop(folder)
            self.expect(folder, wanted)

    def test_disk_full(self):
        """A file that cannot grow ends the run with 3; the next run goes on with what was committed."""
        wanted = self.whole(3000)
        self.append("full/sales.jsonl", sales(0, 1500))
        self.run_shop("full")
        self.append("full/sales.jsonl", sales(1500, 3000))
        limit = os.path.getsize(self.path("full/minutes.jsonl")) + 1000
        done = subprocess.run([WEIR, "run", "shop.weir", "-e", "--local", "full", "--set", "cache=0"], cwd=self.folder, capture_output=True, text=True, timeout=60,
                              restore_signals=False, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("File too large", done.stderr)
        self.run_shop("full")
        self.expect_at_least("full", wanted)

    def test_another_version_of_the_program(self):
        """What is on disk or in the changelog under another type is not taken for what it is not."""
        self.whole(50)
        self.write("shop.weir", SHOP.replace("n: count(), total: sum(amount), most", "n: count(), total: sum(amount), least: min(amount), most"))
        self.append("whole/sales.jsonl", sales(50, 60))
        err = self.run_shop("whole", code=3)
        self.assertIn("the changelog of store totals", err)
        self.assertIn("--reset starts over", err)
        self.run_shop("whole", "--reset")
        self.assertIn("least", self.read("whole/totals.jsonl"))

    def test_stages_in_front_change_no_state(self):
        """Names of stores come from the program: another stage in front of them is no other store."""
        wanted = self.whole(400)
        self.append("more/sales.jsonl", sales(0, 200))
        self.run_shop("more")
        self.write("shop.weir", SHOP.replace("table totals = sales |", "sales | filter amount > 999 | map { much: amount } | to \"much\"\n\ntable totals = sales | filter amount >= 0 |"))
        self.append("more/sales.jsonl", sales(200, 400))
        self.assertEqual(self.run_shop("more"), "")
        self.expect("more", wanted)

    def test_starting_over(self):
        wanted = self.whole(300)
        self.run_shop("whole", "--reset")
        self.expect("whole", wanted)
        for name in ("totals.jsonl", "shop-minutes-changelog.jsonl"):
            os.remove(self.path(f"whole/{name}"))
            self.assertIn(f"{name} lacks what the last run wrote: all is read from the beginning", self.run_shop("whole"))
            self.expect("whole", wanted)
        shutil.rmtree(self.path("whole/.weir"))
        self.run_shop("whole")
        self.expect("whole", wanted)

    def test_pipes_leave_no_state(self):
        self.write("shop.weir", SHOP)
        flags = ("run", "shop.weir", "-e", "--in", "sales=-", "--out", "totals=-", "--local", "t", "--set", "cache=0")
        first = self.weir(*flags, stdin=sales(0, 100))[0]
        self.assertEqual(self.weir(*flags, stdin=sales(0, 100))[0], first)
        self.assertFalse([name for name in os.listdir(self.path("t")) if "changelog" in name or name == ".weir"])

    def test_results_that_are_held_back(self):
        """What `emit final` holds back is state, too: after any number of runs, every window has come out once."""
        self.write("final.weir", FINAL)
        self.append("one/sales.jsonl", sales(0, 500))
        self.weir("run", "final.weir", "-e", "--local", "one")
        for start in range(0, 500, 100):
            self.append("five/sales.jsonl", sales(start, start + 100))
            self.weir("run", "final.weir", "-e", "--local", "five")
        self.assertGreater(len(self.read("one/closed.jsonl").splitlines()), 100)
        self.assertEqual(self.read("five/closed.jsonl"), self.read("one/closed.jsonl"))

    def test_table_source(self):
        """The file of a table is its changelog: no other is written, and rows before the position count."""
        self.write("lookup.weir", LOOKUP)
        self.append("t/regions.jsonl", record("a", {"size": 1}, 1) + record("b", {"size": 2}, 2))
        self.weir("run", "lookup.weir", "-e", "--local", "t", "--set", "cache=0")
        self.append("t/regions.jsonl", record("a", {"size": 2}, 3) + record("b", None, 4))
        self.weir("run", "lookup.weir", "-e", "--local", "t", "--set", "cache=0")
        self.assertEqual(self.last("t/sizes.jsonl"), {'["1", null]': 0, '["2", null]': 1})
        self.assertFalse(self.exists("t/lookup-regions-changelog.jsonl"))

    def test_two_runs_at_once(self):
        self.whole(10)
        before = os.path.getsize(self.path("whole/totals.jsonl"))
        process = subprocess.Popen([WEIR, "run", "shop.weir", "--local", "whole"], cwd=self.folder, stderr=subprocess.PIPE, text=True)
        try:
            self.append("whole/sales.jsonl", sales(10, 20))
            for _ in range(200):
                if os.path.getsize(self.path("whole/totals.jsonl")) > before:
                    break
                time.sleep(0.05)
            self.assertIn("another run of this app works on its state", self.run_shop("whole", code=3))
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(10), 0)
        finally:
            process.kill()
            process.communicate()


if __name__ == "__main__":
    unittest.main()
