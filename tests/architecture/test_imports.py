"""Arrows point one way, by app, room and floor; forms and pages stand above all rules, and nobody uses a page."""

import ast
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.architecture.facts import (
    RULES,
    Place,
    faulty,
    format_path,
    imports,
    may_use,
    module_name,
    module_of,
    parsed,
    place_of,
    sources,
)

# Arrows that point up today, each as the file and what it uses. The tables may only become shorter.
UPWARD = {
    # Pages that show both apps: they belong to the upper one
    "subscriptions/subscriptions/admin_partner_of_record.py": {
        "partners.directory.reads",
        "partners.models",
        "partners.models.partner_of_record",
        "partners.partner_of_record.acts",
    },
    "subscriptions/subscriptions/admin_reseller.py": {
        "partners.models",
        "partners.relationships.managed",
        "partners.relationships.resellers",
    },
    "subscriptions/subscriptions/pages/detail.py": {
        "partners.directory.rules",
        "partners.partner_of_record.history",
        "partners.partner_of_record.rules",
        "partners.partner_of_record.schedule.page_parts",
    },
    "subscriptions/subscriptions/pages/list.py": {
        "partners.directory.rules",
        "partners.partner_of_record.schedule.reads",
    },
    "subscriptions/subscriptions/pages/rows.py": {"partners.directory.rules", "partners.models.partner"},
    # Counts of rows, which stand beside the pages of a list
    "partners/overview/customers.py": {"subscriptions.web.paging"},
    "partners/overview/relationship_list.py": {"subscriptions.web.paging"},
    "partners/partner_of_record/reads.py": {"subscriptions.web.paging"},
    "partners/relationships/managed.py": {"subscriptions.web.paging"},
    "partners/relationships/releases/rules.py": {"subscriptions.web.paging"},
}
# The model at the other end of a foreign key, which may stand in an upper app
OTHER_ENDS = {
    "partners/models/partner_relationship.py": ["related_model"],
    "subscriptions/base/constraints.py": ["related_model"],  # of the model's own reference, whatever it is
    "subscriptions/exports/tables.py": ["related_model"],  # along a column's path, whatever it is
    "subscriptions/models/subscription.py": ["related_model", "related_model", "related_model"],
    "subscriptions/subscriptions/admin.py": ["related_model"],  # whom a row of staff's list credits
}
FINDERS = {"__import__", "get_model", "import_module", "import_string"}


def texts(tree: ast.AST) -> list[str]:
    return [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def names_used(tree: ast.AST) -> list[str]:
    """Each bare name and each attribute, as often as it is used."""
    names = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]
    return names + [node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)]


def modules_named(tree: ast.AST) -> set[str]:
    """Those that it imports, and those that stand in it as a dotted string."""
    return {module for name in [*imports(tree), *texts(tree)] if (module := module_of(name))}


def upward(path: Path) -> set[str]:
    name = module_name(path)
    return {module for module in modules_named(parsed(path)) if not may_use(name, module)}


def test_every_arrow_points_down():
    assert faulty(sources(), upward) == UPWARD


def test_every_import_says_its_whole_name():
    """A relative one would be no dotted name, and so past the tables."""
    assert faulty(sources(), relative_imports) == {}


def relative_imports(path: Path) -> list[int]:
    return [node.lineno for node in ast.walk(parsed(path)) if isinstance(node, ast.ImportFrom) and node.level]


def used(path: Path, names: Iterable[str]) -> list[str]:
    return sorted(name for name in names_used(parsed(path)) if name in names)


def test_nothing_is_found_by_a_name():
    assert faulty(sources(), lambda path: used(path, FINDERS)) == {}


def test_no_other_model_is_reached_from_its_other_end():
    assert faulty(sources(), lambda path: used(path, {"related_model"})) == OTHER_ENDS


def rules_of_the_apps() -> list[Path]:
    """The demo, which is a visitor of the portal, may know addresses."""
    return [path for path in sources() if (place := place_of(path)).floor == RULES and place.room != "demo"]


def addresses_known(path: Path) -> int:
    return len(used(path, {"reverse", "reverse_lazy"}))


def test_rules_know_no_address():
    """They hand over a page's name and subject, of which the web makes an address."""
    rules = [path for path in rules_of_the_apps() if place_of(path).room != "addresses"]
    assert faulty(rules, addresses_known) == {}


