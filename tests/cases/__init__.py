"""Inputs that people met, kept as files: a line each, without the comments that explain them."""

import json
from pathlib import Path


def lines(name: str) -> list[str]:
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def strings(name: str) -> list[str]:
    """Of a file whose lines are JSON, so that nothing invisible is lost."""
    return [json.loads(line) for line in lines(name)]
