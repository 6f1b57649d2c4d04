#!/usr/bin/env python3
"""Emitted code without a broker, on one thread: stateless.weir decodes, filters and encodes orders in memory; state/windows.weir counts and sums them
by key and minute in the stores of a worker."""
import os
import tempfile

from linked import compiled, numbers, orders


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
