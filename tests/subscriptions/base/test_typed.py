"""What people type is read by one layer each: e-mail addresses, codes from an app, and what they look for."""

from uuid import UUID

import pytest
from django.urls import reverse

from subscriptions.base.search import find_in
from subscriptions.base.typed import read_code, read_email, read_uuid
from subscriptions.models import Product, Tenant, User
from tests.database import as_owner
from tests.factories import make_product, make_tenant, make_user

PASSWORD = "correct-horse-battery"


@pytest.mark.parametrize(
    "typed",
    ["anna@münchen.example", " Anna@MÜNCHEN.example ", "anna＠ｍünchen.example", "anna@xn--mnchen-3ya.EXAMPLE",
     "anna@mu\u0308nchen。example", "anna@\u200bmünchen.example"],
    ids=ascii,
)  # fmt: skip
def test_one_mailbox_whatever_its_spelling(typed):
    assert read_email(typed) == "anna@xn--mnchen-3ya.example"


@pytest.mark.parametrize(("typed", "kept"), [("", ""), ("anna", "anna"), ("a@straße.de", "a@xn--strae-oqa.de")])
def test_what_is_no_address_or_another_one_stays_so(typed, kept):
    assert read_email(typed) == kept


@pytest.mark.parametrize(
    "typed", ["123456", " 123 456", "123-456", "123–456", "１２３４５６", "12\u200b3456", "١٢٣٤٥٦"], ids=ascii
)
def test_a_code_from_an_app_in_any_spelling(typed):
    assert read_code(typed) == "123456"


def test_an_id_of_the_portal_in_any_spelling():
    text = "6f8aef99-1ed8-4d42-8eee-d5c886669874"
    for typed in (text, text.upper(), text.replace("-", ""), text.replace("-", "‑"), f" {text}\u200b", f"{{{text}}}"):
        assert str(read_uuid(typed)) == text


def test_people_sign_in_with_any_spelling_of_their_address(db, client):
    make_user(email="anna@münchen.example", password=PASSWORD)
    with as_owner():
        assert [user.email for user in User.objects.all()] == ["anna@xn--mnchen-3ya.example"]
        assert User.objects.filter(email="Anna@MÜNCHEN.example").exists()
    page = client.post(reverse("account_login"), {"login": " Anna@MÜNCHEN.example", "password": PASSWORD})
    assert page.status_code == 302


def test_words_stand_in_any_order_and_accents_do_not_count(db):
    with as_owner():
        lodz = make_tenant(slug="lodz-cloud", name="Łódź Cloud’s Café")
        make_tenant(slug="other", name="Other Ltd")
        for typed in (
            "lodz",
            "cafe cloud's",
            "CLOUD’S łódź",
            "Lodz-Cloud",
            str(lodz.uuid).upper(),
            lodz.uuid.hex[:8],
        ):
            assert [row.slug for row in Tenant.objects.filter(find_in(typed, "search_text"))] == ["lodz-cloud"], typed
        assert not Tenant.objects.filter(find_in("lodz other", "search_text")).exists()


def test_a_word_never_meets_the_middle_of_an_id(db):
    with as_owner():
        product = make_product(name="Visio")
        tenant = make_tenant(slug="other", name="Other Ltd")
        Tenant.objects.filter(pk=tenant.pk).update(uuid=UUID("12345678-1234-4234-8234-1234567890ab"))
        Tenant.objects.get(pk=tenant.pk).save()
        for middle in ("ab", "90ab", "4234", "567890"):
            assert not Tenant.objects.filter(find_in(middle, "search_text")).exists()
        assert Product.objects.filter(find_in(f"{product.sku} visio", "search_text")).exists()
