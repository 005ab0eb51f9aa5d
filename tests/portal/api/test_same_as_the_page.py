"""What a program is told is what a person is told on the page: why not, by whom, and what to do next."""

import html
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partners.models import PartnerOfRecord
from portal.api import calls
from subscriptions.clouds import Cloud
from subscriptions.models import Subscription, Tenant
from tests.database import as_owner, at_once
from tests.factories import make_partner, make_partner_of_record, make_policy, make_subscription
from tests.facts import periods, version
from tests.portal.api.client import Program, make_program
from tests.portal.api.test_partner_of_record import named, place
from tests.worlds import World, make_world


def suspend(world: World) -> None:
    Tenant.objects.filter(pk=world.tenant.pk).update(state="suspended", state_since=F("state_since"))


def keep(world: World) -> None:
    """Everything is as it is."""


def dormant(world: World) -> None:
    make_partner(number="700100", name="Sleeping Ltd", state="inactive")


def listed(world: World) -> None:
    make_policy(tenant=world.tenant, partner=world.partner)


PUT, UNDO = "partner-of-record/", "partner-of-record/undo/"
# What is so, as whom, the page's address, the ID that is typed, and the code of the refusal
REFUSALS: list[tuple[Callable[[World], Any], str, str, str, str]] = [
    (keep, "global-reader", PUT, "935287", "role"),
    (suspend, "billing-admin", PUT, "935287", "organization-suspended"),
    (keep, "billing-admin", UNDO, "", "nothing-to-undo"),
    (keep, "billing-admin", PUT, "9999999", "partner-unknown"),
    (dormant, "billing-admin", PUT, "700100", "partner-not-active"),
    (listed, "billing-admin", PUT, "935287", "not-on-list"),
]


@pytest.mark.parametrize(("is_so", "role", "rest", "number", "code"), REFUSALS, ids=[each[-1] for each in REFUSALS])
def test_a_refusal_says_by_api_what_its_page_says(world, sign_in, is_so, role, rest, number, code):
    row = world.bare if rest == UNDO else world.named
    with as_owner():
        is_so(world)
    program = make_program(tenant=world.tenant, role=role)
    url = f"{place(row)}/undo"
    told = program.post(url) if rest == UNDO else named(program, row, number)
    assert told.said["code"] == code, told.said
    person = sign_in(world.reader if role == "global-reader" else world.billing)
    sent = {"partner_id": number, "version": version(row), "reason": "", "when": "now", "key": str(uuid4())}
    page = person.post(world.url(row, rest), sent).content.decode()  # with the key, or it says nothing of the list
    shown = " ".join(html.unescape(re.sub(r"<[^>]+>", "", page)).split())
    for part in ("detail", "who", "next_step"):
        assert told.said.get(part, "") in shown, part


def test_each_reason_of_a_look_up_has_its_code_and_no_name(world, robot):
    """The six reasons for which an ID cannot be used."""
    exchange = {"authorized_families": ("exchange",)}
    with as_owner():
        wrong = {
            "partner-unknown": "9999999",
            "partner-not-active": make_partner(number="700101", name="Hidden one", state="inactive").number,
            "partner-global-id": make_partner(number="700102", name="Hidden two", kind="global").number,
            "partner-other-cloud": make_partner(number="700103", name="Hidden three", cloud=Cloud.GERMANY).number,
            "partner-country": make_partner(number="700104", name="Hidden four", authorized_countries=("DE",)).number,
            "partner-product": make_partner(number="700105", name="Hidden five", **exchange).number,
        }
    for code, number in wrong.items():
        answer = named(robot, world.bare, number)
        assert (answer.status_code, answer.said["code"]) == (409, code), answer.said
        assert answer.said["next_step"] and "Hidden" not in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_thirty_look_ups_at_once_ten_are_answered(world, robot):
    """By connections of their own, as of as many processes; the number stands in the database."""
    answers = at_once(*[lambda: named(Program(robot.token, robot.base), world.bare, "9999999") for _ in range(30)])
    assert sorted(answer.status_code for answer in answers) == [409] * 10 + [429] * 20
    assert named(make_program(tenant=world.tenant), world.bare, "9999999").status_code == 409


@pytest.mark.parametrize("where", ["before its commit", "after its commit"])
def test_a_process_that_ends_around_a_commit_is_asked_again_with_the_key(world, robot, monkeypatch, where):
    """Nothing was done, or the first answer comes."""

    class Killed(BaseException):
        """No handler catches it, as none runs in a process that is gone."""

    def killed(*_: Any, **__: Any) -> None:
        raise Killed

    name = "finished" if where == "after its commit" else "answered_once"
    before = calls.answered_once
    monkeypatch.setattr(calls, name, killed if name == "finished" else lambda *them: (before(*them), killed()))
    with pytest.raises(Killed):
        named(robot, world.named, "935287", Idempotency_Key="k")
    monkeypatch.undo()
    assert version(world.named) == (2 if where == "after its commit" else 1)
    again = named(robot, world.named, "935287", Idempotency_Key="k")
    assert (again.status_code, again.headers.get("Idempotent-Replayed") == "true") == (200, name == "finished")
    assert periods(world.named) == [("565380", False), ("935287", True)]


BEGAN = datetime(2026, 1, 10, 15, tzinfo=UTC)


@pytest.fixture
def history(db) -> tuple[World, Subscription]:
    """One partner for ten days, none for ten, the other since; where it is another day than in UTC for hours."""
    world = make_world(Cloud.OPERATED_BY_21VIANET)
    row = make_subscription(tenant=world.tenant, name="Moved")
    ended = BEGAN + timedelta(days=10)
    make_partner_of_record(subscription=row, partner=world.partner, since=BEGAN, until=ended)
    make_partner_of_record(subscription=row, partner=world.other, since=ended + timedelta(days=10))
    return world, row


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(day=st.dates(date(2026, 1, 8), date(2026, 2, 4)))
def test_who_was_credited_on_a_day_is_the_same_by_api_on_the_page_and_in_the_file(history, sign_in, day):
    world, row = history
    program = make_program(tenant=world.tenant)
    one = program.get(f"/subscriptions/{row.uuid}?as_of={day}").said["partner_of_record"]
    by_api = one["partner_id"] if one else None
    listed = {each["id"] for each in program.get(f"/subscriptions?as_of={day}&without_partner=true").said["data"]}
    assert (str(row.uuid) in listed) == (by_api is None)
    page = sign_in(world.billing).get(world.url(row), {"as_of": str(day)}).context["as_of_partner"]
    assert (page.number if page else None) == by_api
    end = datetime(day.year, day.month, day.day, 16, tzinfo=UTC)  # midnight there
    with as_owner():
        kept = (
            PartnerOfRecord.objects.filter(subscription=row)
            .with_bounds()
            .values_list("partner__number", "began", "ended")
        )
        in_file = [number for number, began, ended in kept if began < end and (ended is None or end <= ended)]
    assert in_file == ([by_api] if by_api else [])
