"""Once an offer is sent, not even SQL in a scope of the portal widens what it asks for."""

import pytest
from django.db import ProgrammingError, connection, transaction

from partners.models import PartnerOffer
from partners.models.partner_offer import OfferState
from subscriptions.db import scopes
from tests.factories import make_partner, make_partner_offer, make_sold_product, make_subscription

CHANGES = {
    "the roles": "roles = ARRAY['global-administrator']",
    "the days": "days = 730",
    "the credit": "credit = 'bought'",
    "the purchase": "purchase = 'purchase'",
    "the kind": "kind = 'roles-only'",
    "the name": "name = 'Another'",
    "the number": "uuid = gen_random_uuid()",
    "back to a draft": "state = 'draft', sent_at = NULL, sent_by = '', expires_on = NULL",
}


def offered(alpha, state):
    offer = make_partner_offer(
        tenant=alpha,
        partner=make_partner(),
        state=state,
        kind="full",
        subscriptions=[make_subscription(tenant=alpha)],
        products=[make_sold_product(name="Visio")],
    )
    other, product = make_subscription(tenant=alpha, name="Other"), make_sold_product(name="Project")
    content = {
        "another subscription": "INSERT INTO partners_offeredsubscription (tenant_id, offer_id, subscription_id)"
        f" VALUES ({alpha.pk}, {offer.pk}, {other.pk})",
        "no subscription": "DELETE FROM partners_offeredsubscription",
        "another product": "INSERT INTO partners_offeredproduct"
        " (tenant_id, offer_id, product_id, licenses, billing_frequency)"
        f" VALUES ({alpha.pk}, {offer.pk}, {product.pk}, 1, 'monthly')",
        "no product": "DELETE FROM partners_offeredproduct",
    }
    return content | {name: f"UPDATE partners_partneroffer SET {change}" for name, change in CHANGES.items()}


ALL = [*CHANGES, "another subscription", "no subscription", "another product", "no product"]

REMOVAL = """
    DELETE FROM partners_offeredsubscription; DELETE FROM partners_offeredproduct;
    DELETE FROM partners_offerterms; DELETE FROM partners_partneroffer
"""


def scope_of(name, alpha):
    return scopes.tenant(alpha.pk) if name == "tenant" else scopes.staff()


def run(statement: str) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.rowcount


@pytest.mark.parametrize("scope", ["tenant", "staff"])
@pytest.mark.parametrize("change", ALL)
def test_a_sent_offer_asks_for_nothing_else(alpha, change, scope):
    statement = offered(alpha, OfferState.SENT)[change]
    with scope_of(scope, alpha), pytest.raises(ProgrammingError, match="fixed once it is sent") as refusal:
        run(statement)
    assert refusal.value.__cause__.sqlstate == "42501"


@pytest.mark.parametrize("change", [change for change in ALL if change != "back to a draft"])
def test_a_draft_may_still_change(alpha, change):
    statement = offered(alpha, OfferState.DRAFT)[change]
    with scopes.tenant(alpha.pk):
        assert run(statement) == 1


def test_what_comes_of_a_sent_offer_is_noted(alpha):
    offered(alpha, OfferState.SENT)
    with scopes.tenant(alpha.pk):
        assert run("UPDATE partners_offeredproduct SET created_id = NULL") == 1


@pytest.mark.parametrize("scope", ["tenant", "staff"])
@pytest.mark.parametrize("table", ["partners_offerterms", "partners_partneroffer"])
def test_what_was_sent_is_not_removed(alpha, table, scope):
    make_partner_offer(tenant=alpha, partner=make_partner())
    with scope_of(scope, alpha), pytest.raises(ProgrammingError, match="history") as refusal:
        run(f"DELETE FROM {table}")
    assert refusal.value.__cause__.sqlstate == "42501"


@pytest.mark.parametrize("scope", ["tenant", "staff"])
def test_a_draft_may_go_as_a_whole(alpha, scope):
    offered(alpha, OfferState.DRAFT)
    with scope_of(scope, alpha):
        run(REMOVAL)
        assert not PartnerOffer.objects.exists()


def test_a_partners_own_scope_removes_no_draft(alpha):
    partner = make_partner()
    make_partner_offer(tenant=alpha, partner=partner, state=OfferState.DRAFT)
    with scopes.partner(partner.pk), pytest.raises(ProgrammingError, match="permission denied"):
        run("DELETE FROM partners_offerterms")


def test_another_organization_removes_nothing(alpha, beta):
    make_partner_offer(tenant=alpha, partner=make_partner(), state=OfferState.DRAFT)
    with scopes.tenant(beta.pk):
        assert [run("DELETE FROM partners_offerterms"), run("DELETE FROM partners_partneroffer")] == [0, 0]
