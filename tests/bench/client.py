"""A cheap load client: several keep-alive connections, raw requests, one thread."""

import select
import socket
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

END_OF_HEAD = b"\r\n\r\n"
EMPTY = "/empty/"
"""The page of tests.bench.site that costs nothing of its own."""


@dataclass
class Load:
    """What came back: a latency for each answer, the statuses, and how long it all took."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def rate(self) -> float:
        """Return the answers a second."""
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def percentile_ms(self, percent: float) -> float:
        """Return the latency that so many percent of the answers stay below."""
        ordered = sorted(self.latencies)
        return ordered[min(int(len(ordered) * percent / 100), len(ordered) - 1)] * 1000 if ordered else 0.0

    @property
    def server_errors(self) -> int:
        """Return how many answers were 5xx."""
        return sum(count for status, count in self.statuses.items() if status >= 500)

    def add(self, other: "Load") -> None:
        """Take the answers of another round in."""
        self.seconds += other.seconds
        self.latencies += other.latencies
        self.statuses += other.statuses


def get(path: str, *, cookie: str = "") -> bytes:
    """Return a GET request as it goes over the wire."""
    return _head("GET", path, cookie) + b"\r\n"


def post(path: str, body: str, *, cookie: str) -> bytes:
    """Return a form as it goes over the wire."""
    content = body.encode()
    kind = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(content)}\r\n\r\n"
    return _head("POST", path, cookie) + kind.encode() + content


def _head(method: str, path: str, cookie: str) -> bytes:
    sent = f"Cookie: {cookie}\r\n" if cookie else ""
    return f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{sent}".encode()


class _Connection:
    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.began = 0.0
        self._got = bytearray()
        self._wanted = -1

    def send(self, request: bytes) -> None:
        self._got.clear()
        self._wanted = -1
        self.began = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> int | None:
        """Read what is there; return the status once the answer is complete."""
        part = self.socket.recv(262_144)
        if not part:
            raise ConnectionError("the server hung up")
        self._got += part
        if self._wanted < 0:
            end = self._got.find(END_OF_HEAD)
            if end < 0:
                return None
            self._wanted = end + len(END_OF_HEAD) + _length(bytes(self._got[:end]))
        return int(self._got[9:12]) if len(self._got) >= self._wanted else None


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.split(b":", 1)[1])
    raise ValueError("an answer without a length")


def run(port: int, requests: Iterable[bytes], *, connections: int = 16, seconds: float | None = None) -> Load:
    """Send requests over several connections, each its next one after its answer, until they or the time run out."""
    load = Load()
    source = iter(requests)
    poll = select.epoll()
    open_ones = {made.socket.fileno(): made for made in (_Connection(port) for _number in range(connections))}
    began = time.perf_counter()
    busy = 0
    for number, connection in open_ones.items():
        busy += _send_next(connection, source)
        poll.register(number, select.EPOLLIN)
    while busy:
        for number, _event in poll.poll(60):
            connection = open_ones[number]
            status = connection.receive()
            if status is None:
                continue
            moment = time.perf_counter()
            load.latencies.append(moment - connection.began)
            load.statuses[status] += 1
            is_over = seconds is not None and moment - began > seconds
            busy -= 1 if is_over else 1 - _send_next(connection, source)
    load.seconds = time.perf_counter() - began
    poll.close()
    for connection in open_ones.values():
        connection.socket.close()
    return load


def _send_next(connection: _Connection, source: Iterator[bytes]) -> int:
    request = next(source, None)
    if request is None:
        return 0
    connection.send(request)
    return 1
