"""T110: every function of the domain that somebody calls with `by=` writes exactly one audit row."""

import inspect
import pkgutil
from datetime import timedelta
from importlib import import_module

import pytest
from django.utils import timezone

import partners.domain
import subscriptions.domain
from subscriptions import scopes
from subscriptions.access import staff_actor
from subscriptions.clouds import Cloud
from subscriptions.models import AuditEvent, Mail, Order, Product
from subscriptions.models.mail import MailKind
from tests.architecture.audited_acts import ACTS, TWO_ACTS, Rows
from tests.database import as_owner
from tests.factories import (
    make_audit_event,
    make_match_request,
    make_member,
    make_offer,
    make_partner,
    make_partner_of_record,
    make_partner_offer,
    make_partner_person,
    make_price,
    make_relationship,
    make_release_request,
    make_subscription,
    make_tenant,
)

# Parts of acts: they write the row of the act that calls them, or count and remember.
PARTS = {
    "subscriptions.domain.audit.record",
    "subscriptions.domain.changes.store",
    "subscriptions.domain.subscription_changes.record",
    "partners.domain.relationship_changes.record_change",
    "subscriptions.domain.subscription_changes.write",
    "partners.domain.directory.count_change",
    # The partner of record of an accepted offer: with the answer's tests, in a cloud that has offers.
    "partners.domain.partner_of_record.credit_by_offer",
    "partners.domain.directory.count_check",
    "partners.domain.match_requests.count_match_request",
    "partners.domain.relationships.write_end",
    "partners.domain.release_requests.count_asking",
    "partners.domain.release_steps.record",
    "partners.domain.release_steps.add_step",
    "partners.domain.release_steps.close_request",
    "partners.domain.release_steps.close_with_relationship",
    # The reseller's people alone say that they have seen it, or leave unasked: with the tests of their acts.
    "partners.domain.release_requests.acknowledge",
    "partners.domain.release_requests.leave",
    # Versions of an offer's terms, and what is counted of who makes offers.
    "partners.domain.offer_limits.count_search",
    "partners.domain.offer_limits.count_sending",
    "partners.domain.offer_records.record",
    "partners.domain.offer_records.record_of_draft",
    "partners.domain.offer_terms.add_version",
    # A draft of an order is nobody's business yet: what counts is that it is placed, which portal/checkout records.
    "subscriptions.domain.orders.accept_prices",
    "subscriptions.domain.orders.add_product",
    "subscriptions.domain.orders.change_lines",
    "subscriptions.domain.orders.keep",
    "subscriptions.domain.orders.locked",
    "subscriptions.domain.orders.open_drafts",
}


def registry() -> set[str]:
    """The public functions of both domains that know who acts."""
    found = set()
    for package in (partners.domain, subscriptions.domain):
        for entry in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            for name, function in inspect.getmembers(import_module(entry.name), inspect.isfunction):
                own = function.__module__ == entry.name and not name.startswith("_")
                if own and "by" in inspect.signature(function).parameters:
                    found.add(f"{entry.name}.{name}")
    return found - PARTS


@pytest.fixture
def world(alpha, global_admin, staff):
    partner, _other = make_partner(partner_id="565380"), make_partner(partner_id="935287")
    subscription = make_subscription(tenant=alpha)
    make_price(product=subscription.product)
    make_partner_of_record(subscription=subscription, partner=partner)
    make_relationship(
        tenant=alpha,
        partner=partner,
        roles=("global-reader", "helpdesk-administrator"),
        expires_on=timezone.now() + timedelta(days=100),
        auto_extend=True,
    )
    make_release_request(relationship=make_relationship(tenant=alpha, partner=partner, kind="reseller"))
    make_partner_person(partner=partner, email="agent@tailspin.example")
    make_offer(name="Visio", has_trial=True)
    make_member(tenant=alpha, role="global-reader", email="reader@alpha.example")
    make_match_request(tenant=alpha)
    lanyun = make_tenant(slug="lanyun", cloud=Cloud.OPERATED_BY_21VIANET, country="CN")
    offering = make_partner(partner_id="880021", cloud=Cloud.OPERATED_BY_21VIANET)
    make_partner_offer(tenant=lanyun, partner=offering)
    make_partner_offer(tenant=lanyun, partner=offering, name="Draft", state="draft")
    event, now = make_audit_event(tenant=alpha), timezone.now()
    with as_owner():
        Order.objects.create(
            tenant=alpha, number="O-1", state="placed", started_at=now, started_by="Gloria Admin",
            placed_at=now, placed_by="Gloria Admin", expires_on=now.date(),
        )  # fmt: skip
        Mail.objects.create(
            tenant=alpha, event=event, kind=MailKind.PARTNER_NAMED, to_company_mailbox="a@b.example", state="failed"
        )


def test_every_act_of_the_domain_is_in_the_table():
    assert {f"{act.__module__}.{act.__name__}" for act in ACTS} == registry()


@pytest.mark.parametrize("act", ACTS, ids=lambda act: f"{act.__module__.rpartition('.')[2]}.{act.__name__}")
def test_t110_it_writes_one_row_that_names_who(world, staff, act):
    with scopes.staff():
        before = set(AuditEvent.objects.values_list("pk", flat=True))
        ACTS[act](Rows(), staff_actor(staff))
        events = AuditEvent.objects.exclude(pk__in=before)
        assert len(events) == (2 if act in TWO_ACTS else 1)
        assert {(event.actor_kind, event.actor_name, event.actor_id) for event in events} == {
            ("staff", "Sam Staff", staff.pk)
        }


def test_the_products_of_the_table_are_the_one_owned_and_the_one_on_offer(world):
    with scopes.staff():
        assert set(Product.objects.values_list("name", flat=True)) == {"Office 365 E3", "Visio"}
