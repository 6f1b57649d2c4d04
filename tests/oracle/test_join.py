#!/usr/bin/env python3
# timeout: 1800
"""Random programs with joins: weir against Kafka Streams, record by record; with the cache, and over a restart, row by row.

    test_join.py                          what CI runs: every shape, some variants of each, 50 seeds
    test_join.py --long MINUTES           goes on with other seeds
    test_join.py --shape NAME --seed N    one case; prints it
"""
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
import generate_join  # noqa: E402
import harness  # noqa: E402
import test_state  # noqa: E402
from oracle import by_input  # noqa: E402


class Run(test_state.Run):
    """A global table is whole before anything else is done: its records come first. Over a restart records of several topics are compared where one
    task does all, so that they are read in order of time, and where all is tables."""

    def lines(self, case):
        return sorted(super().lines(case), key=lambda line: not is_global(line))

    def compare(self, case, expected, path, lines):
        wrong = super().compare(case, expected, path, lines)
        stages = test_state.Stages(case.described["stages"])
        if wrong or len(by_input(lines)) == 1 or case.variant % 2:  # every other program: it takes long
            return wrong
        if is_one_task(stages.all):
            lines = in_time(lines)
            return self.compare_over_restart(stages, self.oracle().run(case.text, lines), path, lines)
        return self.compare_tables(stages, expected, path, lines) if is_of_tables(stages.all) else None

    def compare_tables(self, stages, expected, path, lines):
        """Where all is tables, what their rows are in the end does not depend on which of their changes came first."""
        half = len(lines) // 2
        for cache in ("0", "64MB"):
            got = self.weir.run(path, lines[:half], lines[half:], cache=cache, feed=False)
            wrong = self.compare_rows(expected.topics, got.topics, f"in the end, with a cache of {cache} and a restart, topic",
                                      stages.merged_topics()._replace(untimed=expected.topics))
            if wrong:
                return wrong
        return None


def is_global(line):
    return json.loads(line)["topic"] in generate_join.GLOBALS


def sources(stages):
    used = {i for stage in stages for i in stage["inputs"]}
    return [s["source"] for s in stages if s["kind"] == "source" and s["id"] in used]


def is_one_task(stages):
    return not any(s["kind"] == "repartition" for s in stages) and not any("time" in source for source in sources(stages))


def is_of_tables(stages):
    return all("table" in source for source in sources(stages))


def in_time(lines):
    """Always the least time of the topics' next records. Of a time that records of several topics have, only those of one are left."""
    topic_at = {}
    queues = {}
    for line in lines:
        record = json.loads(line)
        topic, time = record["topic"], record["timestamp"]
        if not is_global(line) and topic_at.setdefault(time, topic) == topic:
            queues.setdefault(topic, []).append((time, line))
    merged = [line for line in lines if is_global(line)]
    while queues:
        topic = min(queues, key=lambda name: queues[name][0])
        merged.append(queues[topic].pop(0)[1])
        if not queues[topic]:
            del queues[topic]
    return merged


if __name__ == "__main__":
    sys.exit(harness.main(__doc__, Run(generate_join)))
