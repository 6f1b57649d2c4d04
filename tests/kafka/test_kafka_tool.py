#!/usr/bin/env python3
"""The tests' own tool against a real broker: what goes in comes out, to the byte."""
# timeout: 600
import os

from broker import Client

kafka = Client(os.environ["WEIR_KAFKA"])
kafka.create("tool-test", 2, message_timestamp_type="CreateTime")
assert kafka.topics()["tool-test"] == 2

sent = [
    {"partition": 0, "timestamp": 1714557600000, "key": "k", "value": "{\"a\": 9007199254740993}"},
    {"partition": 0, "timestamp": 1714557600001, "key": None, "value": "é", "headers": [["h", "1"], ["h", None]]},
    {"partition": 1, "timestamp": 1714557600002, "key": "gone", "value": None},
    {"partition": 1, "timestamp": 1714557600003, "key": {"hex": "0001ff"}, "value": {"hex": ""}},
]
kafka.produce("tool-test", sent)
got = sorted(kafka.consume("tool-test"), key=lambda r: r["timestamp"])
for record in got:
    del record["offset"]
sent[3]["value"] = ""
assert got == sent, got
assert kafka.offsets("nobody", "tool-test") == [(0, -1, 2), (1, -1, 2)]
kafka.delete("tool-test")
assert "tool-test" not in kafka.topics()
