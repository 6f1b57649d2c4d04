#!/usr/bin/env python3
# timeout: 1800
"""Processor blocks and `prev`: weir against Kafka Streams' Processor API, record by record; over a restart, too, and the changelogs row by row.

    test_process.py                          what CI runs: every shape, some variants of each, 50 seeds
    test_process.py --long MINUTES           goes on with other seeds
    test_process.py --shape NAME --seed N    one case; prints it
"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
import generate_process  # noqa: E402
import harness  # noqa: E402
import test_join  # noqa: E402
import test_state  # noqa: E402
from oracle import by_input  # noqa: E402


class Run(test_state.Run):
    """Of several inputs records in just the order that they are fed in, and, where one task does all, in order of time. Timers begin anew with a restart,
    and what is in memory only is gone: such programs run through."""

    def compare(self, case, expected, path, lines):
        stages = case.described["stages"]
        if len(by_input(lines)) == 1:
            return self.compare_files(stages, expected, path, lines, 0 if forgets(stages) else len(lines) // 2)
        wrong = self.compare_records(expected, self.weir.run(path, lines))
        if wrong or not test_join.is_one_task(stages):
            return wrong
        lines = test_join.in_time(lines)
        return self.compare_files(stages, self.oracle().run(case.text, lines), path, lines, 0)

    def compare_files(self, stages, expected, path, lines, half):
        """With what is kept, and a restart behind record HALF."""
        got = self.weir.run(path, *filter(None, (lines[:half], lines[half:])), feed=False)
        logs = Changelogs(stages, expected, got)
        # What was taken back has in Kafka Streams, which the oracle makes put it again, the time of the record that failed.
        wrong = self.compare_records(expected, got) or \
            self.compare_rows(logs.expected, logs.got, "changelog", test_state.Merged(untimed=logs.expected if expected.bad else ()))
        return wrong and f"with files, a restart behind record {half}: {wrong}"


def forgets(stages):
    """Is a restart to be seen?"""
    blocks = [stage["process"] for stage in stages if "process" in stage]
    return any("every" in handler for block in blocks for handler in block["handlers"]) or \
        any("memory" in store and "no_changelog" in store for block in blocks for store in block["stores"])


class Changelogs:
    """Of both by the names of weir's topics, as far as a store of Kafka Streams' (BLOCK-STORE, or a shared STORE) can be meant by only one. Of windows and
    sessions only what is not too old: Kafka Streams logs the others as well, and doesn't find them."""

    def __init__(self, stages, expected, got):
        self.stores = {name: store for stage in stages if "process" in stage for name, store in named_stores(stage["process"])}
        self.expected, self.got = {}, {}
        for name, records in expected.changelogs.items():
            topics = [topic for topic in got.changelogs if topic.endswith(f"-{name}-changelog")]
            if len(topics) == 1:
                oldest = self.oldest(name, records)
                self.expected[topics[0]] = [r for r in records if time_of_row(r) > oldest]
                self.got[topics[0]] = [r for r in got.changelogs[topics[0]] if time_of_row(r) > oldest]

    def oldest(self, name, records):
        kept = self.stores[name].get("retention")
        return max(map(time_of_row, records)) - kept if kept else -1


def named_stores(process):
    for store in process["stores"]:
        yield store["name"] if "shared" in store else f'{process["name"]}-{store["name"]}', store


def time_of_row(record):
    """How old it is: of windows, which are all as long, the ends tell as well as the starts."""
    window = dict(record.get("window", ()))
    return int(window["end"]) if window else 0


if __name__ == "__main__":
    sys.exit(harness.main(__doc__, Run(generate_process)))
