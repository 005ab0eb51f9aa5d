"""Staff's form of a new row, sent twice at one moment, in real transactions and threads: one row, and no 500."""

from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps

from subscriptions.models import Subscription
from subscriptions.staff.admin import StaffModelAdmin
from tests.database import at_once
from tests.desk import add_url, errors_of, rows_of, sent_by
from tests.factories import make_family, make_partner, make_product, make_tenant, make_user

pytestmark = pytest.mark.django_db(transaction=True)

PARTNER = {"number": "935287", "kind": "location", "city": "Seattle", "mailbox": "a@partners.example"}
PLACE = {"name": "Gamma", "cloud": "o365-worldwide", "country": "US"}
TERM = {"started_on": "2026-01-01", "term_ends_on": "2027-01-01", "billing_frequency": "monthly"}
LICENSES = {"licenses_total": "5", "licenses_assigned": "0", "unit_price": "5"}
# What staff type; a row that is left open is one of this test's own
ONCE_ONLY = {
    "subscriptions_product": {"name": "Visio", "sku": "VISIO", "cloud": "o365-worldwide", "family": ""},
    "subscriptions_productprice": {"product": "", "monthly": "5", "annual": "4", "from_day": "2199-01-01"},
    "subscriptions_tenant": PLACE | {"slug": "gamma", "time_zone": "UTC"},
    "partners_partner": PLACE
    | PARTNER
    | {"language": "en", "authorized_countries": "US", "authorized_for_all": "on"},
    "partners_partnerrelationship": {"tenant": "", "partner": "", "kind": "reseller"},
}
DELEGATED = {"tenant": "", "partner": "", "kind": "delegated-admin", "roles": "global-reader", "days": "30"}
SUBSCRIPTION = "subscriptions_subscription"
AS_OFTEN_AS_SENT = {
    "partners_partnerrelationship": DELEGATED,
    SUBSCRIPTION: {"tenant": "", "product": "", "status": "active", "name": "Five", **TERM, **LICENSES},
}


def typed(facts: dict) -> dict:
    chosen = {"tenant": make_tenant, "user": make_user, "partner": make_partner, "product": make_product}
    chosen["family"] = make_family
    return {name: value or _key_of(chosen[name]()) for name, value in facts.items()} | {"reason": "Asked by phone"}


def _key_of(row: Any) -> Any:
    """As a form's choice has it."""
    return getattr(row, "code", row.pk)


def number_of(model: str) -> int:
    return len(rows_of(apps.get_model(model.replace("_", "."))))


@pytest.mark.parametrize("model", ONCE_ONLY)
def test_of_two_who_enter_the_same_one_does_and_the_other_form_says_why(model, desk, monkeypatch):
    both_looked, save = Barrier(2, timeout=20), StaffModelAdmin.save_model

    def save_after_both_looked(*args) -> None:
        both_looked.wait()
        save(*args)

    facts, before = typed(ONCE_ONLY[model]), number_of(model)
    monkeypatch.setattr(StaffModelAdmin, "save_model", save_after_both_looked)
    answers = at_once(*[lambda: desk.post(add_url(model), facts)] * 2)
    assert sorted(answer.status_code for answer in answers) == [302, 422]
    (refused,) = [answer for answer in answers if answer.status_code == 422]
    assert len(errors_of(refused)) == 1
    assert number_of(model) == before + 1


@pytest.mark.parametrize("model", AS_OFTEN_AS_SENT)
def test_a_form_that_is_sent_three_times_at_once_adds_one_row_and_leads_to_one_place(model, desk):
    facts = sent_by(desk.get(add_url(model))) | typed(AS_OFTEN_AS_SENT[model]) | {"_continue": "1"}
    answers = at_once(*[lambda: desk.post(add_url(model), facts)] * 3)
    assert [answer.status_code for answer in answers] == [302] * 3
    assert len({answer.url for answer in answers}) == number_of(model) == 1


def test_the_same_again_in_a_new_form_is_a_second_row(desk):
    facts = typed(AS_OFTEN_AS_SENT[SUBSCRIPTION])
    keys = [sent_by(desk.get(add_url(SUBSCRIPTION)))["key"] for _ in "ab"]
    assert [desk.post(add_url(SUBSCRIPTION), facts | {"key": key}).status_code for key in keys] == [302, 302]
    assert number_of(SUBSCRIPTION) == 2


def test_a_form_that_was_refused_keeps_its_key_for_the_next_try(desk):
    facts = typed(AS_OFTEN_AS_SENT[SUBSCRIPTION]) | {"key": str(uuid4())}
    refused = desk.post(add_url(SUBSCRIPTION), facts | {"name": ""})
    assert (refused.status_code, sent_by(refused)["key"]) == (422, [facts["key"]])
    assert desk.post(add_url(SUBSCRIPTION), facts).status_code == 302


def test_another_row_in_a_form_that_has_added_one_is_asked_about_first(desk):
    facts = typed(AS_OFTEN_AS_SENT[SUBSCRIPTION]) | {"key": str(uuid4())}
    desk.post(add_url(SUBSCRIPTION), facts)
    asked = desk.post(add_url(SUBSCRIPTION), facts | {"name": "Another"})
    told = "This form has added a row already. Save again to add another one."
    assert (asked.status_code, errors_of(asked)) == (409, {"__all__": [told]})
    assert [row.name for row in rows_of(Subscription)] == ["Five"]
    assert desk.post(add_url(SUBSCRIPTION), sent_by(asked) | {"reason": ""}).status_code == 302
    assert [row.name for row in rows_of(Subscription)] == ["Five", "Another"]


@pytest.mark.parametrize("key", ["", "x", "\0"])
def test_a_key_that_is_none_matches_nothing(key, desk):
    facts = typed(AS_OFTEN_AS_SENT[SUBSCRIPTION]) | {"key": key}
    assert [desk.post(add_url(SUBSCRIPTION), facts).status_code for _ in "ab"] == [302, 302]
