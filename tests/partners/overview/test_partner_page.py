"""The page of a partner: its credits, a page of them; what its people can do; each tie with its acts."""

from datetime import UTC, date, datetime, timedelta

import pytest

from partners.models.partner import PartnerState
from partners.models.partner_relationship import RelationshipKind
from subscriptions.base import formats
from subscriptions.clouds import Cloud
from subscriptions.models.delegated_role import DelegatedRole
from subscriptions.web.paging import PAGE_SIZE
from tests.factories import (
    make_audit_event,
    make_member,
    make_partner,
    make_partner_of_record,
    make_partner_offer,
    make_relationship,
    make_release_request,
    make_subscription,
    make_tenant,
)
from tests.page import Page
from tests.partners.relationships.facts import put_end

FIRST = datetime(2026, 1, 1, tzinfo=UTC)


def credit(tenant, partner, number: int, **subscription) -> None:
    """Suite `number`, which credits the partner since so many days after the first."""
    made = make_subscription(tenant=tenant, name=f"Suite {number}", **subscription)
    make_partner_of_record(subscription=made, partner=partner, since=FIRST + timedelta(days=number))


def url_of(partner) -> str:
    return f"/t/alpha/settings/partner-relationships/partners/{partner.uuid}/"


def suites(response) -> list[str]:
    return [row["subscription__name"] for row in response.context["credits"].rows]


def test_the_credits_are_paged_the_newest_first(alpha, partner, reader, sign_in):
    for number in range(PAGE_SIZE + 2):
        credit(alpha, partner, number)
    client = sign_in(reader)
    first = client.get(url_of(partner))
    assert suites(first) == [f"Suite {number}" for number in range(PAGE_SIZE + 1, 1, -1)]
    second = client.get(url_of(partner) + Page(first).link("Next page"))
    assert suites(second) == ["Suite 1", "Suite 0"]
    assert suites(client.get(url_of(partner) + Page(second).link("Previous page"))) == suites(first)


def test_what_is_said_of_the_whole_is_the_same_on_each_page(alpha, partner, reader, sign_in):
    for number in range(PAGE_SIZE + 1):
        credit(alpha, partner, number)
    client = sign_in(reader)
    first = Page(client.get(url_of(partner)))
    for page in (first, Page(client.get(url_of(partner) + first.link("Next page")))):
        assert f"{PAGE_SIZE + 1} subscriptions" in page.text
        assert f"Since {formats.day(FIRST)}" in page.text


def test_the_credits_are_counted_no_further_than_the_cap(alpha, partner, reader, sign_in, monkeypatch):
    monkeypatch.setattr("subscriptions.web.paging.COUNT_CAP", 3)
    for number in range(5):
        credit(alpha, partner, number)
    assert "2+ subscriptions" in Page(sign_in(reader).get(url_of(partner))).text


def test_deleted_subscriptions_and_those_of_others_do_not_count(alpha, beta, partner, reader, sign_in):
    credit(alpha, partner, 0, status="deleted")
    credit(beta, partner, 1)
    credit(alpha, make_partner(number="935287"), 2)
    credit(alpha, partner, 3)
    response = sign_in(reader).get(url_of(partner))
    assert suites(response) == ["Suite 3"]
    row = response.context["ties"][0]["shown"].row
    assert (row.subscriptions, row.since) == (1, FIRST + timedelta(days=3))


def test_what_is_deleted_by_its_date_is_not_listed_before_the_job_has_written_it(alpha, partner, reader, sign_in):
    long_ago = date.today() - timedelta(days=200)
    credit(alpha, partner, 0, status="disabled", started_on=long_ago, term_ends_on=date.today() - timedelta(days=130))
    credit(alpha, partner, 1)
    assert suites(sign_in(reader).get(url_of(partner))) == ["Suite 1"]


def can(response) -> list[str]:
    return [str(told) for told, is_granted in response.context["access"] if is_granted]


