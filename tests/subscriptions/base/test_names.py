"""T105: names are what they seem: nothing invisible in them, one spelling, and look-alikes are seen."""

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError

from partners.models import Partner
from subscriptions.base.names import mixes_scripts, normalise_name, sort_key
from subscriptions.models import Product, Subscription, Tenant, User
from tests.desk import add_url, errors_of, rows_of

MODELS = [model for app in ("subscriptions", "partners") for model in apps.get_app_config(app).get_models()]
NAMES = [field for model in MODELS for field in model._meta.concrete_fields if field.name == "name"]
INVISIBLE = [
    "a\u202eb",
    "a\u200bb",
    "a\x00b",
    "a\nb",
    "a\r\nBcc: x@y",
    "a\u2028b",
    "\ufeffa",
    "a\u2066b",
    "a\u00adb",
    "\ud800",
]


@pytest.mark.parametrize("name", INVISIBLE, ids=ascii)
def test_t105_invisible_characters_are_refused(name):
    with pytest.raises(ValidationError) as refusal:
        normalise_name(name)
    assert refusal.value.code == "invisible_character"


@pytest.mark.parametrize("name", NAMES, ids=str)
def test_t105_every_model_with_a_name_refuses_them(name):
    with pytest.raises(ValidationError) as refusal:
        name.clean("Visio\u202e Pro", name.model())
    assert [error.code for error in refusal.value.error_list] == ["invisible_character"]


@pytest.mark.parametrize("name", ["Visio\u202e Pro", "Visio\nPro"], ids=ascii)
def test_t105_a_product_of_such_a_name_is_not_stored(name, desk):
    facts = {"name": name, "sku": "V-1", "family": "visio", "cloud": "o365-worldwide"}
    response = desk.post(add_url("subscriptions_product"), facts)
    assert (response.status_code, list(errors_of(response))) == (422, ["name"])
    assert rows_of(Product) == []


READ_AS_THEY_STAND = {
    Partner: ("name", "city", "street", "phone"),
    Product: ("sku",),
    Subscription: ("name",),
    Tenant: ("name", "city"),
    User: ("name",),
}


@pytest.mark.parametrize(
    ("model", "field"), [(model, field) for model, fields in READ_AS_THEY_STAND.items() for field in fields]
)
def test_t105_every_line_that_is_read_as_it_stands_refuses_them(model, field):
    for text in ("Contoso\u202e Ltd", "Con\u200btoso", "Contoso\r\nLtd"):
        with pytest.raises(ValidationError):
            model._meta.get_field(field).clean(text, model())


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("株式会社コントソ", "株式会社コントソ"),
        ("  Contoso   Ltd ", "Contoso Ltd"),
        ("Cafe\u0301", "Café"),
        ("Müller & Söhne", "Müller & Söhne"),
        ("شركة", "شركة"),
    ],
)
def test_t105_names_of_the_world_are_kept_in_one_spelling(typed, kept):
    assert normalise_name(typed) == kept


@pytest.mark.parametrize("name", ["C\u043entoso", "\u0410BC Ltd", "Αdventure"], ids=ascii)
def test_t105_a_look_alike_is_seen(name):
    assert mixes_scripts(name)


@pytest.mark.parametrize("name", ["Contoso", "株式会社コントソ", "蓝云 Cloud", "Контосо", "한국 Office 365", "Łódź"])
def test_t105_an_honest_name_is_not_flagged(name):
    assert not mixes_scripts(name)


def test_names_are_sorted_without_accents_and_case():
    names = ["Zebra", "ärger", "Apfel", "Österreich", "oben"]
    assert sorted(names, key=sort_key) == ["Apfel", "ärger", "oben", "Österreich", "Zebra"]
