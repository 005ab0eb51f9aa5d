"""Days that a form takes, and where they begin and end."""

from datetime import UTC, date, datetime

import pytest

from subscriptions.base.days import end_of, start_of, today_in
from tests.factories import make_subscription


def test_a_day_is_a_day_of_the_organizations_zone():
    day = date(2026, 3, 29)  # in Berlin an hour shorter than others
    assert start_of(day, "Europe/Berlin") == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert end_of(day, "Europe/Berlin") == datetime(2026, 3, 29, 22, tzinfo=UTC)
    assert today_in("Asia/Shanghai", datetime(2026, 1, 1, 20, tzinfo=UTC)) == date(2026, 1, 2)


@pytest.mark.parametrize(
    ("day", "status"), [("2026-01-01", 200), ("9999-12-31", 422), ("2199-01-01", 200), ("x", 422)]
)
def test_as_of_takes_days_that_have_come_or_may_come(alpha, global_admin, sign_in, day, status):
    subscription = make_subscription(tenant=alpha)
    url = f"/t/alpha/billing/subscriptions/{subscription.uuid}/?as_of={day}"
    assert sign_in(global_admin).get(url).status_code == status


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "x"])
def test_the_audit_log_takes_days_that_people_mean(alpha, global_admin, sign_in, day):
    url = f"/t/alpha/settings/audit-log/?since={day}&until={day}"
    assert sign_in(global_admin).get(url).status_code == 422