@pytest.mark.parametrize(
    ("user", "what"),
    [
        ("subscriptions.audit.acts", "partners.models"),
        ("subscriptions.subscriptions.pages.list", "portal.pages"),
        ("subscriptions.subscriptions.pages.list", "partners.directory.rules"),
        ("subscriptions.models.tenant", "subscriptions.access"),
        ("subscriptions.base.names", "subscriptions.models"),
        ("subscriptions.catalogue.shop", "subscriptions.subscriptions.rules"),
        ("subscriptions.access", "subscriptions.audit.acts"),
        ("subscriptions.orders.acts", "subscriptions.web.paging"),
        ("subscriptions.web.forms", "subscriptions.staff.form"),
        ("subscriptions.web.page_access", "subscriptions.tenants.pages"),
        ("subscriptions.orders.pages", "subscriptions.orders.admin"),
        ("partners.directory.reads", "partners.directory.forms"),
        ("partners.directory.reads", "partners.offers.rules"),
        ("partners.offers.forms", "partners.offers.pages"),
        ("partners.offers.admin.acts", "partners.offers.pages"),
        ("partners.overview.workspace.credits", "subscriptions.subscriptions.pages.list"),
        ("partners.offers.pages", "partners.overview.workspace.credits"),
        ("partners.relationships.pages.detail", "partners.offers.forms"),
        ("partners.offers.pages", "partners.urls"),
        ("partners.offers.acts", "partners.access"),
        ("portal.pages", "partners.matching.pages"),
        ("portal.checkout.acts", "portal.checkout.pages.review"),
        ("portal.from_offer.acts", "portal.checkout.acts"),
        ("portal.checkout.acts", "portal.navigation"),
        ("portal.middleware", "portal.pages"),
    ],
)
def test_an_arrow_that_points_up_or_at_a_page_is_seen(user, what):
    assert not may_use(user, what)


@pytest.mark.parametrize(
    ("user", "what"),
    [
        ("subscriptions.subscriptions.pages.act_page", "subscriptions.subscriptions.forms"),
        ("subscriptions.catalogue.pages", "subscriptions.orders.acts"),
        ("partners.offers.acts", "subscriptions.orders.acts"),
        ("partners.offers.admin.acts", "partners.offers.forms"),
        ("partners.offers.admin.acts", "partners.offers.preview"),
        ("partners.overview.workspace.csv", "partners.overview.workspace.credits"),
        ("partners.overview.workspace.customers", "partners.relationships.pages.words"),
        ("partners.workspace_urls", "partners.overview.workspace.csv"),
        ("partners.admin", "partners.offers.admin.offer"),
        ("portal.pages", "partners.offers.preview"),
        ("portal.checkout.acts", "portal.from_offer.acts"),
        ("portal.settings", "partners.delegation"),
    ],
)
def test_an_arrow_that_points_down_is_let_be(user, what):
    assert may_use(user, what)


def test_a_new_room_needs_its_place():
    with pytest.raises(ValueError):
        _ = Place("partners.attic.rules").rank


EXAMPLE = """
from partners.models import Partner
from .beside import thing
VIEW = "partners.offers.acts.send_offer"
found = import_string(settings.VIEW)(Partner._meta.get_field("x").related_model)
url = urls.reverse("home")
"""


def test_each_way_round_an_import_is_seen(tmp_path):
    module = tmp_path / "module.py"
    module.write_text(EXAMPLE)
    assert modules_named(parsed(module)) == {"partners.models", "partners.offers.acts"}
    assert relative_imports(module) == [3]
    assert used(module, FINDERS | {"related_model"}) == ["import_string", "related_model"]
    assert addresses_known(module) == 1


def test_the_tables_of_what_points_up_name_files_of_the_rooms():
    known = {format_path(path) for path in sources()}
    assert {*UPWARD, *OTHER_ENDS} <= known


def imports_in_functions(path: Path) -> list[str]:
    functions = [node for node in ast.walk(parsed(path)) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    return [name for function in functions for name in imports(function)]


def test_no_import_stands_in_a_function():
    assert faulty(sources(), imports_in_functions) == {}


def test_an_import_in_a_function_is_seen(tmp_path):
    module = tmp_path / "module.py"
    module.write_text("import ast\ndef late():\n    import json\n")
    assert imports_in_functions(module) == ["json"]
