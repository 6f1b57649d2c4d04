#!/usr/bin/env python3
"""Processor blocks on a real broker: their state after a crash, their timers after a restart, `commit`, and timers at the end of a run."""
# timeout: 600
import os
import shutil
import time
import unittest

from kafka_case import SHORT_SESSION, KafkaCase, wait_for

START = 1714557600000
COUNTING = """
process counting(string => string) -> string {{
  store seen: string => int64{options}
  on record {{
    let n = (seen[key] ?? 0) + 1
    seen[key] = n
    emit string(n)
  }}
}}
records | process counting | to "{out}"
"""
SHARED = """
process counting(string => string) -> nothing {{
  store seen: string => int64 shared
  on record {{ seen[key] = (seen[key] ?? 0) + 1 }}
}}
process asking(string => string) -> string {{
  store seen: string => int64 shared
  on record {{ emit string(seen[key] ?? 0) }}
}}
stream questions from "{app}-questions" string => string
records | process counting
questions | process asking | to "{out}"
"""
STREAM_TIMER = """
process ticking(string => string) -> string {{
  store last: string => string
  on record {{ last[key] = value }}
  every 10s stream {{ for k, v in last {{ emit k => v + " " + string(millis(timestamp) - {start}) }} }}
}}
records | process ticking | to "{out}"
"""
WALL_TIMER = """
process ticking(string => string) -> string {{
  store ticks: string => int64
  on record {{ ticks[key] = 0 }}
  every 500ms wall {{
    for k, n in ticks {{
      ticks[k] = n + 1
      emit k => string(n + 1) + " " + string(millis(timestamp))
    }}
  }}
}}
records | process ticking | to "{out}"
"""
COMMITTING = """
process committing(string => string) -> string {{
  on record {{
    emit value
    if value == "v99" {{ commit }}
  }}
}}
records | process committing | to "{out}"
"""
# What the timer sends goes through a repartition topic, and into a table that tells at the commit.
AT_THE_END = """
process ticking(string => string) -> string => int64 {{
  store seen: string => int64 memory
  on record {{ seen[key] = 1 }}
  every 10ms wall {{ for k, _ in seen {{ emit "ticks of " + k => 1 }} }}
}}
table ticks = records | process ticking | group by key | aggregate {{ n: sum(value) }}
table again = ticks | group by n | count
again | to "{out}"
"""


