"""Staff look at an organization's pages as one of its people: to read, for a while, and in the open."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.urls import reverse

from subscriptions.models import HelpRequest, Mail, Membership, Tenant, User, Viewing
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.mail import MailKind
from tests.architecture.addresses.test_url_matrix import ADDRESSES, everything, url_of  # noqa: F401 - a fixture
from tests.database import as_owner
from tests.desk import events, page_of, rows_of, send, sent_by
from tests.factories import make_help_request, make_member, make_user

WHY = "Request 4488: cannot find the offer"
IN_THE_ORGANIZATION = [address for address in ADDRESSES if address.route.startswith("t/")]


@as_owner()
def membership_of(user: User) -> Membership:
    return Membership.objects.get(user=user)


def look_as(client, user: User, reason: str = WHY):
    return send(client, page_of(client, "subscriptions_membership", "view_as", membership_of(user)), reason=reason)


def test_pages_are_those_of_the_person_under_a_banner_that_says_who_looks(desk, global_admin, billing_admin):
    page = look_as(desk, billing_admin)
    text = page.content.decode()
    assert page.redirect_chain[-1][0] == "/t/alpha/"
    assert "You are Sam Staff, viewing as Bill Payer (Billing admin)." in text
    assert "Stop viewing" in text
    assert desk.get("/t/alpha/billing/orders/").status_code == 200


def test_every_request_that_would_change_something_is_refused(desk, global_admin, url_of, sign_in):  # noqa: F811
    """What the person reads is read, whatever else it may do; nothing changes, and no mail is queued."""
    look_as(desk, global_admin)
    before = everything()
    for address in IN_THE_ORGANIZATION:
        url = url_of(address)
        answer = desk.post(url)
        assert (address.name, answer.status_code) == (address.name, 403)
        assert "can change nothing" in answer.content.decode()
        for method in (desk.put, desk.patch, desk.delete):
            assert (address.name, method(url).status_code) == (address.name, 405)
        assert desk.get(url).status_code in (200, 301, 302, 303, 403, 404), address.name
    assert everything() == before


def test_it_stands_in_the_log_of_the_organization_and_its_global_admins_are_mailed(desk, alpha, global_admin, reader):
    look_as(desk, reader)
    (event,) = events(AuditKind.VIEWED_AS)
    assert (event.tenant_id, event.actor_name, event.subject_name, event.reason) == (
        alpha.pk,
        "Sam Staff",
        "Rita Reader",
        WHY,
    )
    mails = [(mail.kind, mail.to_user_id) for mail in rows_of(Mail)]
    assert mails == [(MailKind.VIEWED_AS, global_admin.pk)]


def test_the_reason_has_ten_characters_at_least(desk, global_admin):
    assert look_as(desk, global_admin, reason="too short").status_code == 422
    assert look_as(desk, global_admin, reason="ten of them").status_code == 200
    assert len(rows_of(Viewing)) == 1


def test_it_ends_after_30_minutes_of_the_databases_clock_or_by_the_button(desk, global_admin):
    look_as(desk, global_admin)
    assert desk.get("/t/alpha/").status_code == 200
    with as_owner():
        Viewing.objects.update(since=F("since") - timedelta(minutes=30), until=F("until") - timedelta(minutes=30))
    assert desk.get("/t/alpha/").status_code == 404
    look_as(desk, global_admin)
    assert desk.get("/t/alpha/").status_code == 200
    assert desk.get(reverse("admin:stop-viewing")).url == reverse("admin:index")
    assert desk.get("/t/alpha/").status_code == 200
    desk.post(reverse("admin:stop-viewing"))
    assert desk.get("/t/alpha/").status_code == 404


def test_no_other_organization_opens_and_the_next_one_ends_the_first(desk, alpha, global_admin, beta):
    both = make_member(tenant=beta, email="both@x.example", name="Both Places")
    with as_owner():
        Membership.objects.create(tenant=alpha, user=both, role="global-reader")
        first, second = Membership.objects.filter(user=both).order_by("pk")
    send(desk, page_of(desk, "subscriptions_membership", "view_as", first), reason=WHY)
    assert [desk.get(f"/t/{slug}/").status_code for slug in ("beta", "alpha")] == [200, 404]
    send(desk, page_of(desk, "subscriptions_membership", "view_as", second), reason=WHY)
    assert [desk.get(f"/t/{slug}/").status_code for slug in ("beta", "alpha")] == [404, 200]


def test_nobody_looks_as_one_of_the_staff_or_as_who_cannot_sign_in(desk, alpha, global_admin):
    colleague = make_member(tenant=alpha, email="colleague@portal.example", name="Cora", is_staff=True)
    gone = make_member(tenant=alpha, email="gone@x.example", is_active=False)
    for person in (colleague, gone):
        assert page_of(desk, "subscriptions_membership", "view_as", membership_of(person)).status_code == 403
    assert rows_of(Viewing) == []


def test_who_is_removed_meanwhile_is_looked_as_no_longer(desk, global_admin, reader):
    look_as(desk, reader)
    with as_owner():
        Membership.objects.filter(user=reader).delete()
    assert desk.get("/t/alpha/").status_code == 404


def test_addresses_stay_hidden_and_the_last_sign_in_stays_as_it_is(desk, global_admin, reader):
    look_as(desk, global_admin)
    assert "reader@alpha.example" not in desk.get("/t/alpha/settings/members/").content.decode()
    with as_owner():
        assert User.objects.get(pk=global_admin.pk).last_login is None


def test_somebody_else_of_the_staff_sees_nothing_by_it(desk, global_admin, sign_in):
    look_as(desk, global_admin)
    other = sign_in(make_user(email="other@portal.example", name="Olga", is_staff=True))
    assert other.get("/t/alpha/").status_code == 404


def test_the_organization_switches_it_off_and_lets_staff_look_by_a_request_for_help(
    desk, alpha, global_admin, reader, sign_in
):
    look_as(desk, reader)
    admin = sign_in(global_admin)
    url = "/t/alpha/settings/staff-view/"
    assert admin.post(url, sent_by(admin.get(url)) | {"allowed": "no"}).status_code == 303
    with as_owner():
        assert not Tenant.objects.get(pk=alpha.pk).staff_may_view
    assert desk.get("/t/alpha/").status_code == 404  # at once
    assert page_of(desk, "subscriptions_membership", "view_as", membership_of(reader)).status_code == 403
    make_help_request(user=reader, tenant=alpha, topic="staff-may-look")  # whose to allow it is not
    assert page_of(desk, "subscriptions_membership", "view_as", membership_of(reader)).status_code == 403
    asked = make_help_request(user=global_admin, tenant=alpha, topic="staff-may-look")
    look_as(desk, reader)
    assert desk.get("/t/alpha/").status_code == 200
    with as_owner():
        HelpRequest.objects.filter(pk=asked.pk).update(state="closed", closed_at=F("requested_at"), closed_by="S")
    assert page_of(desk, "subscriptions_membership", "view_as", membership_of(reader)).status_code == 403


@pytest.mark.parametrize("who", ["reader", "billing_admin"])
def test_only_a_global_admin_switches_it_off(who, alpha, global_admin, request, sign_in):
    client = sign_in(request.getfixturevalue(who))
    assert client.post("/t/alpha/settings/staff-view/", {"allowed": "no"}).status_code == 403


def test_a_helper_who_loses_the_role_stops_looking(desk, staff, global_admin, sign_in):
    look_as(desk, global_admin)
    boss = sign_in(make_user(email="boss@portal.example", name="Bo", is_staff=True))
    page = page_of(boss, "subscriptions_user", "set_staff_roles", staff)
    send(boss, page, roles=["keeps-catalog"], reason="Moved to another team")
    assert desk.get("/t/alpha/").status_code == 404
