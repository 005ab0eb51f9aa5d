"""A receiver of webhooks: a real web server on this machine that answers as it is told and keeps what it got."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Got:
    path: str
    headers: dict[str, str]
    body: bytes
    at: float = field(default_factory=time.time)

    @property
    def message(self) -> str:
        return self.headers["webhook-id"]


@dataclass
class Receiver:
    """`status`, `headers` and `pause` are of the answers that come."""

    port: int = 0
    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    pause: float = 0
    drip: bool = False
    got: list[Got] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def messages(self) -> list[str]:
        return [each.message for each in self.got]


@contextmanager
def receiver() -> Iterator[Receiver]:
    told = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            told.got.append(Got(self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            time.sleep(told.pause)
            while told.drip:
                self.wfile.write(b"H")
                time.sleep(0.05)
            self.send_response(told.status)
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "6")
            self.end_headers()
            self.wfile.write(b"secret")

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """Whoever asked has gone away."""

    server = Server(("127.0.0.1", 0), Handler)
    told.port = server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield told
    finally:
        told.drip = False
        server.shutdown()
        server.server_close()
