"""Random programs with joins, and random records for them. The same seed gives the same program and records."""
import random

import generate_state
from generate_state import EPOCH, Expressions

PRELUDE = """app oracle

type Pair {{ a: string, b: int64 }}
type Sale {{ k: string, g: string?, n: int64, q: int32, x: float64, d: decimal(8, 2), s: string, o: int64?, at: timestamp }}

stream sales from "sales" {key} => json Sale{options}
stream others from "others" {key} => json Sale
stream texts from "texts" string => json Sale
stream maybes from "maybes" string? => json Sale?
stream perhaps from "perhaps" string? => json Sale
stream words from "words" string => string
stream numbers from "numbers" string => int64
stream minutes from "minutes" windowed 10s string => int64
stream visits from "visits" windowed session string => int64
table items from "items" {key} => json Sale
table stocks from "stocks" {key} => json Sale
table owners from "owners" string => json Sale
table prices from "prices" int64 => int64
table names from "names" string => string
table pairs from "pairs" json Pair => json Sale
table taxes from "taxes" string => int64  versioned {history}
table terms from "terms" string => json Sale  versioned {history}
global table rates from "rates" string => int64
global table goods from "goods" int64 => json Sale

"""

generate_state.PRODUCTIONS.update({
    "near": ["within 5s{grace}", "within 10s{grace}", "within 1ms{grace}", "within 0s{grace}", "within 30s{grace}", "within 10s"],
    "skewed": ["before 5s after 1s{grace}", "before 0s after 10s{grace}", "before 10s after 0s{grace}", "before 1s after 30s{grace}", "within 5s before 1ms{grace}",
               "within 1s after 20s{grace}"],
    "kind": ["", "left "],
    "wait": [" grace 1s", " grace 5s", " grace 10s", " grace 1ms"],
    "seen": ["o?.n", "o?.s", "o?.g", "(o?.n ?? 0)", "(o?.s ?? \"none\")"],
})

# What a record of the left side (Sale) makes of the right one, `o`, also Sale; where one may be missing.
BOTH = "map {{ n, s, a: {int}, m: o.n, w: o.s, t: timestamp }}"
LEFT = "map {{ n, s, a: {str}, m: o?.n, w: o?.s, t: timestamp }}"
OUTER = "map {{ n: {left}?.n, s: {left}?.s, m: o?.n, w: o?.s, t: timestamp }}"
TABLE_BOTH = "map {{ n, s, a: {int}, m: o.n, w: o.s }}"
TABLE_LEFT = "map {{ n, s, a: {str}, m: o?.n, w: o?.s }}"
TABLE_OUTER = "map {{ n: {left}?.n, s: {left}?.s, m: o?.n, w: o?.s }}"
UNDO = "aggregate {undoables}"


def outer(left, text=OUTER):
    return text.replace("{left}", left)


# By name: flows, with {type} for a random expression of the type.
SHAPES = {
    # streams
    "streams": f"sales | join others as o {{near}} | {BOTH} | to \"out\"",
    "streams left": f"sales | left join others as o {{near}} | {LEFT} | to \"out\"",
    "streams outer": f"sales | outer join others as o {{near}} | {outer('sales')} | to \"out\"",
    "streams skewed": f"sales | join others as o {{skewed}} | {BOTH} | to \"out\"",
    "streams skewed left": f"sales | left join others as o {{skewed}} | {LEFT} | to \"out\"",
    "streams skewed outer": f"sales | outer join others as o {{skewed}} | {outer('sales')} | to \"out\"",
    "streams self": f"sales | join sales as o {{near}} | {BOTH} | to \"out\"",
    "streams self left": f"sales | left join sales as o {{skewed}} | {LEFT} | to \"out\"",
    "streams self outer": f"stream a = sales | filter {{bool}}\na | outer join sales as o {{skewed}} | {outer('a')} | to \"out\"",
}
OPTIONS = ["", "", "  time at", "  time at - 1h"]
KEYS = ["string", "string", "int64", "json Pair"]
HISTORIES = ["10s", "1m", "10m"]


def program(shape, variant, _depth):
    """The text of a program."""
    rng = random.Random(f"join {shape} {variant}")
    text = PRELUDE.format(key=rng.choice(KEYS), options=rng.choice(OPTIONS), history=rng.choice(HISTORIES))
    return text + Expressions(rng, int(variant.split(".")[0])).fill(SHAPES[shape]) + "\n"


# ---- records ----

TABLES = {"items", "stocks", "owners", "prices", "names", "pairs", "taxes", "terms", "rates", "goods"}
SALES = {"sales", "others", "texts", "maybes", "perhaps", "items", "stocks", "owners", "pairs", "terms", "goods"}


class Records(generate_state.Records):
    def value(self, topic, timestamp):
        if topic in SALES:
            return self.sale(timestamp)
        return self.text() if topic in ("names", "words") else self.int64()

    def gone(self, topic):
        """How likely it is that there is no value."""
        return 0.2 if topic in TABLES else 0.08


def records(shape, seed, described, count):
    """As those of generate_state."""
    return generate_state.records(shape, seed, described, count, Records)
