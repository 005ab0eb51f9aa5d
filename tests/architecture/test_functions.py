"""A function has one job, and is read at a glance."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.facts import faulty, parsed, sources

MOST_LINES = 30  # of its own, the docstring apart


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))


def lines_of(node: ast.stmt) -> int:
    assert node.end_lineno is not None
    return node.end_lineno - node.lineno + 1


def lines_of_code(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    docstring = lines_of(function.body[0]) if ast.get_docstring(function) is not None else 0
    return lines_of(function) - docstring


def long_functions(path: Path) -> dict[str, int]:
    """Each function of a module that is too long, and its lines of code."""
    found = {function.name: lines_of_code(function) for function in functions(parsed(path))}
    return {name: lines for name, lines in found.items() if lines > MOST_LINES}


def test_no_function_is_longer_than_it_should_be():
    assert faulty(sources(), long_functions) == {}


def test_a_function_that_is_too_long_is_seen(tmp_path):
    module = tmp_path / "module.py"
    body = "    pass\n" * MOST_LINES
    module.write_text(
        f'def long():\n    """Docstring."""\n{body}\n\ndef short():\n    """\n{body}    """\n    pass\n'
    )
    assert long_functions(module) == {"long": MOST_LINES + 1}