def test_what_its_people_can_do_follows_from_all_roles_in_force(alpha, partner, reader, sign_in):
    make_relationship(tenant=alpha, partner=partner, roles=[DelegatedRole.LICENSE_ADMINISTRATOR])
    make_relationship(tenant=alpha, partner=partner, roles=[DelegatedRole.HELPDESK_ADMINISTRATOR])
    client = sign_in(reader)
    assert can(client.get(url_of(partner))) == [
        "See your subscriptions",
        "See your people",
        "Lower the number of licenses, never add any",
        "Reset the sign-in of people who are no admins",
    ]


@pytest.mark.parametrize("kind", [RelationshipKind.RESELLER, None])
def test_without_roles_in_force_its_people_can_do_nothing(alpha, partner, reader, sign_in, kind):
    if kind:
        make_relationship(tenant=alpha, partner=partner, kind=kind)
    else:
        put_end(make_relationship(tenant=alpha, partner=partner), days=-1)
    page = Page(sign_in(reader).get(url_of(partner)))
    assert "its people have no access to your organization" in page.text
    assert "No subscription credits this partner." in page.text


def test_people_of_a_suspended_partner_can_do_nothing(alpha, reader, sign_in):
    partner = make_partner(state=PartnerState.SUSPENDED)
    make_relationship(tenant=alpha, partner=partner)
    assert can(sign_in(reader).get(url_of(partner))) == []


def test_all_ties_stand_on_it_with_their_acts_or_why_not(alpha, partner, global_admin, sign_in):
    credit(alpha, partner, 0)
    delegated = make_relationship(tenant=alpha, partner=partner)
    over = make_relationship(tenant=alpha, partner=partner, name="Earlier")
    put_end(over, days=-1)
    make_relationship(tenant=alpha, partner=partner, kind=RelationshipKind.RESELLER)
    response = sign_in(global_admin).get(url_of(partner))
    page, kinds = Page(response), [tie["shown"].row.kind for tie in response.context["ties"]]
    assert kinds == ["subscription-advisor", "reseller", "delegated-admin", "delegated-admin"]
    address = f"/t/alpha/settings/partner-relationships/{delegated.uuid}/"
    assert (page.link("Delete"), page.link("Remove roles")) == (f"{address}end/", f"{address}remove-roles/")
    assert "listed as long as it is partner of record" in page.text
    assert "You can't remove a reseller relationship yourself." in page.text
    assert "Nothing to do" in page.text


def test_what_happened_to_each_tie_is_one_history(alpha, partner, reader, sign_in):
    ties = [make_relationship(tenant=alpha, partner=partner, kind=kind) for kind in ("reseller", "delegated-admin")]
    for tie, reason in zip(ties, ("first", "second"), strict=True):
        make_audit_event(tenant=alpha, kind="partner-relationship.ended", subject_uuid=tie.uuid, reason=reason)
    make_audit_event(tenant=alpha, kind="partner-relationship.ended", reason="another's")
    events = sign_in(reader).get(url_of(partner)).context["events"]
    assert [event["reason"] for event in events] == ["second", "first"]


def test_what_waits_for_an_answer_is_that_of_this_partner_alone(db, sign_in):
    tenant = make_tenant(cloud=Cloud.OPERATED_BY_21VIANET)
    admin = make_member(tenant=tenant, email="admin@lan.example")
    own, other = make_partner(cloud=tenant.cloud), make_partner(cloud=tenant.cloud, number="2")
    make_partner_offer(tenant=tenant, partner=own, name="Own")
    make_partner_offer(tenant=tenant, partner=other, name="Other")
    tie = make_relationship(tenant=tenant, partner=own, kind=RelationshipKind.RESELLER)
    make_release_request(relationship=tie)
    url = f"/t/{tenant.slug}/settings/partner-relationships/partners/{own.uuid}/"
    waiting = sign_in(admin).get(url).context["waiting"]
    assert len(waiting) == 2
    assert "Own" in waiting[0]["what"]


def test_a_partner_that_has_nothing_to_do_with_the_organization_is_not_found(alpha, beta, partner, reader, sign_in):
    make_relationship(tenant=beta, partner=partner)
    assert sign_in(reader).get(url_of(partner)).status_code == 404