class Process(KafkaCase):
    def setUp(self):
        super().setUp()
        for topic in (self.source, self.out):
            self.kafka.create(topic, 1, retention_ms=-1)

    def block(self, text, **options):
        head = "app {app}\nstream records from {source}\n"
        source = f'"{self.source}" string => string'
        return self.write((head + text).format(app=self.app, source=source, out=self.out, start=START, **options))

    def feed(self, *records):
        """(key, value, ms behind the start)"""
        self.kafka.produce(self.source, [{"key": key, "value": value, "timestamp": START + ms} for key, value, ms in records])

    def emitted(self):
        return [r["value"] for r in self.kafka.consume(self.out)]

    def args(self):
        return *SHORT_SESSION, "--set", f"state_dir={self.folder.name}/state"

    def run_and_kill(self, path, fed):
        running = self.start(path, *self.args(), "--set", "commit=100ms")
        self.wait_committed(self.source, fed)
        running.kill()

    def forget_disk(self):
        shutil.rmtree(os.path.join(self.folder.name, "state"), ignore_errors=True)

    def test_state_after_a_crash(self):
        """What is committed is there again: from the changelog alone, too."""
        path = self.block(COUNTING, options="")
        for begin in (0, 5, 10):
            self.feed(*[("a", "x", n) for n in range(begin, begin + 5)])
            self.run_and_kill(path, begin + 5)
            if begin == 5:
                self.forget_disk()
        self.assertEqual(self.emitted(), [str(n) for n in range(1, 16)])
        self.assertEqual(self.internal("changelog"), [f"{self.app}-records-counting-seen-changelog"])

    def test_no_changelog(self):
        """What was in memory only is gone with the process; what was on disk is gone with the disk."""
        path = self.block(COUNTING, options=" memory no changelog")
        for begin in (0, 2):
            self.feed(("a", "x", begin), ("a", "x", begin + 1))
            self.run_and_kill(path, begin + 2)
        self.assertEqual(self.emitted(), ["1", "2", "1", "2"])
        self.assertEqual(self.internal("changelog"), [])

    def test_no_changelog_on_disk(self):
        path = self.block(COUNTING, options=" rocksdb no changelog")
        self.feed(("a", "x", 0), ("a", "x", 1))
        self.run_to_end(path, *self.args())
        self.feed(("a", "x", 2))
        self.run_to_end(path, *self.args())
        self.forget_disk()
        self.feed(("a", "x", 3))
        self.run_to_end(path, *self.args())
        self.assertEqual(self.emitted(), ["1", "2", "3", "1"])

    def test_shared_store_after_a_crash(self):
        self.kafka.create(f"{self.app}-questions", 1, retention_ms=-1)
        path = self.block(SHARED)
        self.feed(("a", "x", 0), ("b", "x", 1), ("a", "x", 2))
        self.run_and_kill(path, 3)
        self.assertEqual(self.internal("changelog"), [f"{self.app}-seen-changelog"])
        self.send("questions", [("a", "?", START + 10), ("b", "?", START + 11), ("c", "?", START + 12)])
        self.run_to_end(path, *self.args())
        self.assertEqual(self.emitted(), ["2", "1", "0"])

    def test_stream_timer_after_a_crash(self):
        """Stream time goes on from what was committed: the first call comes by that time, or behind the first record if that is there already; the next
        at a multiple of the interval."""
        path = self.block(STREAM_TIMER)
        self.feed(("a", "x", 0), ("a", "y", 5000), ("a", "z", 12000), ("b", "u", 25000))
        self.run_and_kill(path, 4)
        before = ["x 0", "z 12000", "z 25000", "u 25000"]
        self.assertEqual(self.emitted(), before)
        self.run_to_end(path, *self.args())
        before += ["z 25000", "u 25000"]
        self.assertEqual(self.emitted(), before)
        self.feed(("a", "v", 26000), ("a", "w", 31000))
        self.run_to_end(path, *self.args())
        first, then = self.emitted()[len(before):-2], self.emitted()[-2:]
        self.assertIn(first, (["z 25000", "u 25000"], ["v 26000", "u 26000"]))
        self.assertEqual(then, ["w 31000", "u 31000"])

    def test_wall_timer_after_a_crash(self):
        path = self.block(WALL_TIMER)
        self.feed(("a", "x", 0))
        running = self.start(path, *self.args(), "--set", "commit=50ms")
        wait_for(lambda: len(self.emitted()) >= 3, "three ticks")
        running.kill()
        killed = time.time() * 1000
        first = self.ticks()
        running = self.start(path, *self.args(), "--set", "commit=50ms")
        wait_for(lambda: len(self.emitted()) >= len(first) + 2, "more ticks")
        running.stop()
        then = self.ticks()[len(first):]
        self.assertGreaterEqual(then[0][1], killed + 500)
        # A tick may have been sent without being committed.
        self.assertIn(then[0][0], (first[-1][0], first[-1][0] + 1))
        for ticks in (first, then):
            for (n, at), (next_n, next_at) in zip(ticks, ticks[1:]):
                self.assertEqual(next_n, n + 1)
                self.assertGreater(next_at, at)

    def ticks(self):
        return [tuple(map(int, value.split())) for value in self.emitted()]

    def test_commit(self):
        path = self.block(COMMITTING)
        running = self.start(path, "--set", "commit=1h")
        self.feed(*[("k", f"v{n}", n) for n in range(150)])
        self.wait_committed(self.source, 100)
        committed = sum(c for _, c, _ in self.kafka.offsets(self.app, self.source))
        running.kill()
        self.assertEqual(committed, 100)

    def test_timers_at_the_end_of_a_run(self):
        """One worker's timer sends while the other still reads: the run ends when that is read as well."""
        self.source += "2"
        self.kafka.create(self.source, 2, retention_ms=-1)
        self.kafka.produce(self.source, [{"partition": 0, "key": "a", "value": "x", "timestamp": START}] +
                           [{"partition": 1, "key": f"k{n % 7}", "value": "x", "timestamp": START + n} for n in range(200000)])
        path = self.block(AT_THE_END)
        self.run_to_end(path, "--set", "threads=2", "-X", "linger.ms=3000")
        for topic in self.internal("repartition"):
            unread = sum(end - max(committed, 0) for _, committed, end in self.kafka.offsets(self.app, topic))
            self.assertEqual(unread, 0, topic)


if __name__ == "__main__":
    unittest.main()
