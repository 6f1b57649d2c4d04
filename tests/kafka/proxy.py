"""Stands between clients and a broker, and answers requests of weir in the broker's place when told to: with an error, or with the end of the connection.

Unlike librdkafka's mock cluster it leaves a real broker behind it, which keeps transactions and their offsets, so that what came of an error can be counted.
"""
import collections
import contextlib
import socket
import struct
import threading

# Kafka's numbers.
PRODUCE, OFFSET_COMMIT, OFFSET_FETCH, FIND_COORDINATOR, JOIN_GROUP, HEARTBEAT, SYNC_GROUP = 0, 8, 9, 10, 11, 12, 14
INIT_PRODUCER, ADD_PARTITIONS, ADD_OFFSETS, END_TXN, TXN_OFFSETS = 22, 24, 25, 26, 28
# From which version on sizes are varints, and tags are behind everything.
FLEXIBLE = {OFFSET_FETCH: 6, INIT_PRODUCER: 2, TXN_OFFSETS: 3}
# How librdkafka 2.0.2 asks a broker of today.
VERSIONS = {PRODUCE: 7, OFFSET_COMMIT: 7, OFFSET_FETCH: 7, FIND_COORDINATOR: 2, JOIN_GROUP: 5, HEARTBEAT: 3, SYNC_GROUP: 3, INIT_PRODUCER: 4,
            ADD_PARTITIONS: 0, ADD_OFFSETS: 0, END_TXN: 1, TXN_OFFSETS: 3}
CUT = None  # in an error's place: the connection ends

# `done`: the broker has done what was asked, and only its answer is another.
Fault = collections.namedtuple("Fault", "api error done")


class Reader:
    """Of a request."""

    def __init__(self, data, flexible):
        self.data, self.at, self.flexible = data, 0, flexible

    def take(self, size):
        self.at += size
        return self.data[self.at - size:self.at]

    def number(self, format):
        return struct.unpack(">" + format, self.take(struct.calcsize(">" + format)))[0]

    def varint(self):
        value = shift = 0
        while True:
            byte = self.number("B")
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def size(self, format):
        return self.varint() - 1 if self.flexible else self.number(format)

    def text(self):
        return self.take(max(self.size("h"), 0))

    def tags(self):
        for _ in range(self.varint() if self.flexible else 0):
            self.varint()
            self.take(self.varint())

    def topics(self, partition):
        """[(name, [number of partition])]; PARTITION reads what is behind a number."""
        topics = []
        for _ in range(self.size("i")):
            name, partitions = self.text(), []
            for _ in range(self.size("i")):
                partitions.append(self.number("i"))
                partition(self)
                self.tags()
            self.tags()
            topics.append((name, partitions))
        return topics


def topics_of(api, r):
    """What a request is about, for those that are answered for each partition."""
    if api == PRODUCE:
        r.text(), r.take(6)
        return r.topics(lambda r: r.take(r.number("i")))
    if api == ADD_PARTITIONS:
        r.text(), r.take(10)
        return r.topics(lambda r: None)
    if api == TXN_OFFSETS:
        r.text(), r.text(), r.take(14), r.text(), r.text()
    else:
        r.text(), r.take(4), r.text(), r.text()
    return r.topics(lambda r: (r.take(12), r.text()))


def put_topics(api, topics, error, flexible):
    tags = b"\0" if flexible else b""

    def size(count, format):
        return bytes([count + 1]) if flexible else struct.pack(">" + format, count)

    out = size(len(topics), "i")
    for name, partitions in topics:
        out += size(len(name), "h") + name + size(len(partitions), "i")
        for number in partitions:
            out += struct.pack(">ih", number, error) + (struct.pack(">qqq", -1, -1, -1) if api == PRODUCE else b"") + tags
        out += tags
    return out


