"""The two sides that are compared: Kafka Streams' TopologyTestDriver in one JVM that serves any number of requests, and weir."""
import ctypes
import glob
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HERE = os.path.join(ROOT, "tests", "oracle")
CACHE = os.path.join(ROOT, ".cache", "oracle")
POM = os.path.join(HERE, "pom.xml")


def hash_of(*paths):
    digest = hashlib.sha256()
    for path in paths:
        with open(path, "rb") as f:
            digest.update(f.read())
    return digest.hexdigest()[:24]


def fetch_jars():
    """Fetched once; a half-done fetch is never taken for a whole one."""
    jars = os.path.join(CACHE, f"jars-{hash_of(POM)}")
    if not os.path.exists(jars):
        print("fetching Kafka Streams' jars into .cache/oracle", file=sys.stderr)
        os.makedirs(CACHE, exist_ok=True)
        made = tempfile.mkdtemp(dir=CACHE)
        done = subprocess.run(["mvn", "-q", "-B", "-f", POM, "dependency:copy-dependencies", f"-DoutputDirectory={made}"],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode:
            shutil.rmtree(made)
            raise RuntimeError(f"Maven could not fetch Kafka Streams:\n{done.stdout[-4000:]}")
        keep(made, jars)
    return jars


def compile_classes(jars):
    sources = sorted(glob.glob(f"{HERE}/src/*.java"))
    classes = os.path.join(CACHE, f"classes-{hash_of(POM, *sources)}")
    if not os.path.exists(classes):
        for old in glob.glob(f"{CACHE}/classes-*"):
            shutil.rmtree(old, ignore_errors=True)
        made = tempfile.mkdtemp(dir=CACHE)
        done = subprocess.run(["javac", "-Xlint:all,-processing,-serial", "-Werror", "--release", "17", "-d", made,
                               "-cp", f"{jars}/*", *sources], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode:
            shutil.rmtree(made)
            raise RuntimeError(f"the oracle does not compile:\n{done.stdout[-4000:]}")
        keep(made, classes)
    return classes


def keep(made, path):
    try:
        os.rename(made, path)
    except OSError:  # another run was first
        shutil.rmtree(made, ignore_errors=True)


def die_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


class Oracle:
    """One JVM."""

    def __init__(self):
        jars = fetch_jars()
        self.folder = tempfile.mkdtemp(prefix="weir-oracle-")
        self.log = open(os.path.join(self.folder, "log"), "w+b")
        self.process = subprocess.Popen(
            ["java", "-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xss8m", "-Djava.awt.headless=true",
             "-Dorg.slf4j.simpleLogger.defaultLogLevel=off", "-cp", f"{compile_classes(jars)}:{jars}/*",
             "weir.oracle.Main", os.path.join(self.folder, "state")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log, preexec_fn=die_with_parent)

    def run(self, program, lines):
        """PROGRAM is the text of `weir emit --stage program`, LINES the records' lines. Gives an Outcome."""
        request = f'{{"program":{program.replace(chr(10), "")},"records":[{",".join(lines)}]}}\n'
        try:
            self.process.stdin.write(request.encode())
            self.process.stdin.flush()
            answer = json.loads(self.process.stdout.readline().decode() or "null", parse_float=Number, parse_int=Number,
                                object_pairs_hook=Pairs)
        except BrokenPipeError:
            answer = None
        if answer is None:
            self.log.seek(0)
            raise RuntimeError(f"the oracle ended:\n{self.log.read().decode()[-4000:]}")
        answer = dict(answer)
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return Outcome(by(answer["records"], "topic"), by(answer["changelogs"], "stage"), by(answer["repartitions"], "stage"),
                       int(answer["bad"]))

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class Pairs(tuple):
    """A JSON object; the order of its names counts."""


class Number(str):
    """A JSON number as it is written. Floats are the same if they are the same double: only decimals need every digit."""

    def __eq__(self, other):
        if not isinstance(other, Number):
            return False
        return str.__eq__(self, other) or ("e" in self + other and float(self) == float(other))

    def __ne__(self, other):
        return not self == other

    __hash__ = str.__hash__


class Outcome:
    """What came of a run: records by topic; of Kafka Streams, those of internal topics by their stage, with their keys' `bytes` (of
    repartition topics the values' as well)."""

    def __init__(self, topics, changelogs, repartitions=None, bad=0):
        self.topics, self.changelogs, self.repartitions, self.bad = topics, changelogs, repartitions, bad


def by(records, name):
    topics = {}
    for record in map(plain_line, records):
        topics.setdefault(record.pop(name), []).append(record)
    return topics


def plain_line(line):
    record = dict(line)
    record["headers"] = dict(record.get("headers", ()))
    return record


def by_input(lines):
    topics = {}
    for line in lines:
        topics.setdefault(json.loads(line)["topic"], []).append(line)
    return topics


def append(path, lines):
    with open(path, "a") as f:
        f.write("".join(line + "\n" for line in lines))


class Weir:
    """Runs programs with topics as files, in folders of their own."""

    def __init__(self):
        self.build = os.environ.get("WEIR_BUILD", os.path.join(ROOT, "build"))
        self.weir = os.environ.get("WEIR", os.path.join(self.build, "weir"))
        self.folder = tempfile.mkdtemp(prefix="weir-oracle-")
        self.env = {**{k: v for k, v in os.environ.items() if not k.startswith("WEIR_")}, "NO_COLOR": "1",
                    "XDG_CACHE_HOME": os.path.join(self.folder, "cache")}

    def describe(self, path):
        return self.command([self.weir, "emit", "--stage", "program", path])

    def built(self, path):
        app = path[: -len(".weir")]
        self.command([self.weir, "build", path, "-o", app], WEIR_CFLAGS="-O1")
        return app

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w") as f:
            f.write(text)
        return path

    def command(self, argv, **env):
        done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**self.env, **env},
                              timeout=120)
        if done.returncode:
            raise RuntimeError(f"$ {' '.join(argv)}\nexit code {done.returncode}\n{done.stderr[-4000:]}")
        return done.stdout

    def run(self, path, *runs, cache="0", feed=True):
        """PATH is a program or an executable; RUNS: the records of each of several runs, one after another. FEED: from one file, in just that
        order; such a run keeps no state. Gives an Outcome."""
        topics = tempfile.mkdtemp(dir=self.folder)
        argv = [self.weir, "run", "--tier", "jit", path] if path.endswith(".weir") else [path]
        argv += ["--local", topics, "-e", "--clock", "record", "--set", "bad_records=skip", "--set", f"cache={cache}"]
        inputs = set()
        for lines in runs:
            if feed:
                append(os.path.join(topics, "feed"), lines)
            for topic, of_topic in () if feed else by_input(lines).items():
                append(os.path.join(topics, f"{topic}.jsonl"), of_topic)
                inputs.add(topic)
            self.command(argv + (["--feed", os.path.join(topics, "feed")] if feed else []))
        outcome = Outcome({}, {})
        for file in glob.glob(f"{topics}/*.jsonl"):
            topic = os.path.basename(file)[: -len(".jsonl")]
            if topic in inputs or topic.endswith("-repartition"):
                continue
            with open(file, encoding="utf-8") as f:
                records = [plain_line(json.loads(line, parse_float=Number, parse_int=Number, object_pairs_hook=Pairs)) for line in f]
            if records:
                (outcome.changelogs if topic.endswith("-changelog") else outcome.topics)[topic] = records
        shutil.rmtree(topics)
        return outcome

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)


