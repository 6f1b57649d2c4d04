#!/usr/bin/env python3
"""--http: health, metrics, and questions about stores, of programs that run from memory and of executables."""
# timeout: 200
import json
import random
import shutil
import socket
import unittest
import urllib.parse

from http_case import HttpCase
from weir_case import record

START = 1714557600000  # 2024-05-01T10:00:00Z
HOUR = 3600000

PROGRAM = """app shop

stream sales from "sales" string => json { shop: string, amount: int64, at: date }  partitions 2
table people from "people" int64 => json { name: string }  partitions 2
global table rates from "rates" string => json { rate: int64 }
table taxes from "taxes" string => json { rate: int64 }  versioned 1h

table totals = sales | group by shop | aggregate { sales: count(), sum: sum(amount), mean: avg(amount) }
table by_day = sales | group by { shop, at } | count
table hourly = sales | group by shop | window tumbling 1h grace 1h | aggregate { sales: count(), sum: sum(amount) }
table visits = sales | group by shop | window session 10m grace 1h | count
table around = sales | group by shop | window sliding 1m grace 1h | count
stream kept = sales | process remember

process remember(string => { shop: string, amount: int64, at: date }) -> string => { n: int64 } {
  store last_amount: string => int64
  on record {
    last_amount[shop] = amount
    if last_amount["none"] == 3 { emit { n: amount } }
  }
}

totals | to "totals"
by_day | to "by-day"
hourly | to "hourly"
visits | to "visits"
around | to "around"
kept | to "kept"
sales | join rates as r on key == r.key | join people as p on amount == p.key | map r.rate | to "a"
sales | join taxes as t | map t.rate | to "b"
"""


def sale(key, shop, amount, at):
    return record(key, {"shop": shop, "amount": amount, "at": "2024-05-01"}, START + at)


