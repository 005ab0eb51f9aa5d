"""What people type or paste as a partner ID, and what it is kept as."""

import pytest
from django.core.exceptions import ValidationError

from partners.models import Partner
from subscriptions.base.partner_id import normalize_number
from tests.factories import make_partner, make_subscription
from tests.partners.partner_of_record import client as acts

SAME = [
    "565380",
    " 565 380 ",
    "565-380",
    "565\u2011380",
    "５６５３８０",
    "565\u200b380",
    "\ufeff565380",
    "565\u00a0380",
    "0565380",
    "565 - 380",
    "MPN ID: 565380",
    "MPN 565380",
    "Partner-ID: 565380",
    "Microsoft Partner-ID: 565380",
    "Microsoft 合作伙伴 ID：565380",
    "合作伙伴 ID 565380",
    "Microsoft Partner ID: 565380",
    "#565380",
    "＃ 565380",
    "565.380",
    "565,380",
    "565'380",
    "565’380",
    "0.565.380",
    "ID: 565380",
    "ID #565380",
    "Nr. 565380",
    "Partner ID (MPN ID): #565380",
    "Microsoft-Partner-ID: 565.380",
    "Partnernummer 565380",
    "Standort-ID: 565380",
    "位置 ID：565380",
    "“565380”",
    "(565380)",
    "565380.",
]
EMPTY = ["", "   ", "\u00a0", "\u200b", "\t\n"]
REFUSED = [
    "١٢٣٤٥٦",
    "abc",
    "1e6",
    "12345678901",
    "'--",
    "1.5",
    "+5",
    "0",
    "000",
    "5" * 10_000,
    "565380\x00",
    "²",
    "0x10",
    "-5",
    "－５",
    "5-",
    "-",
    "--",
    ".",
    "#",
    "Partner ID:",
    "Microsoft Partner ID",
    "5,6538E+05",
    "5.6538E+05",
    "5,65380",
    "56.53.80",
    "565.380,000",
    "565.38",
    "565380.5",
    "##",
    "565380 565381x",
]


@pytest.mark.parametrize("text", SAME, ids=ascii)
def test_spellings_of_one_id(text):
    assert normalize_number(text) == "565380"


@pytest.mark.parametrize("text", EMPTY, ids=ascii)
def test_nothing_is_an_empty_box(text):
    assert normalize_number(text) == ""


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: ascii(text[:20]))
def test_anything_else_is_refused_with_one_sentence(text):
    with pytest.raises(ValidationError) as refusal:
        normalize_number(text)
    assert len(refusal.value.messages) == 1


@pytest.mark.parametrize("text", ["5,6538E+05", "5.6538e5", "1e6"])
def test_what_a_spreadsheet_shortened_is_told_so(text):
    with pytest.raises(ValidationError, match="A spreadsheet has shortened this number"):
        normalize_number(text)


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: ascii(text[:20]))
@pytest.mark.parametrize("act", [acts.check, acts.submit])
def test_the_page_says_it_and_looks_nothing_up(alpha, global_admin, sign_in, monkeypatch, act, text):
    client, subscription = sign_in(global_admin), make_subscription(tenant=alpha)
    fields = acts.opened(client, subscription) | {"partner_id": text}
    monkeypatch.setattr(Partner, "objects", None)
    answer = act(client, subscription, fields)
    assert answer.status_code == 422
    assert len(answer.context["form"].errors["partner_id"]) == 1


def test_a_full_width_id_names_the_partner(alpha, global_admin, sign_in):
    make_partner(number="123456", name="Wide Load")
    client, subscription = sign_in(global_admin), make_subscription(tenant=alpha)
    answer = acts.check(client, subscription, acts.opened(client, subscription) | {"partner_id": "１２３４５６"})
    assert answer.status_code == 200
    assert answer.context["found"].name == "Wide Load"
