"""Goals of every page of the portal: what it reads and takes, and that none is refused on a busy machine."""

import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice, repeat
from typing import Any

from bench.load import get, load
from bench.table import Row
from bench.world import World

MOST_BUFFERS, MOST_MS = 20_000, 100
TOLD = 40  # pages with a row of their own, those that read most
HEAVIEST = 20  # of which each is asked so often beside the loops; the others once
LOOP = "while True: pass"


def read(portal: World) -> Iterator[Row]:
    """By buffers. The time is of Python and of the database, of one request: on a quiet machine what it computes."""
    pages = _pages(portal)
    heavy = sum(page["buffers"] > MOST_BUFFERS for page in pages)
    slow = sum(page["ms"] > MOST_MS for page in pages)
    yield Row(f"pages of {len(pages)} with more than {MOST_BUFFERS:,} buffers", [heavy], 0)
    yield Row(f"pages of {len(pages)} that take more than {MOST_MS} ms", [slow], 0)
    for page in pages[:TOLD]:
        note = f"{page['ms']} ms, {page['statements']} statements"
        whole = f"; reads to the end: {', '.join(page['whole'])}" if page["whole"] else ""
        yield Row(f"buffers of {page['path']}", [page["buffers"]], MOST_BUFFERS, note=note + whole)


def _pages(portal: World) -> Sequence[Mapping[str, Any]]:
    found = portal.inside("everywhere", given=portal.sessions)
    return sorted(found, key=lambda page: -page["buffers"])


def beside_loops(portal: World, *, requests: int) -> Iterator[Row]:
    """As many loops as take two cores; the limit of a statement is what it always is."""
    pages = [page for page in _pages(portal) if page["status"] == 200]
    asked, refused, slowest = 0, [], (0.0, "")
    with _busy(2):
        for place, page in enumerate(pages):
            number, path = requests if place < HEAVIEST else 1, page["path"]
            request = get(portal.port, path, portal.sessions[page["who"]])
            sample = load(portal.port, islice(repeat(request), number), connections=min(2, number))
            asked += number
            refused += [path] * sample.failed
            slowest = max(slowest, (max(sample.times), path))
    note = f"{asked:,} requests; the slowest {slowest[0]:.1f} s, {slowest[1]}; refused: {sorted(set(refused))}"
    yield Row(f"answers that are no page, {len(pages)} pages beside two busy loops", [len(refused)], 0, note=note)


@contextmanager
def _busy(number: int) -> Iterator[None]:
    loops = [subprocess.Popen([sys.executable, "-c", LOOP]) for _each in range(number)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()
