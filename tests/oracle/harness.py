"""Runs random programs and records through Kafka Streams and weir: what test_oracle.py (without state) and test_state.py share."""
import argparse
import concurrent.futures
import json
import os
import threading
import time

from oracle import CACHE, Oracle, Weir, difference

SEEDS = int(os.environ.get("ORACLE_SEEDS", 50))
SEEDS_A_PROGRAM = 10  # then the shape is filled with other expressions. A run takes the records of all of them, one after another
RECORDS = 25
FAILED = os.path.join(CACHE, "failed")
DEPTHS = (3, 3, 3, 2, 2, 1)  # of expressions; less deep when a program does not compile


class Case:
    def __init__(self, shape, seeds):
        self.shape, self.seeds = shape, seeds
        self.variant = seeds[0] // SEEDS_A_PROGRAM
        self.described = self.text = None  # the program's stages and types, when they are known; the text that says them

    def __str__(self):
        seeds = f"{self.seeds[0]} to {self.seeds[-1]}" if len(self.seeds) > 1 else self.seeds[0]
        return f'shape "{self.shape}", seed {seeds}'


class Programs:
    """Each program is written and described once."""

    def __init__(self, weir, generate):
        self.weir, self.generate = weir, generate
        self.lock = threading.Lock()
        self.known = {}
        self.refused = 0

    def of(self, case):
        key = (case.shape, case.variant)
        with self.lock:
            if key not in self.known:
                self.known[key] = self.make(case)
            return self.known[key]

    def make(self, case):
        for attempt, depth in enumerate(DEPTHS):
            text = self.generate.program(case.shape, f"{case.variant}.{attempt}", depth)
            path = self.weir.write(f"{case.shape.replace(' ', '_')}_{case.variant}.weir", text)
            try:
                return path, self.weir.describe(path)
            except RuntimeError as why:
                last = why
                self.refused += 1
        raise RuntimeError(f'no program of shape "{case.shape}" compiles:\n{text}\n{last}')


class Run:
    """What is compared: the outputs of a run."""

    def __init__(self, generate):
        self.generate = generate
        self.built = set(list(generate.SHAPES)[::4])  # those that also run as an executable
        self.weir = Weir()
        self.oracles = threading.local()
        self.all_oracles = []
        self.programs = Programs(self.weir, generate)
        self.lock = threading.Lock()
        self.runs = self.cases = self.compared = self.bad = self.fed = 0
        self.failures = []
        self.failed = set()  # shapes: one difference of each is enough

    def oracle(self):
        """One for each thread: the JVM answers one request at a time."""
        if not hasattr(self.oracles, "one"):
            self.oracles.one = Oracle()
            with self.lock:
                self.all_oracles.append(self.oracles.one)
        return self.oracles.one

    def check(self, case, built=False):
        path, description = self.programs.of(case)
        case.described, case.text = json.loads(description), description
        lines = self.lines(case)
        expected = self.oracle().run(description, lines)
        wrong = self.compare(case, expected, self.weir.built(path) if built else path, lines)
        with self.lock:
            self.cases += len(case.seeds)
            self.runs += 1
            self.fed += len(lines)
            self.bad += expected.bad
        if wrong:
            self.fail(case, path, description, lines, wrong, built)

    def lines(self, case):
        return [line for seed in case.seeds for line in self.generate.records(case.shape, seed, case.described, RECORDS)]

    def compare(self, _case, expected, path, lines):
        """The first difference, or None."""
        self.count(expected.topics)
        return difference(expected.topics, self.weir.run(path, lines).topics)

    def count(self, topics):
        with self.lock:
            self.compared += sum(map(len, topics.values()))

    def fail(self, case, path, description, lines, wrong, built):
        lines, wrong = self.smaller(case, self.weir.built(path), description, lines, wrong)
        folder = os.path.join(FAILED, f"{case.shape.replace(' ', '_')}-{case.seeds[0]}")
        os.makedirs(folder, exist_ok=True)
        with open(path) as f:
            text = f.read()
        for name, content in (("program.weir", text), ("feed.jsonl", "".join(x + "\n" for x in lines)), ("difference", wrong + "\n")):
            with open(os.path.join(folder, name), "w") as f:
                f.write(content)
        flows = text.rpartition("\n\n")[2]
        self.add_failure(case, f'{case}{" (built)" if built else ""}: {wrong}\n  program:\n{flows}'
                               f"  records:\n" + "".join(f"    {line}\n" for line in lines[:4]))

    def add_failure(self, case, text):
        with self.lock:
            self.failed.add(case.shape)
            self.failures.append(text)

    def smaller(self, case, path, description, lines, wrong):
        """Leaves out ever smaller parts of the records as long as the two still differ."""
        size = len(lines) // 2
        while size:
            at = 0
            while at < len(lines):
                fewer = lines[:at] + lines[at + size:]
                still = self.compare(case, self.oracle().run(description, fewer), path, fewer)
                if still:
                    lines, wrong = fewer, still
                else:
                    at += size
            size //= 2
        return lines, wrong

    def close(self):
        for oracle in self.all_oracles:
            oracle.close()
        self.weir.close()


def cases_of(options, all_shapes):
    shapes = [options.shape] if options.shape else all_shapes
    if options.seed is not None:
        return [Case(shape, range(options.seed, options.seed + 1)) for shape in shapes]
    return programs_of(shapes, 0, SEEDS)


def programs_of(shapes, first, end):
    return [Case(shape, range(seed, seed + SEEDS_A_PROGRAM)) for seed in range(first, end, SEEDS_A_PROGRAM) for shape in shapes]


def run_all(run, cases, jobs, deadline=None):
    def one(case):
        if (deadline and time.monotonic() > deadline) or case.shape in run.failed:
            return
        try:
            run.check(case)
            if case.seeds[0] == 0 and case.shape in run.built:
                run.check(case, built=True)
        except Exception as why:
            run.add_failure(case, f"{case}: {why}")

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        list(pool.map(one, cases))


def main(description, run):
    """RUN: a Run."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--long", type=float, metavar="MINUTES")
    parser.add_argument("--shape")
    parser.add_argument("--seed", type=int)
    parser.add_argument("-j", type=int, default=os.cpu_count())
    options = parser.parse_args()
    start = time.monotonic()
    try:
        cases = cases_of(options, list(run.generate.SHAPES))
        run_all(run, cases, options.j)
        first = SEEDS
        while options.long and not run.failures and time.monotonic() - start < options.long * 60:
            more = programs_of(list(run.generate.SHAPES), first, first + SEEDS_A_PROGRAM)
            run_all(run, more, options.j, start + options.long * 60)
            first += SEEDS_A_PROGRAM
    finally:
        run.close()
    print("\n".join(run.failures))
    print(f"{len({c.shape for c in cases})} shapes, {len(run.programs.known)} programs, {run.cases} seeds in {run.runs} runs: {run.fed} records in, "
          f"{run.bad} of them bad, {run.compared} records out compared, {len(run.failures)} differences "
          f"({time.monotonic() - start:.0f} s; {run.programs.refused} generated programs did not compile)")
    return 1 if run.failures else 0
