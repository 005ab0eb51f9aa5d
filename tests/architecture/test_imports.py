"""Arrows point one way, by app and by layer; forms and pages may use both apps, and nobody uses a page."""

import ast
from pathlib import Path

import pytest

from tests.architecture.tree import APPS, faulty, imports, module_name, parsed, sources

BOTTOM, MODELS, ACCESS, DOMAIN, FORMS, PAGES, ADDRESSES = range(7)
LAYERS = {
    "": BOTTOM,
    "apps": BOTTOM,
    "clouds": BOTTOM,
    "csv_rows": BOTTOM,
    "days": BOTTOM,
    "filters": BOTTOM,
    "formats": BOTTOM,
    "names": BOTTOM,
    "paging": BOTTOM,
    "partner_id": BOTTOM,
    "time_zones": BOTTOM,
    "models": MODELS,
    "access": ACCESS,
    "page_access": ACCESS,
    "scopes": ACCESS,
    "verdicts": ACCESS,
    "grant_words": ACCESS,
    "role_words": ACCESS,
    "status_tags": ACCESS,
    "delegation": ACCESS,
    "domain": DOMAIN,
    # Forms, and what else several pages have in common
    "act_forms": FORMS,
    "answer_forms": FORMS,
    "changed_facts": FORMS,
    "finder_forms": FORMS,
    "forms": FORMS,
    "offer_act_forms": FORMS,
    "offer_banner": FORMS,
    "offer_content": FORMS,
    "offer_forms": FORMS,
    "payment_forms": FORMS,
    "recent_sign_in": FORMS,
    "relationship_forms": FORMS,
    "release_forms": FORMS,
    "responses": FORMS,
    "staff_acts": FORMS,
    "staff_admin": FORMS,
    "staff_columns": FORMS,
    "staff_form": FORMS,
    "staff_search": FORMS,
    "staff_sending": FORMS,
    "workspace_forms": FORMS,
    "admin": PAGES,
    "tasks": PAGES,
    "templatetags": PAGES,
    "views": PAGES,
    "urls": ADDRESSES,
    "workspace_urls": ADDRESSES,
}
PAGES_OF_THE_HOUSE = {"views", "pages", "second_factor_pages", "links"}


def place(dotted: str) -> tuple[str, int]:
    """App and layer of a module; a module of a new kind needs a place in the table."""
    app, _, rest = dotted.partition(".")
    return app, place_in_the_house(rest.split(".")) if app == "portal" else LAYERS[rest.partition(".")[0]]


def place_in_the_house(names: list[str]) -> int:
    """It knows everyone, but for pages: these only by their address."""
    if "urls" in names:
        return ADDRESSES
    return PAGES if PAGES_OF_THE_HOUSE & set(names) else FORMS


def may_import(importer: str, imported: str) -> bool:
    (app, layer), (other_app, other_layer) = place(importer), place(imported)
    if APPS.index(other_app) < APPS.index(app) and layer < FORMS:
        return False  # models and domain: portal → partners → subscriptions
    if other_app == "portal" and app != "portal":
        return False
    if other_layer >= PAGES:
        return layer == ADDRESSES or package(importer) == package(imported)
    return other_layer <= layer


def package(dotted: str) -> str:
    """The pages that a page may share parts with: those of its own package."""
    names = dotted.split(".")
    last = next((name for name in ("views", "admin") if name in names), names[-1])
    return ".".join(names[: names.index(last) + 1])


def own_imports(path) -> set[str]:
    return {name for name in imports(parsed(path)) if name.split(".")[0] in APPS}


def upward_imports(path: Path) -> set[str]:
    name = module_name(path)
    return {imported for imported in own_imports(path) if not may_import(name, imported)}


def test_every_import_points_down():
    assert faulty(sources(), upward_imports) == {}


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("subscriptions.audit.acts", "partners.models.Partner"),
        ("subscriptions.subscriptions.pages.list", "portal.pages"),
        ("subscriptions.models.tenant", "subscriptions.access.Actor"),
        ("partners.directory.reads", "partners.directory.forms.PartnerIdField"),
        ("subscriptions.access", "subscriptions.audit.acts"),
        ("partners.offers.forms", "partners.offers.pages"),
        ("partners.offers.admin.acts", "partners.offers.pages"),
        ("partners.overview.workspace.credits", "subscriptions.subscriptions.pages.list"),
        ("subscriptions.orders.pages", "subscriptions.orders.admin"),
        ("portal.pages", "partners.matching.pages"),
        ("portal.checkout.place", "portal.checkout.pages.review"),
        ("partners.offers.pages", "partners.urls"),
    ],
)
def test_an_import_that_points_up_or_at_a_page_is_seen(importer, imported):
    assert not may_import(importer, imported)


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("subscriptions.subscriptions.pages.detail", "partners.partner_of_record.history"),
        ("subscriptions.subscriptions.pages.act_page", "subscriptions.subscriptions.forms"),
        ("partners.offers.admin.acts", "partners.offers.forms"),
        ("partners.overview.workspace.csv", "partners.overview.workspace.credits.credit_filter"),
        ("partners.workspace_urls", "partners.overview.workspace.csv"),
        ("portal.pages", "partners.offers.pages"),
    ],
)
def test_an_import_that_points_down_is_let_be(importer, imported):
    assert may_import(importer, imported)


def imports_in_functions(path: Path) -> list[str]:
    functions = [node for node in ast.walk(parsed(path)) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    return [name for function in functions for name in imports(function)]


def test_no_import_stands_in_a_function():
    assert faulty(sources(), imports_in_functions) == {}


def test_an_import_in_a_function_is_seen(tmp_path):
    module = tmp_path / "module.py"
    module.write_text("import ast\ndef late():\n    import json\n")
    assert imports_in_functions(module) == ["json"]
