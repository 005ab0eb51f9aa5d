"""The demo's data is such as a customer's would be, and none of its main pages is empty."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from partners.models import (
    MatchRequest,
    OfferTemplate,
    PartnerOffer,
    PartnerOfRecord,
    PartnerPerson,
    PartnerRelationship,
    ReleaseRequest,
    ScheduledChange,
)
from partners.models.partner import Partner
from portal.demo.data import ACCOUNTS
from portal.demo.terms import billed_on_the_31st
from portal.management.commands.seed import Seed
from subscriptions.base.days import in_its_month
from subscriptions.catalogue.costs import price_on
from subscriptions.clouds import Cloud
from subscriptions.models import Application, ApplicationToken, AuditEvent, Mail, Order, Subscription, User
from subscriptions.models.subscription import BillingFrequency
from subscriptions.subscriptions.lifecycle import months_later
from tests.database import as_owner


@pytest.fixture
def seed(db):
    with as_owner():
        seed = Seed()
        seed.run()
        yield seed


def test_trials_are_those_that_the_shop_starts(seed):
    trials = Subscription.objects.filter(status="trial")
    month = timedelta(days=30)
    assert trials.count() > 1
    assert {trial.licenses_total for trial in trials} == {25}
    assert {trial.term_ends_on - trial.started_on for trial in trials} == {month}
    assert all(seed.today < trial.term_ends_on <= seed.today + month for trial in trials)
    assert all(trial.product.has_trial for trial in trials.select_related("product"))


def test_where_partners_are_found_one_is_asked_and_an_order_placed(seed):
    bought = ["contoso", "nordwind"]
    placed = Order.objects.filter(state="placed", partner_number__gt="").order_by("id")
    assert list(placed.values_list("tenant__slug", flat=True)) == bought
    asked = MatchRequest.objects.filter(state="open").order_by("id")
    assert list(asked.values_list("tenant__slug", flat=True)) == bought
    assert Mail.objects.filter(kind="order-confirmation").exists()


def test_each_relationship_stands_in_the_audit_log(seed):
    began = AuditEvent.objects.filter(kind="partner-relationship.added").values_list("subject_uuid", flat=True)
    assert set(began) == set(PartnerRelationship.objects.values_list("uuid", flat=True))


CLOUDS = set(Cloud.values)
PEOPLE = [account.email for account in ACCOUNTS]


def test_each_account_of_the_sign_in_page_is_there(seed):
    assert set(User.objects.values_list("email", flat=True)) == set(PEOPLE)


@pytest.mark.parametrize("kind", ["reseller", "delegated-admin"])
def test_a_partner_of_each_kind_has_somebody_to_sign_in_in_every_cloud(seed, kind):
    ties = PartnerRelationship.objects.filter(kind=kind, partner__in=PartnerPerson.objects.values("partner"))
    assert set(ties.values_list("tenant__cloud", flat=True)) == CLOUDS


def test_a_credited_partner_has_somebody_to_sign_in_in_every_cloud(seed):
    credits = PartnerOfRecord.objects.filter(
        valid__upper_inf=True, partner__in=PartnerPerson.objects.values("partner")
    )
    assert set(credits.values_list("tenant__cloud", flat=True)) == CLOUDS


def test_every_cloud_has_two_usable_partners_and_the_states_of_subscriptions(seed):
    for cloud in CLOUDS:
        usable = Partner.objects.filter(cloud=cloud, state="active", kind="location", authorized_for_all=True)
        assert usable.count() > 1
        of_cloud = Subscription.objects.filter(tenant__cloud=cloud)
        assert set(of_cloud.values_list("status", flat=True)) == {"active", "trial", "expired", "disabled"}
        assert set(of_cloud.filter(started_on__day=31, anchor_day=31).values_list("status", flat=True)) >= {"active"}


def test_in_every_cloud_the_first_credited_subscription_can_be_edited_at_once(seed):
    for cloud in CLOUDS:
        rows = Subscription.objects.filter(
            tenant__cloud=cloud, status="active", partners_of_record__valid__upper_inf=True
        )
        assert not ScheduledChange.objects.filter(subscription=rows.order_by("name_key", "pk")[0]).exists()


def test_resellers_were_asked_and_one_is_late(seed):
    requests = ReleaseRequest.objects.open().with_overdue()
    assert sorted(requests.values_list("tenant__slug", "overdue")) == [("contoso", False), ("nordwind", True)]
    assert all(request.steps.get().at.date() == request.sent_at.date() for request in requests)
    asked = AuditEvent.objects.filter(kind="release-request.sent").values_list("subject_uuid", flat=True)
    assert set(asked) == set(requests.values_list("uuid", flat=True))


def test_offers_are_drafted_sent_sent_twice_and_expired_and_one_in_each_cloud_ends_soon(seed):
    offers = PartnerOffer.objects.values_list("state", "generation")
    assert sorted(offers) == [*[("accepted", 1)] * 3, ("draft", 0), ("expired", 1), ("sent", 1), ("sent", 2)]
    ending = PartnerOffer.objects.filter(relationship__expires_on__lt=timezone.now() + timedelta(days=30))
    assert set(ending.values_list("tenant__cloud", flat=True)) == set(Cloud)
    assert set(ending.values_list("name", flat=True)) == set(OfferTemplate.objects.values_list("name", flat=True))


def test_terms_are_whole(seed):
    """A term ends as many months after the beginning as one or several terms have, and a live one is not over."""
    for row in Subscription.objects.exclude(status="trial"):
        months = BillingFrequency(row.billing_frequency).months
        ends = {months_later(row.started_on, months * number) for number in range(1, 100)}
        assert row.term_ends_on in ends
    assert not Subscription.objects.filter(status="active", term_ends_on__lte=seed.today).exists()


@pytest.mark.parametrize("today", [date(2026, 1, 30), date(2026, 1, 31), date(2026, 2, 28), date(2028, 2, 29)])
def test_a_billing_day_of_31_ends_no_month_early(today):
    start, end = billed_on_the_31st(today)
    assert (start.day, end > today) == (31, True)
    assert end == in_its_month(end, 31)
    assert end - today <= timedelta(days=31)


def test_what_is_paid_costs_what_the_shop_asks(seed):
    paid = Subscription.objects.exclude(unit_price=0).select_related("product", "tenant")
    asked = [
        price_on(seed.today, product=row.product, currency=row.currency, frequency=row.billing_frequency)
        for row in paid
    ]
    assert len(asked) > 50
    assert [row.unit_price for row in paid] == asked


def test_each_owner_has_a_program_with_a_token_that_works_for_a_while(seed):
    programs = Application.objects.select_related("tenant", "partner")
    owners = {program.tenant.slug if program.tenant else str(program.partner or "") for program in programs}
    assert owners == {"contoso", "nordwind", "lanyun", "565380 Tailspin Consulting", ""}
    assert ApplicationToken.objects.live().count() == programs.count() == 5
