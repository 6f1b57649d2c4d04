"""Random programs of many shapes, and random records for them. The same seed gives the same program and records."""
import json
import random

from expressions import Expressions

PRELUDE = """app oracle

enum Level {{ low, mid, high }}
type Item {{ name: string, qty: int64 }}
type Inner {{ x: int64, y: string? }}
type Row {{
  id: string, text: string, n: int64, large: int64, small: int32, ratio: float64, single: float32, price: decimal(12, 2)
  fine: decimal(20, 6), flag: bool, at: timestamp, day: date, took: duration, data: bytes, ints: [int64], tags: [string]
  counts: {{string: int64}}, level: Level, any: json, inner: Inner, items: [Item], note: string?, maybe: int64?
  discount: decimal(12, 2)?, score: float64?, ended: timestamp?, checked: bool?
}}
type Created {{ id: string, total: decimal(12, 2) }}
type Paid {{ id: string, amount: decimal(12, 2), by: string? }}
type Closed {{ id: string, reason: string? }}
union Event by kind {{ created: Created, paid: Paid, closed: Closed }}
type Line {{ name: string, qty: int64?, price: decimal(8, 2) }}

fn twice(x: int64) -> int64 = x + x

stream rows from "rows" {key} => json Row{options}
stream others from "others" {key} => json Row
stream maybes from "maybes" string? => json Row?
stream events from "events" string => json Event
stream lines from "lines" string => csv Line
stream words from "words" string => string
stream numbers from "numbers" int64 => int64
stream floats from "floats" int32 => float64
stream pairs from "pairs" json Inner => json [int64]

"""

