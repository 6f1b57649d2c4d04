"""Random well-typed expressions of the language, from the fields in scope."""

PRODUCTIONS = {
    "bool": ["({int64} < {int64})", "({int64} >= {int64})", "({float64} > {float64})", "({decimal} <= {decimal})",
             "({string} == {string})", "({string} < {string})", "({timestamp} > {timestamp})", "({duration} < {duration})",
             "({date} != {date})", "({bool} && {bool})", "({bool} || {bool})", "!{bool}", "contains({string}, {string})",
             "starts_with({string}, {string})", "ends_with({string}, {string})", "({string?} == null)", "({int64?} != null)",
             "({int64?} > {int64})", "({decimal?} < {decimal})", "({int64} in [1, 2, {int64}])", "({string} not in {list})",
             "contains({ints}, {int64})", "any({ints}, x => x > {int64})", "all({list}, x => length(x) < 3)",
             "(if {bool} then {bool} else {bool})", "({level} == high)", "({level} in [low, mid])", "({level} < mid)",
             "matches({string}, \"[a-z]+\")", "contains({map}, {string})", "({ints} == {ints})", "({map} != {map})",
             "(inner == {{ x: {int64}, y: {string?} }})", "({bytes} == {bytes})", "bool({int64})", "({string?} in [\"a\", \"b\"])",
             "({int32} != {int32})", "((try ({int64} / {int64})) == null)", "({float32} < {float32})", "({bool?} ?? {bool})"],
    "int64": ["({int64} + {int64})", "({int64} - {int64})", "({int64} * {int64})", "({int64} / {int64})", "({int64} % {int64})",
              "(-{int64})", "length({string})", "length({ints})", "length({list})", "length({bytes})", "length({map})",
              "abs({int64})", "sign({int64})", "sign({float64})", "sign({decimal})", "(if {bool} then {int64} else {int64})",
              "({int64?} ?? {int64})", "index_of({string}, {string})", "index_of({ints}, {int64})", "sum({ints})",
              "fold({ints}, 0, (acc, x) => acc * 3 + x)", "sum(items, i => i.qty)", "(try ({int64} / {int64}) ?? {int64})",
              "least({int64}, {int64}, {int64})", "greatest({int64}, {int64})", "year({timestamp})", "hour({timestamp})",
              "minute({timestamp}, \"Asia/Seoul\")", "weekday({timestamp}, \"America/New_York\")", "day({date})",
              "month({date})", "weekday({date})", "second({timestamp})", "millis({timestamp})", "millis({duration})",
              "int64({bool})", "(try int64({string}) ?? {int64})", "(try int64({decimal}) ?? {int64})",
              "(try int64({float64}) ?? {int64})", "({map}[{string}] ?? {int64})", "(try {ints}[{int64}] ?? {int64})",
              "(max({ints}) ?? {int64})", "(min({ints}) ?? {int64})", "xxhash({string})", "int64({int32})", "{ints}[0]",
              "twice({int64})", "(max(items, i => i.qty) ?? {int64})", "length(filter({ints}, x => x % 2 == 0))"],
    "int32": ["({int32} + {int32})", "({int32} - {int32})", "({int32} * {int32})", "({int32} / {int32})", "({int32} % {int32})",
              "abs({int32})", "(try int32({int64}) ?? {int32})", "murmur2({string})", "murmur2({bytes})",
              "(try int32({string}) ?? {int32})", "least({int32}, {int32})", "(if {bool} then {int32} else {int32})"],
    "float64": ["({float64} + {float64})", "({float64} - {float64})", "({float64} * {float64})", "({float64} / {float64})",
                "({float64} % {float64})", "sqrt(abs({float64}))", "round({float64})", "round({float64}, 2)",
                "round({float64}, -1)", "floor({float64})", "ceil({float64})", "trunc({float64})", "float64({int64})",
                "float64({decimal})", "float64({int32})", "abs({float64})", "least({float64}, {float64})",
                "greatest({float64}, {float64})", "({float64?} ?? {float64})", "(try float64({string}) ?? {float64})",
                "(if {bool} then {float64} else {float64})", "float64({float32})", "({duration} / 1h)", "(-{float64})"],
    "float32": ["({float32} + {float32})", "({float32} * {float32})", "({float32} - {float32})", "abs({float32})",
                "float32({float64})", "({float32} / {float32})"],
    "decimal": ["decimal({decimal} + {decimal}, 12, 2)", "decimal({decimal} - {decimal}, 12, 2)",
                "decimal({decimal} * {decimal}, 12, 2)", "decimal({decimal} / {decimal}, 12, 2)",
                "decimal({decimal} % {decimal}, 12, 2)", "round({decimal}, 1)", "round({decimal}, -1)", "floor({decimal})",
                "ceil({decimal})", "trunc({decimal})", "abs({decimal})", "decimal({int64}, 12, 2)",
                "decimal({float64}, 12, 2)", "(try decimal({string}, 12, 2) ?? {decimal})",
                "(if {bool} then {decimal} else {decimal})", "least({decimal}, {decimal})", "decimal({decimal?} ?? {decimal}, 12, 2)",
                "decimal({decimal} * 2, 12, 2)", "decimal({decimal} * {int64}, 12, 2)", "decimal(fine * fine, 12, 2)",
                "decimal(fine / {decimal}, 12, 2)", "decimal(fine + {decimal}, 12, 2)", "(-{decimal})"],
    "string": ["({string} + {string})", "lower({string})", "upper({string})", "initcap({string})", "trim({string})",
               "trim({string}, \"ab \")", "pad_left({string}, 6)", "pad_right({string}, 5, \"*-\")", "substr({string}, 1)",
               "substr({string}, {int64}, 3)", "substr({string}, 2, {int64})", "replace({string}, \"a\", {string})",
               "join({list}, \"+\")", "repeat({string}, 2)", "reverse({string})", "concat({string}, {string}, \"é\")",
               "string({int64})", "string({float64})", "string({decimal})", "string({bool})", "string({timestamp})",
               "string({date})", "string({duration})", "string({level})", "string({int32})", "string({float32})",
               "md5({string})", "sha256({bytes})", "encode({bytes}, \"hex\")", "encode({string}, \"base64\")",
               "(if {bool} then {string} else {string})", "({string?} ?? {string})", "url_encode({string})", "uuid({string})",
               "url_decode(url_encode({string}))", "(regex_extract({string}, \"[0-9]+\") ?? {string})",
               "regex_replace({string}, \"([a-z])([a-z]?)\", \"$2$1\")", "(headers[\"trace\"] ?? {string})",
               "format_time({timestamp}, \"yyyy-MM-dd HH:mm:ss.SSS\")", "format_time({timestamp}, \"EEE d MMM uuuu\", \"Europe/Paris\")",
               "format_time({date}, \"dd.MM.yy\")", "(try {list}[{int64}] ?? \"?\")", "nullif({string}, \"a\") ?? \"was a\"",
               "least({string}, {string})", "(max({list}) ?? \"none\")", "(try chr({int64}) ?? \"?\")",
               "(try string({bytes}) ?? \"no text\")", "(inner.y ?? {string})", "(max(items, i => i.name) ?? \"none\")",
               "string(to_json({int64}))", "match {level} {{ low => {string}, else => \"h\" }}"],
    "timestamp": ["({timestamp} + 5m)", "({timestamp} - {duration})", "truncate({timestamp}, 1h)", "truncate({timestamp}, 1d)",
                  "truncate({timestamp}, 15m)", "from_millis({int64} % 4000000000000)", "timestamp({date})", "timestamp(1714557600000)",
                  "(if {bool} then {timestamp} else {timestamp})", "least({timestamp}, {timestamp})", "({timestamp?} ?? {timestamp})",
                  "parse_time(format_time({timestamp}, \"yyyy-MM-dd HH:mm\"), \"yyyy-MM-dd HH:mm\")",
                  "truncate({timestamp}, 1d, \"Asia/Kolkata\")", "(try timestamp({string}) ?? {timestamp})"],
    "date": ["date({timestamp})", "date({timestamp}, \"Asia/Seoul\")", "date(string({date}))", "(if {bool} then {date} else {date})",
             "greatest({date}, {date})"],
    "duration": ["({timestamp} - {timestamp})", "({duration} + {duration})", "({duration} * 2)", "({duration} / 3)", "abs({duration})",
                 "({duration} % 1h)", "({date} - {date})", "(if {bool} then {duration} else 90s)"],
    "bytes": ["bytes({string})", "decode(encode({bytes}, \"hex\"), \"hex\")", "decode(encode({bytes}, \"base64\"), \"base64\")",
              "(if {bool} then {bytes} else {bytes})"],
    "ints": ["sort({ints})", "reverse({ints})", "concat({ints}, {ints})", "distinct({ints})", "union({ints}, {ints})",
             "intersect({ints}, {ints})", "except({ints}, {ints})", "without({ints}, {int64})", "slice({ints}, 1)",
             "slice({ints}, {int64}, 3)", "map({ints}, x => x + 1)", "filter({ints}, x => x > {int64})", "range(0, 3)",
             "[{int64}, {int64}]", "flatten([{ints}, {ints}])", "sort({ints}, x => 0 - x)", "map(items, i => i.qty)",
             "map({list}, s => length(s))", "values({map})", "(if {bool} then {ints} else {ints})"],
    "list": ["sort({list})", "reverse({list})", "concat({list}, {list})", "distinct({list})", "split({string}, \",\")",
             "regex_split({string}, \"[, ]+\")", "keys({map})", "map(items, i => i.name)", "map({list}, s => upper(s))",
             "regex_extract_all({string}, \"[a-z]+\")", "filter({list}, s => s != \"\")", "slice({list}, 0, 2)",
             "[{string}, {string}]", "without({list}, {string})", "map(sort(items, i => i.qty), i => i.name)",
             "map(zip({list}, {ints}), z => z.first + string(z.second))", "map(entries({map}), e => e.key)"],
    "map": ["concat({map}, {map})", "[\"k\": {int64}]", "[{string}: {int64}, \"b\": 2]", "(if {bool} then {map} else {map})"],
    "level": ["(if {bool} then {level} else {level})", "(if {bool} then high else {level})"],
    "json": ["to_json({int64})", "to_json({ints})", "to_json({string?})", "to_json(inner)", "to_json({map})", "to_json({decimal})"],
    "string?": ["lower({string?})", "({string?} + {string})", "(if {bool} then {string?} else {string})", "nullif({string}, \"a\")",
                "regex_extract({string}, \"(a)(b)?\", 2)", "(try string({bytes}))", "headers[\"trace\"]"],
    "int64?": ["({int64?} + {int64})", "({int64?} * {int64?})", "length({string?})", "(try {int64} / {int64})", "{map}[{string}]",
               "max({ints})", "nullif({int64}, 1)"],
    "decimal?": ["abs({decimal?})"],
    "float64?": ["({float64?} * {float64})", "(try {float64} / {float64})"],
    "timestamp?": ["({timestamp?} + 1h)"],
    "bool?": ["!{bool?}", "({bool?} && {bool})", "({bool} || {bool?})"],
}

