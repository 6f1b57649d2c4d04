#!/usr/bin/env python3
"""How soon weir is there: from exec to the first output of `weir run` on files, and `weir check` of 1,000 lines."""
import os
import shutil
import statistics
import subprocess
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
WEIR = os.environ["WEIR"]
ROUNDS = 25
EXAMPLE = os.path.join(ROOT, "dsl-examples", "first.weir")

FLOW = """
// Orders of region {n}.
type Order{n} {{
  id: string
  customer: string
  region: string?
  amount: decimal(12, 2)
  qty: int32
}}

stream orders{n} from "orders-{n}" string => json Order{n}  partitions 4

stream large{n} =
  orders{n}
  | filter amount * 2 > 100.00 && (region ?? "none") != "r{n}"
  | let each = if qty > 0 then amount / decimal(qty, 5, 0) else 0.00
  | map {{ id, customer: upper(customer), each, note: "at least " + string(qty) }}

large{n} | to "large-{n}"
"""


def milliseconds_of(action):
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        action()
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took), min(took)


def first_output(folder):
    process = subprocess.Popen([WEIR, "run", EXAMPLE, "--local", folder, "--out", "large-orders=-", "-e", "--reset"], stdout=subprocess.PIPE)
    assert process.stdout.read(1), "it wrote nothing"
    return process


def report(what, took, target):
    print(f"{what:48} {took[0]:7.1f} ms (best {took[1]:.1f})   target: {target} ms{'' if took[0] <= target else ' (missed)'}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(os.path.join(ROOT, "dsl-examples", "first", "in", "orders.jsonl"), folder)
        processes = []
        report("weir run on files, exec to first output", milliseconds_of(lambda: processes.append(first_output(folder))), 50)
        for process in processes:
            process.stdout.close()
            process.wait()
        path = os.path.join(folder, "long.weir")
        text = "app long\n" + "".join(FLOW.format(n=n) for n in range(1000 // FLOW.count("\n")))
        with open(path, "w") as f:
            f.write(text)
        lines = text.count("\n")
        report(f"weir check of {lines:,} lines", milliseconds_of(lambda: subprocess.run([WEIR, "check", path], check=True)), 20)


if __name__ == "__main__":
    main()
