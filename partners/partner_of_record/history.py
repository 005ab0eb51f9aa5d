"""A subscription's partners over time, read from the periods: steps from one partner to the next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, DateField, Exists, F, Func, QuerySet, UUIDField

from partners.models import PartnerOfRecord, ScheduledChange
from partners.models.partner_of_record import Source
from partners.models.scheduled_change import ScheduleState
from subscriptions.base.known_queries import Argument, KnownQuery
from subscriptions.catalogue.costs import with_prices_of
from subscriptions.models import Subscription, Tenant
from subscriptions.models.catalogue.product_price import price_day
from subscriptions.models.state_by_date import judge_by_date
from subscriptions.subscriptions.lifecycle import today_of

PERIODS_SHOWN = 100  # one more is read, to tell whom the oldest of them came after
OF_LAST_STEP = 2  # a step is told by what it ended and what it began


@dataclass(frozen=True)
class PartnerName:
    pk: int
    number: str
    name: str
    uuid: UUID
    state: str

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


@dataclass(frozen=True, kw_only=True)
class Period:
    """One row of PartnerOfRecord, as values."""

    partner: PartnerName
    start: datetime
    end: datetime | None
    source: str
    set_by_name: str
    reason: str
    end_source: str
    ended_by_name: str
    end_reason: str


@dataclass(frozen=True, kw_only=True)
class Step:
    """One change: from whom to whom, when, by whom and why. None stands for no partner."""

    at: datetime
    by_name: str
    before: PartnerName | None
    after: PartnerName | None
    source: str
    reason: str

    @property
    def source_label(self) -> str:
        return str(Source(self.source).label)

    @property
    def is_undo(self) -> bool:
        return self.source == Source.UNDO


def subscription_with_periods(
    *, tenant: Tenant, uuid: UUID
) -> tuple[Subscription, list[Period]] | tuple[None, list[Period]]:
    """The subscription, with today's prices and in `has_waiting_change` whether a change of its partner waits for a
    day to come, and its periods, latest first, in one query; None for no such one.
    """
    return _read(WITH_PERIODS, tenant, uuid)


def subscription_with_newest(
    *, tenant: Tenant, uuid: UUID
) -> tuple[Subscription, list[Period]] | tuple[None, list[Period]]:
    """The same with as many periods as tell who is credited now, and what the last step was."""
    return _read(WITH_NEWEST, tenant, uuid)


def _read(query: KnownQuery, tenant: Tenant, uuid: UUID) -> Any:
    found = query.rows(tenant=tenant.pk, uuid=uuid, day=price_day())
    if not found:
        return None, []
    judge_by_date(found[0], today_of(tenant))
    return found[0], [_period(row) for row in found if row.period_valid]


def _with_periods(most: int) -> QuerySet[Subscription]:
    tenant, uuid = Argument("tenant", BigIntegerField()), Argument("uuid", UUIDField())
    return (
        with_prices_of(Argument("day", DateField()), Subscription.objects.existing(), tenant=tenant, uuid=uuid)
        .filter(tenant=tenant, uuid=uuid)
        .select_related("product")
        .annotate(
            period_valid=F("partners_of_record__valid"),
            period_partner=F("partners_of_record__partner"),
            period_partner_number=F("partners_of_record__partner__number"),
            period_partner_name=F("partners_of_record__partner__name"),
            period_partner_uuid=F("partners_of_record__partner__uuid"),
            period_partner_state=F("partners_of_record__partner__state"),
            period_source=F("partners_of_record__source"),
            period_set_by_name=F("partners_of_record__set_by_name"),
            period_reason=F("partners_of_record__reason"),
            period_end_source=F("partners_of_record__end_source"),
            period_ended_by_name=F("partners_of_record__ended_by_name"),
            period_end_reason=F("partners_of_record__end_reason"),
            has_waiting_change=Exists(
                ScheduledChange.objects.filter(tenant=tenant, subscription__uuid=uuid, state=ScheduleState.WAITING)
            ),
        )
        .order_by(Func(F("partners_of_record__valid"), function="lower").desc(nulls_last=True))
    )[:most]


WITH_PERIODS = KnownQuery(lambda: _with_periods(PERIODS_SHOWN + 1))
WITH_NEWEST = KnownQuery(lambda: _with_periods(OF_LAST_STEP))


def _period(row) -> Period:
    return Period(
        partner=PartnerName(
            pk=row.period_partner,
            number=row.period_partner_number,
            name=row.period_partner_name,
            uuid=row.period_partner_uuid,
            state=row.period_partner_state,
        ),
        start=row.period_valid.lower,
        end=row.period_valid.upper,
        source=row.period_source,
        set_by_name=row.period_set_by_name,
        reason=row.period_reason,
        end_source=row.period_end_source,
        ended_by_name=row.period_ended_by_name,
        end_reason=row.period_end_reason,
    )


def current_period(periods: Sequence[Period]) -> Period | None:
    return periods[0] if periods and periods[0].end is None else None


def partner_as_of(*, tenant: Tenant, subscription: Subscription, moment: datetime) -> PartnerName | None:
    """Who was credited at that moment; it may lie before the periods that a page shows."""
    period = (
        PartnerOfRecord.objects.filter(tenant=tenant, subscription=subscription)
        .as_of(moment)
        .select_related("partner")
        .first()
    )
    if period is None:
        return None
    partner = period.partner
    return PartnerName(
        pk=partner.pk, number=partner.number, name=partner.name, uuid=partner.uuid, state=partner.state
    )


def steps(periods: Sequence[Period]) -> list[Step]:
    """The changes that these periods (latest first) stand for, latest first."""
    found: list[Step] = []
    newer: Period | None = None
    for period in periods:
        if period.end and not (newer and newer.start == period.end):
            found.append(_ending(period))
        found.append(_beginning(period))
        newer = period
    joined = [_joined(step, older) for step, older in zip_longest(found, found[1:])]
    return joined[:-1] if len(periods) > PERIODS_SHOWN else joined  # the partner before the oldest was not read


def last_step(periods: Sequence[Period]) -> Step | None:
    return next(iter(steps(periods)), None)


def _ending(period: Period) -> Step:
    assert period.end is not None  # noqa: S101 - only closed periods end
    return Step(
        at=period.end,
        by_name=period.ended_by_name,
        before=period.partner,
        after=None,
        source=period.end_source,
        reason=period.end_reason,
    )


def _beginning(period: Period) -> Step:
    return Step(
        at=period.start,
        by_name=period.set_by_name,
        before=None,
        after=period.partner,
        source=period.source,
        reason=period.reason,
    )


def _joined(step: Step, older: Step | None) -> Step:
    """A period that begins where another one ended came from that partner."""
    if step.after is None or older is None:
        return step
    return Step(
        at=step.at,
        by_name=step.by_name,
        before=older.after,
        after=step.after,
        source=step.source,
        reason=step.reason,
    )
