"""docs/rules.md says what holds: each rule names tests that exist, and each number is that of the code."""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

import pytest

from tests.architecture.facts import ROOT, faulty, parsed, sources, templates

RULES = ROOT / "docs" / "rules.md"
NUMBER = re.compile(r"- \*\*(T\d+[a-z]?)\*\*")
TEST = re.compile(r"`((?:\w+::)?test_\w+)`")
CONSTANT = re.compile(r"`([A-Z][A-Z_]+(?:\[[^\]]+\])?) = ([^`]+)`")
NUMBER_ELSEWHERE = re.compile(r"\bT\d{2,3}b?\b|\btest_t\d+_")


def rules_in(text: str) -> list[str]:
    """Each point of a list, whose further lines are indented."""
    return re.findall(r"^- .*(?:\n {2}.*)*", text, flags=re.MULTILINE)


def is_a_test(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef) and node.name.startswith("test_")


def names_of_tests() -> list[tuple[str, str]]:
    """Module and function of every test and drill, without importing any."""
    modules = sorted(path for name in ("test_*.py", "*_drill.py") for path in (ROOT / "tests").rglob(name))
    return [(module.stem, node.name) for module in modules for node in parsed(module).body if is_a_test(node)]


def faults_of(rules: list[str], tests: list[tuple[str, str]]) -> dict[str, list[str]]:
    """What is wrong with which rule: it names no test, or one that is not there, or that several modules have."""
    times = Counter(name for _module, name in tests)
    known = {name for name, count in times.items() if count == 1} | {f"{module}::{name}" for module, name in tests}
    faults = {}
    for rule in rules:
        named = TEST.findall(rule)
        unknown = [f"{name}: {get_close_matches(name, known, 3, 0.5)}" for name in named if name not in known]
        if unknown or not named:
            faults[rule.splitlines()[0][:60]] = unknown or ["no test"]
    return faults


def constants() -> dict[str, set[str]]:
    """What each constant of a module is set to, as Python writes it, texts apart."""
    found = defaultdict(set)
    for node in (node for path in sources() for node in parsed(path).body):
        for name, value in assigned(node):
            if not (isinstance(value, ast.Constant) and isinstance(value.value, str)):
                found[ast.unparse(name)].add(ast.unparse(value))
            for row, fact in rows_of(value):
                found[f"{ast.unparse(name)}[{ast.unparse(row)}]"].add(ast.unparse(fact))
    return found


def rows_of(value: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Each of a table, which is a constant of its own."""
    if isinstance(value, ast.Dict):
        yield from ((row, fact) for row, fact in zip(value.keys, value.values, strict=True) if row)


def assigned(node: ast.stmt) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Name and value of `A = 1`, and of each in `A, B = 1, 2`."""
    if isinstance(node, ast.AnnAssign) and node.value:
        yield node.target, node.value
    for target in node.targets if isinstance(node, ast.Assign) else ():
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            yield from zip(target.elts, node.value.elts, strict=True)
        else:
            yield target, node.value


def wrong_constants(text: str, known: dict[str, set[str]]) -> dict[str, object]:
    """Constants whose values are others in the code, or of which the code has one more."""
    told = defaultdict(set)
    for name, value in CONSTANT.findall(text):
        told[_in_one_spelling(name)].add(_in_one_spelling(value))
    return {name: known.get(name) for name, values in told.items() if values != known.get(name)}


def _in_one_spelling(text: str) -> str:
    return ast.unparse(ast.parse(text, mode="eval"))


@pytest.fixture(scope="module")
def text() -> str:
    return RULES.read_text()


def test_each_rule_names_tests_that_exist(text):
    assert faults_of(rules_in(text), names_of_tests()) == {}


def test_each_number_of_a_rule_is_that_of_the_code(text):
    assert CONSTANT.search(text)
    assert wrong_constants(text, constants()) == {}


def test_a_rules_own_number_stands_once(text):
    numbers = Counter(NUMBER.findall(text))
    assert [number for number, times in numbers.items() if times > 1] == []
    assert len(numbers) == len(re.findall(r"\bT\d+[a-z]?\b", text)), "A number stands elsewhere than before its rule."


def test_each_decision_has_a_number_of_its_own_and_a_day():
    decisions = sorted((ROOT / "docs" / "decisions").iterdir())
    assert [int(path.name[:4]) for path in decisions] == list(range(1, len(decisions) + 1))
    for path in decisions:
        assert re.match(r"# [A-Z][^\n]+\n\n2\d{3}-\d\d-\d\d\n", path.read_text()), path.name


def test_each_link_of_the_documents_leads_somewhere():
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    assert {str(page.relative_to(ROOT)): broken for page in pages if (broken := broken_links(page))} == {}


def broken_links(page: Path) -> list[str]:
    linked = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text())
    return [path for path in linked if "://" not in path and not (page.parent / path).exists()]


@pytest.mark.parametrize(
    ("rule", "seen"),
    [
        ("- A rule. `test_one`", False),
        ("- A rule whose test comes later.\n  `test_one` `other::test_two`", False),
        ("- A rule.", True),
        ("- A rule. `test_three`", True),
        ("- A rule. `test_two`", True),
        ("- A rule. `test_one` `module::test_one`", True),
    ],
)
def test_a_rule_without_its_test_is_seen(rule, seen):
    tests = [("one", "test_one"), ("module", "test_two"), ("other", "test_two")]
    assert bool(faults_of(rules_in(rule), tests)) == seen


@pytest.mark.parametrize(
    ("row", "seen"),
    [
        ("`MOST = 1_000`", False),
        ("`MOST = 10`", True),
        ("`LEAST = 1`", True),
        ("`BOTH = 1`", True),
        ('`TABLE["row"] = 1`', False),
        ('`TABLE["row"] = 2`', True),
        ('`TABLE["other"] = 1`', True),
    ],
)
def test_a_number_that_is_another_one_in_the_code_is_seen(row, seen):
    assert bool(wrong_constants(row, {"MOST": {"1000"}, "BOTH": {"1", "2"}, "TABLE['row']": {"1"}})) == seen


def test_the_numbers_of_rules_stand_in_the_rules_alone():
    files = [*sources(), *templates(), *sorted((ROOT / "tests").rglob("*.py"))]
    others = [path for path in files if path != Path(__file__)]
    assert faulty(others, lambda path: NUMBER_ELSEWHERE.findall(path.read_text())) == {}
