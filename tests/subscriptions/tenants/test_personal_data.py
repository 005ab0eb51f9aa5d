"""What the portal keeps about a person is handed out whole, and erased but for the names in history."""

import json

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps

from partners.models import PartnerPerson
from subscriptions.db import scopes
from subscriptions.models import Invitation, KeptForm, Membership, User
from subscriptions.models.audit_event import AuditKind
from subscriptions.tenants import personal_data
from tests.database import as_owner
from tests.desk import act, events, page_of, rows_of, send
from tests.factories import (
    make_help_request,
    make_invitation,
    make_member,
    make_partner,
    make_partner_person,
    make_user,
)

WHY = "Asked for on 12 November"
OF_A_PERSON = [
    (model, field)
    for model in apps.get_models()
    for field in model._meta.concrete_fields
    if field.is_relation and field.related_model is User
]


def export(desk, user):
    return act(desk, "subscriptions_user", "export_personal_data", user, reason=WHY)


def erase(desk, user):
    return act(desk, "subscriptions_user", "erase_person", user, reason=WHY)


@pytest.mark.parametrize(("model", "field"), OF_A_PERSON, ids=lambda it: getattr(it, "__name__", None) or it.name)
def test_the_export_has_every_column_that_names_a_person_or_says_why_not(model, field, reader):
    key = f"{model._meta.label}.{field.name}"
    with scopes.staff():
        found = personal_data.collect(reader)
    assert (key in found) != (model._meta.label in personal_data.LEFT_OUT)


def test_the_export_is_a_file_with_the_persons_rows_and_no_secret(desk, alpha, reader, billing_admin):
    make_help_request(user=reader, tenant=alpha)
    with as_owner():
        Authenticator.objects.create(user=reader, type="totp", data={"secret": "JBSWY3DP"})
    answer = export(desk, reader)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    text = answer.content.decode()
    found = json.loads(text)
    assert [row["email"] for row in found["subscriptions.User"]] == ["reader@alpha.example"]
    assert [row["role"] for row in found["subscriptions.Membership.user"]] == ["global-reader"]
    assert [len(found[f"{name}.user"]) for name in ("subscriptions.HelpRequest", "mfa.Authenticator")] == [1, 1]
    assert "JBSWY3DP" not in text and reader.password not in text and "billing@alpha.example" not in text
    assert [(event.subject_uuid, event.reason) for event in events(AuditKind.ACCOUNT_EXPORTED)] == [
        (reader.uuid, WHY)
    ]


def test_the_file_is_only_for_who_has_said_why(desk, reader, sign_in):
    url = f"/staff/people/{reader.uuid}/personal-data/"
    assert desk.get(url).status_code == 303
    export(desk, reader)
    assert desk.get(url).status_code == 200
    other = sign_in(make_user(email="other@portal.example", name="Olga", is_staff=True))
    assert other.get(url).status_code == 303


def test_an_erased_account_is_gone_and_names_in_history_stay(desk, alpha, global_admin, reader, sign_in):
    client = sign_in(reader)
    invitation = make_invitation(tenant=alpha, email="reader@alpha.example")
    make_partner_person(partner=make_partner(), user=reader)
    make_help_request(user=reader, tenant=alpha)
    with as_owner():
        Authenticator.objects.create(user=reader, type="totp", data={})
        KeptForm.objects.create(token="t", user=reader, page="p", content=b"c")
    assert erase(desk, reader).status_code == 200
    with as_owner():
        left = User.objects.get(pk=reader.pk)
        for model in (EmailAddress, Authenticator, KeptForm, Membership, PartnerPerson):
            assert not model.objects.filter(user=reader).exists(), model
        assert Invitation.objects.get(pk=invitation.pk).email == ""
        assert not User.objects.filter(email="reader@alpha.example").exists()
        assert (left.is_active, left.has_usable_password(), left.last_login, left.name) == (
            False,
            False,
            None,
            "Rita Reader",
        )
    assert client.get("/account/").status_code == 302  # its sessions are over
    assert [event.reason for event in events(AuditKind.ACCOUNT_ERASED)] == [WHY]
    assert [event.subject_name for event in events(AuditKind.MEMBER_REMOVED)] == ["Rita Reader"]


def test_the_last_global_admin_one_of_the_staff_and_oneself_are_not_erased(desk, staff, alpha, global_admin):
    assert "This is the only Global admin" in erase(desk, global_admin).content.decode()
    colleague = make_user(email="colleague@portal.example", name="Cora", is_staff=True)
    for person in (staff, colleague):
        assert page_of(desk, "subscriptions_user", "erase_person", person).status_code in (403, 409)
    assert [user.erased for user in rows_of(User)] == [None] * 3


def test_an_erased_account_stays_closed_and_the_address_begins_anew(desk, alpha, global_admin, reader):
    erase(desk, reader)
    send(desk, page_of(desk, "subscriptions_user", "activate", reader), reason=WHY)
    with as_owner():
        assert not User.objects.get(pk=reader.pk).is_active
    again = make_member(tenant=alpha, role="global-reader", email="reader@alpha.example", name="Rita Reader")
    assert again.pk != reader.pk
    assert [event.subject_name for event in events(AuditKind.MEMBER_REMOVED)] == ["Rita Reader"]
