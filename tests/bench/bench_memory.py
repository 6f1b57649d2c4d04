#!/usr/bin/env python3
"""The emitted code of stateless.weir by itself: orders in memory decoded, filtered and encoded on one thread, without a broker."""
import os
import shlex
import subprocess
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
WEIR, BUILD = os.environ["WEIR"], os.environ["WEIR_BUILD"]
ORDERS, ROUNDS = 200000, 30
TARGET = 5e6
LIBRARIES = ["-lrdkafka", "-lpcre2-8", "-lxxhash", "-lutf8proc", "-lpthread", "-lm"]


def main():
    with tempfile.TemporaryDirectory() as folder:
        orders, emitted, program = (os.path.join(folder, name) for name in ("orders", "stateless.c", "memory"))
        with open(orders, "wb") as f:
            subprocess.run([os.path.join(BUILD, "tests", "orders_load"), "-", "print", str(ORDERS)], check=True, stdout=f)
        with open(emitted, "wb") as f:
            subprocess.run([WEIR, "emit", os.path.join(HERE, "stateless.weir")], check=True, stdout=f)
        subprocess.run([*shlex.split(os.environ.get("CC", "cc")), "-std=c11", "-D_GNU_SOURCE", "-O3", "-I", os.path.join(ROOT, "runtime"),
                        emitted, os.path.join(HERE, "memory", "memory.c"), os.path.join(BUILD, "libweir_rt.a"), *LIBRARIES, "-o", program],
                       check=True)
        out = subprocess.run([program, orders, str(ROUNDS)], check=True, stdout=subprocess.PIPE, text=True).stdout
        count, passed, size, nanoseconds = map(int, out.split())
        rate = count / nanoseconds * 1e9
        print(f"{rate / 1e6:.1f} million orders/s a core: {nanoseconds / count:.0f} ns for an order of {os.path.getsize(orders) / count:.0f} "
              f"bytes; {passed / count:.0%} pass, {size / passed:.0f} bytes each (CPU time of the best of {ROUNDS} rounds)")
        print(f"target: at least {TARGET / 1e6:.0f} million{'' if rate >= TARGET else ' (missed)'}")


if __name__ == "__main__":
    main()
