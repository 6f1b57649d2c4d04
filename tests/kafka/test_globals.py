#!/usr/bin/env python3
# timeout: 300
"""Global tables on a real broker: every instance has all partitions, before the first record, and sees what changes."""
import json
import time
import unittest

from kafka_case import SHORT_SESSION, KafkaCase, wait_for

JOIN = """app {app}
global table rates from "{app}-rates" string => json {{ rate: int64 }}
stream orders from {source}
orders | left join rates as r on value == r.key | map value + "=" + (if r == null then "none" else string(r.rate)) | to "{out}"
"""
CURRENCIES = [f"c{n}" for n in range(40)]


class Globals(KafkaCase):
    def setUp(self):
        super().setUp()
        self.rates = f"{self.app}-rates"
        self.kafka.create(self.rates, 5)
        self.kafka.create(self.source, 2)
        self.kafka.create(self.out, 2)
        self.path = self.program(text=JOIN)

    def rate(self, currencies, rate, **more):
        self.kafka.produce(self.rates, [{"key": c, "value": rate if rate is None else json.dumps({"rate": rate}), **more} for c in currencies])

    def order(self, currencies):
        self.kafka.produce(self.source, [{"key": f"k{n}", "value": c} for n, c in enumerate(currencies)])

    def test_all_of_it_comes_first(self):
        self.rate(CURRENCIES, 1)
        self.rate(CURRENCIES[:20], 2)
        self.rate(CURRENCIES[:5], None)
        self.order(CURRENCIES)
        for runs in (1, 2):
            self.run_to_end(self.path)
            want = {f"{c}={'none' if n < 5 else 2 if n < 20 else 1}": runs for n, c in enumerate(CURRENCIES)}
            self.assertEqual(self.values(), want)
            self.order(CURRENCIES)

    def test_an_empty_one(self):
        self.order(CURRENCIES)
        self.run_to_end(self.path)
        self.assertEqual(self.values(), {f"{c}=none": 1 for c in CURRENCIES})

    def seen(self, rate):
        """Orders until the rate is seen for every currency."""
        def look():
            self.order(CURRENCIES)
            time.sleep(0.2)
            values = self.values()
            return all(f"{c}={rate}" in values for c in CURRENCIES)
        wait_for(look, f"rate {rate}")

    def test_changes_while_it_runs(self):
        self.rate(CURRENCIES, 1)
        running = self.start(self.path)
        self.seen(1)
        self.rate(CURRENCIES, 7)
        self.seen(7)
        self.rate(CURRENCIES, None)
        self.seen("none")
        running.stop()

    def test_two_instances_with_several_threads(self):
        self.rate(CURRENCIES, 1)
        first = self.start(self.path, *SHORT_SESSION, "--set", "threads=2")
        second = self.start(self.path, *SHORT_SESSION)
        self.seen(1)
        self.rate(CURRENCIES, 2)
        self.seen(2)
        second.kill()
        self.rate(CURRENCIES, 3)
        self.seen(3)
        first.stop()

    def test_bad_records(self):
        self.rate(CURRENCIES, 1)
        self.kafka.produce(self.rates, [{"key": "c3", "value": "no rate"}])
        self.order(CURRENCIES)
        self.assertIn(f"topic `{self.rates}`", self.run_to_end(self.path, code=1))
        err = self.run_to_end(self.path, "--set", "bad_records=skip")
        self.assertIn("bad record", err)
        self.assertEqual(self.values(), {f"{c}=1": 1 for c in CURRENCIES})

    def test_no_topic(self):
        path = self.write('app a\nglobal table g from "nowhere" string => string\n'
                          f'stream s from "{self.source}" string => string\ns | join g on key == g.key | map value | to "{self.out}"\n')
        self.assertIn("there is no topic on", self.run_to_end(path, code=3))


if __name__ == "__main__":
    unittest.main()
