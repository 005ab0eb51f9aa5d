"""What the order's mails say: to the organization what was bought, to the partner what it is credited for."""

import pytest

from portal.checkout.acts import place_order
from subscriptions.clouds import PaymentMethod
from subscriptions.db import scopes
from subscriptions.mails import acts as mails
from subscriptions.models import Mail, Tenant
from tests.database import as_owner
from tests.factories import make_actor, make_order, make_partner


@pytest.fixture
def sent(alpha, global_admin) -> dict:
    """The mails of an order with a partner, by their kind."""
    make_partner(language="en")
    order = make_order(tenant=alpha, partner_number="565380", partner_name="Tailspin Consulting")
    with scopes.tenant(alpha.pk):
        tenant = Tenant.objects.with_cloud_status().get()
        payment = {"payment_method": PaymentMethod.INVOICE}
        place_order(tenant=tenant, order=order, version=1, payment=payment, by=make_actor(user=global_admin))
    with as_owner():
        return {mail.kind: mails.compose(mail) for mail in Mail.objects.select_related("tenant", "event", "to_user")}


def test_the_organization_reads_what_was_bought_for_how_much(sent):
    body = sent["order-confirmation"].body
    assert "Gloria Admin has placed an order for Alpha Ltd" in body
    assert "5 × Office 365 E1: $50.00" in body
    assert "Total of the first billing period: $50.00" in body
    assert "Partner of record: 565380 Tailspin Consulting" in body
    assert "/t/alpha/billing/orders/" in body


def test_the_partner_reads_what_it_is_credited_for_and_no_price(sent):
    mail = sent["partner-named"]
    assert mail.subject == "You are partner of record of what Alpha Ltd has bought"
    assert "Subscriptions: Office 365 E1" in mail.body
    assert "$" not in mail.body
