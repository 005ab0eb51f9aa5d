"""An organization's policy: defaults for what is new, an approved list for all that is named, and what differs."""

import time
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partners.models import ApprovedPartner, Partner, PartnerOfRecord, PolicyExemption, PolicyPartner
from partners.partner_of_record.policy import acts as policy
from partners.partner_of_record.policy.reads import differing_subscriptions
from partners.partner_of_record.schedule import acts as schedule
from portal.checkout.acts import place_order
from subscriptions.access import SignInTooOld
from subscriptions.clouds import Cloud
from subscriptions.db import scopes
from subscriptions.models import Subscription, Tenant
from subscriptions.subscriptions.corrections import save_subscription
from subscriptions.subscriptions.trial_start import start_trial
from subscriptions.verdicts import Refused
from tests.architecture.acts.audited import ADMIN, STAFF, Rows, make_rows
from tests.architecture.acts.audited_acts import another_one
from tests.database import as_owner, at_once
from tests.factories import (
    make_actor,
    make_family,
    make_member,
    make_order,
    make_partner,
    make_partner_of_record,
    make_policy,
    make_product,
    make_subscription,
    make_tenant,
)
from tests.facts import audit_kinds, mails, periods
from tests.partners.partner_of_record import client as acts
from tests.subscriptions.bulk import facts as many

TODAY = timezone.localdate()


def default_of(subscription: Subscription, by) -> str:
    """Whom it gets as one that is new."""
    with scopes.tenant(subscription.tenant_id):
        fresh = Subscription.objects.select_related("product", "tenant").get(pk=subscription.pk)
        partner = policy.credit_default(tenant=fresh.tenant, subscription=fresh, by=by)
    return partner.number if partner else ""


def differ(tenant: Tenant) -> int:
    with scopes.tenant(tenant.pk):
        return differing_subscriptions(Tenant.objects.get(pk=tenant.pk)).count()


def post(client: Client, name: str, *args, **typed: str):
    """Pressed once, and again where it shows whose ID it is."""
    url = reverse(f"partners:{name}", args=["alpha", *args])
    form = client.get(url).context["form"]
    sent = {"key": str(form["key"].value()), **typed}
    answer = client.post(url, sent)
    if answer.status_code == 200:
        assert "Nothing has been changed yet" in answer.content.decode()
        answer = client.post(url, sent | {"seen": answer.context["found"].number})
    return answer


def test_what_is_new_gets_the_most_specific_default_that_can_be_named(alpha, by, tailspin, adventure):
    third = make_partner(number="777001")
    mail, visio = make_product(name="Mail", family="exchange"), make_product(name="Visio", family="office")
    with scopes.tenant(alpha.pk):
        policy.set_default(tenant=alpha, partner=tailspin, by=by)
        policy.set_default(tenant=alpha, partner=adventure, family=make_family(code="office"), by=by)
        policy.set_default(tenant=alpha, partner=third, product=visio, by=by)
        again = policy.set_default(tenant=alpha, partner=third, product=visio, by=by)
    rows = [make_subscription(tenant=alpha, product=product) for product in (mail, make_product(), visio)]
    assert [default_of(row, by) for row in rows] == ["565380", "935287", "777001"]
    with as_owner():
        assert set(PartnerOfRecord.objects.values_list("source", "set_by_name")) == {("policy", "Gloria Admin")}
        Partner.objects.filter(pk=third.pk).update(state="suspended")
    assert (again, default_of(make_subscription(tenant=alpha, product=visio), by)) == (None, "")
    assert ("partner-named", "partner-777001@partners.example") in mails()


