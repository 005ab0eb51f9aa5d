"""Settings > Applications: made, with a token that is shown once; changed, rotated, revoked and deleted."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from subscriptions.applications import reminders
from subscriptions.applications.callers import find_caller
from subscriptions.db import scopes
from subscriptions.models import Application, ApplicationToken, Membership
from subscriptions.models.audit_event import AuditKind
from tests.database import as_owner
from tests.desk import events, rows_of
from tests.factories import make_application, make_audit_event, make_partner, make_partner_person, make_token
from tests.facts import mailed
from tests.page import Page
from tests.personas import open_session

URL = "/t/alpha/settings/applications/"
NEW = {"name": "Billing sync", "role": "billing-admin", "scopes": ["subscriptions.read", "orders.read"], "days": "90"}
TOKEN = re.compile(r"por_[\w-]{43}")


def form_of(client, url: str) -> dict:
    page = client.get(url)
    assert page.status_code == 200
    return {
        name: value
        for name, value in page.context["form"].initial.items()
        if name in ("key", "version", "seal") and value
    }


def send(client, url: str, **typed):
    return client.post(url, form_of(client, url) | typed)


@pytest.fixture
def admin(global_admin, sign_in):
    return sign_in(global_admin)


def test_one_is_made_with_a_token_that_is_shown_once(admin, alpha, global_admin):
    form = form_of(admin, f"{URL}new/") | NEW
    answer = admin.post(f"{URL}new/", form)
    (token,) = set(TOKEN.findall(answer.content.decode()))
    caller = find_caller(f"Bearer {token}")
    assert (caller.tenant_id, caller.role, sorted(caller.scopes)) == (
        alpha.pk,
        "billing-admin",
        ["orders.read", "subscriptions.read"],
    )
    (row,) = rows_of(Application)
    assert (row.made_by, row.maker_id) == ("Gloria Admin", global_admin.pk)
    assert "no-store" in answer.headers["Cache-Control"]
    again = admin.post(f"{URL}new/", form)
    assert (again.status_code, again.url, len(rows_of(Application))) == (303, f"{URL}{row.uuid}/", 1)
    shown = [admin.get(url).content.decode() for url in (URL, f"{URL}{row.uuid}/", "/t/alpha/settings/audit-log/")]
    assert [token in page for page in shown] == [False] * 3
    assert [token[:8] in page and token[-4:] in page for page in shown] == [False, True, True]


def test_making_is_audited_and_mailed_to_global_admins(admin, billing_admin):
    send(admin, f"{URL}new/", **NEW)
    assert [event.subject_name for event in events(AuditKind.APPLICATION_MADE)] == ["Billing sync"]
    (made,) = events(AuditKind.APPLICATION_TOKEN_MADE)
    assert set(made.detail) == {"token", "until"}
    assert mailed() == {("applications-changed", "admin@alpha.example")}


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": ""}, "name"),
        ({"role": "global-admin"}, "role"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["offers.write"]}, "scopes"),
        ({"days": "367"}, "days"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_made(typed, field, admin):
    answer = send(admin, f"{URL}new/", **NEW | typed)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert rows_of(Application) == []


def test_a_name_is_given_once(admin, alpha):
    make_application(tenant=alpha)
    answer = send(admin, f"{URL}new/", **NEW)
    assert answer.status_code == 422
    assert "Another application is called so already." in Page(answer).text


def test_an_older_sign_in_has_to_be_repeated_first(global_admin):
    client = Client()
    open_session(client, global_admin)
    answer = send(client, f"{URL}new/", **NEW)
    assert (answer.status_code, rows_of(Application)) == (303, [])


def test_two_tokens_are_good_at_once_and_the_old_one_is_revoked(admin, alpha):
    application = make_application(tenant=alpha)
    old = make_token(application)
    answer = send(admin, f"{URL}{application.uuid}/token/", days="30")
    (new,) = set(TOKEN.findall(answer.content.decode()))
    refused = admin.get(f"{URL}{application.uuid}/token/")
    assert (refused.status_code, "has 2 tokens that are good" in Page(refused).text) == (409, True)
    row = next(row for row in rows_of(ApplicationToken) if row.hint.endswith(old[-4:]))
    assert send(admin, f"{URL}tokens/{row.uuid}/revoke/").status_code == 303
    assert [find_caller(f"Bearer {token}") is not None for token in (old, new)] == [False, True]
    assert [event.detail["token"] for event in events(AuditKind.APPLICATION_TOKEN_REVOKED)] == [row.hint]


def test_a_changed_role_holds_from_the_next_request_on(admin, alpha):
    application = make_application(tenant=alpha)
    token = make_token(application)
    url = f"{URL}{application.uuid}/change/"
    form = form_of(admin, url)
    assert admin.post(url, form | {"role": "global-reader", "scopes": ["orders.read"]}).status_code == 303
    caller = find_caller(f"Bearer {token}")
    assert (caller.role, caller.scopes) == ("global-reader", {"orders.read"})
    stale = admin.post(url, form_of(admin, url) | {"version": form["version"], "role": "billing-admin", "scopes": []})
    assert stale.status_code == 409


def test_a_deleted_one_opens_nothing_and_its_acts_stay(admin, alpha):
    application = make_application(tenant=alpha)
    token = make_token(application)
    make_audit_event(tenant=alpha, actor_kind="application", actor_name="Sync", actor_application=application.uuid)
    assert "Acts so far 1" in Page(admin.get(f"{URL}{application.uuid}/")).text.replace("\n", " ")
    assert send(admin, f"{URL}{application.uuid}/delete/").url == URL
    assert (find_caller(f"Bearer {token}"), rows_of(ApplicationToken)) == (None, [])
    log = Page(admin.get("/t/alpha/settings/audit-log/")).text
    assert ("Sync" in log, "Application deleted" in log) == (True, True)


def test_a_partners_admin_agents_keep_its_own(db, sign_in):
    partner = make_partner()
    client = sign_in(make_partner_person(partner=partner, email="a@tailspin.example", name="Agatha"))
    url = f"/p/{partner.number}/applications/"
    typed = {"name": "Offers", "role": "sales-agent", "scopes": ["offers.write"], "days": "30"}
    (token,) = set(TOKEN.findall(send(client, f"{url}new/", **typed).content.decode()))
    assert find_caller(f"Bearer {token}").partner_id == partner.pk
    assert mailed() == {("applications-changed", partner.mailbox)}
    assert "Offers" in Page(client.get(url)).text
    make_audit_event(
        tenant=None,
        actor_kind="application",
        actor_name="O",
        actor_application=rows_of(Application)[0].uuid,
        actor_partner="T",
    )
    (row,) = rows_of(Application)
    assert send(client, f"{url}{row.uuid}/delete/").status_code == 303
    assert rows_of(Application) == []


def test_another_organizations_application_is_not_there(admin, beta):
    theirs = make_application(tenant=beta)
    make_token(theirs)
    with as_owner():
        token = theirs.tokens.get()
    urls = [f"{URL}{theirs.uuid}/", *(f"{URL}{theirs.uuid}/{act}/" for act in ("change", "delete", "token"))]
    assert [admin.get(url).status_code for url in [*urls, f"{URL}tokens/{token.uuid}/revoke/"]] == [404] * 5


@pytest.mark.parametrize(("days", "mails"), [(29, 1), (31, 0), (0.9, 1)])
def test_who_keeps_it_is_told_before_a_token_ends_once(days, mails, alpha, global_admin):
    application = make_application(tenant=alpha)
    make_token(application, days=days, made_at=timezone.now() - timedelta(days=60))
    for _again in range(2):
        with scopes.worker():
            assert reminders.remind_batch().failed == []
    assert len(events(AuditKind.APPLICATION_TOKEN_ENDS_SOON)) == mails
    assert mailed() == ({("application-token-ends-soon", "admin@alpha.example")} if mails else set())


def test_each_of_three_days_is_told_of_once(alpha, global_admin):
    make_token(make_application(tenant=alpha), days=29, made_at=timezone.now() - timedelta(days=60))
    for days in (29, 20, 7, 6, 1, 0.5):
        with as_owner():
            ApplicationToken.objects.update(expires_on=timezone.now() + timedelta(days=days))
        with scopes.worker():
            reminders.remind_batch()
    assert len(events(AuditKind.APPLICATION_TOKEN_ENDS_SOON)) == 3


def test_that_the_maker_is_gone_is_mailed_once_and_stands_on_the_home_page(admin, alpha, billing_admin):
    application = make_application(tenant=alpha, maker=billing_admin)
    make_application(tenant=alpha, name="By nobody known")
    with scopes.worker():
        reminders.find_gone_makers()
    assert events(AuditKind.APPLICATION_MAKER_GONE) == []
    with as_owner():
        Membership.objects.filter(user=billing_admin).delete()
    for _again in range(2):
        with scopes.worker():
            reminders.find_gone_makers()
    assert [event.subject_uuid for event in events(AuditKind.APPLICATION_MAKER_GONE)] == [application.uuid]
    assert mailed() == {("application-maker-gone", "admin@alpha.example")}
    assert "application whose maker does not belong here any more" in Page(admin.get("/t/alpha/")).text
    listed = Page(admin.get(f"{URL}?maker=gone")).text
    assert ("Billing sync" in listed, "By nobody known" in listed) == (True, False)
