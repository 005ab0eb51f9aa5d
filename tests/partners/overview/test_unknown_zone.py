"""A time zone that Python knows and the database does not: no page fails, and no job stops for the others."""

import zoneinfo
from datetime import timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from partners.models import ReleaseRequest
from partners.models.partner_relationship import RelationshipKind
from partners.tasks import follow_up_releases
from subscriptions.base import days
from subscriptions.models import Tenant, User
from subscriptions.subscriptions.lifecycle import today_of
from tests import cases
from tests.database import as_owner
from tests.desk import list_url
from tests.factories import make_partner_person, make_relationship, make_release_request
from tests.partners.client import get

UNKNOWN = "America/Olympus"
MENTIONED = cases.lines("04-zone-the-database-does-not-know.txt")


@pytest.fixture
def only_python_knows(tmp_path, monkeypatch):
    """The zone UNKNOWN, as if the database's data were older."""
    place = tmp_path / UNKNOWN
    place.parent.mkdir()
    place.write_bytes(files("tzdata").joinpath("zoneinfo", "America", "Lima").read_bytes())
    before = zoneinfo.TZPATH
    zoneinfo.reset_tzpath(to=[str(tmp_path)])
    days._zones_of_other_days.cache_clear()
    yield UNKNOWN
    zoneinfo.reset_tzpath(to=before)
    zoneinfo.ZoneInfo.clear_cache(only_keys=[UNKNOWN])
    days._zones_of_other_days.cache_clear()


def test_the_database_does_not_know_it_and_python_does(only_python_knows, db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_timezone_names WHERE name = %s", [UNKNOWN])
        assert cursor.fetchone() == (0,)
    assert days.today_in(UNKNOWN, timezone.now())


def test_a_page_of_a_person_in_it_answers(only_python_knows, partner, sign_in):
    """As the file says: a person's zone, /p/<partner ID>/partner-of-record/."""
    assert "/p/<partner ID>/partner-of-record/" in MENTIONED[0]
    person = make_partner_person(partner=partner, email="agent@tailspin.example", name="Agatha Agent")
    with as_owner():
        User.objects.filter(pk=person.pk).update(time_zone=UNKNOWN)
    assert get(sign_in(person), "partner-of-record").status_code == 200


def test_the_job_does_its_work_for_all_and_staff_read_the_list(only_python_knows, partner, alpha, beta, desk):
    """As the file says: an organization's zone, an open release request due in 3 days."""
    assert "job partners.follow_up_releases" in MENTIONED[1]
    for tenant in (alpha, beta):
        reseller = make_relationship(tenant=tenant, partner=partner, kind=RelationshipKind.RESELLER)
        make_release_request(
            relationship=reseller, due_in=timedelta(days=3), sent_at=timezone.now() - timedelta(days=9)
        )
    with as_owner():
        Tenant.objects.filter(pk=alpha.pk).update(time_zone=UNKNOWN)
    follow_up_releases(timestamp=0)
    with as_owner():
        rows = ReleaseRequest.objects.order_by("pk").select_related("tenant")
        assert [row.reminded_on for row in rows] == [today_of(row.tenant) for row in rows]
    assert desk.get(list_url("partners_releaserequest")).status_code == 200


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12", "Asia/Kathmandu", "UTC", "no such zone"])
def test_the_day_of_a_query_is_the_day_of_pages(zone, alpha):
    with as_owner():
        Tenant.objects.filter(pk=alpha.pk).update(time_zone=zone)
        day = Tenant.objects.annotate(today=days.today_by_zone("time_zone")).get(pk=alpha.pk).today
    assert day == days.today_in(zone if "/" in zone else "UTC", timezone.now())


def test_nothing_asks_the_database_about_a_zone():
    root = Path(__file__).parents[3]
    sources = [path for app in ("subscriptions", "partners", "portal") for path in (root / app).rglob("*.py")]
    asking = [
        path.name
        for path in sources
        if any(word in path.read_text() for word in ("AT TIME ZONE", "functions import Trunc"))
    ]
    assert asking == []
