"""As of when: a moment with its zone, or a day, which means its end where the organization is."""

import re
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from portal.api.kinds import INVALID
from portal.api.problems import Problem, Wrong
from subscriptions.base.days import FIRST, LAST, end_of, today_in
from subscriptions.models import Tenant

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def moment_of(text: str | None, tenant: Tenant) -> datetime | None:
    """None for now. Raises Problem for what is neither, and for what is still to come."""
    if text is None:
        return None
    moment = _day(text, tenant) if DAY.fullmatch(text) else _moment(text)
    if moment > timezone.now() and not _is_today(text, tenant):
        raise wrong_day(_("This is still to come. Choose now or a time before."), "future")
    return moment


def _day(text: str, tenant: Tenant) -> datetime:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise wrong_day(_("There is no such day."), "no-such-day") from error
    if not FIRST <= day < LAST:
        raise wrong_day(_("Choose a day between 2000 and 2200."), "day")
    return end_of(day, tenant.time_zone) - timedelta(microseconds=1)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise wrong_day(_("This has to be a day, or a moment with its zone."), "no-moment") from error
    if moment.tzinfo is None:
        raise wrong_day(_("Say the zone of this moment, such as Z."), "no-zone")
    if not FIRST.year <= moment.year < LAST.year:
        raise wrong_day(_("Choose a day between 2000 and 2200."), "day")
    return moment


def _is_today(text: str, tenant: Tenant) -> bool:
    return text == today_in(tenant.time_zone, timezone.now()).isoformat()


def wrong_day(told: str, code: str) -> Problem:
    return Problem(INVALID, errors=[Wrong(told, code, parameter="as_of")])
