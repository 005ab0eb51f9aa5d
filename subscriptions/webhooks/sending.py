"""One POST to a receiver: to the very address that was checked, within one limit of time for all of it.

No redirect is followed, no proxy of the environment is used, and of the answer nothing but its number is read.
"""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from subscriptions.models.webhook import Outcome
from subscriptions.webhooks.addresses import Address, NotAllowed, Target, UnknownHost, find_addresses, read_url

SECONDS = 15.0
GONE = 410


@dataclass(frozen=True)
class Sent:
    """What came of it; `wait` is for how many seconds the receiver asks to be left alone."""

    outcome: Outcome
    status: int | None = None
    milliseconds: int = 0
    wait: float = 0

    @property
    def is_delivered(self) -> bool:
        return self.outcome is Outcome.DELIVERED


def send(url: str, body: bytes, headers: Mapping[str, str], *, seconds: float = SECONDS) -> Sent:
    """Raises nothing that the receiver or the network is to blame for."""
    clock = _Clock(seconds)
    try:
        outcome, status, wait = _post(read_url(url), body, headers, clock)
    except UnknownHost:
        outcome, status, wait = Outcome.UNKNOWN_HOST, None, 0.0
    except NotAllowed:
        outcome, status, wait = Outcome.NOT_ALLOWED, None, 0.0
    except (OSError, http.client.HTTPException, ValueError) as error:
        outcome, status, wait = _failure(error, clock), None, 0.0
    return Sent(outcome, status, round(clock.passed * 1000), wait)


class _Clock:
    """One limit for name, connection, certificate, question and answer together."""

    def __init__(self, seconds: float):
        self.began, self.seconds = time.monotonic(), seconds

    @property
    def passed(self) -> float:
        return time.monotonic() - self.began

    @property
    def left(self) -> float:
        """Raises TimeoutError."""
        if (left := self.seconds - self.passed) <= 0:
            raise TimeoutError
        return left


def _failure(error: Exception, clock: _Clock) -> Outcome:
    if isinstance(error, TimeoutError) or clock.passed >= clock.seconds:
        return Outcome.TIMED_OUT
    if isinstance(error, ssl.SSLError):
        return Outcome.INSECURE
    if isinstance(error, OSError):
        return Outcome.UNREACHABLE
    return Outcome.BROKEN


def _post(
    target: Target, body: bytes, headers: Mapping[str, str], clock: _Clock
) -> tuple[Outcome, int | None, float]:
    addresses = find_addresses(target, seconds=clock.left)
    with closing(_connect(target, addresses, clock)) as line:
        watch = threading.Timer(clock.left, _cut, [line])
        watch.daemon = True
        watch.start()
        try:
            with closing(_Connection(target, line)) as connection:
                connection.request("POST", target.path, body, dict(headers))
                answer = connection.getresponse()
                return _outcome(answer.status), answer.status, _asked_to_wait(answer.getheader("Retry-After") or "")
        finally:
            watch.cancel()


class _Connection(http.client.HTTPConnection):
    """HTTP over a line that is there already; it never opens another."""

    auto_open = 0

    def __init__(self, target: Target, line: socket.socket):
        self.default_port = 80 if target.is_plain else 443  # type: ignore[misc]
        super().__init__(target.host, target.port)
        self.sock = line


def _connect(target: Target, addresses: list[Address], clock: _Clock) -> socket.socket:
    """To one of these addresses, which are not looked up again. Raises OSError."""
    for number, address in enumerate(addresses, start=1):
        try:
            line = socket.create_connection((str(address), target.port), timeout=clock.left)
            break
        except TimeoutError:
            raise
        except OSError:
            if number == len(addresses):
                raise
    if target.is_plain:
        return line
    try:
        line.settimeout(clock.left)
        return ssl.create_default_context().wrap_socket(line, server_hostname=target.host)
    except BaseException:
        line.close()
        raise


def _cut(line: socket.socket) -> None:
    """Ends it for whoever reads from it meanwhile, however slowly something comes."""
    try:
        socket.socket.shutdown(line, socket.SHUT_RDWR)
    except OSError:
        pass


def _outcome(status: int) -> Outcome:
    if 200 <= status < 300:
        return Outcome.DELIVERED
    return Outcome.REDIRECTED if 300 <= status < 400 else Outcome.REFUSED


def _asked_to_wait(value: str) -> float:
    """Of Retry-After, in seconds or as a moment; 0 where it says neither."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value[:12])
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return 0
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