LITERALS = {
    "bool": ["true", "false"], "int64": ["0", "1", "-7", "1000", "9007199254740993"], "int32": ["int32(3)", "int32(-2)"],
    "float64": ["1.5e0", "-0.25e0", "1e10"], "float32": ["float32(0.1e0)"], "decimal": ["decimal(\"19.99\", 12, 2)", "decimal(-3, 12, 2)"],
    "string": ['""', '"a"', '"ab,c"', '"한글 é"', '"Straße"', '"😀x"'], "timestamp": ["@2024-05-01T10:00:00Z", "@1969-12-31T23:59:59.999Z"],
    "date": ["date(\"2024-02-29\")"], "duration": ["90s", "1h", "2d"], "bytes": ["bytes(\"b\")"],
}

FIELDS = {
    "bool": ["flag"], "int64": ["n", "large"], "int32": ["small"], "float64": ["ratio"], "float32": ["single"],
    "decimal": ["price"], "string": ["id", "text"], "timestamp": ["at"], "date": ["day"], "duration": ["took"],
    "bytes": ["data"], "ints": ["ints"], "list": ["tags"], "map": ["counts"], "level": ["level"], "json": ["any"],
    "string?": ["note"], "int64?": ["maybe"], "decimal?": ["discount"], "float64?": ["score"], "timestamp?": ["ended"],
    "bool?": ["checked"],
}
# How the harness's short names are written as types.
TYPES = {"decimal": "decimal(12, 2)", "ints": "[int64]", "list": "[string]", "map": "{string: int64}", "level": "Level",
         "decimal?": "decimal(12, 2)?"}


