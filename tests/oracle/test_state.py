#!/usr/bin/env python3
# timeout: 300
"""Random programs with state: weir against Kafka Streams, record by record; with the cache, and from the changelogs, row by row.

    test_state.py                          what CI runs: every shape, some variants of each, 50 seeds
    test_state.py --long MINUTES           goes on with other seeds
    test_state.py --shape NAME --seed N    one case; prints it
"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
import generate_state  # noqa: E402
import harness  # noqa: E402
from oracle import by_input, difference, last_rows, row_difference  # noqa: E402


class Run(harness.Run):
    """Every record with each change written; the last value of each row with the cache on. Where there is one input, so that its file has the
    order of the records, also over a restart in the middle, and the changelogs."""

    def compare(self, case, expected, path, lines):
        self.count(expected.topics)
        wrong = difference(expected.topics, self.weir.run(path, lines).topics)
        if wrong:
            return wrong
        keeps = len(by_input(lines)) < 2
        cached = self.weir.run(path, lines, cache="64MB", feed=not keeps)
        if not keeps:
            return self.compare_cached(case, expected, cached)
        half = len(lines) // 2
        restarted = self.weir.run(path, lines[:half], lines[half:], feed=False)
        wrong = difference(expected.topics, restarted.topics)
        if wrong:
            return f"with a restart behind record {half}: {wrong}"
        return self.compare_changelogs(case, expected, restarted, cached) or self.compare_cached(case, expected, cached)

    def compare_cached(self, case, expected, cached):
        if case.shape in generate_state.UPDATES:
            return None
        rows = last_rows(expected.topics)
        self.count(rows)
        return row_difference(rows, last_rows(cached.topics), "with the cache, topic")

    def compare_changelogs(self, case, expected, *outcomes):
        changelogs = {}
        for stage, records in expected.changelogs.items():
            name = store_of(case.described["stages"], int(stage))
            if name:
                changelogs[f"oracle-{name}-changelog"] = records
        changelogs = last_rows(changelogs)
        self.count(changelogs)
        for outcome in outcomes:
            wrong = row_difference(changelogs, last_rows({k: v for k, v in outcome.changelogs.items() if k in changelogs}), "changelog")
            if wrong:
                return wrong
        return None


def store_of(stages, stage_id):
    """The name of a stage's store: the flow that it leads to the end of, with nothing kept in between. None: it has no such name."""
    stage = stages[stage_id]
    while "flow" not in stage:
        outputs = [s for s in stages if stage["id"] in s["inputs"]]
        if len(outputs) != 1 or outputs[0]["kind"] in ("aggregate", "repartition", "as_table", "to"):
            return None
        stage = outputs[0]
    return stage["flow"]


if __name__ == "__main__":
    sys.exit(harness.main(__doc__, Run(generate_state)))
