#!/usr/bin/env python3
"""Emitted code without a broker, on one thread: stateless.weir decodes, filters and encodes orders in memory; state/windows.weir counts and sums them
by key and minute in the stores of a worker."""
import os
import shlex
import subprocess
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
WEIR, BUILD = os.environ["WEIR"], os.environ["WEIR_BUILD"]
LIBRARIES = ["-lrdkafka", "-lrocksdb", "-lpcre2-8", "-lxxhash", "-lutf8proc", "-lpthread", "-lm"]


def orders(folder, count):
    path = os.path.join(folder, f"orders-{count}")
    with open(path, "wb") as f:
        subprocess.run([os.path.join(BUILD, "tests", "orders_load"), "-", "print", str(count)], check=True, stdout=f)
    return path


def compiled(folder, program, harness):
    """The C of PROGRAM linked with memory/HARNESS."""
    emitted, made = os.path.join(folder, f"{harness}-program.c"), os.path.join(folder, harness)
    with open(emitted, "wb") as f:
        subprocess.run([WEIR, "emit", os.path.join(HERE, program)], check=True, stdout=f)
    subprocess.run([*shlex.split(os.environ.get("CC", "cc")), "-std=c11", "-D_GNU_SOURCE", "-O3", "-I", os.path.join(ROOT, "runtime"), emitted,
                    os.path.join(HERE, "memory", f"{harness}.c"), os.path.join(BUILD, "libweir_rt.a"), *LIBRARIES, "-o", made], check=True)
    return made


def numbers(*argv):
    return map(int, subprocess.run(argv, check=True, stdout=subprocess.PIPE, text=True).stdout.split())


def target(rate, wanted):
    print(f"target: at least {wanted / 1e6:.0f} million{'' if rate >= wanted else ' (missed)'}")


def stateless(folder):
    rounds, file = 30, orders(folder, 200000)
    count, passed, size, nanoseconds = numbers(compiled(folder, "stateless.weir", "memory"), file, str(rounds))
    rate = count / nanoseconds * 1e9
    print(f"{rate / 1e6:.1f} million orders/s a core: {nanoseconds / count:.0f} ns for an order of {os.path.getsize(file) / count:.0f} "
          f"bytes; {passed / count:.0%} pass, {size / passed:.0f} bytes each (CPU time of the best of {rounds} rounds)")
    target(rate, 5e6)


def windows(folder):
    program, file = compiled(folder, "state/windows.weir", "updates"), orders(folder, 2000000)
    runs = [tuple(numbers(program, file, "1GB")) for _ in range(3)]
    count, updated, committed, sent, logged = min(runs, key=lambda run: run[1])
    rate = count / updated * 1e9
    print(f"{rate / 1e6:.1f} million windowed updates/s a core: {updated / count:.0f} ns for an order, decoding included; "
          f"{(committed - updated) / sent:.0f} ns more for each of {sent:,} rows at the commit, sent and logged (CPU time of the best of {len(runs)} runs)")
    target(rate, 4e6)


def main():
    with tempfile.TemporaryDirectory() as folder:
        stateless(folder)
        windows(folder)


if __name__ == "__main__":
    main()
