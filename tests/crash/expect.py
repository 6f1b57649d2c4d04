"""What must have come out, computed from the input alone, and what is wrong with what did.

The input is what the topics have: a record that is there twice is two. It has an order in each partition only, and so in each key.
`missing` may still come; what is `wrong` never becomes right: something twice, out of order, or of no input."""
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict, namedtuple
from itertools import accumulate, groupby

Input = namedtuple("Input", "key value time partition")

WINDOW_MS, GRACE_MS, WITHIN_MS = 10000, 1000, 300
OUTPUTS = ("echo", "min", "sum", "windows", "final", "repartitioned", "joined", "owned")


class Findings:
    def __init__(self):
        self.missing, self.wrong = [], []

    def sequence(self, what, expected, got, merged):
        """GOT is EXPECTED, as far as it goes; MERGED: some of it left out, but not the last."""
        if not merged:
            if got != expected[:len(got)]:
                at = next((i for i, (e, g) in enumerate(zip(expected, got)) if e != g), len(expected))
                self.wrong.append(f"{what}: behind {got[max(0, at - 3):at]} came {got[at:at + 3]}, not {expected[at:at + 3]}")
            elif len(got) < len(expected):
                self.missing.append(f"{what}: {len(expected) - len(got)} of {len(expected)}, from {expected[len(got)]} on")
            return
        rest = iter(expected)
        stray = next((g for g in got if g not in rest), None)
        if stray is not None:
            self.wrong.append(f"{what}: {stray} came twice, out of order, or of no input")
        elif got[-1:] != expected[-1:]:
            self.missing.append(f"{what}: the last, {expected[-1]}; there is {got[-1:]}")

    def sequences(self, topic, expected, got, merged):
        for key in got.keys() - expected.keys():
            self.wrong.append(f"{topic} {key}: {got[key][:3]} of no input")
        for key, values in expected.items():
            self.sequence(f"{topic} {key}", values, got.get(key, []), merged)


def by_key(records):
    """{key: values in order}, of input or of what came out; flushing ones left out."""
    found = defaultdict(list)
    for key, value, *_ in records:
        if not key.startswith("flush"):
            found[key].append(value)
    return found


def follows(got, order):
    """GOT is what ORDER has, in its order, as often in a row as it likes; some of it may be left out."""
    rest = iter(order)
    return all(g in rest for g, _ in groupby(got))


class Expected:
    def __init__(self, inputs):
        """{topic: its Inputs}"""
        self.numbers, self.others = inputs["numbers"], inputs["others"]
        self.items, self.owners = by_key(inputs["items"]), by_key(inputs["owners"])
        keys = by_key(self.numbers)
        self.echo = dict(keys)
        self.min = {k: [{"n": r["n"], "v": v} for r, v in zip(rs, accumulate((r["v"] for r in rs), min))] for k, rs in keys.items()}
        self.sum = {k: [{"n": r["n"], "v": v} for r, v in zip(rs, accumulate(r["v"] for r in rs))] for k, rs in keys.items()}
        self.windows = self.count_windows()
        self.final = {window: counts[-1:] for window, counts in self.windows.items()}
        self.pairs = self.join()

    def count_windows(self):
        """What is late for its window, by the time that its partition had come to, is not counted."""
        windows, now = defaultdict(list), defaultdict(int)
        for key, value, time, partition in self.numbers:
            now[partition] = max(now[partition], time)
            start = time - time % WINDOW_MS
            if start + WINDOW_MS > now[partition] - GRACE_MS:
                window = windows[f"{key}[{start}/{start + WINDOW_MS}]"]
                window.append({"n": value["n"], "v": len(window) + 1})
        return windows

    def join(self):
        """How often each (n, n of the other or None)"""
        times = defaultdict(list)
        for key, value, time, _ in self.others:
            times[key].append((time, value["n"]))
        for of_key in times.values():
            of_key.sort()
        pairs = Counter()
        for key, value, time, _ in self.numbers:
            of_key = times[key]
            near = of_key[bisect_left(of_key, (time - WITHIN_MS,)):bisect_right(of_key, (time + WITHIN_MS + 1,))]
            pairs.update((value["n"], n) for _, n in near)
            if not near:
                pairs[value["n"], None] += 1
        return pairs

    def owned(self):
        """{item: its last n with the last of its owner}"""
        last = {key: versions[-1] for key, versions in self.items.items()}
        return {key: (v["n"], self.owners[v["owner"]][-1]["n"]) for key, v in last.items() if v["owner"] in self.owners}

    def groups(self):
        groups = defaultdict(list)
        for number in self.numbers:
            groups[str(number.value["v"] % 20)].append(number)
        return groups


def exactly_once(expected, got, merged):
    """GOT: {output: [(key, value)]}. MERGED: with a cache, changes of a row between two commits are one."""
    found = Findings()
    found.sequences("echo", expected.echo, by_key(got["echo"]), False)
    for topic in ("min", "sum", "windows"):
        found.sequences(topic, getattr(expected, topic), by_key(got[topic]), merged)
    found.sequences("final", expected.final, by_key(got["final"]), False)
    check_groups(found, expected.groups(), by_key(got["repartitioned"]), merged)
    check_pairs(found, expected, [(v["n"], v["o"]) for k, v in got["joined"] if not k.startswith("flush")])
    check_owned(found, expected, by_key(got["owned"]), merged)
    return found