# By name: flows, with {type} for a random expression of the type and {record} for a record of some. What is not read is left out.
SHAPES = {
    "filter": "rows | filter {bool} | to \"out\"",
    "map": "rows | map {record} | to \"out\"",
    "map wide": "rows | map {wide} | to \"out\"",
    "map scalar int64": "rows | map {int64} | to \"out\"",
    "map scalar string": "rows | map {string} | to \"out\"",
    "map scalar float64": "rows | map {float64} | to \"out\"",
    "map scalar bytes": "rows | map {bytes} | to \"out\"",
    "map optional": "rows | map {string?} | to \"out\"",
    "map list": "rows | map {ints} | to \"out\"",
    "filter map": "rows | filter {bool} | map {record} | to \"out\"",
    "filter filter": "rows | filter {bool} | filter {bool} | to \"out\"",
    "map filter map": "rows | map {{ ...value, n: {int64}, text: {string} }} | filter {bool} | map {record} | to \"out\"",
    "spread": "rows | map {{ ...value, maybe: {int64?}, note: {string?}, discount: {decimal?} }} | to \"out\"",
    "let": "rows | let a = {int64} | let b = a + {int64} | filter b > a || {bool} | map {{ a, b, c: {string} }} | to \"out\"",
    "let optional": "rows | let a = {int64?} | filter a != null | map {{ a: a + 1, b: {string?} }} | to \"out\"",
    "key by string": "rows | key by {string} | to \"out\"",
    "key by int64": "rows | key by {int64} | map {record} | to \"out\"",
    "key by record": "rows | key by {{ a: {int64}, b: {string?} }} | map {{ a: key.a, c: {decimal} }} | to \"out\"",
    "key by nullable": "rows | key by {string?} | map {record} | to \"out\"",
    "key by null": "rows | key by null | map {record} | to \"out\"",
    "key by timestamp": "rows | key by {timestamp} | to \"out\"",
    "key by decimal": "rows | key by {decimal} | map {{ k: key, a: {int32} }} | to \"out\"",
    "read key": "rows | map {{ k: key, a: {int64} }} | to \"out\"",
    "metadata": "rows | map {{ timestamp, topic, trace: headers[\"trace\"], offset, a: {bool} }} | to \"out\"",
    "expand": "rows | expand {list} as tag | map {{ tag, a: {int64} }} | to \"out\"",
    "expand items": "rows | expand items as item | key by item.name | map {{ q: item.qty * 2, a: {string} }} | to \"out\"",
    "expand zip": "rows | expand zip({list}, {ints}) as (a, b) | map {{ a, b, c: {bool} }} | to \"out\"",
    "expand twice": "rows | expand {ints} as a | expand {list} as b | filter a > 0 | map {{ a, b }} | to \"out\"",
    "merge": "rows | merge others | map {record} | to \"out\"",
    "merge mapped": "stream a = rows | map {{ v: {int64}, s: {string?} }}\nstream b = others | map {{ v: {int64}, s: {string?} }}\n"
                    "a | merge b | filter v != 3 | to \"out\"",
    "merge itself": "stream a = rows | filter {bool}\nrows | merge a | map {{ v: {decimal} }} | to \"out\"",
    "split": "stream parts = rows | split {{ a: {bool}, b: {bool}, rest: else }}\nparts.a | map {record} | to \"a\"\n"
             "parts.b | map {int64} | to \"b\"\nparts.rest | to \"rest\"",
    "split no else": "stream parts = rows | split {{ a: {bool}, b: {bool} }}\nparts.a | map {string} | to \"a\"\nparts.b | to \"b\"",
    "split merge": "stream parts = rows | map {{ v: {int64} }} | split {{ a: v > 0, b: else }}\n"
                   "parts.a | merge parts.b | map v | to \"out\"",
    "fan out": "rows | to \"copy\"\nrows | filter {bool} | map {record} | to \"out\"\nrows | key by {string} | map {int32} | to \"keyed\"",
    "fan out shared": "stream a = rows | map {{ v: {int64}, w: {string}, d: {decimal} }}\na | filter v > 0 | map w | to \"w\"\n"
                      "a | key by w | map d | to \"d\"\na | to \"all\"",
    "route": "rows | map {{ kind: string(level), a: {int64} }} | to (\"out-\" + kind)",
    "route if": "rows | to (if {bool} then \"yes\" else \"no\")",
    "headers": "rows | map {record} | to \"out\" headers {{ trace: {string?}, added: {string}, gone: null }}".replace("{record}", "{{ ...value }}"),
    "sink time": "rows | to \"out\" time @2024-01-01T00:00:00Z + abs({duration} % 30d)",
    "sink serdes": "rows | key by id | map {int64} | to \"out\" string => json int64",
    "sink csv": "rows | map {{ name: {string}, qty: {int64?}, price: decimal(price % 1000, 8, 2) }} | to \"out\" {keyname} => csv Line",
    "peek": "rows | peek {string} | map {record} | to \"out\"",
    "repartition": "rows | repartition | map {record} | to \"out\"",
    "repartition by": "rows | map {{ a: {string}, b: {int64?} }} | repartition by a | filter length(a) < 9 | map {{ a, b, k: key }} | to \"out\"",
    "repartition twice": "rows | map {{ a: {int64}, b: {string} }} | repartition 3 by a | to \"first\"\n"
                         "rows | map {{ c: {int64} }} | key by c | repartition | map {{ d: 1000 / c }} | to \"second\"",
    "repartition fails later": "rows | map {{ a: {int64} }} | repartition by a % 3 | map {{ d: 100 / (a % 5) }} | to \"out\"\nrows | map n | to \"n\"",
    "optional serdes": "maybes | filter value == null || value.n > 2 | to \"out\"\nmaybes | map {{ k: key ?? \"none\", n: value?.n }} | to \"n\"",
    "optional map": "maybes | map value?.note | to \"out\"\nmaybes | filter value != null | map {{ n: value.n, s: value.text }} | to \"some\"",
    "union is": "events | filter value is paid | map {{ id, amount, by: by ?? \"?\" }} | to \"paid\"\nevents | filter !(value is closed) | to \"open\"",
    "union match": "events | map match value {{ created c => c.total, paid p => 0.0 - p.amount, else => 0.0 }} | to \"sums\"\n"
                   "events | key by value.kind | map match value {{ created c => c.id, paid p => p.by ?? p.id, closed => \"closed\" }} | to \"names\"",
    "union split": "stream parts = events | split {{ a: value is created, b: value is paid, c: else }}\nparts.a | map {{ t: match value {{ created c => c.total, else => 0.0 }} }} | to \"a\"\n"
                   "parts.b | to \"b\"\nparts.c | to \"c\"",
    "csv": "lines | filter price > 1.00 | map {{ name: upper(name), total: price * (qty ?? 1) }} | to \"out\"\nlines | to \"copy\"",
    "words": "words | expand split(value, \" \") as w | filter w != \"\" | key by lower(w) | map length(w) | to \"out\"",
    "scalars": "numbers | filter value % 2 == 0 | map value * value | to \"squares\"\nnumbers | key by string(value) | to \"named\"\n"
               "floats | map round(value, 2) | to \"rounded\"\nfloats | key by value | map key > 1e0 | to \"keyed\"",
    "record keys": "pairs | map {{ x: key.x, y: key.y, s: sum(value) }} | to \"out\"\npairs | expand value as v | key by {{ v, y: key.y }} | map v | to \"each\"",
    "several inputs": "stream a = rows | map {{ s: {string} }}\nstream b = words | map {{ s: value }}\na | to \"a\"\nb | to \"b\"\n"
                      "numbers | map {{ s: string(value) }} | to \"c\"\nevents | map {{ s: value.kind }} | to \"d\"",
    "two ways": "stream a = rows | filter {bool} | map {{ k: {string}, v: {int64} }}\na | key by k | map v | to \"one\"\n"
                "a | repartition by v | map {{ k, again: key }} | to \"two\"\nothers | map {record} | to \"three\"",
    "tombstones": "rows | map null | to \"gone\"\nrows | filter {bool} | map null | to \"some\"\nrows | to \"copy\"",
    "never": "stream parts = rows | split {{ a: n == n || {bool}, b: {bool} }}\nparts.a | map {record} | to \"a\"\nparts.b | to \"b\"\n"
             "rows | filter {bool} | filter false | to \"c\"",
    "source pattern": "stream logs from /logs-.*/ string => json {{ n: int64, s: string? }}\nlogs | filter n > 0 | map {{ topic, n: n * 2, s }} | to \"out\"",
    "repartition of tombstones": "rows | repartition by key | let k = key | map {{ k, a: {int64} }} | to \"out\"\nrows | key by headers[\"trace\"] | repartition | to \"copy\"",
    "merge of three": "stream a = rows | map {string}\nstream b = others | filter {bool} | map {string}\nstream c = events | map value.kind\n"
                      "stream d = a | merge b\nd | to \"two\"\nc | merge words | key by value | map length(value) | to \"lengths\"",
    "null checks": "rows | filter note != null && maybe > 0 | map {{ a: length(note), b: maybe + {int64}, c: checked == true }} | to \"out\"",
    "nested": "rows | map {{ deep: {{ a: {int64}, more: {{ b: {string?}, c: {ints} }} }}, list: map(items, i => {{ name: i.name, double: i.qty * 2 }}) }} | filter deep.a != 1 | map {{ x: deep.more.b, y: list }} | to \"out\"",
    "json values": "rows | map {{ any, got: json_get(any, \"a[1]\"), text: string(any), made: to_json({ints}), parsed: try parse_json({string}) }} | to \"out\"",
    "functions": "fn grade(x: float64, best: int64) -> string = if x >= 90.0 then \"A\" else if x > float64(best) then \"B\" else \"C\"\n"
                 "fn safe(x: int64?, y: int64) -> int64 = (x ?? y) * 2\nrows | map {{ g: grade({float64}, {int64}), s: safe({int64?}, {int64}), t: twice(twice({int64})) }} | to \"out\"",
    "longer": "rows | filter {bool} | let a = {decimal} | map {{ ...value, price: a }} | filter price != 0.00 | expand tags as tag | key by tag | map {{ tag, price, x: {string} }} | to \"out\"",
}
# Events in time that records carry, for the shapes that read rows.
OPTIONS = ["", "", "  time at", "  time at - 1h", "  time timestamp + 5m"]
KEYS = ["string", "string", "string", "int64", "string?", "json Inner"]


