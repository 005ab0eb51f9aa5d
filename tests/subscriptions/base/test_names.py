"""Names are what they seem: nothing invisible in them, one spelling, and look-alikes are seen."""

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError

from partners.models import Partner
from subscriptions.base.names import mixes_scripts, normalize_name, sort_key
from subscriptions.models import Product, Subscription, Tenant, User
from tests import cases
from tests.desk import add_url, errors_of, rows_of
from tests.factories import make_family

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
def test_invisible_characters_are_refused(name):
    with pytest.raises(ValidationError) as refusal:
        normalize_name(name)
    assert refusal.value.code == "invisible_character"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Visio\u202e", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("\u200b", "U+200B ZERO WIDTH SPACE"),
        ("a\x00b", "U+0000 NULL"),
        ("a\nb", "U+000A LINE FEED"),
        ("Con\u200ctoso", "U+200C ZERO WIDTH NON-JOINER"),
        ("王\u200d王", "U+200D ZERO WIDTH JOINER"),
        ("\u0639\u200c", "U+200C ZERO WIDTH NON-JOINER"),
        ("\U0001f3f4\U000e0067", "U+E0067 TAG LATIN SMALL LETTER G"),
        ("a\ue000", "U+E000"),
    ],
    ids=ascii,
)
def test_what_is_refused_is_named(name, told):
    with pytest.raises(ValidationError) as refusal:
        normalize_name(name)
    assert refusal.value.messages == [
        f"This contains the character {told}, which cannot be part of it. Type it again without it."
    ]


@pytest.mark.parametrize(
    "name",
    [
        *cases.strings("01-names-with-joiners-and-new-han.txt"),
        "ක්\u200dරිෂ්ණ",
        "王\U0002ebf1",
        "👩\u200d👩\u200d👧\u200d👦 Ltd",
        "👨🏽\u200d⚕\ufe0f",
        "❤\ufe0f\u200d🔥",
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "\U0001fae8",
    ],
    ids=ascii,
)
def test_joiners_new_han_and_emoji_are_kept_as_typed(name):
    assert normalize_name(name) == name


def test_a_product_of_such_a_name_is_stored_and_one_with_nul_is_told_so(desk):
    facts = {"name": "ක්\u200dරිෂ්ණ", "sku": "V-1", "family": make_family().code, "cloud": "o365-worldwide"}
    assert desk.post(add_url("subscriptions_product"), facts).status_code == 302
    response = desk.post(add_url("subscriptions_product"), facts | {"name": "a\x00b", "sku": "V-2"})
    assert (response.status_code, list(errors_of(response))) == (422, ["name"])
    assert "U+0000 NULL" in errors_of(response)["name"][0]
    assert [row.name for row in rows_of(Product)] == ["ක්\u200dරිෂ්ණ"]


@pytest.mark.parametrize("name", NAMES, ids=str)
def test_every_model_with_a_name_refuses_them(name):
    with pytest.raises(ValidationError) as refusal:
        name.clean("Visio\u202e Pro", name.model())
    assert [error.code for error in refusal.value.error_list] == ["invisible_character"]


@pytest.mark.parametrize("name", ["Visio\u202e Pro", "Visio\nPro"], ids=ascii)
def test_a_product_of_such_a_name_is_not_stored(name, desk):
    facts = {"name": name, "sku": "V-1", "family": make_family().code, "cloud": "o365-worldwide"}
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
def test_every_line_that_is_read_as_it_stands_refuses_them(model, field):
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
def test_names_of_the_world_are_kept_in_one_spelling(typed, kept):
    assert normalize_name(typed) == kept


@pytest.mark.parametrize("name", ["C\u043entoso", "\u0410BC Ltd", "Αdventure"], ids=ascii)
def test_a_look_alike_is_seen(name):
    assert mixes_scripts(name)


@pytest.mark.parametrize("name", ["Contoso", "株式会社コントソ", "蓝云 Cloud", "Контосо", "한국 Office 365", "Łódź"])
def test_an_honest_name_is_not_flagged(name):
    assert not mixes_scripts(name)


def test_names_are_sorted_without_accents_and_case():
    names = ["Zebra", "ärger", "Apfel", "Österreich", "oben"]
    assert sorted(names, key=sort_key) == ["Apfel", "ärger", "oben", "Österreich", "Zebra"]


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("Łódź", "lodz"),
        ("Zoë’s Café", "zoe's cafe"),
        ("Straße", "STRASSE"),
        ("\u0639\u0644\u06cc\u200c\u0631\u0636\u0627", "\u0639\u0644\u06cc\u0631\u0636\u0627"),
        ("Ｃｏｎｔｏｓｏ", "contoso"),
        ("Ærø", "aero"),
    ],
)
def test_what_people_type_finds_what_is_stored(stored, typed):
    assert sort_key(typed) == sort_key(stored)
