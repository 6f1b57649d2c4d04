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
taken = re.search(r"(\d+) records taken beside restores, (\d+) before all was loaded", run("--seeds", "300" if sanitizer() else "3000"))
if int(taken[1]) < 100:
    sys.exit("live tasks do not go on beside restores")
if int(taken[2]) < 100:
    sys.exit("tasks go live only when all is loaded")
run("--seeds", "30", "--rocksdb")
def traced():
    return [line for line in run("--seed", "77", "--trace").splitlines() if not line.startswith("==")]  # AddressSanitizer's, with its process


if traced() != traced():
    sys.exit("seed 77 is played otherwise the second time")
