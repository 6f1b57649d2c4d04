#!/usr/bin/env python3
"""What processor blocks and prev keep: over restarts, from changelogs alone, without a changelog, and with little memory."""
import os
import random
import unittest

from weir_case import WeirCase, record

PROGRAM = """app blocks

type Visit { page: string, seconds: int64 }
type Sum { n: int64, pages: [string] }

stream visits from "visits" string => json Visit

fn added(pages: [string], page: string) -> [string] = slice(concat(pages, [page]), greatest(0, length(pages) - 2))

process keep(Visit) -> string {
  store sums: string => Sum
  store counts: string => int64
  store minutes: string => int64 window 10s retain 1m
  store stays: string => string session 30s
  store past: string => int64 versioned 1m

  on record {
    let sum = sums[key]
    let pages = if sum != null then sum.pages else []
    sums[key] = { n: (sum?.n ?? 0) + seconds, pages: added(pages, page) }
    let start = truncate(timestamp, 10s)
    minutes[key, start] = (minutes[key, start] ?? 0) + 1
    let from = timestamp
    let to = timestamp
    let text = substr(page, 0, 8)
    for w, v in stays[key, timestamp - 2s..timestamp + 2s] {
      from = least(from, w.start)
      to = greatest(to, w.end)
      text = substr(text + v, 0, 40)
      delete stays[key, w.start..w.end]
    }
    stays[key, from..to] = text
    past[key, timestamp] = seconds
    counts[page] = (counts[page] ?? 0) + 1
    if seconds == 0 { delete sums[key] }
    emit join(sums[key]?.pages ?? ["none"], ",") + text
    emit string(past[key, timestamp - 1s] ?? -1) + " " + string(minutes[key, start - 10s] ?? -1) + " " + string(counts[page])
    if seconds == 7 {
      for k, v in sums[key..key + "5"] {
        emit k + string(v.n) + join(v.pages, "-")
        if v.n > 100 { delete sums[k] }
      }
      for t, n in minutes[key] { emit string(t) + string(n) }
      for k, t, n in minutes[start - 20s..] { if n > 1 { emit k + string(n) } }
    }
  }
TIMER
}

visits | process keep | to "kept"
visits | map { page, before: prev(page), seconds: prev(seconds) } | to "prevs"
visits | key by page | filter prev(seconds) != seconds | map seconds | to "changes"
"""
TIMER = """  every 5s stream {
    let longest = ""
    let n = 0
    for k, v in sums {
      n = n + v.n
      for page in v.pages { if length(page) > length(longest) { longest = page } }
      if v.n > 300 { delete sums[k] }
    }
    emit "timer" => longest + string(n)
    for k, w, v in stays[..timestamp - 20s] { delete stays[k, w.start..w.end] }
  }
"""
TOPICS = ("kept", "prevs", "changes")
FORGETFUL = """app forgetful

stream rows from "rows" string => int64

process sums(int64) -> int64 {
  store kept: string => int64
  store lost: string => int64 no changelog

  on record {
    kept[key] = (kept[key] ?? 0) + value
    lost[key] = (lost[key] ?? 0) + value
    emit kept[key] * 1000 + (lost[key] ?? 0)
  }
}

rows | process sums | to "sums"
"""

LATE = """app late

type Put { at: int64, keep: bool }

stream puts from "puts" string => json Put

process windows(Put) -> string {
  store w: string => int64 window 10s
  store s: string => int64 session 10s

  on record {
    let at = timestamp(at)
    w[key, at] = 1
    s[key, at..at] = 1
    emit (if w[key, at] == null then "late" else "there") + (if s[key, at..at] == null then " late" else " there")
    if !keep {
      delete w[key, at]
      delete s[key, at..at]
    }
  }
}

puts | process windows | to "out"
"""


def visits(start, end, keys):
    lines = []
    for i in range(start, end):
        r = random.Random(i)
        page = f"page-{r.randrange(keys // 2)}-{'x' * r.randrange(100)}"
        value = {"page": page, "seconds": r.randrange(30)} if r.randrange(30) else None
        lines.append(record(f"user-{r.randrange(keys)}", value, 1700000000000 + i * 20 + r.randrange(4000)))
    return "".join(lines)


class ProcessState(WeirCase):
    def append(self, name, text):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "a") as f:
            f.write(text)

    def run_program(self, folder, *flags, program="p.weir"):
        self.weir("run", "--tier", "jit", program, "-e", "--local", folder, "--set", "cache=0", *flags)

    def expect_same(self, a, b):
        for topic in TOPICS:
            self.assertEqual(self.read(f"{a}/{topic}.jsonl") == self.read(f"{b}/{topic}.jsonl"), True, f"{topic} of {a} and {b}")

    def test_in_parts(self):
        """From changelogs, and from the disk, to which little memory makes rows go."""
        self.write("p.weir", PROGRAM.replace("TIMER", ""))
        self.append("one/visits.jsonl", visits(0, 3000, 1500))
        self.run_program("one")
        for folder, memory in (("large", "1GB"), ("small", "1MB")):
            for start in range(0, 3000, 1000):
                self.append(f"{folder}/visits.jsonl", visits(start, start + 1000, 1500))
                self.run_program(folder, "--memory", memory)
            self.expect_same(folder, "one")

    def test_little_memory(self):
        self.write("p.weir", PROGRAM.replace("TIMER", TIMER))
        self.append("much/visits.jsonl", visits(0, 9000, 4000))
        self.append("little/visits.jsonl", visits(0, 9000, 4000))
        self.run_program("much", "--memory", "1GB")
        self.run_program("little", "--memory", "1MB")
        self.expect_same("little", "much")

    def test_no_changelog(self):
        self.write("f.weir", FORGETFUL)
        self.append("f/rows.jsonl", record("a", 1, 1000) + record("b", 5, 1000))
        self.run_program("f", program="f.weir")
        self.append("f/rows.jsonl", record("a", 2, 2000))
        self.run_program("f", program="f.weir")
        self.assertEqual(self.read("f/sums.jsonl"), record("a", 1001, 1000) + record("b", 5005, 1000) + record("a", 3003, 2000))
        self.assertEqual([name for name in os.listdir(self.path("f")) if "changelog" in name], ["forgetful-rows-sums-kept-changelog.jsonl"])

    def test_what_is_late_stays_late(self):
        """Also when the newest window was put and deleted between two commits, so that no row of it is anywhere."""
        self.write("l.weir", LATE)
        self.append("l/puts.jsonl", record("a", {"at": 1000, "keep": True}, 1) + record("a", {"at": 100000, "keep": False}, 2))
        self.run_program("l", program="l.weir")
        self.append("l/puts.jsonl", record("a", {"at": 2000, "keep": True}, 3) + record("a", {"at": 95000, "keep": True}, 4))
        self.run_program("l", program="l.weir")
        self.assertEqual(self.read("l/out.jsonl"), "".join(
            record("a", text, i + 1) for i, text in enumerate(["there there", "there there", "late late", "there there"])))


if __name__ == "__main__":
    unittest.main()
