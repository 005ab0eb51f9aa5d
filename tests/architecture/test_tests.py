"""Tests mirror the rooms: beside its tests a folder has a `client.py` and a `facts.py` at most."""

from pathlib import Path

from tests.architecture.facts import APPS, ROOT, format_path

TESTS = ROOT / "tests"
BESIDE_TESTS = {"__init__", "conftest", "client", "facts"}
# What all rooms use stands once, above them
FOR_ALL = {
    "command_line",
    "database",
    "desk",
    "feeds",
    "machines",
    "page",
    "personas",
    "ports",
    "post_office",
    "worlds",
}
# Tables that tests walk, makers of rows, drills that are started by name, programs that call and what was released
# are no helpers of a room's tests
APART = {"architecture", "clients", "drills", "factories", "matrix", "released"}


def helpers(folder: Path) -> set[str]:
    return {path.stem for path in folder.glob("*.py") if not path.stem.startswith("test_")}


def test_beside_its_tests_a_folder_has_a_client_and_facts_and_nothing_else():
    folders = {path.parent for path in TESTS.rglob("*.py")} - {TESTS}
    looked_at = [path for path in folders if path.relative_to(TESTS).parts[0] not in APART]
    assert len(looked_at) > 30
    assert {format_path(path): more for path in looked_at if (more := helpers(path) - BESIDE_TESTS)} == {}


def test_what_all_rooms_use_is_named_here_and_there_is_one_file_of_worlds():
    assert helpers(TESTS) - BESIDE_TESTS == FOR_ALL
    assert [format_path(path) for path in TESTS.rglob("*world*.py")] == ["tests/worlds.py"]


def test_a_room_of_the_tests_is_one_of_the_house():
    for app in APPS:
        rooms = {path.name for path in (TESTS / app).iterdir() if path.is_dir() and path.name != "__pycache__"}
        assert rooms - {path.stem for path in (ROOT / app).iterdir()} == set(), app
