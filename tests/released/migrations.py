"""Which migrations have been released, and what they were: `migrations.json`, made by `make freeze`."""

import ast
import hashlib
import json
from pathlib import Path

from tests.architecture.facts import APPS, ROOT

LIST = Path(__file__).parent / "migrations.json"
# What the code before may meet in the new schema without knowing: nothing is taken away, renamed or asked for
BREAKING = {
    "RemoveField": "the old code still reads the column",
    "DeleteModel": "the old code still reads the table",
    "RenameField": "the old code knows the old name",
    "RenameModel": "the old code knows the old name",
    "AlterModelTable": "the old code knows the old name",
    "AlterField": "the old code may write what the new column refuses",
    "AddConstraint": "the old code may write what it refuses",
    "RunSQL": "nobody but a person knows what it does",
}
SAFE_BECAUSE = "safe_because"  # an attribute of the migration, which a person has thought about


def found(root: Path = ROOT) -> dict[str, str]:
    """Each migration of the portal's own apps, and the digest of its file."""
    files = sorted(path for app in APPS for path in (root / app / "migrations").glob("[0-9]*.py"))
    return {f"{path.parent.parent.name}.{path.stem}": hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def released() -> dict[str, str]:
    """Of all releases so far; none before the first."""
    return json.loads(LIST.read_text()) if LIST.exists() else {}


def differing(then: dict[str, str], now: dict[str, str]) -> list[str]:
    """What was released and is not as it was."""
    return [name for name, digest in then.items() if now.get(name) != digest]


def path_of(name: str) -> Path:
    app, _dot, stem = name.partition(".")
    return ROOT / app / "migrations" / f"{stem}.py"


def breaking(source: str) -> list[str]:
    """Operations of a migration that code of the release before would not survive; none where the migration says why
    it does."""
    tree = ast.parse(source)
    names = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    if SAFE_BECAUSE in names:
        return []
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    wrong = []
    for call in calls:
        name = call.func.attr  # type: ignore[attr-defined]
        if name in BREAKING:
            wrong.append(f"{name}: {BREAKING[name]}")
        if name == "AddField" and asks_for_more(call):
            wrong.append("AddField: the old code does not fill it; give it null=True or a db_default")
    return wrong


def asks_for_more(call: ast.Call) -> bool:
    """Whether a new column has to be filled by who does not know it."""
    (field,) = [word.value for word in call.keywords if word.arg == "field"] or [None]
    if not isinstance(field, ast.Call):
        return True
    words = {word.arg: word.value for word in field.keywords}
    is_null = isinstance(words.get("null"), ast.Constant) and words["null"].value is True  # type: ignore[union-attr]
    is_many = isinstance(field.func, ast.Attribute) and field.func.attr in ("ManyToManyField", "GeneratedField")
    return not (is_null or is_many or "db_default" in words)
