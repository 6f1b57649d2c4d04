"""Random programs with state - tables, groups, aggregates, windows - and random records for them. The same seed gives the same program and records."""
import json
import random

PRELUDE = """app oracle

type Pair {{ a: string, b: int64 }}
type Sale {{ k: string, g: string?, n: int64, q: int32, x: float64, d: decimal(8, 2), s: string, o: int64?, at: timestamp }}

stream sales from "sales" {key} => json Sale{options}
stream others from "others" string => json Sale
stream maybes from "maybes" string? => json Sale?
stream words from "words" string => string
stream numbers from "numbers" string => int64
stream minutes from "minutes" windowed 10s string => int64
stream visits from "visits" windowed session string => int64
table items from "items" string => json Sale
table prices from "prices" int64 => int64
table names from "names" string => string

"""

# Expressions that cannot fail and whose results are exact, so that the order of additions does not matter.
PRODUCTIONS = {
    "int": ["n", "n", "(n + 1)", "(n * 2)", "int64(q)", "length(s)", "(o ?? 0)", "(n % 5)", "abs(n)", "(if {bool} then n else 0)", "(n - o ?? 7)"],
    "int?": ["o", "o", "nullif(n, 1)", "(o + n)"],
    "float": ["x", "x", "(x + 1.5)", "(x * 2.0)", "float64(n)"],
    "dec": ["d", "(d + 1)", "decimal(n, 8, 2)"],
    "str": ["k", "s", "s", "lower(s)", "(g ?? \"none\")", "string(n % 3)", "(k + s)"],
    "str?": ["g", "g", "nullif(s, \"a\")"],
    "bool": ["(n > 2)", "(s == \"a\")", "(o != null)", "(g == null)", "(x < 1.0)", "(n % 2 == 0)", "(q != 0)", "(d >= 1.00)", "!{bool}",
             "({bool} && {bool})", "({bool} || {bool})", "({str} == {str})", "({int} < {int})"],
    "group": ["k", "s", "s", "g", "n % 3", "string(n % 2)", "{{ a: s, b: n % 2 }}", "key", "(n > 2)", "{str}", "{int?}"],
    "undoable": ["count()", "count()", "count({int?})", "count({str?})", "sum({int})", "sum({int?})", "sum({float})", "sum({dec})", "sum(q)",
                 "collect({str})", "collect({int?})", "histogram({str})", "histogram({str?})", "round(avg({int}), 6)", "round(avg({float}), 6)",
                 "round(avg({dec}), 4)", "round(stddev({float}), 6)", "{correlation}", "(sum({int}) * 2 + count())"],
    # What is taken back leaves rounding errors: where one of both has become the same, there is no telling.
    "correlation": ["(if (stddev(x) ?? 0e0) > 1e-3 && (stddev(float64(n)) ?? 0e0) > 1e-3 then round(correlation(x, float64(n)), 6) + 0e0 else null)"],
    "any": ["min({int})", "max({float})", "min({str?})", "max({int?})", "max(at)", "min({dec})", "first({str})", "last({str})", "first({int?})", "last({str?})",
            "first(2, {str})", "last(3, {int})", "argmin({str}, {int})", "argmax({str?}, {int})", "argmax({str}, {int?})", "argmin_all({str}, {int})",
            "argmax_all(s, {int?})", "collect_set({str})", "collect_set({int?})", "count_distinct({str})", "count_distinct({str?})", "top(3, {int})",
            "top(2, {str?})", "top(2, {str}, {int})", "top(3, k, {int?})", "top_distinct(2, {int})", "top_distinct(3, {str})", "collect({{ s, n }})",
            "(max({int}) - min({int}))"],
    "time": ["tumbling {size}{grace}", "hopping {size} every {every}{grace}", "tumbling {size}", "hopping 12s every 4s{grace}", "tumbling {size}{grace}{retain}"],
    "regular": ["{time}", "{session}"],
    "window": ["{time}", "{time}", "{sliding}", "{session}"],
    "sliding": ["sliding {size}{grace}", "sliding {size}{grace}", "sliding 3s grace 1m"],
    "session": ["session {size}{grace}", "session {size}", "session 2s{grace}{retain}"],
    "size": ["5s", "10s", "30s"],
    "every": ["1s", "2s", "5s"],
    "grace": ["", " grace 1s", " grace 5s", " grace 1m"],
    "retain": [" retain 10m", " retain 3h"],
}

