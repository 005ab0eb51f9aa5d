"""Sends requests over connections that stay open, as many at once as are wanted, and says how long each took."""

import selectors
import socket
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Request = Callable[[], bytes]


@dataclass
class Sample:
    """Answers of one address in one stretch of time."""

    seconds: float = 0
    times: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)

    @property
    def per_second(self) -> float:
        return len(self.times) / self.seconds if self.seconds else 0

    @property
    def median(self) -> float:
        return statistics.median(self.times) if self.times else 0

    def percentile(self, part: float) -> float:
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else 0

    @property
    def failed(self) -> int:
        """Answers that are no page and lead to none."""
        return sum(number for status, number in self.statuses.items() if status not in (200, 303))


class Connection:
    """One connection with one request under way; opened anew when the server closes it."""

    def __init__(self, port: int):
        self.port, self.answer, self.began = port, b"", 0.0
        self.open()

    def open(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, request: bytes) -> None:
        self.request, self.answer, self.began = request, b"", time.perf_counter()
        self.socket.sendall(request)

    def read(self) -> int | None:
        """The status, once the whole answer is there."""
        part = self.socket.recv(1 << 18)
        if not part:
            self.socket.close()
            self.open()
            self.socket.sendall(self.request)
            return None
        self.answer += part
        head, end, body = self.answer.partition(b"\r\n\r\n")
        return int(head[9:12]) if end and _is_whole(head.lower(), body) else None


def _is_whole(head: bytes, body: bytes) -> bool:
    _before, found, after = head.partition(b"content-length:")
    return len(body) >= int(after.split(b"\r\n")[0]) if found else body.endswith(b"0\r\n\r\n")


def answer(port: int, request: bytes) -> bytes:
    """The body of one answer, read to its end."""
    connection = Connection(port)
    connection.send(request)
    while connection.read() is None:
        pass
    connection.socket.close()
    return connection.answer.partition(b"\r\n\r\n")[2]


def get(port: int, path: str, cookie: str = "", coding: str = "identity") -> bytes:
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\n"
    return f"{head}Accept-Encoding: {coding}\r\nAccept-Language: en\r\n\r\n".encode()


def post(port: int, path: str, cookie: str, body: str) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\nCookie: {cookie}\r\n"
    )
    form = "Content-Type: application/x-www-form-urlencoded\r\n"
    return f"{head}{form}Content-Length: {len(body)}\r\n\r\n{body}".encode()


def load(port: int, requests: Iterator[bytes], *, connections: int, seconds: float = 3600) -> Sample:
    """Until the time is over or the requests are; what is under way then is waited for."""
    sample, began = Sample(), time.perf_counter()
    with selectors.DefaultSelector() as waiting:
        for _number in range(connections):
            _next(Connection(port), requests, waiting, began + seconds)
        while waiting.get_map():
            for key, _events in waiting.select():
                connection = key.data
                before = connection.socket
                if (status := connection.read()) is None:
                    _follow(before, connection, waiting)
                    continue
                sample.times.append(time.perf_counter() - connection.began)
                sample.statuses[status] = sample.statuses.get(status, 0) + 1
                waiting.unregister(connection.socket)
                _next(connection, requests, waiting, began + seconds)
    sample.seconds = time.perf_counter() - began
    return sample


def _follow(before: socket.socket, connection: Connection, waiting: selectors.BaseSelector) -> None:
    if before is not connection.socket:
        waiting.unregister(before)
        waiting.register(connection.socket, selectors.EVENT_READ, connection)


def _next(connection: Connection, requests: Iterator[bytes], waiting: selectors.BaseSelector, until: float) -> None:
    request = next(requests, None) if time.perf_counter() < until else None
    if request is None:
        connection.socket.close()
        return
    connection.send(request)
    waiting.register(connection.socket, selectors.EVENT_READ, connection)
