"""A person takes what the portal keeps about it, and nothing of anybody else."""

import json
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from portal.database.grants_to_read_whole import NAMES_A_PERSON
from subscriptions.db import scopes
from subscriptions.models import AuditEvent, Membership, User
from subscriptions.models.audit_event import AuditKind
from subscriptions.tenants.personal_data import personal_fields
from tests.architecture.acts.audited import ADMIN, make_rows
from tests.database import as_owner
from tests.desk import events
from tests.factories import make_help_request
from tests.personas import A_WHILE, open_session


def take(client):
    url = reverse("own-data")
    form = client.get(url).context["form"]
    return client.post(url, {"key": str(form["key"].value())}, follow=True)


def test_a_person_downloads_the_own_rows_and_no_secret(alpha, reader, billing_admin, sign_in):
    make_help_request(user=reader, tenant=alpha)
    make_help_request(user=billing_admin, tenant=alpha)
    with as_owner():
        Authenticator.objects.create(user=reader, type="recovery_codes", data={"seed": "JBSWY3DP"})
    client = sign_in(reader)
    assert client.get(reverse("own-data-file")).headers["Location"] == reverse("own-data")
    answer = take(client)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    text = answer.content.decode()
    found = json.loads(text)
    assert {f"{model._meta.label}.{field.name}" for model, field in personal_fields()} < set(found)
    assert [row["email"] for row in found["subscriptions.User"]] == ["reader@alpha.example"]
    assert [row["role"] for row in found["subscriptions.Membership.user"]] == ["global-reader"]
    assert [len(found[f"{name}.user"]) for name in ("subscriptions.HelpRequest", "mfa.Authenticator")] == [1, 1]
    assert "JBSWY3DP" not in text and reader.password not in text and "billing@alpha.example" not in text
    (event,) = events(AuditKind.ACCOUNT_EXPORTED)
    assert (event.actor, event.subject_uuid, event.tenant_id) == (reader, reader.uuid, None)


def test_it_is_for_who_has_signed_in_a_moment_ago_and_for_a_while(reader, sign_in, monkeypatch):
    client = Client()
    open_session(client, reader, proved_ago=A_WHILE)
    for name in ("own-data", "own-data-file"):
        assert client.get(reverse(name)).headers["Location"].startswith(reverse("account_reauthenticate"))
    assert client.post(reverse("own-data")).status_code == 303
    assert events(AuditKind.ACCOUNT_EXPORTED) == []
    client = sign_in(reader)
    take(client)
    monkeypatch.setattr("subscriptions.tenants.personal_data.DOWNLOADED_WITHIN", timedelta(0))
    assert client.get(reverse("own-data-file")).status_code == 303


def test_the_own_scope_shows_no_row_of_anybody_else_and_changes_nothing(db):
    make_rows()
    with as_owner():
        person = User.objects.get(name=ADMIN)
        assert AuditEvent.objects.exclude(actor=person).exists() and Membership.objects.exclude(user=person).exists()
    columns: dict = {}
    for model, field in personal_fields():
        columns.setdefault(model, []).append(field.attname)
    named = {table: set(names) for table, names in NAMES_A_PERSON.items() if table != User._meta.db_table}
    assert {model._meta.db_table: set(names) for model, names in columns.items()} == named
    with scopes.own(person.pk):
        assert list(User.objects.values_list("pk", flat=True)) == [person.pk]
        for model, names in columns.items():
            assert all(person.pk in row for row in model._default_manager.values_list(*names)), model
        for model, change in (
            (User, {"name": "X"}),
            (Membership, {"role": "global-admin"}),
            (AuditEvent, {"reason": "X"}),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                model.objects.update(**change)