def answer(api, version, request, error):
    """The body of an answer that says ERROR."""
    if version != VERSIONS[api]:
        raise ValueError(f"request {api} has version {version}")
    flexible = version >= FLEXIBLE.get(api, 99)
    no_delay, code, empty = bytes(4), struct.pack(">h", error), bytes(2)
    if api in (PRODUCE, ADD_PARTITIONS, TXN_OFFSETS, OFFSET_COMMIT):
        topics = put_topics(api, topics_of(api, Reader(request, flexible)), error, flexible)
        return topics + no_delay if api == PRODUCE else no_delay + topics + (b"\0" if flexible else b"")
    rest = {FIND_COORDINATOR: struct.pack(">hihi", -1, -1, 0, -1), JOIN_GROUP: struct.pack(">i", -1) + empty * 3 + bytes(4), SYNC_GROUP: bytes(4),
            INIT_PRODUCER: struct.pack(">qhb", -1, -1, 0), OFFSET_FETCH: b"\0"}
    return no_delay + (b"\1" if api == OFFSET_FETCH else b"") + code + rest.get(api, b"")


def receive(s):
    """A request or an answer, without its size; None: the end."""
    with contextlib.suppress(OSError):
        head = s.recv(4, socket.MSG_WAITALL)
        if len(head) == 4:
            size, = struct.unpack(">i", head)
            body = s.recv(size, socket.MSG_WAITALL)
            return body if len(body) == size else None
    return None


class Connection:
    def __init__(self, proxy, client):
        self.proxy, self.client = proxy, client
        self.broker = socket.create_connection(proxy.broker)
        self.lock = threading.Lock()
        self.open = 2  # threads
        self.replaced = {}  # by correlation id: what the client gets instead of the broker's answer

    def start(self):
        for pump in (self.take_requests, self.take_answers):
            threading.Thread(target=pump, daemon=True).start()

    def close(self):
        """By each of its threads, as it ends."""
        with self.lock:
            self.open -= 1
            for s in (self.client, self.broker):
                with contextlib.suppress(OSError):
                    s.shutdown(socket.SHUT_RDWR)
                if not self.open:
                    s.close()

    def send(self, s, body):
        with contextlib.suppress(OSError), self.lock:
            s.sendall(struct.pack(">i", len(body)) + body)

    def take_requests(self):
        while (body := receive(self.client)) is not None:
            api, version, number, client = struct.unpack(">hhih", body[:10])
            name = body[10:10 + max(client, 0)]
            fault = self.proxy.take(api, name)
            if not fault:
                self.send(self.broker, body)
                continue
            rest = Reader(body[10 + len(name):], True)
            flexible = version >= FLEXIBLE.get(api, 99)
            if flexible:
                rest.tags()
            instead = None
            if fault.error is not CUT:
                instead = body[4:8] + (b"\0" if flexible else b"") + answer(api, version, rest.data[rest.at:], fault.error)
            if fault.done:
                self.replaced[number] = instead
                self.send(self.broker, body)
            elif instead:
                self.send(self.client, instead)
            else:
                break
        self.close()

    def take_answers(self):
        while (body := receive(self.broker)) is not None:
            number, = struct.unpack(">i", body[:4])
            body = self.replaced.pop(number, body)
            if body is None:
                break
            self.send(self.client, body)
        self.close()


class Proxy:
    """As many faults as are told, one after the other, of requests whose client's name begins with `weir-`."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.listener.getsockname()[1]}"
        self.lock = threading.Lock()
        self.faults = []
        self.held = None  # a kind of requests
        self.waiting = 0  # of them
        self.let_go = threading.Condition(self.lock)

    def start(self, broker):
        host, port = broker.split(":")
        self.broker = host, int(port)
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                try:
                    Connection(self, client).start()
                except OSError:  # the broker is not there yet, or no more
                    client.close()

    def tell(self, *faults):
        with self.lock:
            self.faults += faults

    def forget(self):
        with self.lock:
            self.faults = []

    @contextlib.contextmanager
    def hold(self, api):
        """Such requests wait meanwhile, and whatever comes behind them."""
        with self.lock:
            self.held = api
        try:
            yield
        finally:
            with self.lock:
                self.held = None
                self.let_go.notify_all()

    def take(self, api, client):
        with self.lock:
            while api == self.held and client.startswith(b"weir-"):
                self.waiting += 1
                self.let_go.wait()
                self.waiting -= 1
            for fault in self.faults if client.startswith(b"weir-") else ():
                if fault.api == api:
                    self.faults.remove(fault)
                    return fault
        return None

    def close(self):
        self.listener.close()