def test_a_trial_an_order_and_what_staff_enter_get_the_default_unless_a_partner_is_named(db):
    make_rows()
    rows = Rows()
    make_policy(tenant=rows.tenant, partner=rows.partner)
    with as_owner():
        ApprovedPartner.objects.all().delete()
    by, paid = rows.persons[ADMIN], {"payment": {"payment_method": "invoice"}, "by": rows.persons[ADMIN]}
    with scopes.tenant(rows.tenant.pk):
        made = {"trial": start_trial(tenant=rows.tenant, item=rows.sold(), by=by)}
        place_order(**rows.of_draft(), **paid)
        made["named"] = rows.draft.lines.get().subscription
        with as_owner():
            second = make_order(tenant=rows.tenant, started_by=ADMIN)
        place_order(tenant=rows.tenant, order=second, version=second.version, **paid)
        made["order"] = second.lines.get().subscription
    with scopes.staff():
        entered = save_subscription(subscription=another_one(rows), by=rows.persons[STAFF], reason="Entered")
        assert entered
        made["staff"] = Subscription.objects.latest("pk")
    with as_owner():
        credits = {
            credit.subscription_id: (credit.partner.number, credit.source)
            for credit in PartnerOfRecord.objects.select_related("partner")
        }
    assert {name: credits[row.pk] for name, row in made.items()} == {
        "trial": ("565380", "policy"),
        "named": ("935287", "purchase"),
        "order": ("565380", "policy"),
        "staff": ("565380", "policy"),
    }


def test_only_who_is_on_the_list_can_be_named_on_page_many_and_for_a_day(
    alpha, by, global_admin, tailspin, adventure, sign_in
):
    client, row = sign_in(global_admin), make_subscription(tenant=alpha)
    waits = acts.checked(client, row, "935287")
    assert post(client, "policy-approve", partner_id="565380").status_code == 303
    found = acts.check(client, row, acts.opened(client, row) | {"partner_id": "935287"}).content.decode()
    assert ("is not on your organization" in found, "select Submit" in found, "second person" in found) == (
        True,
        False,
        False,
    )
    answer = acts.submit(client, row, waits)
    assert (answer.status_code, "is not on your organization" in answer.content.decode()) == (409, True)
    later = waits | {"when": "day", "on": str(TODAY + timedelta(days=9))}
    assert acts.submit(client, row, later).status_code == 409
    assert many.outcomes(many.previewed(alpha, by, partner=adventure)) == {"not-on-list": 1}
    with pytest.raises(Refused, match="not-on-list"), scopes.tenant(alpha.pk):
        schedule.schedule_change(
            tenant=alpha, subscription=row, partner=adventure, day=TODAY, version=row.version, by=by
        )
    assert (periods(row), audit_kinds()) == ([], ["partner-policy.approved"])
    assert acts.set_partner(client, row, "565380").status_code == 303
    with as_owner():
        (listed,) = ApprovedPartner.objects.all()
    assert post(client, "policy-take-off", listed.uuid).status_code == 303
    assert acts.set_partner(client, row, "935287").status_code == 303
    assert periods(row) == [("565380", False), ("935287", True)]


def test_what_differs_is_counted_listed_and_brought_in_line_as_one_act(
    alpha, by, global_admin, tailspin, adventure, sign_in
):
    client = sign_in(global_admin)
    names = [f"Suite {number}" for number in range(5)]
    fits, other, none, exempt, disabled = (make_subscription(tenant=alpha, name=name) for name in names)
    for row, partner in ((fits, tailspin), (other, adventure)):
        make_partner_of_record(subscription=row, partner=partner)
    with as_owner():
        Subscription.objects.filter(pk=disabled.pk).update(status="disabled")
    assert differ(alpha) == 0
    assert post(client, "policy-default-add", partner_id="565380", scope="all").status_code == 303
    assert differ(alpha) == 3
    typed = {"reason": "Contract until then", "ends_on": str(TODAY)}
    for wrong in ({"reason": ""}, {"ends_on": ""}, {"ends_on": str(TODAY - timedelta(days=2))}):
        assert post(client, "policy-exempt", exempt.uuid, **typed | wrong).status_code == 422
    assert post(client, "policy-exempt", exempt.uuid, **typed).status_code == 303
    page = client.get("/t/alpha/settings/partner-policy/").content.decode()
    for words in (
        "2 subscriptions are not as the policy wants them", "Contract until then", "Default of your organization",
    ):  # fmt: skip
        assert words in page
    listed = client.get("/t/alpha/billing/subscriptions/?policy=differs").content.decode()
    assert [name in listed for name in names] == [False, True, True, False, False]
    file = client.get("/t/alpha/billing/subscriptions/?policy=differs&file=csv").getvalue().decode()
    assert [name in file for name in names] == [False, True, True, False, False]
    act = many.work_off(many.decide(in_line(alpha, by), by))
    assert many.outcomes(act) == {"changed": 2, "exempt": 1, "subscription-disabled": 1, "unchanged": 1}
    assert [periods(row)[-1] for row in (other, none)] == [("565380", True)] * 2
    assert (differ(alpha), periods(exempt)) == (0, [])
    with as_owner():
        PolicyExemption.objects.update(ends_on=TODAY - timedelta(days=2))
    assert differ(alpha) == 1
    many.undone(act, by)
    assert [periods(row)[-1] for row in (other, none)] == [("935287", True), ("565380", False)]


