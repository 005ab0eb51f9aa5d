"""The portal's own source as data: its modules, what each imports, its templates."""

import ast
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
APPS = ("portal", "partners", "subscriptions")


def sources() -> list[Path]:
    """Every module of the apps; migrations are written once and never touched again."""
    found = [path for app in APPS for path in sorted((ROOT / app).rglob("*.py"))]
    return [path for path in found if "migrations" not in path.parts]


def templates() -> list[Path]:
    return sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".txt"})


def format_path(path: Path) -> str:
    return str(path.relative_to(ROOT))


def faulty(paths: Iterable[Path], faults_of: Callable[[Path], object]) -> dict[str, object]:
    """What is wrong with which file; one test for all files, as a thousand small ones take half a minute."""
    files = list(paths)
    assert files, "There is nothing to look at."
    return {format_path(path): faults for path in files if (faults := faults_of(path))}


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def imports(tree: ast.AST) -> Iterator[str]:
    """The dotted names that are imported: `from a.b import c` is `a.b.c`, of which a.b may be the module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