def program(shape, variant, depth):
    """The text of a program."""
    rng = random.Random(f"program {shape} {variant} {depth}")
    expressions = Expressions(rng)
    key = rng.choice(KEYS)
    flows = SHAPES[shape].replace("{keyname}", key)
    for name, count in (("{record}", (2, 5)), ("{wide}", (12, 20))):
        while name in flows:
            text, _ = expressions.record(rng.randint(*count), depth)
            flows = flows.replace(name, text.replace("{", "{{").replace("}", "}}"), 1)
    return PRELUDE.format(key=key, options=rng.choice(OPTIONS)) + expressions.fill(flows, depth) + "\n"


# ---- records ----

TEXTS = ["", "a", "b", "ab", "a,b", "ab c", "Hello World", "한글", "é", "ß", "😀", "x😀y", "12", "-7", "3.50", "  pad ", "\n", "a\"b\\", "ǅ",
         "I", "aXb1c22", "2024-05-01T10:00:00Z", "mid", "\u0000", "\u2028", "ﬁ", "zzz" * 20]
INTS = [0, 1, 2, 3, -1, -5, 7, 10, 42, 100, 1000, 2**31 - 1, -2**31, 2**53 + 1, 2**63 - 1, -2**63]
FLOATS = ["0.0", "1.0", "-1.5", "0.1", "2.5", "1e-7", "1.5e300", "123456.789", "-0.0", "1e22", "5e-324", "0.30000000000000004", "3", "1e16"]
DECIMALS = ["0.00", "1.00", "-3.50", "19.99", "0.01", "1234567890.12", "-9999999999.99", "9999999999.99", "2", "1e3", "0.5", "10.10"]
BAD = ["\"text\"", "5", "true", "null", "[]", "{}", "1.5", "1e400", "-1", "\"\"", "99999999999999999999", "[null]", "{\"x\":\"y\"}"]
EPOCH = 1714557600000