AGGREGATES = "aggregate {aggregates}"  # some calls, undoable or not
UNDO = "aggregate {undoables}"

# By name: flows, with {type} for a random expression of the type.
SHAPES = {
    "table": "items | to \"out\"",
    "table filter": "items | filter {bool} | to \"out\"",
    "table filter twice": "items | filter {bool} | filter {bool} | map {{ s, n }} | to \"out\"",
    "table map": "items | map {{ a: {int}, b: {str?}, c: {dec} }} | to \"out\"",
    "table map optional": "items | map {int?} | to \"out\"",
    "table let": "items | let a = {int} | filter a > 1 | map {{ a, b: {str} }} | to \"out\"",
    "table as stream": "items | filter {bool} | as stream | map {{ a: {int} }} | to \"out\"",
    "table scalars": "prices | filter value % 2 == 0 | map value * 10 | to \"even\"\nnames | map upper(value) | to \"upper\"",
    "as table": "table t = sales | as table\nt | filter {bool} | to \"out\"",
    "as table by": "table t = sales | key by {str} | as table\nt | map {{ a: {int} }} | to \"out\"",
    "as table map": "table t = sales | filter {bool} | map {{ a: {int}, b: {str?} }} | as table\nt | filter a > 1 | to \"out\"",
    "count": "table t = sales | group by key | count\nt | to \"out\"",
    "count by": "table t = sales | group by {group} | count\nt | to \"out\"",
    "count all": "table t = sales | filter {bool} | group all | count\nt | to \"out\"",
    "count words": "table t = words | expand split(value, \" \") as w | filter w != \"\" | group by lower(w) | count\nt | to \"out\"",
    "count filter": "table t = sales | group by {group} | count\nt | filter value % 2 == 0 | to \"out\"",
    "reduce": "table t = numbers | group by key | reduce (a, b) => a % 1000 * 2 - b\nt | to \"out\"",
    "reduce records": "table t = sales | group by {group} | reduce (a, b) => if a.n > b.n then a else {{ ...b, n: a.n + 1 }}\nt | to \"out\"",
    "aggregate": "table t = sales | group by {group} | aggregate {aggregates}\nt | to \"out\"",
    "aggregate key": "table t = sales | group by {group} | " + AGGREGATES + "\nt | to \"out\"",
    "aggregate all": "table t = sales | group all | " + AGGREGATES + "\nt | to \"out\"",
    "aggregate filtered": "table t = sales | filter {bool} | map {{ ...value, n: {int}, s: {str} }} | group by {group} | aggregate {aggregates} | filter a0 != null\nt | to \"out\"",
    "aggregate lets": "table t = sales | let m = {int} | let w = {str} | group by key | aggregate {{ a: sum(m), b: collect(w) where m > 1, c: max({float}) }}\nt | to \"out\"",
    "aggregate one": "table t = sales | group by {group} | aggregate {{ a: {undoable} }}\nt | to \"out\"",
    "aggregate time": "table t = sales | group by {group} | aggregate {{ last: last(at), first: first(at), n: count() where {bool} }}\nt | to \"out\"",
    "each aggregate": "table t = sales | group by {group} | aggregate {each}\nt | to \"out\"",
    "each aggregate window": "table t = sales | group by {group} | window {time} | aggregate {each}\nt | to \"out\"",
    "each aggregate session": "table t = sales | group by {group} | window {session} | aggregate {each}\nt | to \"out\"",
    "each aggregate sliding": "table t = sales | group by {group} | window {sliding} | aggregate {each}\nt | to \"out\"",
    "each aggregate table": "table t = items | group by {group} | aggregate {each_undoable}\nt | to \"out\"",
    "store memory": "table t = sales | group by {group} | aggregate {aggregates} store memory\ntable w = t | group by key | count store memory\nt | to \"t\"\nw | to \"w\"",
    "fold": "table t = sales | group by {group} | fold \"\", (acc) => acc + s\nt | to \"out\"",
    "fold record": "table t = sales | group by {group} | fold {{ n: 0, most: 0 }}, (acc) => {{ n: acc.n + 1, most: greatest(acc.most, n) }}\nt | filter n > 1 | to \"out\"",
    "table group": "table t = items | group by {group} | count\nt | to \"out\"",
    "table group aggregate": "table t = items | group by {group} | " + UNDO + "\nt | to \"out\"",
    "table group key": "table t = items | group by key | " + UNDO + "\nt | to \"out\"",
    "table group all": "table t = items | filter {bool} | map {{ ...value, n: {int} }} | group all | " + UNDO + "\nt | to \"out\"",
    "table fold": "table t = items | group by {group} | fold 0, (acc) => acc + n, undo (acc) => acc - n\nt | to \"out\"",
    "table of table": "table a = sales | group by {group} | aggregate {{ n: count(), s: max(s) ?? \"\" }}\ntable b = a | group by n % 3 | aggregate {{ groups: count(), names: collect(s) }}\nb | to \"out\"",
    "count of counts": "table a = words | group by value | count\ntable b = a | group by value | count\na | to \"a\"\nb | to \"b\"",
    "table of as table": "table a = sales | key by {str} | as table\ntable b = a | filter {bool} | group by {group} | " + UNDO + "\nb | to \"out\"\na | filter {bool} | to \"a\"",
    "table filter group": "table f = items | filter {bool}\ntable t = f | group by {group} | count\nf | to \"f\"\nt | to \"out\"",
    "two from one": "table t = sales | group by {group} | aggregate {{ n: count(), s: sum(n) }}\nt | filter n > 1 | to \"many\"\nt | map s | to \"sums\"\nsales | to \"copy\"",
    "three in a row": "table a = sales | group by {group} | aggregate {{ n: count(), s: last(s) ?? \"\" }}\ntable b = a | group by s | aggregate {{ n: count(), m: sum(n) }}\ntable c = b | filter n > 0 | group by m % 2 | aggregate {{ n: sum(n), m: collect(m) }}\nc | to \"out\"\nb | to \"b\"",
    "reduce grouped": "table a = sales | group by {group} | reduce (a, b) => if a.n > b.n then a else b\ntable b = a | filter {bool} | group by {group} | " + UNDO + "\nb | to \"out\"",
    "scalars grouped": "table a = prices | filter value > -2 | map value % 4\ntable b = a | group by value | aggregate {{ n: count(), v: sum(value) }}\nb | to \"out\"",
    "updates": "stream u = sales | group by {group} | count | as stream\nu | map {{ v: value, t: timestamp }} | to \"out\"",
    "updates grouped": "stream u = sales | group by s | aggregate {{ n: count(), x: sum(x) }} | as stream\ntable t = u | group by n | aggregate {{ c: count(), xs: collect(x) }}\nt | to \"out\"",
    "cogroup": "table t = cogroup sales by s, others by k | aggregate {{ a: count(sales), b: sum(others.n), c: collect(sales.s), d: collect(others.s) }}\nt | to \"out\"",
    "cogroup three": "table t = cogroup others by key, words by key, numbers by key | aggregate {{ a: count(others), b: last(words) ?? \"\", c: sum(numbers) }}\nt | to \"out\"",
    "cogroup window": "table t = cogroup sales by s, others by s | window {window} | aggregate {{ a: sum(sales.n), b: collect(others.s), c: count(others) }}\nt | to \"out\"",
    "cogroup one topic": "stream a = sales | filter {bool}\nstream b = sales | map {{ v: {int}, k }}\ntable t = cogroup a by s, b by k | aggregate {{ a: count(a), b: sum(b.v), c: last(a.s) ?? \"\", d: max(b.v) }}\nt | to \"out\"",
    "cogroup one topic window": "stream a = sales | filter {bool}\nstream b = sales | map {{ v: {int}, k }}\ntable t = cogroup a by s, b by k | window {window} | aggregate {{ a: count(a), b: sum(b.v), c: collect(a.s) }}\nt | to \"out\"",
    "cogroup updates": "table n = sales | group by s | count\nstream u = n | as stream | map {{ v: value }}\ntable t = cogroup u by key, others by s | aggregate {{ most: max(u.v), updates: count(u), b: sum(others.n) }}\nt | to \"out\"",
    "branches": "stream parts = sales | split {{ big: {bool}, small: {bool}, rest: else }}\nstream both = parts.big | merge parts.rest\ntable t = both | group by {group} | window {time} | count\ntable u = parts.small | group by {group} | " + AGGREGATES + "\nt | to \"t\"\nu | to \"u\"",
    "repartitioned": "table t = sales | key by s | repartition | map {{ n: {int}, s }} | group by key | aggregate {{ n: sum(n), s: collect(s) }}\ntable u = sales | group by s | window {time} | count\nt | to \"t\"\nu | to \"u\"",
    "tumbling count": "table t = sales | group by {group} | window tumbling {size}{grace} | count\nt | to \"out\"",
    "hopping count": "table t = sales | group by {group} | window hopping {size} every {every}{grace} | count\nt | to \"out\"",
    "sliding count": "table t = sales | group by {group} | window {sliding} | count\nt | to \"out\"",
    "session count": "table t = sales | group by {group} | window {session} | count\nt | to \"out\"",
    "window aggregate": "table t = sales | group by {group} | window {window} | " + AGGREGATES + "\nt | to \"out\"",
    "session aggregate": "table t = sales | group by {group} | window {session} | " + AGGREGATES + "\nt | to \"out\"",
    "sliding aggregate": "table t = sales | group by {group} | window {sliding} | " + AGGREGATES + "\nt | to \"out\"",
    "window reduce": "table t = numbers | group by key | window {window} | reduce (a, b) => a % 1000 * 3 - b\nt | to \"out\"",
    "window fold": "table t = sales | group by {group} | window {time} | fold \"\", (acc) => acc + s\nt | to \"out\"",
    "session fold": "table t = sales | group by {group} | window {session} | fold \"\", (acc) => acc + s, merge (a, b) => a + \"+\" + b\nt | to \"out\"",
    "window bounds": "table t = sales | group by s | window {window} | aggregate {{ n: count(), from: window.start, to: window.end, w: string(window), k: key }}\nt | to \"out\"",
    "window rekeyed": "table t = sales | group by s | window {time} | count\nt | as stream | map {{ n: value, start: window.start }} | key by key | to \"out\"",
    "window filter": "table t = sales | group by {group} | window {window} | count\nt | filter value > 1 | map value * 2 | to \"out\"",
    "window all": "table t = sales | group all | window {window} | " + AGGREGATES + "\nt | to \"out\"",
    "window words": "table t = words | group by value | window {window} | count\nt | to \"out\"",
    "window optional": "table t = maybes | group by key | window {time} | count\nt | to \"out\"",
    "window of windows": "table a = sales | group by s | window {time} | count\ntable b = a | group by key | aggregate {{ windows: count(), total: sum(value) }}\nb | to \"out\"\na | to \"a\"",
    "window of updates": "table a = sales | group by s | window {time} | count\ntable b = a | as stream | key by value | group by key | window {window} | count\nb | to \"out\"",
    "window grouped": "table a = sales | group by s | window {regular} | " + "aggregate {{ n: count(), g: last(g) }}" + "\ntable b = a | filter n > 0 | group by n | aggregate {{ windows: count(), gs: count(g) }}\nb | to \"out\"",
    "window grouped all": "table a = sales | group by {group} | window {regular} | count\ntable b = a | group all | aggregate {{ windows: count(), total: sum(value) }}\nb | to \"out\"",
    "window expanded": "table t = words | expand split(value, \" \") as w | group by w | window {window} | aggregate {{ n: count(), last: last(value) }}\nt | to \"out\"",
    "window of windows source": "table t = minutes | filter value > 0 | key by key | group by key | window {window} | aggregate {{ n: count(), s: sum(value) }}\nt | to \"out\"",
    "emit changes": "table t = sales | group by {group} | window {time} | " + AGGREGATES + " | emit changes\nt | to \"out\"",
    "final grouped": "table a = sales | group by s | window {regular} | aggregate {{ n: count(), x: sum(x) }} | emit final\ntable b = a | group by n | aggregate {{ c: count(), xs: sum(x) }}\nb | to \"out\"\na | to \"a\"",
    "final": "table t = sales | group by {group} | window {time} | count | emit final\nt | to \"out\"",
    "final session": "table t = sales | group by {group} | window {session} | count | emit final\nt | to \"out\"",
    "final sliding": "table t = sales | group by {group} | window {sliding} | count | emit final\nt | to \"out\"",
    "final aggregate": "table t = sales | group by {group} | window {window} | " + AGGREGATES + " | emit final\nt | to \"out\"",
    "final map": "table t = sales | group by {group} | window {window} | aggregate {{ n: count(), s: sum(n) }} | emit final | map n + s\nt | to \"out\"",
    "emit every": "table t = sales | group by {group} | " + AGGREGATES + " | emit every 5s\nt | to \"out\"",
    "emit every window": "table t = sales | group by {group} | window {window} | count | emit every 10s\nt | to \"out\"",
    "emit every table": "table t = items | filter {bool} | emit every 5s\nt | to \"out\"",
    "emit then group": "table a = sales | group by s | aggregate {{ n: count(), x: sum(x) }} | emit every 5s\ntable b = a | group by n | aggregate {{ c: count(), xs: sum(x) }}\nb | to \"out\"",
    "windowed source": "minutes | filter value > 0 | map {{ v: value, start: window.start }} | to \"out\"",
    "windowed source group": "table t = minutes | key by key | group by key | aggregate {{ n: count(), s: sum(value) }}\nt | to \"out\"\nvisits | to \"visits-out\"",
    "session source": "visits | map {{ v: value, long: window.end - window.start }} | to \"out\"",
    "several": "table a = sales | group by s | window {time} | count\ntable b = others | group by s | " + AGGREGATES + "\ntable c = items | group by s | " + UNDO
               + "\na | to \"a\"\nb | to \"b\"\nc | to \"c\"",
    "merge grouped": "stream names2 = others | map s\nstream both = words | merge names2\ntable t = both | map {{ s: value, n: length(value) }} | group by s | aggregate {{ n: sum(n) }}\nt | to \"out\"\nothers | group by s | window {session} | count | to \"w\"",
    "bad before": "table t = sales | map {{ s, v: 12 / n }} | group by s | aggregate {{ v: sum(v), c: count() }}\nt | to \"out\"",
}
OPTIONS = ["", "", "  time at", "  time at - 1h"]
KEYS = ["string", "string", "int64", "json Pair"]


