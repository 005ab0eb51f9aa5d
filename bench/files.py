"""Goals of files, and of the memory of a web worker."""

import re
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, repeat
from pathlib import Path

import psycopg

from bench.load import get, load
from bench.seeds import LARGE, PARTNER
from bench.table import Row
from bench.world import LIST, WORKSPACE, World

MIB = 1024
# What the files say, read by nothing but the database
COPIES = {
    "subscriptions": f"""
        COPY (SELECT s.uuid, s.name, p.number, p.name, s.own_name, s.cost_center, s.recurring_billing, s.status,
                     s.licenses_assigned, s.licenses_total, s.billing_frequency, s.cost, s.currency, s.started_on,
                     s.term_ends_on
                FROM subscriptions_subscription s
                LEFT JOIN partners_partnerofrecord r ON r.subscription_id = s.id AND upper_inf(r.valid)
                LEFT JOIN partners_partner p ON p.id = r.partner_id
               WHERE s.tenant_id = {LARGE} ORDER BY s.name_key, s.id) TO STDOUT (FORMAT csv)
    """,
    "credits": f"""
        COPY (SELECT t.name, t.country, s.name, s.uuid, p.name, s.status, s.licenses_assigned, s.licenses_total,
                     lower(r.valid), s.term_ends_on, t.slug
                FROM partners_partnerofrecord r
                JOIN subscriptions_subscription s ON s.id = r.subscription_id
                JOIN subscriptions_tenant t ON t.id = r.tenant_id JOIN subscriptions_product p ON p.id = s.product_id
               WHERE r.partner_id = {PARTNER} AND upper_inf(r.valid) AND NOT r.of_deleted
               ORDER BY lower(r.valid) DESC, r.id DESC) TO STDOUT (FORMAT csv)
    """,
}
ADDRESSES = {
    "subscriptions": (f"{LIST}?file=csv", "large"),
    "credits": (f"{WORKSPACE}partner-of-record/?file=csv", "agent"),
}


@dataclass(frozen=True)
class Fetched:
    first: float
    seconds: float
    lines: int


def sent(portal: World, *, rounds: int) -> Iterator[Row]:
    """Each file beside COPY of the same columns, by turns; and what the workers grew meanwhile."""
    for name, (path, who) in ADDRESSES.items():
        fetch(portal, path, who)  # once, as a worker's first file brings code in
        before, found = _most(portal), []
        for _round in range(rounds):
            found.append((fetch(portal, path, who), _copied(portal, COPIES[name])))
        grown = (_most(portal) - before) / MIB
        ratios = [bare / file.seconds for file, bare in found]
        file, bare = found[-1]
        note = f"{file.lines:,} lines in {file.seconds:.1f} s, COPY {bare:.2f} s"
        yield Row(f"P7 file of {name} beside COPY", ratios, 0.9, is_least=True, note=note)
        yield Row(f"P7 seconds to the first byte of {name}", [file.first for file, _bare in found], 0.5)
        yield Row(f"P7 MiB that the largest worker grew, {name}", [grown], 4)


def fetch(portal: World, path: str, who: str) -> Fetched:
    """Read as fast as it comes."""
    with socket.create_connection(("127.0.0.1", portal.port)) as connection:
        began = time.perf_counter()
        connection.sendall(
            get(portal.port, path, portal.sessions[who]).replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
        )
        lines, first = 0, 0.0
        while part := connection.recv(1 << 18):
            first = first or time.perf_counter() - began
            lines += part.count(b"\n")
    return Fetched(first, time.perf_counter() - began, lines)


def _copied(portal: World, query: str) -> float:
    began = time.perf_counter()
    with psycopg.connect(portal.url) as owner, owner.cursor().copy(query) as copy:
        for _part in copy:
            pass
    return time.perf_counter() - began


def _most(portal: World) -> int:
    return max(kilobytes(process) for process in portal.workers())


def kilobytes(process: int) -> int:
    found = re.search(r"VmRSS:\s*(\d+) kB", Path(f"/proc/{process}/status").read_text())
    return int(found[1]) if found else 0


def memory(portal: World, *, requests: int) -> Iterator[Row]:
    """Of the largest worker behind so many more pages, and how much of it came with the second half of them."""
    sizes = []
    for _half in range(2):
        request = get(portal.port, LIST, portal.sessions["large"])
        load(portal.port, islice(repeat(request), requests // 2), connections=8)
        sizes.append(_most(portal) / MIB)
    yield Row(f"P11 MiB of a worker behind {requests:,} pages", [sizes[1]], 90)
    yield Row("P11 MiB that the second half of them added", [sizes[1] - sizes[0]], 2)
