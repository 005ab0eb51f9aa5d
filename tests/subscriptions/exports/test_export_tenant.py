"""One organization, whole, as a folder of CSV: everything of it, nothing of another one, and never unseen."""

import csv
import io
import os
from datetime import timedelta
from zipfile import ZipFile

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.urls import reverse

from partners.models import Partner
from subscriptions.db import scopes
from subscriptions.exports import acts
from subscriptions.exports.tables import LEFT_OUT, TABLES
from subscriptions.exports.tables_archive import files_of, zipped
from subscriptions.models import HelpRequest, Invitation, Mail, Membership, Subscription, Tenant, User
from subscriptions.models.audit_event import AuditKind
from tests.architecture.acts.audited import ALPHA, LANYUN, make_rows
from tests.database import as_owner, owner_session
from tests.desk import act, events, make_mail
from tests.factories import make_audit_event, make_help_request, make_subscription, make_tenant, make_user

MODELS = [
    model
    for model in apps.get_models()
    if model is Tenant or any(field.related_model is Tenant for field in model._meta.concrete_fields)
]


@pytest.fixture
def tenants(db) -> dict[str, Tenant]:
    make_rows()
    with as_owner():
        return {tenant.slug: tenant for tenant in Tenant.objects.all()}


def tables_of(tenant: Tenant) -> dict[str, list[dict[str, str]]]:
    """Of each file its lines, by the labels of the columns."""
    return {
        name.removesuffix(".csv"): list(csv.DictReader(io.StringIO(b"".join(chunks).decode("utf-8-sig"))))
        for name, chunks in files_of(tenant)
    }


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_table_of_an_organization_is_exported_or_left_out_with_the_reason(model):
    exported = [table.name for table in TABLES if table.model is model]
    assert (len(exported) == 1) != bool(LEFT_OUT.get(model._meta.label))


def test_what_is_left_out_is_a_table_and_each_file_has_a_name_of_its_own():
    assert set(LEFT_OUT) <= {model._meta.label for model in MODELS}
    names = [table.name for table in TABLES]
    assert len(set(names)) == len(names)


def test_all_rows_of_the_organization_are_there_and_none_of_another_one(tenants):
    both = {slug: tables_of(tenant) for slug, tenant in tenants.items()}
    for table in TABLES:
        with as_owner():
            for slug, tenant in tenants.items():
                rows = table.rows(tenant) if table.rows else table.model.objects.filter(tenant=tenant)
                assert len(both[slug][table.name]) == rows.count(), table.name
    assert [row["UUID"] for row in both[ALPHA]["organization"]] == [str(tenants[ALPHA].uuid)]
    for name in ("subscriptions", "members", "audit-log", "offers"):
        mine, theirs = ({row["UUID"] for row in both[slug][name]} for slug in (ALPHA, LANYUN))
        assert mine.isdisjoint(theirs)
    assert both[ALPHA]["orders"] and both[ALPHA]["order-lines"] and both[LANYUN]["offer-products"]


def test_the_second_lock_hides_what_a_query_forgets_to_leave_out(tenants):
    with as_owner():
        make_help_request(user=User.objects.get(name="Lan Yun"), tenant=tenants[LANYUN])
        person = User.objects.get(name="Rosa Reseller")
        make_help_request(user=person, tenant=tenants[ALPHA], partner="565380 Tailspin")
    for table in TABLES:
        with scopes.exporting(tenants[ALPHA].pk):
            key = "pk" if table.model is Tenant else "tenant"
            assert set(table.model.objects.values_list(key, flat=True)) <= {tenants[ALPHA].pk}, table.name
    with scopes.exporting(tenants[ALPHA].pk):
        own = Membership.objects.values("user")
        assert list(User.objects.order_by("pk").values_list("pk", flat=True)) == list(
            own.order_by("user").values_list("user", flat=True)
        )
        assert not HelpRequest.objects.exclude(partner="").exists()


@pytest.mark.parametrize(
    "read",
    [
        lambda: Invitation.objects.values_list("token_hash").first(),
        lambda: User.objects.values_list("password").first(),
        lambda: Mail.objects.values_list("to_company_mailbox").first(),
        lambda: Partner.objects.values_list("mailbox").first(),
        lambda: Subscription.objects.update(name="Changed"),
    ],
    ids=["the link of an invitation", "a password", "a partner's mailbox", "its mailbox", "a change"],
)
def test_the_exports_scope_reads_no_secret_and_changes_nothing(read, tenants):
    with scopes.exporting(tenants[ALPHA].pk), pytest.raises(DatabaseError), transaction.atomic():
        read()


def test_what_a_partner_has_only_drafted_stays_with_the_partner(tenants):
    offers = tables_of(tenants[LANYUN])["offers"]
    assert offers and "Draft" not in {row["Name"] for row in offers}


