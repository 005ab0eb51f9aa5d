"""The table of a run: each goal with what was measured, how far the rounds lie apart, and whether it is met."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TextIO


@dataclass(frozen=True)
class Row:
    """`found` is the ratio or the number of each round; `is_least` where the goal is a floor and no ceiling."""

    goal: str
    found: Sequence[float]
    bound: float
    is_least: bool = False
    note: str = ""

    @property
    def median(self) -> float:
        return statistics.median(self.found)

    @property
    def is_met(self) -> bool:
        return self.median >= self.bound if self.is_least else self.median <= self.bound

    def cells(self) -> list[str]:
        spread = f"{_said(min(self.found))} – {_said(max(self.found))}" if len(self.found) > 1 else ""
        wanted = f"{'≥' if self.is_least else '≤'} {_said(self.bound)}"
        return [self.goal, wanted, _said(self.median), spread, "met" if self.is_met else "**not met**", self.note]


HEADS = ["Goal", "Wanted", "Median", "Rounds", "", "Beside it"]


def _said(number: float) -> str:
    return f"{number:,.0f}" if abs(number) >= 100 or number == int(number) else f"{number:.3g}"


def write(rows: Iterable[Row], to: TextIO) -> None:
    """As Markdown, a line as soon as it is measured."""
    for line in (HEADS, ["---"] * len(HEADS)):
        print(f"| {' | '.join(line)} |", file=to, flush=True)
    for row in rows:
        print(f"| {' | '.join(row.cells())} |", file=to, flush=True)
