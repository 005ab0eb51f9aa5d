"""What the preview of an act on many says of the file that it came from."""

from typing import Any

from subscriptions.base import formats
from subscriptions.imports.csv_reader import SEPARATORS
from subscriptions.imports.reads import describe
from subscriptions.models import BulkAct

FIRST_LINES = 10


def file_of(act: BulkAct, lines_url: str) -> dict[str, Any]:
    """For the template, with the first lines with errors; nothing where there was no file."""
    if not act.file:
        return {"file": None}
    wrong = act.lines.exclude(problems=[]).order_by("number").values_list("number", "problems")[:FIRST_LINES]
    told = [
        (number, problem["column"], describe(problem["code"], problem["facts"]))
        for number, problems in wrong
        for problem in problems
    ]
    separator = act.file["separator"]
    said = {f"{name}_said": formats.mark(", ").join(act.file[name]) for name in ("taken", "not_taken")}
    file = act.file | said | {"separator_name": SEPARATORS.get(separator, separator)}
    return {"file": file, "wrong": told, "lines_url": lines_url}
