"""Where the operator says so, another one of the staff has to approve: nothing is done before, and nobody's own."""

import pytest
from django.db import IntegrityError
from django.urls import reverse

from partners.models import PartnerOfRecord
from partners.models.partner_relationship import RelationshipKind
from subscriptions.access import staff_actor
from subscriptions.db import scopes
from subscriptions.models import Approval, Mail, User
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.mail import MailKind
from subscriptions.models.people.staff_role import StaffRole
from subscriptions.tenants import staff_roles
from tests.database import as_owner
from tests.desk import act, change_url, events, messages_of, page_of, rows_of, send, sent_by
from tests.factories import (
    make_partner,
    make_partner_of_record,
    make_relationship,
    make_release_request,
    make_subscription,
    make_user,
)

MODEL = "subscriptions_approval"


@pytest.fixture(autouse=True)
def needed(settings):
    settings.SECOND_PERSON = ["partner-of-record", "release", "staff"]


@pytest.fixture
def colleague(db) -> User:
    return make_user(email="colleague@portal.example", name="Cora Colleague", is_staff=True)


@pytest.fixture
def named(alpha, global_admin):
    subscription = make_subscription(tenant=alpha)
    make_partner_of_record(subscription=subscription, partner=make_partner())
    make_partner(number="935287", name="Adventure Works")
    return subscription


def ask(client, subscription):
    return act(
        client,
        "subscriptions_subscription",
        "change_partner_of_record",
        subscription,
        partner_id="935287",
        seen="935287",
        reason="Ticket 7",
    )


def credited() -> list[str]:
    with as_owner():
        return list(PartnerOfRecord.objects.order_by("pk").values_list("partner__number", flat=True))


def test_nothing_is_done_before_another_person_approves(desk, staff, named, colleague, sign_in):
    answer = ask(desk, named)
    assert messages_of(answer) == ["Nothing is done yet: another one of the staff has to approve it."]
    assert credited() == ["565380"]
    (wanted,) = rows_of(Approval)
    assert (wanted.outcome, wanted.asked_by, wanted.tenant_id) == ("waiting", "Sam Staff", named.tenant_id)
    page = page_of(sign_in(colleague), MODEL, "approve", wanted)
    assert all(text in page.content.decode() for text in ("935287", "Office 365 E3", "Sam Staff"))
    send(sign_in(colleague), page)
    assert credited() == ["565380", "935287"]
    (done,) = rows_of(Approval)
    assert (done.outcome, done.decided_by) == ("approved", "Cora Colleague")
    (changed,) = events(AuditKind.PARTNER_OF_RECORD_CHANGED)
    assert (changed.actor_id, changed.reason) == (staff.pk, "Ticket 7")


def test_who_asked_never_approves(desk, staff, named, colleague, sign_in):
    """Neither by the page nor by the form of somebody else; the database has a word in it too."""
    ask(desk, named)
    (wanted,) = rows_of(Approval)
    assert page_of(desk, MODEL, "approve", wanted).status_code == 403
    form = sent_by(page_of(sign_in(colleague), MODEL, "approve", wanted))
    answer = desk.post(f"{reverse('admin:approve')}?ids={wanted.pk}", form)
    assert (answer.status_code, "asked for this yourself" in answer.content.decode()) == (403, True)
    with pytest.raises(IntegrityError), as_owner(savepoint=True):
        Approval.objects.update(outcome="approved", decider=staff.pk, decided_by="S", decided_at=wanted.asked_at)
    assert credited() == ["565380"]


def test_who_may_not_do_it_may_not_approve_it(desk, named, sign_in):
    ask(desk, named)
    reader = make_user(email="r@portal.example", name="R", is_staff=True, staff_roles=[StaffRole.READS_EVERYTHING])
    answer = page_of(sign_in(reader), MODEL, "approve", *rows_of(Approval))
    assert (answer.status_code, "Staff with this role can do it" in answer.content.decode()) == (403, True)