class Expressions:
    def __init__(self, rng):
        self.rng = rng

    def of(self, kind, depth=2):
        """The text of an expression of a type."""
        if depth <= 0 or self.rng.random() < 0.2:
            return self.leaf(kind)
        text = self.rng.choice(PRODUCTIONS[kind])
        return self.fill(text, depth - 1)

    def leaf(self, kind):
        if kind in LITERALS and self.rng.random() < 0.25:
            return self.rng.choice(LITERALS[kind])
        return self.rng.choice(FIELDS[kind])

    def fill(self, text, depth=2):
        """TEXT with each {type} replaced."""
        out = text.replace("{{", "\1").replace("}}", "\2")
        while "{" in out:
            begin = out.index("{")
            end = out.index("}", begin)
            out = out[:begin] + self.of(out[begin + 1:end], depth).replace("{", "\1").replace("}", "\2") + out[end + 1:]
        return out.replace("\1", "{").replace("\2", "}")

    def record(self, count, depth=2):
        """A record of COUNT fields of random types, and their types by name."""
        kinds = [self.rng.choice(sorted(PRODUCTIONS)) for _ in range(count)]
        fields = {f"f{i}": kind for i, kind in enumerate(kinds)}
        return "{ " + ", ".join(f"{name}: {self.of(kind, depth)}" for name, kind in fields.items()) + " }", fields
