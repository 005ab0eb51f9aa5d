"""`make bench`: python -m bench [short] [SUBSCRIPTIONS …]

`short` asks each question once, of a small database: it proves that everything runs, and its figures say nothing.
Several sizes are measured one after the other, each beside the smallest.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from bench import everywhere, files, programs, reading, table, writing
from bench.table import Row
from bench.world import ROOT, World, world

SMALL, USUAL, SHORT = 10_000, 1_000_000, 1_000
FOLDER = Path(os.environ.get("PORTAL_VAR") or ROOT / "var") / "bench"
KINDS = ("limit", "counts", "everywhere", "busy", "growth", "search", "api", "act", "files", "size", "memory")


def measured(portal: World, small: World, kinds: Sequence[str], *, short: bool) -> Iterator[Row]:
    rounds, few, seconds = (1, 1, 0.1) if short else (5, 3, 3.0)
    submits, pages = (4, 40) if short else (60, 10_000)
    goals = {
        "limit": lambda: reading.beside_the_limit(portal, rounds=rounds, seconds=seconds),
        "counts": lambda: reading.counted(portal, small),
        "everywhere": lambda: everywhere.read(portal),
        "busy": lambda: everywhere.beside_loops(portal, requests=few if short else 100),
        "growth": lambda: reading.grown(portal, small, rounds=rounds, seconds=seconds),
        "search": lambda: reading.searched(portal, rounds=rounds, seconds=seconds),
        "api": lambda: programs.beside_the_page(portal, rounds=rounds, seconds=seconds),
        "act": lambda: writing.submitted(portal, rounds=few, submits=submits),
        "files": lambda: files.sent(portal, rounds=few),
        "size": lambda: reading.sizes(portal),
        "memory": lambda: files.memory(portal, requests=pages),
    }
    for kind in kinds:
        yield from goals[kind]()


def main(arguments: Sequence[str]) -> None:
    short = "short" in arguments
    kinds = [kind for kind in KINDS if kind in arguments] or KINDS
    sizes = [int(each.replace("_", "")) for each in arguments if each[0].isdigit()]
    sizes = sizes or [SHORT if short else USUAL]
    with ExitStack() as worlds:
        small = worlds.enter_context(world(SHORT if short else SMALL, FOLDER))
        for size in sizes:
            with ExitStack() as one:
                portal = small if size == small.scale.subscriptions else one.enter_context(world(size, FOLDER))
                print(f"\n{size:,} subscriptions\n")
                table.write(measured(portal, small, kinds, short=short), sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1:])
