"""Inside an organization every day and moment is in its zone; pages, files and mails name theirs."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from partners.models import Partner
from subscriptions.base.time_zones import zone_in_force
from subscriptions.models import User
from tests import cases
from tests.database import as_owner
from tests.factories import (
    make_audit_event,
    make_member,
    make_partner,
    make_partner_of_record,
    make_partner_person,
    make_subscription,
    make_tenant,
)
from tests.page import parse, words
from tests.partners.client import get

CASES = [tuple(part.strip() for part in line.split("|")) for line in cases.lines("05-day-filter-and-shown-day.txt")]
ACT = datetime(2026, 11, 29, 8, 13, tzinfo=UTC)
LOG = "/t/contoso/settings/audit-log/"


@pytest.fixture
def subscription(db):
    subscription = make_subscription(tenant=make_tenant(time_zone="America/Los_Angeles"))
    make_partner_of_record(subscription=subscription, partner=make_partner(), since=ACT)
    make_audit_event(tenant=subscription.tenant, at=ACT)
    with time_machine.travel(ACT + timedelta(hours=4)):
        yield subscription


def comes_from(person, tenant, zone: str) -> None:
    admin = make_member(tenant=tenant)
    with as_owner():
        User.objects.filter(pk=admin.pk).update(time_zone=zone)
    person.comes_back(admin)


@pytest.mark.parametrize(("zone", "where", "never"), CASES, ids=[f"{zone}, {where}" for zone, where, _never in CASES])
def test_the_day_that_is_asked_for_and_the_day_that_is_shown_are_of_one_clock(
    person, subscription, zone, where, never
):
    comes_from(person, subscription.tenant, zone)
    place, day = where.rpartition(" ")[0], where.rpartition(" ")[2]
    if place.startswith("audit log"):
        page = person.open(f"{LOG}?since={day}&until={day}")
        assert not any(never.removeprefix("no row may read ") in row for row in page.rows)
        assert len(page.rows) == (1 if day == "2026-11-29" else 0)
    else:
        page = person.open(f"/t/contoso/billing/subscriptions/{subscription.uuid}/?as_of={day}")
        assert "Nov 28, 2026, 9:13 PM" not in page.text
        assert "Nov 29, 2026, 12:13 AM" in page.text
    assert "Days and times: Los Angeles (UTC-" in page.text


@pytest.mark.parametrize(
    ("zone", "named"),
    [
        ("UTC", "UTC"),
        ("Europe/Berlin", "Berlin (UTC+1)"),
        ("Asia/Kathmandu", "Kathmandu (UTC+5:45)"),
        ("America/St_Johns", "St. John’s (UTC-3:30)"),
        ("Africa/Abidjan", "Abidjan (UTC)"),
    ],
)
def test_a_zone_is_named_by_its_place_and_its_distance_to_utc(zone, named):
    with timezone.override(zone):
        assert zone_in_force(ACT) == named


@pytest.mark.parametrize(("zone", "named"), [("", "UTC"), ("Asia/Tokyo", "Tokyo (UTC+9)")])
def test_in_the_workspace_days_and_times_are_the_persons(subscription, sign_in, zone, named):
    with as_owner():
        partner = Partner.objects.get()
    agent = make_partner_person(partner=partner, email="agent@tailspin.example", time_zone=zone)
    text = words(parse(get(sign_in(agent), "partner-of-record").content.decode()))
    assert f"Days and times: {named}. Days on which terms end or answers are due are those of the org" in text
    assert "Nov 29, 2026" in text
