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
})

# What a record of the left side (Sale) makes of the right one, `r`, also Sale; where one may be missing.
BOTH = "map {{ n, s, a: {int}, m: r.n, w: r.s, t: timestamp }}"
LEFT = "map {{ n, s, a: {str}, m: r?.n, w: r?.s, t: timestamp }}"
OUTER = "map {{ n: {left}?.n, s: {left}?.s, m: r?.n, w: r?.s, t: timestamp }}"
TABLE_BOTH = "map {{ n, s, a: {int}, m: r.n, w: r.s }}"
TABLE_LEFT = "map {{ n, s, a: {str}, m: r?.n, w: r?.s }}"
TABLE_OUTER = "map {{ n: {left}?.n, s: {left}?.s, m: r?.n, w: r?.s }}"
UNDO = "aggregate {undoables}"


def outer(left, text=OUTER):
    return text.replace("{left}", left)


# By name: flows, with {type} for a random expression of the type.
SHAPES = {
    # streams
    "streams": f"sales | join others as r {{near}} | {BOTH} | to \"out\"",
    "streams left": f"sales | left join others as r {{near}} | {LEFT} | to \"out\"",
    "streams outer": f"sales | outer join others as r {{near}} | {outer('sales')} | to \"out\"",
    "streams skewed": f"sales | join others as r {{skewed}} | {BOTH} | to \"out\"",
    "streams skewed left": f"sales | left join others as r {{skewed}} | {LEFT} | to \"out\"",
    "streams skewed outer": f"sales | outer join others as r {{skewed}} | {outer('sales')} | to \"out\"",
    "streams self": f"sales | join sales as r {{near}} | {BOTH} | to \"out\"",
    "streams self left": f"sales | left join sales as r {{skewed}} | {LEFT} | to \"out\"",
    "streams self outer": f"stream a = sales | filter {{bool}}\na | outer join sales as r {{skewed}} | {outer('a')} | to \"out\"",
    "streams on": f"sales | join others as r on s == r.k {{near}} | {BOTH} | to \"out\"",
    "streams on left": f"sales | left join others as r on g == r.s {{near}} | map {{{{ n, m: r?.n, key }}}} | to \"out\"",
    "streams on outer": f"sales | outer join texts as r on s == r.key {{skewed}} | {outer('sales')} | to \"out\"",
    "streams on numbers": f"sales | left join others as r on n == r.o {{near}} | {LEFT} | to \"out\"",
    "streams on pairs": "sales | join others as r on {{ a: s, b: n }} == {{ a: r.k, b: r.n }} {near} | map {{ key, d, w: r.g }} | to \"out\"",
    "streams filtered": "stream a = sales | filter {bool} | map {{ n: {int}, s, w: {str} }}\nstream b = others | filter {bool} | map {{ m: {int}, v: {str?} }}\n"
                        "a | left join b {near} | map {{ n, w, m: b?.m, v: b?.v }} | to \"out\"",
    "streams of scalars": "words | outer join numbers {near} | map {{ w: words, n: numbers, t: timestamp }} | to \"out\"",
    "streams null keys": "perhaps | left join maybes as r {near} | map {{ n, m: r?.n, key }} | to \"out\"",
    "streams null keys outer": "maybes | outer join perhaps as r {skewed} | map {{ n: maybes?.n, m: r?.n, key }} | to \"out\"",
    "streams null keys inner": "perhaps | join maybes as r {near} | map {{ n, m: r.n, key }} | to \"out\"",
    "streams lets": "sales | let a = {int} | let b = {str?} | left join others as r {near} | filter r?.n != a | map {{ a, b, n, m: r?.o }} | to \"out\"",
    "streams headers": f"sales | left join others as r {{near}} | map {{{{ n, m: r?.n, trace: headers[\"trace\"] }}}} | to \"out\"",
    "streams grouped": "table t = sales | join others as r {near} | map {{ n, s, w: r.s, m: r.n }} | group by w | aggregate {{ a: count(), b: sum(n), c: collect(m) }}\nt | to \"out\"",
    "streams left grouped": "table t = texts | left join words as r {near} | map {{ s, w: r }} | group by key | aggregate {{ a: count(), b: count(w), c: last(w) }}\nt | to \"out\"",
    "streams windowed": "table t = sales | join others as r {near} | map {{ n, w: r.s }} | group by w | window {time} | count\nt | to \"out\"",
    "streams merged": "stream a = sales | join others as r {near} | map {{ n, m: r.n }}\nstream b = sales | map {{ n, m: {int} }}\na | merge b | map {{ n, m }} | to \"out\"",
    "streams of streams": "texts | join words {near} | join numbers {near} | map {{ n, words, numbers, t: timestamp }} | to \"out\"",
    "streams of left streams": "texts | left join words {near} | left join numbers {skewed} | map {{ n, words, numbers, t: timestamp }} | to \"out\"",
    "streams of outer streams": "stream a = texts | outer join words {near} | map {{ n: texts?.n, w: words }}\na | outer join numbers as b {near} | map {{ n: a?.n, w: a?.w, b, t: timestamp }} | to \"out\"",
    "streams twice": f"sales | join others as r {{near}} | {BOTH} | to \"a\"\nsales | left join others as r {{skewed}} | {LEFT} | to \"b\"",
    "streams of tables": "stream a = sales | group by s | count | as stream | map {{ c: value }}\na | join texts as r {near} | map {{ c, n: r.n, t: timestamp }} | to \"out\"",
    "streams self on": f"sales | join sales as r on s == r.k {{near}} | {BOTH} | to \"out\"",
    "streams keyed": "stream a = sales | key by s | map {{ n, g, t: {str} }}\nstream b = others | key by k | filter {bool}\na | {kind}join b as r {near} | map {{ n, g, t, m: r?.n }} | to \"out\"",
    "streams branches": "stream parts = sales | split {{ a: {bool}, b: else }}\nparts.a | outer join parts.b as r {skewed} | map {{ n: a?.n, m: r?.n }} | to \"out\"",
    "streams bad before": "stream a = sales | map {{ v: 12 / n, s }}\na | left join others as r {near} | map {{ v, s, m: r?.n }} | to \"out\"",
    # streams and tables
    "lookup": f"sales | join items as r | {BOTH} | to \"out\"",
    "lookup left": f"sales | left join items as r | {LEFT} | to \"out\"",
    "lookup on": f"sales | join owners as r on s == r.key | {BOTH} | to \"out\"",
    "lookup on left": f"sales | left join owners as r on g == r.key | {LEFT} | to \"out\"",
    "lookup on number": f"sales | {{kind}}join prices as r on n == r.key | map {{{{ n, r, key }}}} | to \"out\"",
    "lookup null keys": "perhaps | left join owners as r | map {{ n, m: r?.n, key }} | to \"a\"\nmaybes | join owners as r | map {{ n, m: r.n }} | to \"b\"",
    "lookup filtered": "table t = items | filter {bool} | map {{ m: {int}, w: {str} }}\nsales | left join t as r | map {{ n, m: r?.m, w: r?.w }} | to \"out\"\nt | to \"t\"",
    "lookup mapped": "table t = items | let a = {int} | filter a > 1 | map {{ a, w: {str?} }}\nsales | join t as r | map {{ n, a: r.a, w: r.w }} | to \"out\"",
    "lookup optional": "table t = items | map {int?}\nsales | {kind}join t | map {{ n, t }} | to \"out\"\nt | to \"t\"",
    "lookup aggregate": "table t = others | group by s | aggregate {{ c: count(), w: last(s) ?? \"\", m: sum({int}) }}\ntexts | {kind}join t as r | map {{ n, c: r?.c, w: r?.w, m: r?.m }} | to \"out\"",
    "lookup own count": "table t = sales | group by s | count\nsales | left join t as r on s == r.key | map {{ n, r }} | to \"out\"\nt | to \"t\"",
    "lookup own rows": "table t = sales | as table\nsales | {kind}join t as r | map {{ n, m: r?.n }} | to \"out\"",
    "lookup scalars": "words | {kind}join names | filter words != \"a\" | map {{ words, names }} | to \"out\"",
    "lookup twice": "texts | left join names | join owners as r on s == r.key | map {{ n, names, m: r.n, key }} | to \"out\"",
    "lookup joined tables": "table t = items | left join stocks as r | map {{ n, m: r?.n }}\nsales | {kind}join t as r | map {{ n, a: r?.n, m: r?.m }} | to \"out\"",
    "lookup foreign": "table t = owners | join names as r on s == r.key | map {{ n, r }}\ntexts | {kind}join t | map {{ n, m: t?.n, r: t?.r }} | to \"out\"",
    "lookup grouped": f"table t = sales | left join items as r | map {{{{ n, w: r?.s ?? \"none\" }}}} | group by w | aggregate {{{{ a: count(), b: sum(n) }}}}\nt | to \"out\"",
    "lookup windowed": "table t = sales | join items as r | map {{ n, w: r.s }} | group by w | window {window} | count\nt | to \"out\"",
    "lookup of windows": "minutes | {kind}join owners as r | map {{ v: value, m: r?.n, start: window.start }} | to \"out\"\nvisits | left join names as r | map {{ v: value, r }} | to \"visits-out\"",
    "lookup same windows": "table t = texts | group by key | window tumbling 10s grace 1m | count\nminutes | {kind}join t as r | map {{ v: value, r }} | to \"out\"",
    "lookup of counted windows": "table t = texts | group by key | window {time} | count\nt | as stream | left join owners as r | map {{ v: value, m: r?.n }} | to \"out\"",
    "lookup same sessions": "table t = texts | group by key | window session 5s grace 1m | count\nt | as stream | {kind}join t as r | map {{ v: value, r }} | to \"out\"",
    "lookup shared": "sales | join owners as r on s == r.key | map {{ n, m: r.n }} | to \"a\"\nsales | left join names as r on s == r.key | map {{ n, r }} | to \"b\"",
    "lookup after streams": "texts | left join words {near} | join owners as r on s == r.key | left join numbers {near} | map {{ n, words, m: r.n, numbers, key }} | to \"out\"",
    "lookup of held rows": "table t = items | filter {bool} | emit every 5s\nsales | {kind}join t as r | map {{ n, m: r?.n }} | to \"out\"",
    "lookup own changes": "table t = sales | group by s | aggregate {{ c: count(), n: sum(n) }}\nt | as stream | join t as r | map {{ c, d: r.c, n }} | to \"out\"",
    "lookup as table": "table t = sales | join items as r | map {{ n, m: r.n }} | as table\nothers | {kind}join t | map {{ n, a: t?.n, b: t?.m }} | to \"out\"\nt | to \"t\"",
    "lookup cogrouped": "stream a = texts | left join names | map {{ s, w: names }}\ntable t = cogroup a by key, words by key | aggregate {{ c: count(a), w: last(a.w), d: count(words) }}\nt | to \"out\"",
    "versions": "texts | {kind}join terms as r | map {{ n, m: r?.n, w: r?.s }} | to \"out\"",
    "versions scalar": "words | {kind}join taxes | map {{ words, taxes }} | to \"out\"",
    "versions on": "sales | left join terms as r on s == r.key | map {{ n, m: r?.n, w: r?.g }} | to \"out\"",
    "versions filtered": "table t = terms | filter {bool} | map {{ m: {int}, w: {str} }}\ntexts | {kind}join t as r | map {{ n, m: r?.m, w: r?.w }} | to \"out\"\nt | to \"t\"",
    "versions alone": "terms | map {{ a: {int}, b: {str?} }} | to \"a\"\ntaxes | filter value > 1 | to \"b\"\nterms | filter {bool} | as stream | map {{ c: {str} }} | to \"c\"",
    "versions grouped": "table t = terms | group by {group} | " + UNDO + "\nt | to \"out\"\nterms | to \"copy\"",
    "versions wait": "texts | {kind}join terms as r{wait} | map {{ n, m: r?.n, w: r?.s, t: timestamp }} | to \"out\"",
    "versions wait on": "sales | let a = {int} | left join terms as r on s == r.key{wait} | map {{ n, a, m: r?.n, trace: headers[\"trace\"] }} | to \"out\"",
    "versions wait filtered": "table t = terms | filter {bool} | map {{ m: {int} }}\ntexts | {kind}join t as r{wait} | map {{ n, m: r?.m }} | to \"out\"",
    "versions wait null keys": "perhaps | left join taxes{wait} | map {{ n, taxes, key }} | to \"out\"",
    "global": f"sales | {{kind}}join rates on s == rates.key | map {{{{ n, rates, key }}}} | to \"out\"",
    "global key": "texts | {kind}join rates | map {{ n, rates }} | to \"out\"",
    "global expression": "sales | left join goods as r on {int} == r.key | map {{ n, m: r?.n, w: r?.s }} | to \"out\"",
    "global null": "sales | {kind}join rates as r on {str?} == r.key | map {{ n, r }} | to \"out\"\nperhaps | left join rates | map {{ n, rates }} | to \"b\"",
    "global grouped": "table t = sales | join goods as r on n == r.key | map {{ n, w: r.s }} | group by w | aggregate {{ a: count(), b: sum(n) }}\nt | to \"out\"",
    # tables
    "tables": f"items | join stocks as r | {TABLE_BOTH} | to \"out\"",
    "tables left": f"items | left join stocks as r | {TABLE_LEFT} | to \"out\"",
    "tables outer": f"items | outer join stocks as r | {outer('items', TABLE_OUTER)} | to \"out\"",
    "tables of scalars": "names | outer join taxes as r | map {{ names, r }} | to \"out\"\nnames | left join owners as r | map {{ names, m: r?.n }} | to \"b\"",
    "tables filtered": "table a = items | filter {bool} | map {{ n: {int}, s }}\ntable b = stocks | filter {bool} | map {{ m: {int}, w: {str} }}\n"
                       "a | left join b as r | map {{ n, s, m: r?.m, w: r?.w }} | to \"out\"",
    "tables filtered outer": "table a = items | filter {bool} | map {int?}\ntable b = stocks | filter {bool} | map {{ m: {int}, w: {str} }}\n"
                             "a | outer join b as r | map {{ a, m: r?.m, w: r?.w }} | to \"out\"",
    "tables then filter": "items | join stocks as r | filter {bool} && r.n > 0 | map {{ n, m: r.n }} | to \"a\"\nitems | left join stocks as r | filter r?.n != n | map {{ n, m: r?.n }} | to \"b\"",
    "tables grouped": "table t = items | join stocks as r | map {{ n, s: r.s, g, r, x: r.x, q, d, k }} | group by s | aggregate {{ a: count(), b: sum(n), c: collect(g) }}\nt | to \"out\"",
    "tables left grouped": "table t = items | left join stocks as r | map {{ n, w: r?.s ?? \"none\" }} | group by w | aggregate {{ a: count(), b: sum(n) }}\nt | to \"out\"",
    "tables outer grouped": "table t = items | outer join stocks as r | map {{ n: items?.n, w: r?.s ?? items?.s ?? \"\" }} | group by w | aggregate {{ a: count(), b: collect(n) }}\nt | to \"out\"",
    "three tables": "owners | join names | left join terms as r | map {{ n, names, m: r?.n }} | to \"out\"",
    "three outer tables": "table a = owners | outer join names | map {{ n: owners?.n, names }}\na | outer join terms as r | map {{ n: a?.n, w: a?.names, m: r?.n }} | to \"out\"",
    "table itself": "items | {kind}join items as r | map {{ n, m: r?.n }} | to \"out\"",
    "table and its filter": "table t = items | filter {bool} | map {{ m: {int} }}\nitems | {kind}join t as r | map {{ n, m: r?.m }} | to \"a\"\nt | outer join items as r | map {{ m: t?.m, n: r?.n }} | to \"b\"",
    "tables of aggregates": "table a = sales | group by s | count\ntable b = others | group by s | aggregate {{ m: sum(n), w: last(g) }}\na | {kind}join b as r | map {{ c: value, m: r?.m, w: r?.w }} | to \"out\"",
    "tables of one stream": "table a = sales | group by s | count\ntable b = sales | group by s | aggregate {{ m: sum(n), w: last(g) }}\na | outer join b as r | map {{ a, m: r?.m, w: r?.w }} | to \"out\"",
    "tables of versions": "terms | {kind}join taxes as r | map {{ n, r }} | to \"out\"\ntaxes | outer join owners as r | map {{ taxes, n: r?.n }} | to \"b\"",
    "tables of windows": "table a = texts | group by key | window tumbling 10s{grace} | count\ntable b = words | group by key | window tumbling 10s{grace} | aggregate {{ c: count(), w: last(value) }}\n"
                         "a | {kind}join b as r | map {{ n: value, c: r?.c, w: r?.w }} | to \"out\"",
    "tables of sessions": "table a = texts | group by key | window session 5s{grace}{retain} | count\ntable b = texts | filter {bool} | group by key | window session 5s{grace}{retain} | aggregate {{ c: count(), w: last(s) }}\n"
                          "a | {kind}join b as r | map {{ n: value, c: r?.c, w: r?.w }} | to \"out\"",
    "tables of final windows": "table a = texts | group by key | window tumbling 10s{grace} | count | emit final\ntable b = words | group by key | window tumbling 10s{grace} | count\n"
                               "a | {kind}join b as r | map {{ n: value, r }} | to \"out\"",
    "tables of windows grouped": "table a = texts | group by key | window tumbling 10s{grace} | count\ntable b = words | group by key | window tumbling 10s{grace} | count\n"
                                 "table t = a | left join b as r | map {{ n: value, m: r ?? 0 }} | group by m | aggregate {{ c: count(), n: sum(n) }}\nt | to \"out\"",
    "tables optional": "table a = items | map {int?}\ntable b = stocks | map {str?}\ntable t = a | outer join b | map {{ a, b }}\nt | filter a != 1 | to \"out\"\n"
                       "table u = t | group by b ?? \"\" | count\nu | to \"u\"",
    "tables seen twice": "table a = items | filter {bool} | map {{ n: {int} }}\ntable b = items | filter {bool} | map {{ m: {int} }}\na | outer join b | map {{ n: a?.n, m: b?.m }} | to \"out\"\n"
                         "stocks | {kind}join b | map {{ n, m: b?.m }} | to \"b\"\nsales | left join a as r | map {{ n, m: r?.n }} | to \"c\"",
    "tables joined joined": "table a = owners | join names | map {{ n, names, s }}\ntable b = a | left join terms as r | map {{ n, m: r?.n, s }}\ntable c = b | join taxes | map {{ n, m, taxes }}\n"
                            "a | to \"a\"\nb | filter n > 1 | to \"b\"\nc | to \"c\"\ntexts | left join c | map {{ n, m: c?.m, taxes: c?.taxes }} | to \"out\"",
    "tables emit": "table t = items | join stocks as r | map {{ n, m: r.n }} | emit every 5s\nt | to \"out\"",
    "tables as stream": "items | left join stocks as r | map {{ n, m: r?.n }} | as stream | map {{ n, m, t: timestamp }} | to \"out\"",
    "tables as table": "table t = sales | as table\nt | outer join stocks as r | map {{ n: t?.n, m: r?.n }} | to \"out\"",
    # tables by another expression
    "foreign": f"items | join owners as r on s == r.key | {TABLE_BOTH} | to \"out\"",
    "foreign left": f"items | left join owners as r on s == r.key | {TABLE_LEFT} | to \"out\"",
    "foreign null": f"items | join owners as r on g == r.key | {TABLE_BOTH} | to \"a\"\nitems | left join owners as r on g == r.key | {TABLE_LEFT} | to \"b\"",
    "foreign expression": "items | {kind}join names as r on {str} == r.key | map {{ n, r }} | to \"a\"\nitems | {kind}join prices as r on {int?} == r.key | map {{ n, r }} | to \"b\"",
    "foreign record": "owners | {kind}join pairs as r on {{ a: s, b: n }} == r.key | map {{ n, m: r?.n }} | to \"out\"",
    "foreign grouped": "table t = items | join owners as r on s == r.key | map {{ n, w: r.s }} | group by w | aggregate {{ a: count(), b: sum(n) }}\nt | to \"out\"",
    "foreign left grouped": "table t = items | left join owners as r on g == r.key | map {{ n, w: r?.s ?? \"none\" }} | group by w | aggregate {{ a: count(), b: collect(n) }}\nt | to \"out\"",
    "foreign then filter": "items | {kind}join owners as r on s == r.key | filter r?.n != n | map {{ n, m: r?.n }} | to \"out\"",
    "foreign filtered": "table a = items | filter {bool} | map {{ n: {int}, s }}\ntable b = owners | filter {bool} | map {{ m: {int}, w: {str} }}\n"
                        "a | {kind}join b as r on s == r.key | map {{ n, s, m: r?.m, w: r?.w }} | to \"out\"",
    "foreign of aggregates": "table a = sales | group by k | aggregate {{ n: count(), s: last(s) ?? \"\" }}\ntable b = others | group by s | count\na | {kind}join b as r on s == r.key | map {{ n, r }} | to \"out\"",
    "foreign twice": "items | left join owners as r on s == r.key | left join prices as p on n == p.key | map {{ n, m: r?.n, p }} | to \"out\"",
    "foreign of foreign": "table t = owners | join names as r on s == r.key | map {{ n, r }}\nitems | {kind}join t as r on s == r.key | map {{ n, m: r?.n, w: r?.r }} | to \"out\"",
    "foreign itself": "owners | {kind}join owners as r on s == r.key | map {{ n, m: r?.n }} | to \"out\"",
    "foreign of versions": "terms | {kind}join taxes as r on s == r.key | map {{ n, r }} | to \"out\"",
    "foreign of windows": "table t = texts | group by s | window tumbling 10s grace 10m | count\nt | {kind}join owners as r on key == r.key | map {{ c: value, n: r?.n, start: window.start }} | to \"out\"",
    "foreign joined": "table t = owners | join names as r on s == r.key | map {{ n, r }}\nterms | {kind}join t | map {{ n, m: t?.n, w: t?.r }} | to \"out\"",
    "timeline": "table a = sales | group by s | aggregate {{ ns: collect(n) }}\ntable t = items | join a as r on s == r.key | map {{ k, ns: r.ns }} | group by k | aggregate {{ ns: collect(ns) }} | map {{ ns: sort(flatten(ns)) }}\nt | to \"out\"",
    "foreign of outer": "table t = items | outer join stocks | map {{ n: items?.n ?? stocks?.n, s: items?.s ?? stocks?.s }}\nt | {kind}join owners as r on s == r.key | map {{ n, m: r?.n }} | to \"out\"",
    "foreign optional": "table t = items | filter {bool} | map {str?}\nt | {kind}join names as r on t == r.key | map {{ t, r }} | to \"out\"",
    "foreign of sessions": "table t = texts | group by key | window session 5s grace 10m | count\nt | {kind}join names as r on key == r.key | map {{ c: value, r }} | to \"out\"",
    "foreign to versions": "items | {kind}join terms as r on s == r.key | map {{ n, m: r?.n }} | to \"out\"",
    "foreign in both directions": "owners | left join names as r on s == r.key | map {{ n, r }} | to \"a\"\nnames | left join owners as r on value == r.key | map {{ m: r?.n }} | to \"b\"",
    "foreign and key": "table u = texts | as table\ntable t = owners | join names as r on s == r.key | map {{ n, r, s }}\nt | left join u as o | map {{ n, r, m: o?.n, s }} | filter m != n | to \"out\"",
    # all of them
    "joins": "texts | let a = {int} | join words {near} | left join owners as r on s == r.key | left join rates on string(n + a) == rates.key | map {{ a, n, words, m: r?.n, rates }} | to \"out\"",
    "joins and tables": "table t = owners | left join names as r on s == r.key | map {{ n, r, s }}\ntable u = t | outer join taxes | map {{ n: t?.n, r: t?.r, taxes }}\n"
                        "texts | left join u | join rates on s == rates.key | map {{ n, m: u?.n, r: u?.r, taxes: u?.taxes, rates }} | to \"out\"\nu | to \"u\"",
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
GLOBALS = {"rates", "goods"}
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
