"""What could be done with each of many subscriptions, by the verdicts of the acts themselves and a few statements."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Func, Q, Window
from django.db.models.functions import RowNumber

from partners.models import PartnerOfRecord
from partners.partner_of_record.approval import PARTNER
from partners.partner_of_record.history import PartnerName, Period, last_step
from partners.partner_of_record.rules import may_set, may_undo
from portal.api.problems import words_of
from portal.api.tenants.subscription_shapes import Why
from subscriptions.access import Actor
from subscriptions.approvals.reads import asks_at_all, waiting_requests
from subscriptions.approvals.rules import waits_already
from subscriptions.models import Approval, AuditEvent, Subscription, Tenant
from subscriptions.subscriptions import rules
from subscriptions.verdicts import ALLOWED, Verdict, first_refusal


@dataclass(frozen=True)
class Around:
    """What is around a subscription that its verdicts ask for."""

    periods: Sequence[Period]
    change: AuditEvent | None
    waiting: Approval | None


Rule = Callable[[Actor, Tenant, Subscription, Around], Verdict]


def _of_row(rule: rules.May) -> Rule:
    return lambda by, tenant, row, _around: rule(by, tenant, row)


def _unless_asked(tenant: Tenant, verdict: Verdict, around: Around) -> Verdict:
    return first_refusal([verdict, waits_already(tenant, around.waiting) if around.waiting else ALLOWED])


def _may_set(by: Actor, tenant: Tenant, row: Subscription, around: Around) -> Verdict:
    has_partner = bool(around.periods) and around.periods[0].end is None
    return _unless_asked(tenant, may_set(by, tenant, row, has_partner=has_partner), around)


def _may_undo(by: Actor, tenant: Tenant, row: Subscription, around: Around) -> Verdict:
    return _unless_asked(tenant, may_undo(by, row, last_step(around.periods)), around)


# By the words of their addresses
RULES: dict[str, Rule] = {
    "partner-of-record": _may_set,
    "partner-of-record/undo": _may_undo,
    "licenses": _of_row(rules.may_change_licenses),
    "licenses/add": _of_row(rules.may_add_licenses),
    "billing-frequency": _of_row(rules.may_change_frequency),
    "recurring-billing": _of_row(rules.may_set_recurring_billing),
    "names": _of_row(rules.may_name),
    "cancel": _of_row(rules.may_cancel),
    "reactivate": _of_row(rules.may_reactivate),
    "extend-trial": _of_row(rules.may_extend_trial),
    "payment-method": _of_row(rules.may_set_payment_method),
    "undo": lambda by, tenant, row, around: rules.may_undo(by, tenant, row, around.change),
}


def actions_of(by: Actor, tenant: Tenant, rows: Sequence[Subscription]) -> dict[int, dict[str, Why]]:
    """By the subscription. Three statements, and a fourth where a second person decides."""
    periods, changes, waiting = _last_periods(tenant, rows), _last_changes(tenant, rows), _waiting(tenant, rows)
    found = {}
    for row in rows:
        around = Around(periods[row.pk], changes.get(row.uuid), waiting.get(row.pk))
        found[row.pk] = {name: why(rule(by, tenant, row, around)) for name, rule in RULES.items()}
    return found


def why(verdict: Verdict) -> Why:
    words = {name: text or None for name, text in words_of(verdict).items()}
    reason = words.pop("detail")
    return Why(allowed=verdict.allowed, code=verdict.code.code, reason=reason, **words)


def _last_periods(tenant: Tenant, rows: Iterable[Subscription]) -> dict[int, list[Period]]:
    """The last two of each, latest first: they tell what was changed last."""
    began = Func(F("valid"), function="lower")
    number = Window(RowNumber(), partition_by="subscription", order_by=began.desc())
    periods = PartnerOfRecord.objects.filter(tenant=tenant, subscription__in=[row.pk for row in rows])
    last = periods.annotate(number=number).filter(number__lte=2).select_related("partner").order_by("number")
    found: dict[int, list[Period]] = defaultdict(list)
    for each in last:
        found[each.subscription_id].append(_period(each))
    return found


def _period(row: Any) -> Period:
    partner = row.partner
    return Period(
        partner=PartnerName(partner.pk, partner.number, partner.name, partner.uuid, partner.state),
        start=row.valid.lower,
        end=row.valid.upper,
        source=row.source,
        set_by_name=row.set_by_name,
        reason=row.reason,
        end_source=row.end_source,
        ended_by_name=row.ended_by_name,
        end_reason=row.end_reason,
    )


def _last_changes(tenant: Tenant, rows: Iterable[Subscription]) -> dict[Any, AuditEvent]:
    events = AuditEvent.objects.of_tenant(tenant).filter(subject_uuid__in=[row.uuid for row in rows])
    last = events.order_by("subject_uuid", "-at", "-id").distinct("subject_uuid")
    return {event.subject_uuid: event for event in last}


def _waiting(tenant: Tenant, rows: Iterable[Subscription]) -> dict[int, Approval]:
    if not asks_at_all(tenant):
        return {}
    asked = waiting_requests(tenant).filter(Q(act=PARTNER, row__in=[row.pk for row in rows]))
    return {each.row: each for each in asked}
