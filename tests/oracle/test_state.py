#!/usr/bin/env python3
# timeout: 1800
"""Random programs with state: weir against Kafka Streams, record by record; with the cache, and from the changelogs, row by row.

    test_state.py                          what CI runs: every shape, some variants of each, 50 seeds
    test_state.py --long MINUTES           goes on with other seeds
    test_state.py --shape NAME --seed N    one case; prints it
"""
import collections
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
import generate_state  # noqa: E402
import harness  # noqa: E402
from oracle import by_input, difference, last_rows, row_difference  # noqa: E402


# Topics where the order of changes makes a difference: to times, the order of lists, and emptied groups (see row_difference), to times, to all.
Merged = collections.namedtuple("Merged", "loose untimed other", defaults=((), (), ()))
NOTHING_MERGED = Merged()


class Run(harness.Run):
    """Every record with each change written; the last value of each row with the cache on. Where there is one input, so that its file has the
    order of the records, both over a restart in the middle, and the changelogs."""

    def compare(self, case, expected, path, lines):
        stages = Stages(case.described["stages"])
        wrong = self.compare_records(expected, self.weir.run(path, lines))
        if wrong:
            return wrong
        if len(by_input(lines)) > 1:
            cached = self.weir.run(path, lines, cache="64MB")
            return self.compare_rows(expected.topics, cached.topics, "with the cache, topic", stages.merged_topics())
        return self.compare_over_restart(stages, expected, path, lines)

    def compare_over_restart(self, stages, expected, path, lines):
        """LINES: where the files of the topics are read one after the other, or in order of time, that is their order."""
        half = len(lines) // 2
        halves = lines[:half], lines[half:]
        return self.compare_restarts(stages, expected, self.weir.run(path, *halves, feed=False),
                                     self.weir.run(path, *halves, cache="64MB", feed=False), f"with a restart behind record {half}")

    def compare_restarts(self, stages, expected, each, cached, how):
        """EACH, CACHED: what came without and with the cache."""
        changelogs = stages.changelogs(expected.changelogs)
        wrong = self.compare_records(expected, each) or \
            self.compare_rows(changelogs, each.changelogs, "changelog") or \
            self.compare_rows(expected.topics, cached.topics, "with the cache, topic", stages.merged_topics()) or \
            self.compare_rows(changelogs, cached.changelogs, "with the cache, changelog", stages.merged_changelogs())
        return wrong and f"{how}: {wrong}"

    def compare_records(self, expected, got):
        self.count(expected.topics)
        return difference(expected.topics, got.topics)

    def compare_rows(self, expected, got, where, merged=NOTHING_MERGED):
        other = merged.other
        rows = {topic: of_topic for topic, of_topic in last_rows(expected).items() if topic not in other}
        self.count(rows)
        ours = {topic: of_topic for topic, of_topic in last_rows(got).items() if topic in expected and topic not in other}
        return row_difference(rows, ours, where, merged.loose, merged.untimed)


class Stages:
    """What the stages of a program say of its topics and stores."""

    def __init__(self, stages):
        self.all = stages

    def inputs(self, stage):
        return [self.all[i] for i in stage["inputs"]]

    def before(self, stage):
        """The stage and all that lead to it."""
        return [stage] + [s for one in self.inputs(stage) for s in self.before(one)]

    def counts_updates(self, stage):
        """Does what comes of it depend on how many updates of a row there were? With the cache there may be fewer."""
        return any(self.sends_updates(s) for s in self.before(stage))

    def sends_updates(self, stage):
        kinds = [s["kind"] for s in self.before(stage)]
        session = any(s["out"]["key_serde"].get("window") == "session" for s in self.before(stage))
        if stage["kind"] == "suppress":
            return session or "every" in stage["suppress"]
        if self.is_regrouped(stage):  # what is taken back: of sessions and of what was held back, not always what was given
            return session or "suppress" in kinds
        if stage["kind"] == "join" and "suppress" in kinds:
            return True
        if stage["kind"] == "join" and stage["join"]["form"] == "lookup" and self.is_behind_cache(self.inputs(stage)[1]):
            return True
        return stage["kind"] in ("key_by", "repartition", "group", "join") and "as_stream" in kinds

    def is_behind_cache(self, table):
        """Does the cache hold back what the table's rows come of? Then what is found in it depends on when that goes on."""
        return any(s["kind"] in ("suppress", "as_stream") or self.is_regrouped(s) for s in self.before(table))

    def is_regrouped(self, stage):
        return stage["kind"] == "aggregate" and any(i["out"]["kind"] == "grouped_table" for i in self.inputs(stage))

    def takes_back(self, stage):
        """Does a table's aggregate lead to it? Of updates that the cache makes one, the groups in between see nothing, and the order is another."""
        return any(self.is_regrouped(s) for s in self.before(stage))

    def merged(self, names):
        """NAMES: stages by name."""
        return Merged(loose={name for name, stage in names.items() if self.takes_back(stage)},
                      other={name for name, stage in names.items() if self.counts_updates(stage)})

    def merged_topics(self):
        return self.merged({s["sink"]["topic"]: s for s in self.all if s["kind"] == "to"})

    def merged_changelogs(self):
        return self.merged({self.changelog(s): s for s in self.all if self.changelog(s)})

    def changelogs(self, by_stage):
        """Of Kafka Streams' records by stage, by the names of weir's topics."""
        named = {self.changelog(self.all[int(stage)]): records for stage, records in by_stage.items()}
        return {name: records for name, records in named.items() if name}

    def changelog(self, stage):
        """That of a stage's store: it has the name of the flow that it leads to the end of, with nothing kept in between. None: it has no such name."""
        while "flow" not in stage:
            outputs = [s for s in self.all if stage["id"] in s["inputs"]]
            if len(outputs) != 1 or outputs[0]["kind"] in ("aggregate", "repartition", "as_table", "to"):
                return None
            stage = outputs[0]
        return f'oracle-{stage["flow"]}-changelog'


if __name__ == "__main__":
    sys.exit(harness.main(__doc__, Run(generate_state)))