class Expressions:
    def __init__(self, rng, variant=0):
        self.rng = rng
        self.variant = variant

    def each(self, calls):
        """Some of CALLS, other ones in each of five variants, with and without `where`."""
        fields = []
        for i, call in enumerate(calls[self.variant % 5::5]):
            fields.append(f"a{i}: {call}")
            if self.takes_where(call):
                fields.append(f"b{i}: {call} where {{bool}}")
        return "{{ " + ", ".join(fields) + " }}"

    @staticmethod
    def takes_where(call):
        return call.endswith(")") and not call.startswith(("(", "round"))

    def calls(self, kinds):
        """A record of some calls."""
        fields = []
        for i in range(self.rng.randint(1, 4)):
            call = self.rng.choice(PRODUCTIONS[self.rng.choice(kinds)])
            if self.takes_where(call) and self.rng.random() < 0.25:
                call += " where {bool}"
            fields.append(f"a{i}: {call}")
        return "{{ " + ", ".join(fields) + " }}"

    def fill(self, text, depth=4):
        """TEXT with each {type} replaced."""
        text = text.replace("{each}", self.each(PRODUCTIONS["undoable"] + PRODUCTIONS["any"]))
        text = text.replace("{each_undoable}", self.each(PRODUCTIONS["undoable"]))
        while "{aggregates}" in text:
            text = text.replace("{aggregates}", self.calls(["undoable", "any"]), 1)
        while "{undoables}" in text:
            text = text.replace("{undoables}", self.calls(["undoable"]), 1)
        out = text.replace("{{", "\1").replace("}}", "\2")
        while "{" in out:
            begin = out.index("{")
            end = out.index("}", begin)
            choices = PRODUCTIONS[out[begin + 1:end]]
            depth -= 0.02
            choice = self.rng.choice(choices if depth > 0 else choices[:2]).replace("{{", "\1").replace("}}", "\2")
            out = out[:begin] + choice + out[end + 1:]
        return out.replace("\1", "{").replace("\2", "}")