def in_line(tenant: Tenant, by):
    from_all = Subscription.objects.of_tenant
    with scopes.tenant(tenant.pk):
        here = Tenant.objects.with_cloud_status().get()
        kind = "partner-of-record.policy"
        act = many.bulk.choose(tenant=here, kind=kind, rows=from_all(here), selection="All", by=by)
        return many.bulk.preview(act=act, wanted={}, reason="", by=by)


@pytest.mark.django_db(transaction=True)
def test_of_two_exemptions_at_once_one_is_in_force(alpha, by):
    row = make_subscription(tenant=alpha)

    def exempt() -> None:
        with scopes.tenant(alpha.pk):
            policy.exempt(tenant=alpha, subscription=row, reason="Contract", ends_on=TODAY, by=by)

    at_once(*[exempt] * 4)
    with as_owner():
        assert PolicyExemption.objects.filter(ended_at__isnull=True).count() == 1
        assert PolicyExemption.objects.count() == 4


def test_a_policy_needs_a_sign_in_of_the_last_five_minutes(alpha, global_admin, tailspin):
    with scopes.tenant(alpha.pk):
        with pytest.raises(SignInTooOld):
            policy.approve_partner(
                tenant=alpha, partner=tailspin, by=make_actor(user=global_admin, proved_at=time.time() - 301)
            )
        assert policy.approve_partner(
            tenant=alpha, partner=tailspin, by=make_actor(user=global_admin, proved_at=time.time() - 240)
        )


def test_an_exemption_and_a_default_end_by_hand_and_once(alpha, global_admin, tailspin, sign_in):
    client, row = sign_in(global_admin), make_subscription(tenant=alpha)
    default, _listed, exemption = make_policy(tenant=alpha, partner=tailspin, exempt=row)
    assert differ(alpha) == 0
    assert post(client, "policy-exemption-end", exemption.uuid).status_code == 303
    assert differ(alpha) == 1
    url = reverse("partners:policy-exemption-end", args=["alpha", exemption.uuid])
    assert client.get(url).status_code == 404
    assert post(client, "policy-default-remove", default.uuid).status_code == 303
    with as_owner():
        assert (differ(alpha), PolicyPartner.objects.count()) == (0, 0)
    assert audit_kinds() == ["partner-policy.exemption-ended", "partner-policy.default-removed"]


def test_where_nothing_can_be_added_there_is_no_default_and_the_list_counts_what_differs(db, sign_in):
    lanyun = make_tenant(slug="lanyun", name="Lanyun", cloud=Cloud.OPERATED_BY_21VIANET, country="CN")
    user = make_member(tenant=lanyun, email="admin@lanyun.example")
    old, new = (make_partner(number=number, cloud=lanyun.cloud, country="CN") for number in ("880021", "880022"))
    row, client = make_subscription(tenant=lanyun), sign_in(user)
    make_partner_of_record(subscription=row, partner=old)
    assert client.get(reverse("partners:policy-default-add", args=["lanyun"])).status_code == 404
    with pytest.raises(Refused, match="not-in-this-cloud"), scopes.tenant(lanyun.pk):
        policy.set_default(tenant=lanyun, partner=new, by=make_actor(user=user))
    with as_owner():
        ApprovedPartner.objects.create(tenant=lanyun, partner=new, added_by="Lan Yun")
    assert differ(lanyun) == 1
    english = {"Accept-Language": "en"}
    page = client.get(reverse("partners:policy", args=["lanyun"]), headers=english).content.decode()
    assert ("1 subscription is not as" in page, "no partner is credited by default" in page) == (True, True)
