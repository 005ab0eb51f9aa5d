"""May a change of the partner of record be scheduled, canceled, tried again or dismissed? One verdict an act."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from partners.directory.reads import PartnerUnusable
from partners.models import ScheduledChange
from partners.models.scheduled_change import ScheduleState
from partners.partner_of_record.rules import may_set
from subscriptions.access import Actor, Permission
from subscriptions.base import formats
from subscriptions.base.time_zones import zone_name
from subscriptions.models import Subscription, Tenant
from subscriptions.verdicts import ALLOWED, Page, Verdict, VerdictCode, first_refusal

LATEST_SCHEDULED = timedelta(days=730)  # from today: a change for a later day is none that somebody remembers


def may_schedule(
    actor: Actor, tenant: Tenant, subscription: Subscription, *, has_partner: bool, waiting: ScheduledChange | None
) -> Verdict:
    """May this actor decide a change for a day to come? As now, and while no other change waits."""
    return first_refusal(
        [may_set(actor, tenant, subscription, has_partner=has_partner), _none_waits(tenant, waiting)]
    )


def may_schedule_at_renewal(subscription: Subscription) -> Verdict:
    """Does the term that runs end in a renewal?"""
    if subscription.renews:
        return ALLOWED
    return Verdict(
        code=VerdictCode.WRONG_STATE,
        reason=_("This subscription does not renew, so nothing can be scheduled for its renewal."),
        next_step=_("Choose a day instead, or turn recurring billing on first."),
    )


def may_begin_on(day: date, today: date) -> Verdict:
    """Is this day still to come where the organization is?"""
    if day > today:
        return ALLOWED
    return Verdict(
        code=VerdictCode.DAY_HAS_BEGUN,
        reason=_("The day %(day)s has begun already.") % {"day": formats.day(day)},
        next_step=_("Choose a later day, or change it now."),
    )


def may_cancel(actor: Actor, change: ScheduledChange) -> Verdict:
    return first_refusal([actor.may(Permission.SET_PARTNER_OF_RECORD), _must_be(change, ScheduleState.WAITING)])


def may_settle(actor: Actor, change: ScheduledChange) -> Verdict:
    """May this actor try a change again that was not applied, or dismiss it?"""
    return first_refusal([actor.may(Permission.SET_PARTNER_OF_RECORD), _must_be(change, ScheduleState.NOT_APPLIED)])


def may_approve(change: ScheduledChange, today: date) -> Verdict:
    """Does it still wait for a day to come?"""
    waits = _must_be(change, ScheduleState.WAITING)
    if not waits.allowed or change.day > today:
        return waits
    return Verdict(
        code=VerdictCode.WRONG_STATE,
        reason=_("Its day, %(day)s, has begun before anybody approved it.") % {"day": formats.day(change.day)},
        next_step=_("Refuse or withdraw it. Who still wants it asks anew, by what is there now."),
    )


def cannot_apply(unusable: PartnerUnusable) -> Verdict:
    """A change that was scheduled meets a partner that cannot be named any more."""
    return Verdict(
        code=VerdictCode.PARTNER_NOT_USABLE,
        reason=formats.sentences(_("The change cannot be applied."), unusable.sentence),
        next_step=unusable.next_step,
    )


def to_whom(change: ScheduledChange) -> str:
    """What it changes to, in words."""
    partner = change.partner
    return f"{partner.number} {partner.name}" if partner else _("None")


def applies(day: date, zone: str) -> str:
    """When a change for that day begins, as far as anybody knows it today."""
    facts = {"day": formats.day(day), "zone": zone_name(zone)}
    return _("%(day)s, 00:00 (%(zone)s)") % facts


def _none_waits(tenant: Tenant, waiting: ScheduledChange | None) -> Verdict:
    if waiting is None:
        return ALLOWED
    facts = {"partner": to_whom(waiting), "day": formats.day(waiting.day), "person": waiting.scheduled_by}
    return Verdict(
        code=VerdictCode.CHANGE_WAITS,
        reason=_("A change to %(partner)s is scheduled for %(day)s already, by %(person)s.") % facts,
        next_step=_("Cancel that change first, or leave it as it is."),
        next_label=_("Cancel the change"),
        next_page=Page("partners:scheduled-cancel", of=(tenant.slug, waiting.uuid)),
    )


def _must_be(change: ScheduledChange, state: ScheduleState) -> Verdict:
    if change.state == state:
        return ALLOWED
    facts = {"state": change.get_state_display(), "person": change.ended_by}
    if change.ended_at:
        facts["moment"] = formats.moment(change.ended_at)
        reason = _("This scheduled change is: %(state)s (%(person)s, %(moment)s).") % facts
    else:
        reason = _("This scheduled change is: %(state)s.") % facts
    return Verdict(code=VerdictCode.WRONG_STATE, reason=reason, next_step=_("Look at it as it is now."))