def program(shape, variant, _depth):
    """The text of a program."""
    rng = random.Random(f"state {shape} {variant}")
    text = PRELUDE.format(key=rng.choice(KEYS), options=rng.choice(OPTIONS))
    return text + Expressions(rng, int(variant.split(".")[0])).fill(SHAPES[shape]) + "\n"


# ---- records ----

EPOCH = 1714557600000
STEPS = [0, 0, 0, 1, 500, 1000, 2000, 5000, 9999, 10000]
GAPS = [30000, 61000, 600000, 7200000]  # longer than any retention
BACK = [1, 999, 1000, 3000, 5000, 10000, 20000, 60000, 600000]
TEXTS = ["a", "a", "b", "c", "A"]


class Records:
    def __init__(self, rng, clock):
        self.rng = rng
        self.clock = clock

    def timestamp(self):
        """Mostly forwards, with equal ones, ones that are late, and gaps."""
        self.clock += self.rng.choice(GAPS) if self.rng.random() < 0.04 else self.rng.choice(STEPS)
        return max(0, self.clock - (self.rng.choice(BACK) if self.rng.random() < 0.3 else 0))

    def optional(self, one):
        return "null" if self.rng.random() < 0.35 else one()

    def text(self):
        return json.dumps(self.rng.choice(TEXTS))

    def int64(self):
        return str(self.rng.randint(-2, 6))

    def sale(self, timestamp):
        r = self.rng
        fields = {"k": self.text(), "g": self.optional(self.text), "n": self.int64(), "q": self.int64(), "x": str(r.randint(-8, 20) / 4),
                  "d": f"{r.randint(-300, 500) / 100:.2f}", "s": self.text(), "o": self.optional(self.int64), "at": str(timestamp)}
        if r.random() < 0.03:
            fields[r.choice(list(fields))] = "[]"
        return "{" + ",".join(f'"{name}":{v}' for name, v in fields.items()) + "}"

    def value(self, topic, timestamp):
        if topic in ("sales", "others", "maybes", "items"):
            return self.sale(timestamp)
        if topic == "words":
            return json.dumps(" ".join(self.rng.choice(TEXTS) for _ in range(self.rng.randint(0, 3))))
        return self.text() if topic == "names" else self.int64()

    def gone(self, topic):
        """How likely it is that there is no value."""
        return 0.2 if topic in ("items", "prices", "names") else 0.08

    def key(self, serde):
        if serde["format"] == "json":
            return f'{{"a":{self.text()},"b":{self.rng.randint(0, 1)}}}'
        return self.int64() if serde["format"] == "int64" else self.text()

    def window(self, serde, timestamp):
        if "window" not in serde:
            return ""
        start = timestamp // 10000 * 10000
        end = start + serde["window_size"] if serde["window"] == "time" else timestamp + self.rng.choice([0, 1, 5000])
        return f',"window":{{"start":{start},"end":{end}}}'

    def record(self, topic, serde):
        r = self.rng
        timestamp = self.timestamp()
        null_key = r.random() < 0.06
        key = "null" if null_key else self.key(serde)
        value = "null" if r.random() < self.gone(topic) else self.value(topic, timestamp)
        headers = ',"headers":{"trace":' + self.text() + "}" if r.random() < 0.15 else ""
        return (f'{{"topic":"{topic}","key":{key}{"" if null_key else self.window(serde, timestamp)},"value":{value},'
                f'"timestamp":{timestamp}{headers}}}')


def records(shape, seed, described, count, kind=Records):
    """COUNT lines for the topics that the program, as described by weir, reads. Seeds that are run one after another follow one another in time."""
    rng = random.Random(f"state records {shape} {seed}")
    place = seed % 10
    make = kind(rng, EPOCH + place * 600000 if place else 0)
    stages = described["stages"]
    used = {i for stage in stages for i in stage["inputs"]}
    serdes = {stage["source"]["topics"][0]["name"]: stage["source"]["key"] for stage in stages if stage["kind"] == "source" and stage["id"] in used}
    topics = sorted(serdes)
    return [make.record(topic, serdes[topic]) for topic in (rng.choice(topics) for _ in range(count))]
