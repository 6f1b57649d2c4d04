"""A fixed number of seeds of the simulation, some of them with RocksDB; a seed is played the same way every time."""
import os
import subprocess
import sys

SIMULATION = os.path.join(os.environ["WEIR_BUILD"], "tests", "simulation")


def run(*arguments):
    done = subprocess.run([SIMULATION, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        sys.exit(f"$ simulation {' '.join(arguments)}\nexit code {done.returncode}\n{done.stdout[-6000:]}")
    return done.stdout


run("--seeds", "3000")
run("--seeds", "30", "--rocksdb")
if run("--seed", "77", "--trace") != run("--seed", "77", "--trace"):
    sys.exit("seed 77 is played otherwise the second time")