class Records:
    def __init__(self, rng):
        self.rng = rng
        self.clock = EPOCH

    def text(self):
        return json.dumps(self.rng.choice(TEXTS), ensure_ascii=self.rng.random() < 0.3)

    def int64(self):
        return str(self.rng.choice(INTS) if self.rng.random() < 0.3 else self.rng.randint(-5, 20))

    def int32(self):
        return str(self.rng.choice(INTS[:13]))

    def float64(self):
        return self.rng.choice(FLOATS) if self.rng.random() < 0.7 else repr(self.rng.uniform(-1000, 1000))

    def single(self):
        return self.rng.choice(["0.1", "1.5", "-2.25", "16777216.0", "3.4e38", "1e-40", "0"])

    def decimal(self):
        return self.rng.choice(DECIMALS)

    def fine(self):
        return self.rng.choice(["0.000001", "3.141592", "-12345678901234.567890", "2.5", "0"])

    def time(self):
        if self.rng.random() < 0.15:
            return json.dumps(self.rng.choice(["2024-05-01T10:00:00Z", "1969-12-31T23:59:59.999Z", "2024-02-29T23:30:00+09:00",
                                               "2024-03-10T02:30:00-05:00"]))
        return str(self.rng.choice([0, -1, EPOCH, 253402300800000, EPOCH + self.rng.randint(-10**9, 10**9)]))

    def list_of(self, one, most=4):
        return "[" + ",".join(one() for _ in range(self.rng.randint(0, most))) + "]"

    def map_of(self, one):
        keys = self.rng.sample(["a", "b", "k", "한", "", "12"], self.rng.randint(0, 4))
        return "{" + ",".join(json.dumps(k) + ":" + one() for k in keys) + "}"

    def optional(self, one):
        return "null" if self.rng.random() < 0.4 else one()

    def inner(self):
        return f'{{"x":{self.int64()},"y":{self.optional(self.text)}}}'

    def item(self):
        return f'{{"name":{self.text()},"qty":{self.rng.randint(0, 9)}}}'

    def row(self):
        r = self.rng
        fields = {
            "id": self.text(), "text": self.text(), "n": self.int64(), "large": self.int64(), "small": self.int32(),
            "ratio": self.float64(), "single": self.single(), "price": self.decimal(), "fine": self.fine(),
            "flag": r.choice(["true", "false"]), "at": self.time(),
            "day": json.dumps(r.choice(["2024-05-01", "1969-12-31", "2024-02-29", "0001-01-01", "9999-12-31"])),
            "took": str(r.choice([0, 1, -1, 1500, 90000, 3600000, 86400000, 10**12])),
            "data": json.dumps(r.choice(["", "YQ==", "AP8Q", "7ZWc"])), "ints": self.list_of(self.int64),
            "tags": self.list_of(self.text), "counts": self.map_of(self.int64),
            "level": json.dumps(r.choice(["low", "mid", "high"])),
            "any": r.choice(["null", "1", "\"x\"", "{\"a\":[1,2.50]}", "[true]", "1e400"]), "inner": self.inner(),
            "items": self.list_of(self.item), "note": self.optional(self.text), "maybe": self.optional(self.int64),
            "discount": self.optional(self.decimal), "score": self.optional(self.float64), "ended": self.optional(self.time),
            "checked": self.optional(lambda: r.choice(["true", "false"])),
        }
        return self.object(fields)

    def object(self, fields):
        """With now and then a wrong value, a missing or an unknown field, or another order."""
        r = self.rng
        if r.random() < 0.15:
            fields[r.choice(list(fields))] = r.choice(BAD)
        if r.random() < 0.1:
            del fields[r.choice(list(fields))]
        if r.random() < 0.2:
            fields["unknown"] = r.choice(BAD)
        names = list(fields)
        if r.random() < 0.2:
            r.shuffle(names)
        return "{" + ",".join(f"{json.dumps(n)}:{fields[n]}" for n in names) + "}"

    def event(self):
        kind = self.rng.choice(["created", "paid", "closed", "closed", "unknown"])
        fields = {"kind": json.dumps(kind), "id": self.text()}
        if kind == "created":
            fields["total"] = self.decimal()
        if kind == "paid":
            fields.update(amount=self.decimal(), by=self.optional(self.text))
        return self.object(fields)

    def line(self):
        r = self.rng
        return json.dumps(",".join([r.choice(["a", "", "\"a,b\"", "\"q\"\"q\"", "한글"]), r.choice(["", "1", "-5", "x", "9223372036854775807"]),
                                    r.choice(["1.00", "0.5", "123456.78", "", "1"])][:r.choice([3, 3, 3, 3, 2])]))

    VALUES = {"rows": row, "others": row, "maybes": row, "events": event, "lines": line, "words": text, "numbers": int64,
              "floats": float64, "pairs": lambda self: self.list_of(self.int64),
              "logs-a": lambda self: self.object({"n": self.int64(), "s": self.optional(self.text)})}

    def key(self, serde):
        if serde.endswith("?"):
            serde = serde[:-1]
        one = {"string": self.text, "int64": self.int64, "int32": self.int32, "json Inner": self.inner}[serde]
        return one()

    def timestamp(self):
        """Mostly forwards, with equal ones and ones that are late."""
        self.clock += self.rng.choice([0, 0, 1, 10, 1000, 60000])
        return self.clock - (self.rng.choice([1, 500, 3600000]) if self.rng.random() < 0.2 else 0)

    def record(self, topic, key_serde):
        r = self.rng
        key = "null" if r.random() < 0.12 else self.key(key_serde)
        value = "null" if r.random() < 0.12 else self.VALUES[topic](self)
        parts = [f'"topic":"{topic}"', f'"key":{key}', f'"value":{value}', f'"timestamp":{self.timestamp()}']
        if r.random() < 0.2:
            parts.append('"headers":{"trace":' + self.text() + (',"other":"é"' if r.random() < 0.5 else "") + "}")
        return "{" + ",".join(parts) + "}"


def records(shape, seed, described, count):
    """COUNT lines for the topics that the program, as described by weir, reads."""
    rng = random.Random(f"records {shape} {seed}")
    make = Records(rng)
    stages = described["stages"]
    used = {i for stage in stages for i in stage["inputs"]}
    serdes = {}
    for stage in stages:
        if stage["kind"] == "source" and stage["id"] in used:
            key = stage["source"]["key"]
            serdes[stage["source"]["topics"][0].get("name", "logs-a")] = "json Inner" if key["format"] == "json" else key["format"]
    topics = sorted(serdes)
    return [make.record(topic, serdes[topic]) for topic in (rng.choice(topics) for _ in range(count))]
