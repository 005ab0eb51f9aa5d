"""The portal's own source as data: its modules, what each imports, its templates, and the rooms where they stand."""

import ast
import re
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


# In the order in which they may use each other: each those named before it, and of its own room all
ROOMS = {
    "subscriptions": (
        *("base", "clouds", "models", "verdicts", "access", "may_words", "db", "audit", "brands", "mails"),
        *(
            "approvals",
            "search",
            "imports",
            "exports",
            "help",
            "tenants",
            "applications",
            "invitations",
            "catalogue",
            "subscriptions",
            "orders",
            "bulk",
            "groups",
            "saved_views",
            "web",
            "attention",
            "webhooks",
            "staff",
        ),
    ),
    "partners": (
        *("models", "delegation", "applications", "access", "workspace_act"),
        *("directory", "partner_of_record", "relationships", "offers", "matching", "overview", "webhooks"),
    ),
    "portal": (
        *(
            "addresses",
            "cache",
            "compression",
            "errors",
            "form_tokens",
            "lean",
            "library_texts",
            "version",
            "log_lines",
            "threads",
        ),
        *("database", "second_factor", "from_offer", "invited", "checkout", "help", "desk", "demo"),
        *(
            "accounts",
            "checks",
            "faults",
            "fitness",
            "watching",
            "installation",
            "middleware",
            "navigation",
            "frame",
            "pages",
            "search_page",
            "staff",
            "command_line",
            "api",
            "graph",
            "arm",
        ),
    ),
}
RULES, WEB, FORMS, PAGES, ADDRESSES = range(5)
WEB_ROOMS = {
    ("subscriptions", "web"),
    ("subscriptions", "staff"),
    ("subscriptions", "attention"),
    ("partners", "access"),
    ("partners", "workspace_act"),
}
# Where programs call: above all pages, as addresses are, and used by these alone
FOR_PROGRAMS = {("portal", "api"), ("portal", "graph"), ("portal", "arm")}
# Modules on an app's top that Django, gunicorn or procrastinate looks for there; nobody else imports them
TOPS = {
    "",
    "admin",
    "apps",
    "registration",
    "management",
    "settings",
    "tasks",
    "templatetags",
    "urls",
    "web_server",
    "workspace_urls",
    "wsgi",
}
# The portal's own modules on the top put the rooms together
HOUSE = ROOMS["portal"][ROOMS["portal"].index("demo") + 1 :]
DOTTED = re.compile(rf"({'|'.join(APPS)})(\.\w+)+")
OF_STAFF, OF_PEOPLE = {"admin"}, {"page", "pages", "workspace"}
OF_FORMS = {"form", "forms", "preview"}  # and what else several pages have in common


class Place:
    """App, room and floor of a module, read from its name alone; a new room needs its place in the table."""

    def __init__(self, dotted: str) -> None:
        self.app, *self.names = dotted.split(".")
        self.room = self.names[0] if self.names else ""
        spoken = self.names if self.room not in TOPS | {"models"} else []
        self.words = {word for name in spoken for word in name.split("_")}
        self.floor = self._floor()

    def _floor(self) -> int:
        if self.room in TOPS or "urls" in self.names or (self.app, self.room) in FOR_PROGRAMS:
            return ADDRESSES
        if (self.app, self.room) in WEB_ROOMS:
            return WEB
        if self.words & OF_STAFF:
            return PAGES
        if self.words & OF_FORMS:
            return FORMS
        if self.words & OF_PEOPLE:
            return PAGES
        in_the_house = self.app == "portal" and self.room in HOUSE
        return FORMS if in_the_house or "tables" in self.words else RULES

    @property
    def rank(self) -> tuple[int, int]:
        rooms = ROOMS[self.app]
        return -APPS.index(self.app), len(rooms) if self.room in TOPS else rooms.index(self.room)


def may_use(user: str, used: str) -> bool:
    """Down by floor; on the floor of rules also down by room, and above it down by app."""
    above, below = Place(user), Place(used)
    if above.floor == ADDRESSES:
        return below.rank[0] <= above.rank[0]
    if below.floor > above.floor or below.floor == ADDRESSES:
        return False
    if below.floor == PAGES:
        return _may_use_page(above, below)
    if above.floor in (FORMS, PAGES) and below.floor in (RULES, WEB):
        return below.rank[0] <= above.rank[0]
    return below.rank <= above.rank


def _may_use_page(above: Place, below: Place) -> bool:
    """A page uses parts of pages in its own room or one before it, of its own app and for the same readers."""
    same_readers = bool(above.words & OF_STAFF) == bool(below.words & OF_STAFF)
    return above.app == below.app and same_readers and below.rank <= above.rank


@cache
def module_of(dotted: str) -> str:
    """The longest beginning of a dotted name that is a module of the portal; empty if there is none."""
    if not DOTTED.fullmatch(dotted):
        return ""
    names = dotted.split(".")
    beginnings = (names[:length] for length in range(len(names), 1, -1))
    return next((".".join(each) for each in beginnings if _is_module(ROOT.joinpath(*each))), "")


def _is_module(path: Path) -> bool:
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def place_of(path: Path) -> Place:
    return Place(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))
