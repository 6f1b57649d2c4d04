"""A fixed number of seeds of the simulation, some of them with RocksDB; a seed is played the same way every time."""
# timeout: 600
import os
import re
import subprocess
import sys

BUILD = os.environ["WEIR_BUILD"]
SIMULATION = os.path.join(BUILD, "tests", "simulation")


def sanitizer():
    with open(os.path.join(BUILD, "CMakeCache.txt")) as f:
        return re.search(r"^WEIR_SANITIZE:\w+=(.*)$", f.read(), re.M)[1]


def run(*arguments):
    # What an instance had when it was killed is lost, to the simulation as well.
    done = subprocess.run([SIMULATION, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace", env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"})
    if done.returncode != 0:
        sys.exit(f"$ simulation {' '.join(arguments)}\nexit code {done.returncode}\n{done.stdout[-6000:]}")
    return done.stdout


if sanitizer() == "thread":
    print("coroutines are not known to ThreadSanitizer, and there is but one thread")
    sys.exit(77)
run("--seeds", "300" if sanitizer() else "3000")
run("--seeds", "30", "--rocksdb")
if run("--seed", "77", "--trace") != run("--seed", "77", "--trace"):
    sys.exit("seed 77 is played otherwise the second time")