def test_the_files_say_their_rows_in_words_with_the_zone_and_without_formulas(tenants):
    with as_owner():
        subscription = make_subscription(tenant=tenants[ALPHA], name="=HYPERLINK(1)", own_name="Ours")
        invitation = Invitation.objects.get(tenant=tenants[ALPHA])
        make_mail(make_audit_event(tenant=tenants[ALPHA]), to_user=User.objects.get(name="Gloria Admin"))
    tables = tables_of(tenants[ALPHA])
    line = next(row for row in tables["subscriptions"] if row["UUID"] == str(subscription.uuid))
    assert (line["Name"], line["Own name"], line["Status"]) == ("'=HYPERLINK(1)", "Ours", "Active")
    (invited,) = tables["invitations"]
    assert invited["Email address"] == invitation.email and invited["Role"] == invitation.role_label
    assert invited["Invited (UTC)"].endswith("+00:00")
    assert {row["Email address"] for row in tables["members"]} == {"admin@alpha.example", "reader@alpha.example"}
    assert [row["To"] for row in tables["mails"]] == ["Gloria Admin"]


def test_staff_give_a_reason_and_get_the_file_for_a_while(desk, alpha, monkeypatch):
    page = act(desk, "subscriptions_tenant", "export_tenant", alpha, reason="They leave us")
    (event,) = events(AuditKind.TENANT_EXPORTED)
    assert (event.tenant_id, event.reason, event.subject_uuid) == (alpha.pk, "They leave us", alpha.uuid)
    assert page.headers["Content-Type"] == "application/zip"
    with ZipFile(io.BytesIO(b"".join(page.streaming_content))) as archive:
        assert archive.testzip() is None
        assert {name.partition("/")[2] for name in archive.namelist()} == {f"{table.name}.csv" for table in TABLES}
    monkeypatch.setattr(acts, "READY_FOR", timedelta(0))
    late = desk.get(reverse("admin:tenant-archive", args=[event.uuid]))
    assert (late.status_code, late.headers["Location"]) == (303, reverse("admin:export-tenant") + f"?ids={alpha.pk}")


def test_the_file_is_there_for_who_asked_alone(desk, alpha, sign_in):
    act(desk, "subscriptions_tenant", "export_tenant", alpha, reason="They leave us")
    (event,) = events(AuditKind.TENANT_EXPORTED)
    url = reverse("admin:tenant-archive", args=[event.uuid])
    colleague = make_user(email="carol@portal.example", name="Carol Staff", is_staff=True)
    assert sign_in(colleague).get(url).status_code == 404


def test_a_zip_is_sent_while_it_is_read_and_never_kept(db):
    """A file of 64 MiB that does not shrink, of which nothing is held but the last chunk."""
    read = []

    def chunks():
        for number in range(64):
            read.append(number)
            yield os.urandom(1 << 20)

    parts = [(len(read), len(part)) for part in zipped(iter([("large.csv", chunks())]), folder="alpha")]
    assert max(size for _, size in parts) < 3 << 20
    assert parts[0][0] == 1 and parts[30][0] < 40


def test_the_command_writes_the_same_files_into_a_new_folder(tenants, tmp_path):
    folder = tmp_path / "alpha"
    call_command("export_tenant", ALPHA, str(folder), "--by", "staff@portal.example", "--reason", "They leave us")
    written = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert written == {name: b"".join(chunks) for name, chunks in files_of(tenants[ALPHA])}
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}
    (event,) = events(AuditKind.TENANT_EXPORTED)
    assert (event.actor_name, event.reason) == ("Sam Staff", "They leave us")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere", "new"], "No organization has the address “nowhere”."),
        ([ALPHA, "."], "is not empty"),
        ([ALPHA, "new", "--by", "admin@alpha.example"], "is no address of the staff"),
        ([ALPHA, "file/new"], "Not a directory"),
    ],
)
def test_the_command_says_what_it_cannot_do_and_records_nothing(arguments, said, tenants, tmp_path):
    (tmp_path / "file").touch()
    slug, folder, *more = arguments
    with pytest.raises(CommandError, match=said):
        call_command("export_tenant", slug, str(tmp_path / folder), *more)
    assert events(AuditKind.TENANT_EXPORTED) == []


@pytest.mark.django_db(transaction=True)
def test_all_files_say_what_was_at_one_moment():
    """What changes while a slow reader has the first file stands in none of them."""
    tenant = make_tenant(slug="gamma")
    subscription = make_subscription(tenant=tenant, name="Before")
    files = files_of(tenant)
    name, chunks = next(files)
    assert name == "organization.csv" and b"gamma" in b"".join(chunks)
    with owner_session() as other:
        other.execute("UPDATE subscriptions_subscription SET name = 'After' WHERE id = %s", [subscription.pk])
    read = {name: b"".join(chunks).decode() for name, chunks in files}
    assert "Before" in read["subscriptions.csv"] and "After" not in read["subscriptions.csv"]
    again = {name: b"".join(chunks) for name, chunks in files_of(tenant)}
    assert b"After" in again["subscriptions.csv"]
