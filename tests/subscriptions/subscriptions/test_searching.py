"""The one function that asks as the owner: a search by an index, of the organization of the scope alone."""

import pytest
from django.db import ProgrammingError, connection

from subscriptions.db import scopes
from subscriptions.db.scopes import ScopeRole
from subscriptions.models import Subscription
from subscriptions.subscriptions.pages import searching
from subscriptions.subscriptions.pages.searching import find_few, listed_subscriptions
from tests.database import as_owner
from tests.factories import (
    make_order,
    make_partner,
    make_partner_of_record,
    make_product,
    make_subscription,
    make_tenant,
    placed,
)

CALL = "SELECT subscriptions_with(%s, %s, %s, 1000)"
NAMES = ("Office 365 E3", "Visio 100% Plan_2", "Büro \\ Köln", "Zephyr", "100 plan")


def called(*patterns: str | None) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(CALL, [*patterns, None, None][:3])
        return sorted(cursor.fetchone()[0])


@pytest.fixture
def own(alpha, beta):
    """By name; another organization has the same."""
    for name in NAMES:
        make_subscription(tenant=beta, name=name, own_name="Halle 7")
    return {name: make_subscription(tenant=alpha, name=name, own_name="Werk 9") for name in NAMES}


@pytest.fixture
def beta():
    return make_tenant(slug="beta", name="Beta Ltd")


def test_it_finds_in_the_organization_of_the_scope_alone(alpha, beta, own):
    zephyr = [own["Zephyr"].pk]
    with scopes.tenant(alpha.pk):
        assert (called("zephyr"), called("werk"), called("halle")) == (zephyr, sorted(s.pk for s in own.values()), [])
    with scopes.tenant(beta.pk):
        assert len(called("zephyr")) == 1
        assert called("zephyr") != zephyr
        assert called("werk") == []


def test_without_an_organization_it_finds_nothing(alpha, own):
    with scopes.tenant(alpha.pk), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.tenant_id', '', true)")
        assert called("zephyr") == called("") == []


@pytest.mark.parametrize("role", [role for role in ScopeRole if role is not ScopeRole.TENANT])
def test_no_other_scope_may_call_it(alpha, own, role):
    setting = scopes.Setting(role, tenant_id=str(alpha.pk))
    with pytest.raises(ProgrammingError, match="permission denied for function"), scopes.again(setting):
        called("zephyr")


def test_a_character_of_a_pattern_is_only_itself(alpha, own):
    with scopes.tenant(alpha.pk):
        assert called("100%") == called("plan_2") == [own["Visio 100% Plan_2"].pk]
        assert called("\\") == [own["Büro \\ Köln"].pk]
        assert called("no such", None, "zephyr") == [own["Zephyr"].pk]


def test_a_search_by_ids_finds_what_a_search_of_all_finds(alpha, own, monkeypatch):
    """By name, own name, product, partner, order and ID; also where a word is in too many rows to be the first."""
    with as_owner():
        product, partner = make_product(name="Visio"), make_partner(name="Tailspin Toys")
        named = make_subscription(tenant=alpha, name="Drawings", product=product)
        make_partner_of_record(subscription=named, partner=partner)
        order = make_order(tenant=alpha, **placed("2026-000077"))
        order.lines.update(subscription=own["Zephyr"])
    uuid = str(own["Zephyr"].uuid)
    texts = [
        "zephyr", "werk", "werk zephyr", "visio", "tailspin", "visio tailspin", "100% plan", "2026-0000", uuid,
        uuid.upper()[:10], partner.number, f"ID {partner.number}", "office none", "none", "8",
    ]  # fmt: skip
    found = {}
    with scopes.tenant(alpha.pk):
        rows = Subscription.objects.of_tenant(alpha)
        for cap in (1001, 3):
            monkeypatch.setattr(searching, "COUNT_CAP", cap)
            for text in texts:
                of_all = set(rows.matching(text, tenant=alpha).values_list("pk", flat=True))
                listed = listed_subscriptions(rows, text, tenant=alpha)
                assert set(listed.values_list("pk", flat=True)) == of_all, (cap, text)
                found[cap, text] = len(of_all), find_few(alpha, text) is None
    assert found[1001, "visio tailspin"] == found[1001, "2026-0000"] == found[1001, uuid] == (1, False)
    assert found[1001, "none"] == (0, False)
    assert (found[3, "werk"], found[3, "werk zephyr"]) == ((len(NAMES), True), (1, False))
