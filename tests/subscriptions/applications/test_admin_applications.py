"""The operator's own applications at the desk: made by who makes staff, with a sign-in of the last minutes."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from subscriptions.applications.callers import find_caller
from subscriptions.models import Application, ApplicationToken, AuditEvent, Mail
from subscriptions.models.people.staff_role import StaffRole
from tests.database import as_owner
from tests.factories import make_application, make_tenant, make_token, make_user
from tests.personas import open_session

MAKE, LIST = "/staff/applications/new/", "/staff/subscriptions/application/"
TYPED = {"name": "Watch", "scopes": ["subscriptions.read", "events.read"], "days": "90", "reason": "Watches credits"}


@pytest.fixture
def keeper(db):
    return make_user(email="k@portal.example", name="Kim", is_staff=True, staff_roles=[StaffRole.MAKES_STAFF])


@pytest.fixture
def desk(keeper, client):
    open_session(client, keeper, proved_ago=0)
    return client


def form(**typed) -> dict:
    return {"key": str(uuid4()), **typed}


def text(response) -> str:
    return " ".join(response.content.decode().split())


@as_owner()
def applications() -> list[Application]:
    return list(Application.objects.order_by("pk"))


def act(desk, name: str, row: Application, **typed):
    url = f"{reverse(f'admin:{name}')}?ids={row.pk}"
    version = re.search(r'name="version" value="(\w+)"', text(desk.get(url)))[1]
    return desk.post(url, form(version=version, reason="As they asked", **typed))


def test_one_is_made_read_with_changed_and_deleted(desk):
    made = desk.post(MAKE, form(**TYPED))
    assert made.status_code == 200, text(made)[-500:]
    token = re.search(r"por_[\w-]{20,}", text(made))[0]
    caller = find_caller(f"Bearer {token}")
    assert (caller.is_operators, caller.role, sorted(caller.scopes)) == (
        True,
        "reads-everything",
        ["events.read", "subscriptions.read"],
    )
    assert token not in text(desk.get(LIST))
    (row,) = applications()
    another = re.search(r"por_[\w-]{20,}", text(act(desk, "new-token", row, days="30")))[0]
    assert act(desk, "change-scopes", row, scopes=["orders.read"]).status_code == 303
    assert find_caller(f"Bearer {another}").scopes == {"orders.read"}
    with as_owner():
        first = ApplicationToken.objects.order_by("pk").first()
    assert act(desk, "revoke-token", row, token=str(first.pk)).status_code == 303
    assert [find_caller(f"Bearer {each}") is None for each in (token, another)] == [True, False]
    assert act(desk, "delete-application", row).status_code == 303
    assert (applications(), find_caller(f"Bearer {another}")) == ([], None)
    with as_owner():
        events = AuditEvent.objects.filter(kind__startswith="application")
        assert {event.actor_name for event in events} == {"Kim"}
        assert {event.reason for event in events} == {"Watches credits", "As they asked"}
        assert {mail.event.actor_name for mail in Mail.objects.select_related("event")} == {"Kim"}


def test_staff_sign_in_anew_before_one_is_made(keeper, client):
    open_session(client, keeper, proved_ago=600)
    answer = client.post(MAKE, form(**TYPED))
    assert (answer.status_code, answer.headers["Location"][:18]) == (303, "/accounts/confirm/")
    assert applications() == []


def test_sent_again_it_is_made_once_and_the_token_is_not_shown_again(desk):
    sent = form(**TYPED)
    desk.post(MAKE, sent)
    again = desk.post(MAKE, sent)
    assert (again.status_code, len(applications())) == (303, 1)


def test_those_of_customers_are_neither_listed_nor_changed(desk):
    theirs = make_application(tenant=make_tenant(), name="Of alpha")
    make_token(theirs)
    assert "Of alpha" not in text(desk.get(LIST))
    url = f"{reverse('admin:delete-application')}?ids={theirs.pk}"
    assert desk.post(url, form(reason="x")).status_code in (302, 303)
    assert applications() == [theirs]


def test_a_name_is_given_once_and_nothing_is_made_without_a_scope(desk):
    make_application(name="Watch")
    for wrong in ({}, {"name": "Other", "scopes": []}, {"name": "Other", "scopes": ["orders.write"]}):
        assert desk.post(MAKE, form(**TYPED | wrong)).status_code == 422
    assert len(applications()) == 1
