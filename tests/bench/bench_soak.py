#!/usr/bin/env python3
"""Whether memory grows: a program with windows, sessions, joins and tables runs for BENCH_MINUTES (20) on BENCH_RATE (1000) orders and as many payments a
second, exactly once, on a real broker. How much memory it has is shown over time; once it has settled it may have grown by 5 % and 4 MB until the end."""
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

import race

MINUTES, RATE = float(os.environ.get("BENCH_MINUTES", 20)), int(os.environ.get("BENCH_RATE", 1000))
EVERY, CUSTOMERS = 10, 10000
TOPICS = [f"soak-{name}" for name in ("orders", "payments", "recent", "visits", "final", "paid")]
GROWTH, ALLOWED_MB = 1.05, 4


class Feed(threading.Thread):
    """Records at a steady pace; a payment comes 2 s behind its order."""

    def __init__(self, kafka):
        super().__init__()
        self.writers = [subprocess.Popen(kafka.command("produce", topic), stdin=subprocess.PIPE, text=True) for topic in TOPICS[:2]]
        self.over = threading.Event()

    def put(self, writer, n):
        customer = f"c{n * 7919 % CUSTOMERS}"
        writer.stdin.write(f'{{"key":"{customer}","value":"{{\\"id\\":\\"o{n}\\",\\"customer\\":\\"{customer}\\",\\"amount\\":{n % 1000}}}"}}\n')

    def run(self):
        began, n = time.monotonic(), 0
        while not self.over.wait(0.05):
            while n < (time.monotonic() - began) * RATE:
                self.put(self.writers[0], n)
                if n >= 2 * RATE:
                    self.put(self.writers[1], n - 2 * RATE)
                n += 1
            for writer in self.writers:
                writer.stdin.flush()

    def end(self):
        self.over.set()
        self.join()
        for writer in self.writers:
            writer.stdin.close()
            writer.wait()


def memory(process):
    with open(f"/proc/{process.pid}/status") as f:
        return int(re.search(r"^VmRSS:\s+(\d+) kB", f.read(), re.M)[1]) / 1024


def metrics(port):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        return answer.read().decode()


def total(text, name):
    return sum(float(value) for value in re.findall(rf"^{name}(?:{{[^}}]*}})? ([\d.e+]+)$", text, re.M))


def watch(process, port):
    """Samples of its memory, in MB."""
    samples, began = [], time.monotonic()
    print(f"{'minute':>8} {'memory, MB':>11} {'state, MB':>10} {'records':>12} {'behind':>8}", flush=True)
    while time.monotonic() - began < MINUTES * 60:
        time.sleep(EVERY)
        if process.poll() is not None:
            sys.exit(f"it ended with {process.returncode}")
        samples.append(memory(process))
        if len(samples) % 6 == 0:
            text = metrics(port)
            print(f"{(time.monotonic() - began) / 60:8.1f} {samples[-1]:11.1f} {total(text, 'weir_state_memory_bytes') / 2**20:10.1f} "
                  f"{total(text, 'weir_process_records_total'):12,.0f} {total(text, 'weir_consumer_total_lag_records'):8,.0f}", flush=True)
    return samples


def judge(samples):
    quarter = max(len(samples) // 4, 1)
    settled, last = statistics.median(samples[quarter:2 * quarter] or samples), statistics.median(samples[-quarter:])
    grown = last > settled * GROWTH + ALLOWED_MB
    print(f"\nmemory: {settled:.1f} MB in the second quarter, {last:.1f} MB in the last: {'it GROWS' if grown else 'it does not grow'}")
    return 1 if grown else 0


def main():
    with tempfile.TemporaryDirectory(prefix="weir-soak-") as folder:
        broker = race.start_broker()
        try:
            for topic in TOPICS:
                race.fresh(broker, topic)
            app, port = race.build(os.path.join(race.HERE, "soak", "soak.weir"), folder), race.free_port()
            process = subprocess.Popen([app, "--brokers", broker.address, "--create-topics", "--http", str(port), "--set", f"state_dir={folder}/state"])
            feed = Feed(broker)
            feed.start()
            try:
                samples = watch(process, port)
            finally:
                feed.end()
                process.terminate()
                code = process.wait()
        finally:
            broker.remove()
    sys.exit(judge(samples) or code)


if __name__ == "__main__":
    main()
