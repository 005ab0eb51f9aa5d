"""The double submit at the same moment: real transactions in real threads, one winner."""

import pytest
from django.db import transaction

from partners.models import Partner, PartnerOfRecord
from partners.partner_of_record import acts as partner_of_record
from subscriptions.db import scopes
from subscriptions.models import Subscription, Tenant
from subscriptions.subscriptions.changes import StaleVersion
from tests.database import as_owner, at_once
from tests.factories import make_actor, make_partner, make_partner_of_record, make_subscription
from tests.facts import audit_kinds, periods, version
from tests.partners.partner_of_record import client as acts

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def partners(db) -> list[Partner]:
    return [make_partner(number=number, name=f"Partner {number}") for number in ("565380", "935287", "777001")]


@pytest.fixture
def subscription(alpha, partners) -> Subscription:
    subscription = make_subscription(tenant=alpha)
    make_partner_of_record(subscription=subscription, partner=partners[0])
    return subscription


def test_of_two_admins_one_wins(subscription, global_admin, billing_admin, sign_in):
    one, other = sign_in(global_admin), sign_in(billing_admin)
    first, second = acts.checked(one, subscription, "935287"), acts.checked(other, subscription, "777001")
    answers = at_once(lambda: acts.submit(one, subscription, first), lambda: acts.submit(other, subscription, second))
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert audit_kinds() == ["partner-of-record.changed"]
    winner = "935287" if answers[0].status_code == 303 else "777001"
    assert periods(subscription) == [("565380", False), (winner, True)]


def test_ten_submits_at_once_have_one_winner(subscription, partners, global_admin, sign_in):
    clients = [sign_in(global_admin) for _ in range(10)]
    token = acts.checked(clients[0], subscription, "935287")["checked"]
    forms = [acts.opened(client, subscription) | {"partner_id": "935287", "checked": token} for client in clients]
    answers = at_once(
        *[
            lambda client=client, form=form: acts.submit(client, subscription, form)
            for client, form in zip(clients, forms, strict=True)
        ]
    )
    assert sorted(answer.status_code for answer in answers) == [303] + [409] * 9
    assert version(subscription) == 2


def test_one_form_sent_twice_at_once_acts_once(subscription, global_admin, sign_in):
    one, other = sign_in(global_admin), sign_in(global_admin)
    fields = acts.checked(one, subscription, "935287")
    answers = at_once(
        lambda: acts.submit(one, subscription, fields), lambda: acts.submit(other, subscription, fields)
    )
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].url == answers[1].url
    assert audit_kinds() == ["partner-of-record.changed"]


def change(subscription: Subscription, partner: Partner | None, actor) -> None:
    """As often as it takes: an act that is too late looks again."""
    while True:
        with scopes.tenant(subscription.tenant_id):
            tenant = Tenant.objects.with_cloud_status().get()
            seen = Subscription.objects.get(pk=subscription.pk)
            try:
                partner_of_record.set_partner_of_record(
                    tenant=tenant, subscription=seen, partner=partner, version=seen.version, by=actor
                )
            except StaleVersion:
                continue
            return


def test_fifty_changes_by_ten_threads_leave_no_gap_and_no_overlap(subscription, partners, global_admin):
    actor = make_actor(user=global_admin)

    def five_changes() -> None:
        for number in range(5):
            change(subscription, partners[number % 3], actor)

    at_once(*[five_changes] * 10)
    with as_owner():
        periods = [row.valid for row in PartnerOfRecord.objects.order_by("valid")]
    assert [earlier.upper for earlier in periods[:-1]] == [later.lower for later in periods[1:]]
    assert [period.upper is None for period in periods] == [False] * (len(periods) - 1) + [True]
    assert version(subscription) == len(periods)
    assert len(audit_kinds()) == len(periods) - 1


def test_a_transaction_that_began_earlier_may_commit_later(subscription, partners, global_admin):
    actor = make_actor(user=global_admin)
    with transaction.atomic():
        with scopes.tenant(subscription.tenant_id):
            assert Subscription.objects.count() == 1  # from here on this transaction's now() stands still
        at_once(lambda: change(subscription, partners[1], actor))
        change(subscription, partners[2], actor)
    assert periods(subscription) == [("565380", False), ("935287", False), ("777001", True)]


def test_whoever_waits_too_long_for_the_lock_is_told_so(subscription, global_admin, sign_in):
    client = sign_in(global_admin)
    client.raise_request_exception = False
    fields = acts.checked(client, subscription, "935287")
    with as_owner():
        Subscription.objects.select_for_update().get(pk=subscription.pk)
        (answer,) = at_once(lambda: acts.submit(client, subscription, fields))
    assert answer.status_code == 409
    assert periods(subscription) == [("565380", True)]
