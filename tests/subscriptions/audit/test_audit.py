"""The audit trail can only be added to, tells one organization its own, and records no refusal."""

from itertools import chain

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from subscriptions.audit import acts as audit
from subscriptions.db import scopes
from subscriptions.models import AuditEvent, RefusalRecord
from subscriptions.models.audit_event import ActorKind, AuditKind
from tests.database import as_owner
from tests.factories import make_audit_event, make_partner, make_subscription
from tests.facts import audit_kinds, footprint
from tests.partners.partner_of_record import client as acts

CHANGES = [
    "UPDATE subscriptions_auditevent SET actor_name = 'Nobody'",
    "UPDATE subscriptions_auditevent SET at = '2001-01-01'",
    "DELETE FROM subscriptions_auditevent",
    "TRUNCATE subscriptions_auditevent CASCADE",
]


def scope_of(name: str, alpha):
    return {"tenant": lambda: scopes.tenant(alpha.pk), "staff": scopes.staff, "worker": scopes.worker}[name]()


def refused(statement: str) -> str:
    with pytest.raises(ProgrammingError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return refusal.value.__cause__.sqlstate


@pytest.mark.parametrize("statement", CHANGES)
@pytest.mark.parametrize("scope", ["tenant", "staff", "worker"])
def test_no_scope_changes_the_audit(alpha, scope, statement):
    make_audit_event(tenant=alpha)
    with scope_of(scope, alpha):
        assert refused(statement) == "42501"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("statement", CHANGES)
def test_not_even_the_owner_changes_the_audit(alpha, statement):
    make_audit_event(tenant=alpha)
    with as_owner():
        assert refused(statement) == "42501"


@pytest.mark.parametrize("statement", CHANGES)
def test_the_login_alone_does_not_either(alpha, statement):
    assert refused(statement) == "42501"


@pytest.mark.parametrize("scope", ["tenant", "staff", "worker"])
def test_the_server_stamps_the_time(alpha, scope):
    before = timezone.now()
    with scope_of(scope, alpha):
        event = AuditEvent.objects.create(
            tenant=alpha,
            kind=AuditKind.MEMBER_ADDED,
            actor_kind=ActorKind.SYSTEM,
            actor_name="P",
            subject_name="S",
            at=timezone.now().replace(year=2001),
        )
        event.refresh_from_db()
    assert event.at > before.replace(microsecond=0)


def test_an_event_for_another_tenant_is_refused(alpha, beta):
    fields = {"kind": "member.added", "actor_kind": "system", "actor_name": "P", "subject_name": "S"}
    with (
        scopes.tenant(alpha.pk),
        pytest.raises(ProgrammingError, match="violates row-level security policy"),
        transaction.atomic(),
    ):
        AuditEvent.objects.create(tenant=beta, **fields)


@pytest.mark.parametrize("act", ["submit", "clear", "undo", "check"])
def test_a_refused_act_leaves_no_event_and_one_line(alpha, global_admin, reader, sign_in, caplog, act):
    subscription, partner = make_subscription(tenant=alpha), make_partner()
    fields = acts.checked(sign_in(global_admin), subscription, partner.number)
    before = footprint(subscription)
    client = sign_in(reader)
    if act == "clear":
        fields["partner_id"] = ""
    send = {"undo": acts.undo, "check": acts.check}.get(act, acts.submit)
    assert send(client, subscription, fields).status_code == 403
    assert footprint(subscription) == before
    (line,) = [record.msg for record in caplog.records if record.name == "portal.access"]
    assert (line["event"], line["code"], line["status"], line["user_id"]) == ("authz_fail", "role", 403, reader.pk)


def test_the_refusal_is_kept_in_a_table_of_its_own(alpha, reader, sign_in):
    subscription = make_subscription(tenant=alpha)
    assert sign_in(reader).get(acts.edit_url(subscription)).status_code == 403
    with as_owner():
        record = RefusalRecord.objects.get()
    assert (record.user, record.method, record.path, record.status, record.code) == (
        reader,
        "GET",
        acts.edit_url(subscription),
        403,
        "role",
    )


def test_the_login_reads_no_refusal_back(db):
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        RefusalRecord.objects.count()


def test_the_audit_page_shows_ones_own_only(alpha, beta, global_admin, sign_in):
    make_audit_event(tenant=alpha, subject_name="Own Suite")
    make_audit_event(tenant=beta, subject_name="Foreign Suite")
    page = sign_in(global_admin).get("/t/alpha/settings/audit-log/")
    assert [event["subject_name"] for event in page.context["list"].rows] == ["Own Suite"]
    assert "Foreign" not in page.content.decode()


def test_pages_follow_each_other_by_key(alpha, beta, global_admin, sign_in):
    for number in range(60):
        make_audit_event(tenant=alpha, subject_name=f"Suite {number}")
        make_audit_event(tenant=beta, subject_name=f"Foreign {number}")
    client, url, seen = sign_in(global_admin), "?", []
    while url:
        page = client.get(f"/t/alpha/settings/audit-log/{url}")
        seen.append([event["subject_name"] for event in page.context["list"].rows])
        url = page.context["page"].older_url
    assert [len(subjects) for subjects in seen] == [25, 25, 10]
    assert list(chain(*seen)) == [f"Suite {number}" for number in reversed(range(60))]
    back = client.get(f"/t/alpha/settings/audit-log/{page.context['page'].newer_url}")
    assert [event["subject_name"] for event in back.context["list"].rows] == seen[1]


@pytest.mark.parametrize("after", ["1", "x:y", "%00", "a" * 5000])
def test_a_key_that_is_none_shows_the_first_page(alpha, global_admin, sign_in, after):
    make_audit_event(tenant=alpha)
    page = sign_in(global_admin).get("/t/alpha/settings/audit-log/", {"after": after})
    assert (page.status_code, len(page.context["list"].rows)) == (200, 1)


def test_looking_writes_nothing(alpha, global_admin, sign_in):
    subscription = make_subscription(tenant=alpha)
    client = sign_in(global_admin)
    acts.checked(client, subscription, make_partner().number)
    client.get("/t/alpha/settings/audit-log/")
    assert audit_kinds() == []


def test_names_of_actors_are_found_by_any_part_each_once_and_in_this_organization_only(alpha, beta):
    for name in ("Zoë Bell", "Bella Zoellner", "Zoë Bell", "Alex Wilber"):
        make_audit_event(tenant=alpha, actor_name=name)
    make_audit_event(tenant=beta, actor_name="Zoe of Beta")
    with scopes.tenant(alpha.pk):
        assert audit.actors_named("zoe", alpha) == ["Bella Zoellner", "Zoë Bell"]
        assert audit.actors_named("nobody", alpha) == []


def test_where_nothing_was_done_there_are_no_names(alpha):
    with scopes.tenant(alpha.pk):
        assert audit.actors_named("", alpha) == []
