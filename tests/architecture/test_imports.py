"""Arrows point one way: by app and by layer. Leaves may use both apps, and nobody but a leaf uses a leaf."""

import ast
from pathlib import Path

import pytest

from tests.architecture.tree import APPS, faulty, imports, module_name, parsed, sources

BOTTOM, MODELS, ACCESS, DOMAIN, LEAF = range(5)
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
    "delegation": ACCESS,
    "domain": DOMAIN,
    "act_forms": LEAF,
    "answer_forms": LEAF,
    "admin": LEAF,
    "finder_forms": LEAF,
    "forms": LEAF,
    "payment_forms": LEAF,
    "relationship_forms": LEAF,
    "release_forms": LEAF,
    "offer_act_forms": LEAF,
    "offer_forms": LEAF,
    "recent_sign_in": LEAF,
    "responses": LEAF,
    "staff_acts": LEAF,
    "staff_admin": LEAF,
    "staff_columns": LEAF,
    "staff_form": LEAF,
    "staff_search": LEAF,
    "tasks": LEAF,
    "templatetags": LEAF,
    "urls": LEAF,
    "workspace_forms": LEAF,
    "workspace_urls": LEAF,
    "views": LEAF,
}


def place(dotted: str) -> tuple[str, int]:
    """App and layer of a module; a module of a new kind needs a place in the table."""
    app, _, rest = dotted.partition(".")
    return app, LEAF if app == "portal" else LAYERS[rest.partition(".")[0]]


def may_import(importer: str, imported: str) -> bool:
    (app, layer), (other_app, other_layer) = place(importer), place(imported)
    if APPS.index(other_app) < APPS.index(app) and layer < LEAF:
        return False  # models and domain: portal → partners → subscriptions
    if other_app == "portal":
        return app == "portal"
    return other_layer <= layer


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
        ("subscriptions.domain.audit", "partners.models.Partner"),
        ("subscriptions.views.subscription_list", "portal.pages"),
        ("subscriptions.models.tenant", "subscriptions.access.Actor"),
        ("partners.domain.directory", "partners.forms.PartnerIdField"),
        ("subscriptions.access", "subscriptions.domain.audit"),
    ],
)
def test_an_import_that_points_up_is_seen(importer, imported):
    assert not may_import(importer, imported)


def imports_in_functions(path: Path) -> list[str]:
    functions = [node for node in ast.walk(parsed(path)) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    return [name for function in functions for name in imports(function)]


def test_no_import_stands_in_a_function():
    assert faulty(sources(), imports_in_functions) == {}


def test_an_import_in_a_function_is_seen(tmp_path):
    module = tmp_path / "module.py"
    module.write_text("import ast\ndef late():\n    import json\n")
    assert imports_in_functions(module) == ["json"]