def test_a_refusal_has_a_reason_and_both_are_mailed(desk, staff, named, colleague, sign_in):
    ask(desk, named)
    act(sign_in(colleague), MODEL, "refuse", *rows_of(Approval), reason="The contract says otherwise")
    assert credited() == ["565380"]
    assert [event.reason for event in events(AuditKind.APPROVAL_REFUSED)] == ["The contract says otherwise"]
    mails = [(mail.kind, mail.to_user_id) for mail in rows_of(Mail)]
    assert mails == [(MailKind.APPROVAL_ASKED, None), (MailKind.APPROVAL_DECIDED, staff.pk)]
    answer = page_of(sign_in(colleague), MODEL, "approve", *rows_of(Approval))
    assert answer.status_code == 409


def test_what_became_impossible_meanwhile_is_not_done(desk, staff, named, colleague, sign_in):
    """Every verdict is asked again, of the row and of who asked."""
    ask(desk, named)
    with as_owner():
        staff.groups.clear()
    act(sign_in(colleague), MODEL, "approve", *rows_of(Approval))
    assert (credited(), rows_of(Approval)[0].outcome) == (["565380"], "waiting")
    with as_owner():
        staff.groups.set(colleague.groups.all())
        type(named).objects.filter(pk=named.pk).update(status="disabled")
    answer = act(sign_in(colleague), MODEL, "approve", *rows_of(Approval))
    assert (len(messages_of(answer)), rows_of(Approval)[0].outcome) == (1, "waiting")


def test_the_same_waits_once(desk, named):
    ask(desk, named)
    assert "waits for a second person already" in messages_of(ask(desk, named))[0]
    assert len(rows_of(Approval)) == 1
    with as_owner():
        Approval.objects.update(expires_on=Approval.objects.get().asked_at)
    ask(desk, named)  # what nobody has decided in time does not wait any more
    assert sorted(row.outcome for row in rows_of(Approval)) == ["expired", "waiting"]


def test_a_release_in_the_resellers_place_waits_too(desk, alpha, global_admin, colleague, sign_in):
    tie = make_relationship(tenant=alpha, partner=make_partner(), kind=RelationshipKind.RESELLER)
    asked = make_release_request(relationship=tie)
    act(desk, "partners_releaserequest", "release_on_behalf", asked, reason="By letter")
    assert [row.state for row in rows_of(type(asked))] == ["sent"]
    act(sign_in(colleague), MODEL, "approve", *rows_of(Approval))
    assert [row.state for row in rows_of(type(asked))] == ["released"]


def test_a_new_staff_person_has_no_role_before_a_second_one_agrees(desk, staff, colleague, sign_in):
    person = make_user(email="new@portal.example", name="Nadia New")
    act(desk, "subscriptions_user", "set_staff_roles", person, roles=["helps-customers"], reason="Hired")
    with as_owner():
        assert not User.objects.get(pk=person.pk).is_staff
    act(sign_in(colleague), MODEL, "approve", *rows_of(Approval))
    with as_owner():
        assert User.objects.get(pk=person.pk).staff_roles == {StaffRole.HELPS_CUSTOMERS}
    invited = make_user(email="invited@portal.example", name="Ines")
    with scopes.staff():
        by = staff_actor(colleague)
        staff_roles.join_staff(user=invited, roles=[StaffRole.MAKES_STAFF], by=by)
    with as_owner():
        joined = User.objects.get(pk=invited.pk)
        assert (joined.is_staff, joined.staff_roles) == (True, frozenset())


def test_without_the_setting_all_is_done_at_once(desk, named, settings):
    settings.SECOND_PERSON = []
    ask(desk, named)
    assert (credited(), rows_of(Approval)) == (["565380", "935287"], [])


def test_staff_see_what_waits_and_what_was_wanted(desk, named):
    ask(desk, named)
    (wanted,) = rows_of(Approval)
    page = desk.get(change_url(MODEL, wanted.pk)).content.decode()
    assert "Change partner of record" in page and "935287" in page
    assert "Approvals" in desk.get(reverse("admin:index")).content.decode()
