#!/usr/bin/env python3
"""A processor block without a broker, on one thread: process/dedupe.weir against process/by_hand.c, which does the same, written by hand in C against
the runtime. Both run in the stores of a worker, decoding included."""
import sys
import tempfile

from linked import compiled, numbers, orders

ROUNDS, ORDERS = 7, 1000000


def main():
    with tempfile.TemporaryDirectory() as folder:
        file = orders(folder, ORDERS)
        programs = {name: compiled(folder, f"process/{name}", "updates") for name in ("dedupe.weir", "by_hand.c")}
        best, results = {}, set()
        for _ in range(ROUNDS):
            for name, program in programs.items():
                count, nanoseconds, _, *result = numbers(program, file, "1GB")
                best[name] = min(nanoseconds / count, best.get(name, nanoseconds))
                results.add(tuple(result))
    if len(results) > 1:
        sys.exit(f"records sent and logged differ: {results}")
    weir, by_hand = best["dedupe.weir"], best["by_hand.c"]
    ratio = weir / by_hand
    print(f"a block that leaves out doubles: {weir:.0f} ns an order in weir, {by_hand:.0f} ns by hand in C, {ratio:.2f} times as much; "
          f"{results.pop()[0] / ORDERS:.0%} pass (CPU time of the best of {ROUNDS} runs each)")
    print(f"target: at most 1.1{'' if ratio <= 1.1 else ' (missed)'}")


if __name__ == "__main__":
    main()
