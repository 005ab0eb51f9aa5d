"""What is read of an import: its errors in words, and how many there are of each kind."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count

from subscriptions.base import formats
from subscriptions.imports.problems import BY_CODE, FAULT_BY_CODE
from subscriptions.models import ImportProblem, ImportRun

CHIPS = 6


@dataclass(frozen=True)
class Said:
    """What is wrong, and how to mend it."""

    kind: str
    wrong: str
    mend: str

    def of_column(self, column: str) -> str:
        """As one cell of a file says it."""
        told = formats.sentences(self.wrong, self.mend)
        return f"{column}{formats.mark(': ')}{told}" if column else told


def describe_problem(problem: ImportProblem) -> Said:
    """In the reader's language; of a code that is not known any more, the code."""
    return describe(problem.code, problem.facts)


def describe(code: str, facts: Mapping[str, str]) -> Said:
    known = BY_CODE.get(code)
    if known is None:
        return Said(code, code, "")
    return Said(str(known.label), _filled(known.sentence, facts), _filled(known.mend, facts))


def describe_fault(run: ImportRun) -> Said | None:
    """Why the file as a whole cannot be read."""
    known = FAULT_BY_CODE.get(run.fault)
    return Said("", _filled(known.sentence, run.fault_facts), _filled(known.mend, run.fault_facts)) if known else None


def _filled(sentence: object, facts: Mapping[str, str]) -> str:
    return str(sentence) % facts


def kinds_of_problems(run: ImportRun) -> list[tuple[str, str, int]]:
    """Code, label and number of lines of the most frequent kinds."""
    rows = (
        ImportProblem.objects.filter(run=run)
        .order_by()
        .values_list("code")
        .annotate(lines=Count("line", distinct=True))
    )
    frequent = sorted(rows, key=lambda row: -row[1])[:CHIPS]
    return [(code, str(BY_CODE[code].label) if code in BY_CODE else code, lines) for code, lines in frequent]
