"""Programs with processor blocks and `prev`, with random expressions, and random records for them. The same seed gives the same program and records."""
import glob
import os
import random
import re

import generate_state
from generate_state import Expressions

PRELUDE = """app oracle

type Pair {{ a: string, b: int64 }}
type Sale {{ k: string, g: string?, n: int64, q: int32, x: float64, d: decimal(8, 2), s: string, o: int64?, at: timestamp }}
type Span {{ from: timestamp, to: timestamp, n: int64 }}

stream sales from "sales" string => json Sale{options}
stream others from "others" string => json Sale
stream maybes from "maybes" string? => json Sale?
stream words from "words" string => string
stream numbers from "numbers" int64 => int64
table items from "items" string => json Sale

fn before(t: timestamp, d: duration) -> timestamp = if t < from_millis(0) + d then from_millis(0) else t - d

"""

generate_state.PRODUCTIONS.update({
    "store": ["", " memory"],
    "span": ["1s", "5s", "10s", "1m"],
    "retention": ["", " retain 30s", " retain 2m", " retain 1h"],
    "timer": ["1s", "3s", "10s", "1m", "7777ms"],
})

# By name: blocks and flows, with $type for a random expression of the type ($typeq: an optional one).
SHAPES = {}
for path in sorted(glob.glob(os.path.join(os.path.dirname(os.path.abspath(__file__)), "process", "*.shape"))):
    with open(path) as f:
        SHAPES[os.path.basename(path)[:-len(".shape")].replace("_", " ")] = f.read()

OPTIONS = ["", "", "  time at", "  time at - 1h"]


def program(shape, variant, _depth):
    """The text of a program."""
    rng = random.Random(f"process {shape} {variant}")
    text = SHAPES[shape].replace("{", "{{").replace("}", "}}")
    text = re.sub(r"\$(\w+)", lambda name: "{" + re.sub("q$", "?", name.group(1)) + "}", text)
    return PRELUDE.format(options=rng.choice(OPTIONS)) + Expressions(rng).fill(text)


class Records(generate_state.Records):
    def text(self):
        return f'"{self.rng.choice("aaabbcA")}"'


def records(shape, seed, described, count):
    """As those of generate_state."""
    return generate_state.records(shape, seed, described, count, Records)
