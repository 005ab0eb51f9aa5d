"""What happened is read at the staff's door, and neither entered, changed nor deleted there."""

from operator import attrgetter

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from subscriptions.models import Approval, HelpRequest, JobFailure, RefusalRecord
from subscriptions.staff.admin import ReadOnlyAdmin
from tests.database import as_owner
from tests.desk import add_url, change_url, list_url, make_mail, rows_of
from tests.factories import (
    make_application,
    make_audit_event,
    make_import,
    make_invitation,
    make_match_request,
    make_order,
    make_partner,
    make_partner_of_record,
    make_relationship,
    make_release_request,
    make_subscription,
    make_user,
    placed,
)

PAGES = {model: page for model, page in admin.site._registry.items() if not page.may_change}
OF_THE_PAST = {
    "partners.MatchRequest",
    "partners.PartnerOfRecord",
    "partners.ReleaseRequest",
    "subscriptions.Application",  # entered by an act, as its token is shown once
    "subscriptions.Approval",
    "subscriptions.AuditEvent",
    "subscriptions.HelpRequest",
    "subscriptions.ImportProblem",
    "subscriptions.JobFailure",
    "subscriptions.Mail",
    "subscriptions.Order",
    "subscriptions.RefusalRecord",
}
# Entered here, and then only ended: each has an act of its own for that
ENTERED = {
    "partners.PartnerRelationship",
    "subscriptions.ImportRun",
    "subscriptions.Invitation",
    "subscriptions.ProductPrice",
}


@pytest.fixture
def past(alpha, global_admin) -> None:
    """A row of each kind."""
    partner, subscription = make_partner(), make_subscription(tenant=alpha)
    make_partner_of_record(subscription=subscription, partner=partner)
    make_mail(make_audit_event(tenant=alpha), to_user=global_admin)
    make_match_request(tenant=alpha, partners=[partner])
    make_release_request(relationship=make_relationship(tenant=alpha, partner=partner, kind="reseller"))
    make_order(tenant=alpha, **placed("2026-000001"))
    make_import()
    make_application()
    make_invitation(tenant=alpha)
    with as_owner():
        JobFailure.objects.create(
            job="j", subject_kind="subscriptions.Subscription", subject_uuid=subscription.uuid, code="E"
        )
        asked = {"requested_at": timezone.now(), "requested_by": global_admin.name}
        Approval.objects.create(
            act="admin:set-staff-roles",
            row=global_admin.pk,
            subject_name=global_admin.name,
            wanted={},
            asker=make_user(email="asker@portal.example", name="Ada Asker", is_staff=True),
            asked_by="Ada Asker",
        )
        HelpRequest.objects.create(user=global_admin, topic="other", text="Who may?", **asked)
        RefusalRecord.objects.create(
            user=global_admin, method="GET", path="/t/beta/", status=404, code="not-a-member"
        )


def everything() -> list:
    with as_owner():
        return [list(model.objects.order_by("pk").values()) for model in apps.get_models() if model in PAGES]


def labels(pages) -> set[str]:
    return {model._meta.label for model in pages}


def test_pages_of_the_past_are_read_only_and_no_others():
    assert labels(PAGES) == OF_THE_PAST | ENTERED
    assert labels(model for model, page in PAGES.items() if isinstance(page, ReadOnlyAdmin)) == OF_THE_PAST
    assert labels(model for model, page in PAGES.items() if page.may_add) == ENTERED


def test_staff_read_what_happened_and_change_nothing_of_it(desk, past):
    before = everything()
    for model, page in PAGES.items():
        name, row = model._meta.label_lower.replace(".", "_"), rows_of(model)[0]
        shown = desk.get(change_url(name, row.pk))
        assert (name, shown.status_code) == (name, 200)
        assert [b for b in (b'name="_save', b"deletelink", b"delete_selected") if b in shown.content] == []
        assert (name, sent(desk, name, row, may_add=page.may_add)) == (name, [403] * (2 if page.may_add else 3))
    assert everything() == before


def sent(desk, name: str, row, *, may_add: bool) -> list[int]:
    """The answers to crafted forms: a change of each column, a delete with its confirmation, and a new row."""
    fields = {field.name: "1" for field in row._meta.fields} | {"reason": "Because", "_save": "Save", "post": "yes"}
    urls = [change_url(name, row.pk), reverse(f"admin:{name}_delete", args=[row.pk])]
    urls += [] if may_add else [add_url(name)]
    return [desk.post(url, fields).status_code for url in urls]


def test_deleting_many_at_once_is_no_act_here(desk, past):
    before = everything()
    for model in PAGES:
        name = model._meta.label_lower.replace(".", "_")
        chosen = {"action": "delete_selected", "_selected_action": [row.pk for row in rows_of(model)], "post": "yes"}
        desk.post(list_url(name), chosen)
    assert everything() == before


def test_the_history_of_a_row_is_its_audit_trail_and_takes_nothing(desk, past):
    before = everything()
    log = reverse("admin:subscriptions_auditevent_changelist")
    for model, page in PAGES.items():
        row = rows_of(model)[0]
        url = reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_history", args=[row.pk])
        answers = [desk.get(url), desk.post(url, {"actor_name": "Nobody"})]
        if subject := page.subject:
            with as_owner():
                trail = f"{log}?subject_uuid={attrgetter(subject)(row)}"
            assert {answer.url for answer in answers} == {trail}
        else:  # of these Django admin itself has one
            assert {answer.status_code for answer in answers} == {200}
    assert everything() == before