def check_groups(found, groups, got, merged):
    """Numbers of several partitions meet in any order, but those of each partition in theirs."""
    for group, members in groups.items():
        rows, total = got.get(group, []), 0
        source = {number.value["n"]: number.partition for number in members}
        waiting = {p: iter([number.value for number in members if number.partition == p]) for p in source.values()}
        for count, row in enumerate([] if merged else rows, 1):
            number = next(waiting[source[row["n"]]], None) if row["n"] in source else None
            total += number["v"] if number else 0
            if not number or row != {"n": number["n"], "v": total, "count": count}:
                found.wrong.append(f"repartitioned {group}: {row} as number {count}, total {total}, of {number}")
                break
        counts = [row["count"] for row in rows]
        if counts != sorted(set(counts)) or counts[-1:] > [len(members)]:
            found.wrong.append(f"repartitioned {group}: counts are {counts[-5:]} of {len(members)}")
        elif counts[-1:] != [len(members)]:
            found.missing.append(f"repartitioned {group}: {counts[-1:]} of {len(members)} numbers")
        elif rows[-1]["v"] != sum(number.value["v"] for number in members):
            found.wrong.append(f"repartitioned {group}: a sum of {rows[-1]['v']}")


def check_pairs(found, expected, got):
    came = Counter(got)
    # As in Kafka Streams, a record that is late by more than the join's time goes on alone at once, though what it matches may still come.
    alone = Counter((number.value["n"], None) for number in expected.numbers)
    strays = came - (expected.pairs | alone)
    if strays:
        found.wrong.append(f"joined: {len(strays)} came twice or of no input: {sorted(strays, key=str)[:5]}")
    missing = expected.pairs - came
    if missing:
        found.missing.append(f"joined: {len(missing)} of {len(expected.pairs)}: {sorted(missing, key=str)[:5]}")


def check_owned(found, expected, got, merged):
    """Which versions of two tables meet is not said, but each of them once, and in their order."""
    for item, rows in got.items():
        pairs = [(row["n"], row["o"]) for row in rows if row]
        if not merged and not meet_in_order(pairs, expected.items.get(item, []), expected.owners):
            found.wrong.append(f"owned {item}: {pairs}")
    check_last(found, "owned", expected.owned(), last_owned(got))


def meet_in_order(pairs, versions, owners):
    owner_of = {version["n"]: version["owner"] for version in versions}
    owned = {owner: [version["n"] for version in owners.get(owner, [])] for owner in owner_of.values()}
    possible = Counter((version["n"], o) for version in versions for o in owned[version["owner"]])
    return (not Counter(pairs) - possible and follows([n for n, _ in pairs], [version["n"] for version in versions])
            and all(follows([o for n, o in pairs if owner_of[n] == owner], order) for owner, order in owned.items()))


def last_owned(got):
    """A row is null while its owner is not there."""
    return {item: (rows[-1]["n"], rows[-1]["o"]) for item, rows in got.items() if rows[-1]}


def check_last(found, topic, expected, got):
    for key in expected.keys() | got.keys():
        if expected.get(key) != got.get(key):
            found.missing.append(f"{topic} {key}: the last, {expected.get(key)}; there is {got.get(key)}")


def at_least_once(expected, got, _merged):
    """Every record is counted; some twice."""
    found = Findings()
    echo = by_key(got["echo"])
    for key, values in expected.echo.items():
        lost = {v["n"] for v in values} - {v["n"] for v in echo.get(key, [])}
        if lost:
            found.missing.append(f"echo {key}: {sorted(lost)[:5]}")
    check_last(found, "min", {k: v[-1]["v"] for k, v in expected.min.items()}, {k: v[-1]["v"] for k, v in by_key(got["min"]).items()})
    check_last(found, "owned", expected.owned(), last_owned(by_key(got["owned"])))
    for topic, of in (("sum", expected.sum), ("windows", expected.windows), ("final", expected.final)):
        came = by_key(got[topic])
        for key, values in of.items():
            if max((v["v"] for v in came.get(key, [])), default=0) < values[-1]["v"]:
                found.missing.append(f"{topic} {key}: {values[-1]}; there is {came.get(key, [])[-1:]}")
    groups = by_key(got["repartitioned"])
    for group, members in expected.groups().items():
        if max((row["count"] for row in groups.get(group, [])), default=0) < len(members):
            found.missing.append(f"repartitioned {group}: {groups.get(group, [])[-1:]} of {len(members)} numbers")
    lost = {p for p in expected.pairs if p[1] is not None} - {(v["n"], v["o"]) for _, v in got["joined"]}
    if lost:
        found.missing.append(f"joined: {sorted(lost)[:5]}")
    return found
