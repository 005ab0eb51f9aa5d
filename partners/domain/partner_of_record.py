"""The partner of record of a subscription: add, change, delete and undo are one act.

Sources: seed.md "Add a partner to an existing subscription", "Change the partner for a subscription", "Delete a
partner from a subscription".
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _
from psycopg.types.range import TimestamptzRange

from partners.domain import directory
from partners.domain.history import Period, Step, steps, subscription_with_periods
from partners.models import Partner, PartnerOfRecord
from partners.models.partner_of_record import Source
from subscriptions.access import ALLOWED, Actor, Permission, Verdict, VerdictCode
from subscriptions.clouds import Capability, CloudStatus
from subscriptions.domain import audit, mails
from subscriptions.domain.subscription_changes import StaleVersion
from subscriptions.models import AuditEvent, Subscription, Tenant
from subscriptions.models.audit_event import ActorKind, AuditKind
from subscriptions.models.mail import MailKind
from subscriptions.models.subscription import PARTNER_MAY_BE_SET


@dataclass(frozen=True)
class Change:
    """From which partner to which; `event` is None where nothing had to be done."""

    before: Partner | None
    after: Partner | None
    event: AuditEvent | None = None


def may_set(actor: Actor, tenant: Tenant, subscription: Subscription, *, has_partner: bool) -> Verdict:
    """May this actor add a partner of record here or, where there is one, change or delete it?"""
    in_cloud = _may_edit_in_cloud(tenant) if has_partner else _may_add_in_cloud(tenant)
    return _first_refusal([actor.may(Permission.SET_PARTNER_OF_RECORD), in_cloud, _state_allows(subscription)])


def may_name_at_purchase(actor: Actor, tenant: Tenant) -> Verdict:
    """May this actor name a partner in the check-out? Whether anything can be bought at all is another verdict."""
    offered = ALLOWED
    if not tenant.cloud_profile.allows(Capability.NAME_PARTNER_AT_PURCHASE):
        offered = Verdict(
            code=VerdictCode.NOT_IN_THIS_CLOUD,
            reason=_("In this cloud no partner is named when something is bought."),
        )
    return _first_refusal([actor.may(Permission.SET_PARTNER_OF_RECORD), offered])


def may_undo(actor: Actor, subscription: Subscription, last: Step | None) -> Verdict:
    """May this actor take the last change back? In every cloud, as it only restores what was."""
    return _first_refusal(
        [actor.may(Permission.SET_PARTNER_OF_RECORD), _state_allows(subscription), _is_undoable(actor, last)]
    )


def _is_undoable(actor: Actor, last: Step | None) -> Verdict:
    """Not an undo itself, and not what the operator's staff did, except by staff."""
    if last is None or last.is_undo:
        reason = _("There is no change that could be undone here.")
    elif last.source == Source.STAFF and actor.kind is not ActorKind.STAFF:
        reason = _("The last change was made by the operator's staff, who alone can undo it.")
    else:
        return ALLOWED
    return Verdict(
        code=VerdictCode.NOTHING_TO_UNDO,
        reason=reason,
        next_step=_("Use the subscription's page to add or edit the partner of record."),
    )


def _first_refusal(verdicts: list[Verdict]) -> Verdict:
    return next((verdict for verdict in verdicts if not verdict.allowed), ALLOWED)


def _may_edit_in_cloud(tenant: Tenant) -> Verdict:
    if tenant.cloud_profile.allows(Capability.EDIT_PARTNER_OF_RECORD):
        return ALLOWED
    return Verdict(
        code=VerdictCode.NOT_IN_THIS_CLOUD,
        reason=_("In this cloud a partner of record cannot be edited."),
        next_step=_("Ask the operator's support."),
    )


def _may_add_in_cloud(tenant: Tenant) -> Verdict:
    profile = tenant.cloud_profile
    if not profile.allows(Capability.ADD_PARTNER_OF_RECORD):
        return Verdict(
            code=VerdictCode.NOT_IN_THIS_CLOUD,
            reason=_("In this cloud a partner of record is not added here: the partner starts it by e-mail."),
            who=_("An authorized partner of %(operator)s.") % {"operator": profile.operator},
            next_step=_("Ask your partner to send you an offer by e-mail."),
        )
    if tenant.cloud_status == CloudStatus.CLOSED:
        return Verdict(
            code=VerdictCode.CLOUD_CLOSED,
            reason=_("This cloud is closed: everything can be read, but no partner can be added any more."),
            next_step=_("You can still change or delete a partner that is named already."),
        )
    return ALLOWED


def _state_allows(subscription: Subscription) -> Verdict:
    if subscription.status in PARTNER_MAY_BE_SET:
        return ALLOWED
    return Verdict(
        code=VerdictCode.SUBSCRIPTION_DISABLED,
        reason=_("This subscription is disabled, so its partner of record can only be read."),
        who=_("A Global admin or a Billing admin can reactivate the subscription."),
        next_step=_("Reactivate the subscription first; then the partner of record can be changed."),
    )


