"""Programs linked with a harness of memory/, for benchmarks without a broker."""
import os
import shlex
import subprocess

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
    """PROGRAM, a .weir file or its C, linked with memory/HARNESS."""
    source = os.path.join(HERE, program)
    made = os.path.join(folder, os.path.basename(program) + "-app")
    if program.endswith(".weir"):
        emitted = made + ".c"
        subprocess.run([WEIR, "emit", source, "-o", emitted], check=True)
        source = emitted
    subprocess.run([*shlex.split(os.environ.get("CC", "cc")), "-std=c11", "-D_GNU_SOURCE", "-O3", "-Werror", "-I", os.path.join(ROOT, "runtime"), source,
                    os.path.join(HERE, "memory", f"{harness}.c"), os.path.join(BUILD, "libweir_rt.a"), *LIBRARIES, "-o", made], check=True)
    return made


def numbers(*argv):
    return map(int, subprocess.run(argv, check=True, stdout=subprocess.PIPE, text=True).stdout.split())