class Http(HttpCase):
    def setUp(self):
        super().setUp()
        self.write("p.weir", PROGRAM)
        self.write("t/people.jsonl", record(7, {"name": "Ann"}, START) + record(-8, {"name": "Bob"}, START))
        self.write("t/rates.jsonl", record("x", {"rate": 3}, START) + record("y", {"rate": 4}, START))
        self.write("t/taxes.jsonl", record("k", {"rate": 1}, START) + record("k", {"rate": 2}, START + 5))
        self.write("t/sales.jsonl", sale("1", "KR", 10, 0) + sale("2", "KR", 5, 60000) + sale("3", "a/b ?%\"é", 1, 120000) +
                   sale("4", "KR", 30, HOUR))

    def run_it(self, *argv, **more):
        self.start("--local", "t", *argv, **more)
        self.taken(10)

    def values(self, path):
        return [(row["key"], row["value"]) for row in self.get(path)["rows"]]

    def windows(self, path):
        return [(row["key"], (row["window"]["start"] - START) // 60000, (row["window"]["end"] - START) // 60000, row["value"])
                for row in self.get(path)["rows"]]

    def expect_all(self):
        self.assertEqual([(s["name"], s["kind"], s["key"]) for s in self.get("/stores")["stores"] if not s["name"].startswith("join")][:3],
                         [("people", "rows", "int64"), ("rates", "rows", "string"), ("taxes", "versions", "string")])
        self.assertEqual(self.get("/stores/totals/KR"), {"key": "KR", "value": {"sales": 3, "sum": 45, "mean": 15.0}, "timestamp": START + HOUR})
        self.assertEqual(self.get("/stores/kept-remember-last_amount/KR")["value"], 30)
        self.assertEqual(self.get("/stores/people/-8")["value"], {"name": "Bob"})
        self.assertEqual(self.values("/stores/people"), [(7, {"name": "Ann"}), (-8, {"name": "Bob"})])  # in order of their bytes
        self.assertEqual(self.get("/stores/rates/y")["value"], {"rate": 4})
        self.assertEqual(self.values("/stores/rates"), [("x", {"rate": 3}), ("y", {"rate": 4})])
        self.assertEqual(self.get("/stores/taxes/k")["value"], {"rate": 2})
        self.assertEqual(self.windows("/stores/hourly/KR"), [("KR", 0, 60, {"sales": 2, "sum": 15}), ("KR", 60, 120, {"sales": 1, "sum": 30})])
        self.assertEqual(self.windows("/stores/visits/KR"), [("KR", 0, 1, 2), ("KR", 60, 60, 1)])

    def test_from_memory(self):
        self.run_it()
        self.expect_all()

    def test_built(self):
        self.weir("build", "p.weir", "-o", "app")
        self.run_it(program=[self.path("app")])
        self.expect_all()
        self.stop()
        # What an earlier run left is there before there is a new record.
        self.start("--local", "t", program=[self.path("app")])
        self.until(lambda: self.request("/readyz")[0], 200)
        self.until(lambda: self.request("/stores/totals/KR")[0], 200)
        self.expect_all()

    def test_from_disk(self):
        self.run_it("--memory", "1KB", "--set", "commit=20ms")
        self.until(lambda: self.metrics()["weir_state_memory_bytes"] < 2000, True)
        self.expect_all()

    def test_keys(self):
        self.run_it()
        key = 'a/b ?%"é'
        self.assertEqual(self.get("/stores/totals/" + urllib.parse.quote(key, safe=""))["key"], key)
        self.assertEqual(self.get("/stores/totals/" + urllib.parse.quote(key))["key"], key)  # the slash as it is
        self.assertEqual(self.get("/stores/people/7")["key"], 7)
        day = urllib.parse.quote('{"shop":"KR","at":"2024-05-01"}')
        self.assertEqual(self.get("/stores/by_day/" + day)["value"], 3)
        self.assertEqual(self.error("/stores/people/seven", 400), "`seven` is no key of this store: its keys are int64, written as JSON")
        self.assertEqual(self.error("/stores/people/1.5", 400), "`1.5` is no key of this store: its keys are int64, written as JSON")
        self.assertEqual(self.error("/stores/people/99", 404), "store `people` has no key `99`")
        self.assertEqual(self.error("/stores/totals/", 404), "store `totals` has no key ``")
        self.assertEqual(self.error("/stores/totals/%00%FF", 404), "store `totals` has no key `??`")

    def test_ranges(self):
        self.run_it()
        self.assertEqual([k for k, _ in self.values("/stores/totals")], ["KR", 'a/b ?%"é'])
        self.assertEqual([k for k, _ in self.values("/stores/totals?from=L")], ['a/b ?%"é'])
        self.assertEqual([k for k, _ in self.values("/stores/totals?to=KR")], ["KR"])
        self.assertEqual([k for k, _ in self.values("/stores/totals?from=KR&to=KR")], ["KR"])
        self.assertEqual(self.get("/stores/totals?from=z"), {"rows": [], "more": False, "partitions": [0, 1]})
        one = self.get("/stores/people?limit=1")
        self.assertEqual(([row["key"] for row in one["rows"]], one["more"]), ([7], True))
        self.assertFalse(self.get("/stores/people?limit=2")["more"])
        self.assertEqual([k for k, _ in self.values("/stores/people?from=0&to=100")], [7])

    def test_windows(self):
        self.run_it()
        self.assertEqual(self.windows("/stores/hourly/KR?from=2024-05-01T11:00:00Z"), [("KR", 60, 120, {"sales": 1, "sum": 30})])
        self.assertEqual(self.windows(f"/stores/hourly/KR?to={START}"), [("KR", 0, 60, {"sales": 2, "sum": 15})])
        self.assertEqual(self.windows(f"/stores/hourly/KR?from={START + 1}&to={START + 2}"), [])
        self.assertEqual(len(self.windows("/stores/hourly")), 3)
        self.assertEqual([k for k, *_ in self.windows("/stores/hourly?to=2024-05-01T10:00:00Z")], ["KR", 'a/b ?%"é'])
        self.assertEqual(self.windows(f"/stores/visits/KR?from={START}&to={START + 30000}"), [("KR", 0, 1, 2)])
        self.assertEqual(len(self.windows("/stores/visits")), 3)
        self.assertEqual(self.windows("/stores/around/KR"), [("KR", -1, 0, 1), ("KR", 0, 1, 2), ("KR", 0, 1, 1), ("KR", 59, 60, 1)])
        self.assertEqual(self.windows("/stores/hourly/nobody"), [])

    def test_what_is_processed_is_seen_before_its_commit(self):
        self.run_it("--set", "commit=10m")
        before = self.metrics()["weir_commit_latency_seconds_count"]
        with open(self.path("t/sales.jsonl"), "a") as f:
            f.write(sale("5", "KR", 55, HOUR))
        self.until(lambda: self.get("/stores/totals/KR")["value"]["sum"], 100)
        self.assertEqual(self.metrics()["weir_commit_latency_seconds_count"], before)

    def test_health(self):
        self.run_it()
        self.assertEqual(self.get("/livez"), {"status": "alive"})
        self.assertEqual(self.get("/readyz"), {"status": "ready"})

    def test_while_it_restores(self):
        """503 and how far it is; then everything."""
        count = 200000
        self.write("p.weir", 'app big\nstream a from "a" string => string\ntable counts = a | group by key | count\ncounts | to "b"\n')
        self.write("t/a.jsonl", "".join(f'{{"key":"k{n}","value":"x","timestamp":{START + n}}}\n' for n in range(count)))
        self.weir("run", "p.weir", "--local", "t", "-e")
        shutil.rmtree(self.path("t/.weir/big/0_0"))
        self.start("--local", "t")
        seen = []
        while not seen or seen[-1] != 200:
            status, text, _ = self.request("/stores/counts/k7")
            seen.append(status)
            if status == 503:
                self.assertIn(json.loads(text)["status"], ("starting", "restoring"))
                self.assertEqual(self.get("/livez"), {"status": "alive"})
        self.assertEqual(seen[0], 503)
        self.assertEqual(self.get("/readyz"), {"status": "ready"})
        self.assertEqual(self.metrics()["weir_restored_records_total"], count)

    def test_metrics(self):
        with open(self.path("t/sales.jsonl"), "a") as f:
            f.write(record("5", {"shop": 5}, START) + sale("6", "KR", 1, -2 * HOUR))
        self.start("--local", "t", "--set", "bad_records=skip")
        self.taken(12)
        self.until(lambda: self.metrics()['weir_store_rows{store="totals"}'], 2)
        metrics = self.metrics()
        for series, value in {'weir_build_info{app="shop",version="0.1.0"}': 1,
                              'weir_process_records_total{source="sales"}': 6,
                              'weir_bad_records_total{source="sales",cause="decode"}': 1,
                              'weir_dropped_records_total{store="hourly",reason="late"}': 1,
                              'weir_dropped_records_total{store="totals",reason="late"}': 0,
                              "weir_restoring_stores": 0,
                              "weir_consumer_total_lag_records": 0}.items():
            self.assertEqual(metrics[series], value, series)
        self.assertGreaterEqual(metrics["weir_commit_latency_seconds_count"], 1)
        self.assertGreaterEqual(metrics['weir_record_e2e_latency_seconds_bucket{le="+Inf"}'], 1)
        self.assertGreater(metrics["weir_state_memory_bytes"], 100)
        self.assertGreater(metrics["process_resident_memory_bytes"], 1 << 20)

    def test_wrong_requests(self):
        self.run_it()
        nothing = "there is nothing here; there are /livez, /readyz, /metrics, /stores, /stores/NAME and /stores/NAME/KEY"
        for path in ("/", "/nothing", "/metrics/x", "//", "/storesx"):
            self.assertEqual(self.error(path, 404), nothing)
        self.assertRegex(self.error("/stores/nope", 404), r"^no store is called `nope`; there are people, rates, ")
        for path, why in {"/stores/totals?limit=0": "`limit` is a number of rows from 1 to 10000",
                          "/stores/totals?limit=10001": "`limit` is a number of rows from 1 to 10000",
                          "/stores/totals?limit=": "`limit` is a number of rows from 1 to 10000",
                          "/stores/totals?limit=-1": "`limit` is a number of rows from 1 to 10000",
                          "/stores/totals?after=x": "behind the ? may be from=, to= and limit=, with & between them",
                          "/stores/totals?from": "behind the ? may be from=, to= and limit=, with & between them",
                          "/stores/totals?from=a&from=b": "`from` is said twice",
                          "/stores/totals/%": "behind a % are two hexadecimal digits; a % itself is %25",
                          "/stores/totals/%g0": "behind a % are two hexadecimal digits; a % itself is %25",
                          "/stores/hourly/KR?from=noon": "`noon` is no time: write 2024-05-01T10:00:00Z, or milliseconds since 1970",
                          "/stores/totals/KR?from=a": "`from` and `to` are of windows, which this store has not: a key has one row",
                          "/stores/taxes": "a versioned table is asked for one key: /stores/taxes/KEY"}.items():
            self.assertEqual(self.error(path, 400), why, path)
        for method in ("POST", "PUT", "DELETE", "NONSENSE"):
            status, text, headers = self.request("/stores", method, "x" * 100)
            self.assertEqual((status, text, headers["Allow"]), (405, '{"error":"only GET is answered here"}\n', "GET, HEAD"))
        self.assertEqual(self.request("/livez", "HEAD")[:2], (200, ""))
        self.assertIn(self.request("/stores/totals/" + "x" * 100000)[0], (414, 431))
        self.assertEqual(self.get("/livez"), {"status": "alive"})

    def test_nonsense_does_no_harm(self):
        """Bytes that are no requests, requests cut off, and addresses of odd pieces."""
        self.run_it()
        r = random.Random(7)
        pieces = ["/", "stores", "totals", "hourly", "people", "taxes", "KR", "%", "%00", "%2", "%2F", "%FF", "?", "&", "=", "from", "to", "limit", "from=", "-1",
                  "99999999999999999999", "{", '"', "..", "\\", "+", ";", "é", "x" * 3000, "2024-05-01T10:00:00Z", "null", "[]"]
        for _ in range(300):
            path = "/" + "".join(r.choice(pieces) for _ in range(r.randrange(12)))
            kind = r.randrange(4)
            if kind == 0:
                data = bytes(r.randrange(256) for _ in range(r.randrange(200)))
            else:
                data = f"GET {path} HTTP/1.{r.randrange(3)}\r\nHost: x\r\n{'Connection: close' if kind > 1 else 'Content-Length: -5'}\r\n\r\n".encode()
            if kind == 3:
                data = data[:r.randrange(len(data))]
            with socket.create_connection(("127.0.0.1", self.port), timeout=20) as connection:
                connection.sendall(data)
                try:
                    while data.endswith(b"close\r\n\r\n") and connection.recv(65536):
                        pass
                except ConnectionResetError:
                    pass
        self.assertEqual(self.get("/livez"), {"status": "alive"})
        self.assertEqual(self.get("/stores/totals/KR")["value"]["sum"], 45)

    def test_kept_alive(self):
        self.run_it()
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as connection:
            answers = connection.makefile("rb")
            for _ in range(3):
                connection.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
                self.assertEqual(answers.readline(), b"HTTP/1.1 200 OK\r\n")
                while answers.readline() != b"\r\n":
                    pass
                self.assertEqual(answers.readline(), b'{"status":"alive"}\n')

    def test_more_connections_than_there_may_be(self):
        """The workers go on, and who has a connection is answered."""
        self.run_it()
        first = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        self.addCleanup(first.close)
        for _ in range(200):
            self.addCleanup(socket.create_connection(("127.0.0.1", self.port), timeout=20).close)
        first.sendall(b"GET /stores/totals/KR HTTP/1.1\r\nHost: x\r\n\r\n")
        self.assertEqual(first.makefile("rb").readline(), b"HTTP/1.1 200 OK\r\n")
        with open(self.path("t/sales.jsonl"), "a") as f:
            f.write(sale("5", "KR", 55, HOUR))
        self.until(lambda: self.exists("t/totals.jsonl") and '"sum":100' in self.read("t/totals.jsonl"), True)

    def test_where_to_listen(self):
        self.run_it()
        for wrong in ("", "x", "70000", "1.2.3.4", "host:", "host:http", "a:b:80", "[::1", "[::1]80", "/tmp/x:80", ":"):
            _, err = self.weir("run", "p.weir", "--local", "t", "-e", "--set", f"http={wrong}", code=2)
            self.assertEqual(err, f"weir run: --set: `http` takes [HOST:]PORT, like 8080, 0.0.0.0:8080 or [::1]:8080, not `{wrong}`\n")
        _, err = self.weir("run", "p.weir", "--local", "u", "-e", "--http", f"127.0.0.1:{self.port}", code=3)
        self.assertEqual(err, f"shop: --http: cannot listen on 127.0.0.1, port {self.port}: Address already in use\n")
        _, err = self.weir("run", "p.weir", "--local", "u", "-e", code=3, WEIR_HTTP="nowhere.invalid:80")
        self.assertRegex(err, "^shop: --http: cannot listen on nowhere.invalid, port 80: ")
        _, err = self.weir("run", "p.weir", "--local", "u", "-e", "--http", "localhost:0")
        self.assertRegex(err, r"^shop: listening on http://(127\.0\.0\.1|\[::1\]):\d+\n")

    def test_without_the_library(self):
        self.write("lib/libmicrohttpd.so.12", "")
        _, err = self.weir("run", "p.weir", "--local", "t", "-e", "--http", "0", code=3, LD_LIBRARY_PATH=self.path("lib"))
        self.assertRegex(err, r"^shop: --http needs libmicrohttpd \(on Debian: apt-get install libmicrohttpd12\): ")


class WithoutStores(HttpCase):
    def test_no_stores(self):
        self.write("p.weir", 'app pass\nstream a from "a" string => string\na | to "b"\n')
        self.write("t/a.jsonl", "")
        self.start("--local", "t")
        self.assertEqual(self.get("/stores"), {"stores": []})
        self.assertEqual(self.error("/stores/x", 404), "no store is called `x`: the program has none")


if __name__ == "__main__":
    unittest.main()