@transaction.atomic
def set_partner_of_record(
    *,
    tenant: Tenant,
    subscription: Subscription,
    partner: Partner | None,
    version: int,
    by: Actor,
    reason: str = "",
    source: Source = Source.TENANT,
) -> Change:
    """Credits `partner` from now on; None credits nobody. The same partner again changes nothing.

    `version` is the subscription's version that the person saw. Raises StaleVersion, Refused, and
    directory.PartnerUnusable; locks the subscription until the transaction ends. Nobody is mailed about a purchase
    here: the order tells everybody once, however many subscriptions it has.
    """
    subscription = _locked(tenant, subscription, version)
    current = _open_period(subscription)
    before = current.partner if current else None
    if source is Source.PURCHASE:
        may_name_at_purchase(by, tenant).require()
    elif source is not Source.UNDO:
        may_set(by, tenant, subscription, has_partner=before is not None).require()
    if before == partner:
        return Change(before, partner)
    if partner is not None:
        partner = directory.find_partner(partner.partner_id, tenant=tenant, product=subscription.product)
    moment = _moment_after(current)
    if current:
        _close(current, moment, by=by, source=source, reason=reason)
    if partner:
        _open(subscription, partner, moment, by=by, source=source, reason=reason)
    Subscription.objects.filter(tenant=tenant, pk=subscription.pk).update(version=F("version") + 1)
    event = _record(tenant, subscription, before, partner, by=by, reason=reason, source=source)
    if source is not Source.PURCHASE:
        _queue_mails(event, before, partner)
    return Change(before, partner, event)


@transaction.atomic
def undo_last_change(*, tenant: Tenant, subscription: Subscription, version: int, by: Actor) -> Change:
    """Restores the partner before the last change, as a new period.

    Raises StaleVersion where something changed since, Refused where there is nothing to undo or the role does not
    allow it, and directory.PartnerUnusable where the previous partner cannot be named any more.
    """
    subscription = _locked(tenant, subscription, version)
    _found, periods = subscription_with_periods(tenant=tenant, uuid=subscription.uuid)
    last = last_step(periods)
    may_undo(by, subscription, last).require()
    assert last is not None  # noqa: S101 - the verdict refuses an empty history
    previous = Partner.objects.get(pk=last.before.pk) if last.before else None
    return set_partner_of_record(
        tenant=tenant,
        subscription=subscription,
        partner=previous,
        version=version,
        by=by,
        source=Source.UNDO,
    )


def last_step(periods: list[Period]) -> Step | None:
    return next(iter(steps(periods)), None)


def _locked(tenant: Tenant, subscription: Subscription, version: int) -> Subscription:
    locked = (
        Subscription.objects.select_for_update(of=("self",))
        .select_related("product")
        .get(tenant=tenant, pk=subscription.pk)
    )
    if locked.version != version:
        raise StaleVersion
    return locked


def _open_period(subscription: Subscription) -> PartnerOfRecord | None:
    return (
        PartnerOfRecord.objects.in_force()
        .filter(tenant_id=subscription.tenant_id, subscription=subscription)
        .select_related("partner")
        .first()
    )


def _moment_after(current: PartnerOfRecord | None) -> datetime:
    """Now by the database's clock, read after the lock, and never before the current period's start.

    `now()` would be the transaction's start and make the later of two committers fail.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT GREATEST(clock_timestamp(), %s::timestamptz + interval '1 microsecond')",
            [current.valid.lower if current else None],
        )
        return cursor.fetchone()[0]


def _close(period: PartnerOfRecord, moment: datetime, *, by: Actor, source: Source, reason: str) -> None:
    PartnerOfRecord.objects.filter(tenant_id=period.tenant_id, pk=period.pk).update(
        valid=TimestamptzRange(period.valid.lower, moment, "[)"),
        end_source=source,
        ended_by_id=by.user_id,
        ended_by_name=by.name,
        end_reason=reason,
    )


def _open(
    subscription: Subscription, partner: Partner, moment: datetime, *, by: Actor, source: Source, reason: str
) -> None:
    PartnerOfRecord.objects.create(
        tenant_id=subscription.tenant_id,
        subscription=subscription,
        partner=partner,
        valid=TimestamptzRange(moment, None, "[)"),
        source=source,
        set_by_id=by.user_id,
        set_by_name=by.name,
        reason=reason,
    )


def _record(
    tenant: Tenant,
    subscription: Subscription,
    before: Partner | None,
    after: Partner | None,
    *,
    by: Actor,
    reason: str,
    source: Source,
) -> AuditEvent:
    if before is None:
        kind = AuditKind.PARTNER_OF_RECORD_ADDED
    else:
        kind = AuditKind.PARTNER_OF_RECORD_CHANGED if after else AuditKind.PARTNER_OF_RECORD_REMOVED
    return audit.record(
        kind,
        by=by,
        tenant=tenant,
        subject_name=subscription.name,
        subject_uuid=subscription.uuid,
        reason=reason,
        detail={
            "source": source.value,
            "before": _as_it_was(before),
            "after": _as_it_was(after),
            "path": reverse("subscriptions:detail", args=[tenant.slug, subscription.uuid]),
        },
    )


def _as_it_was(partner: Partner | None) -> dict[str, str] | None:
    return {"id": partner.partner_id, "name": partner.name} if partner else None


def _queue_mails(event: AuditEvent, before: Partner | None, after: Partner | None) -> None:
    if before:
        mails.queue_to_company(event, MailKind.PARTNER_REMOVED, mailbox_of(before))
    if after:
        mails.queue_to_company(event, MailKind.PARTNER_NAMED, mailbox_of(after))
    mails.queue_to_members(event, MailKind.PARTNER_OF_RECORD_RECEIPT)


def mailbox_of(partner: Partner) -> mails.Company:
    return mails.Company(partner.name, partner.mailbox, partner.language)