def difference(expected, got):
    """The first difference of two runs, for a person, or None."""
    for topic in sorted(set(expected) | set(got)):
        e, g = expected.get(topic, []), got.get(topic, [])
        for i in range(max(len(e), len(g))):
            a, b = e[i] if i < len(e) else None, g[i] if i < len(g) else None
            if a is None or b is None or any(a[k] != b.get(k) for k in a):
                return f'topic "{topic}", record {i}:\n  Kafka Streams {show(a)}\n  weir          {show(b)}'
    return None


def last_rows(topics):
    """By topic and row (key and window): the last record, if the row is there in the end."""
    rows = {}
    for topic, records in topics.items():
        last = {repr((record["key"], record.get("window"))): record for record in records}
        rows[topic] = {row: record for row, record in last.items() if record.get("value", "") is not None}
    return rows


def row_difference(expected, got, where, loose=(), untimed=()):
    """As difference, of the results of last_rows. Of topics in LOOSE neither timestamps nor the order of lists count, nor whether a group
    that has become empty is there; of those in UNTIMED timestamps do not."""
    for topic in sorted(set(expected) | set(got)):
        e, g = expected.get(topic, {}), got.get(topic, {})
        for row in sorted(set(e) | set(g)):
            a, b = e.get(row), g.get(row)
            ignored = UNTIMED if topic in untimed else ALWAYS_IGNORED
            if not (is_same_row(a, b, ignored) or topic in loose and is_loosely_same_row(a, b)):
                return f'{where} "{topic}":\n  Kafka Streams {show(a)}\n  weir          {show(b)}'
    return None


ALWAYS_IGNORED = {"headers", "bytes"}
UNTIMED = ALWAYS_IGNORED | {"timestamp"}


def is_same_row(a, b, ignored):
    return bool(a and b) and all(covers(a[k], b.get(k)) for k in a if k not in ignored)


def is_loosely_same_row(a, b):
    if a and b:
        return covers(unordered(a.get("value")), unordered(b.get("value")))
    return is_of_nothing((a or b).get("value"))


def unordered(v):
    if isinstance(v, Pairs):
        return Pairs((name, unordered(x)) for name, x in v)
    return sorted(map(unordered, v), key=repr) if isinstance(v, list) else v


def is_of_nothing(v):
    """May a group of no records have this value?"""
    if isinstance(v, Pairs):
        return all(is_of_nothing(x) for _, x in v)
    return v is None or v == [] or isinstance(v, Number) and float(v) == 0


def covers(a, b):
    """Of an object only the members that A has count."""
    if isinstance(a, Pairs) and isinstance(b, Pairs):
        members = dict(b)
        return all(name in members and covers(v, members[name]) for name, v in a)
    return a == b


def show(record):
    return "nothing" if record is None else json.dumps({k: plain(v) for k, v in record.items()}, ensure_ascii=False)


def plain(v):
    if isinstance(v, Pairs):
        return {k: plain(x) for k, x in v}
    return [plain(x) for x in v] if isinstance(v, list) else v
