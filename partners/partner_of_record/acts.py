"""The partner of record of a subscription: add, change, delete and undo are one act."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F

from partners.directory import reads as directory
from partners.directory.rules import mailbox_of
from partners.models import Partner, PartnerOfRecord
from partners.models.partner_of_record import Source
from partners.partner_of_record.events import PartnerOfRecordChanged
from partners.partner_of_record.history import last_step, subscription_with_periods
from partners.partner_of_record.policy.rules import may_name
from partners.partner_of_record.rules import (
    may_credit_by_offer,
    may_name_at_purchase,
    may_restore,
    may_set,
    may_undo,
)
from partners.partner_of_record.writing import write_change
from subscriptions.access import Actor, Decision
from subscriptions.approvals.rules import may_alone
from subscriptions.audit import acts as audit
from subscriptions.audit.facts import Named
from subscriptions.mails.receivers import Receiver, tell
from subscriptions.models import AuditEvent, Subscription, Tenant
from subscriptions.models.audit_event import AuditKind
from subscriptions.subscriptions.changes import lock_subscription, own_name_of

EVERYBODY = frozenset(Receiver)
NEW_PARTNER = frozenset({Receiver.PARTNER})
# What is decided where a partner is named for the first time, or its offer accepted, needs no second person
DECIDED_ELSEWHERE = frozenset({Source.PURCHASE, Source.OFFER})
FORMER_PARTNER = frozenset({Receiver.PARTNER_BEFORE})
NOBODY: frozenset[Receiver] = frozenset()


@dataclass(frozen=True)
class Change:
    """From which partner to which; `event` is None where nothing had to be done."""

    before: Partner | None
    after: Partner | None
    event: AuditEvent | None = None


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
    is_one_of_many: bool = False,
    agreed: bool = False,
) -> Change:
    """Credits `partner` from now on; None removes the credit. The same partner again changes nothing.

    `version` is the subscription's version that the person saw. Nobody is mailed of one of many: everybody is told of
    these once. `agreed` says that a second person has approved it. Raises SignInTooOld, StaleVersion, Refused, and
    directory.PartnerUnusable; locks the subscription until the transaction ends.
    """
    by.require_proof(Decision.CREDIT_PARTNER)
    change = _locked_change(tenant, subscription, version)
    may_set(by, tenant, change.subscription, has_partner=change.before is not None).require()
    tells = NOBODY if is_one_of_many else EVERYBODY
    return change.to(partner, by=by, reason=reason, source=source, tells=tells, agreed=agreed)


@transaction.atomic
def restore_partner(
    *,
    tenant: Tenant,
    subscription: Subscription,
    partner: Partner | None,
    version: int,
    by: Actor,
    agreed: bool = False,
) -> Change:
    """Brings back the partner, or none, from before an act on many, whose undo tells everybody once.

    Works in every cloud, as an undo does; that nothing came in between is for the caller to know, by the version.
    Raises as `set_partner_of_record` does.
    """
    by.require_proof(Decision.CREDIT_PARTNER)
    change = _locked_change(tenant, subscription, version)
    may_restore(by, change.subscription).require()
    return change.to(partner, by=by, source=Source.UNDO, tells=NOBODY, agreed=agreed)


@transaction.atomic
def credit_at_purchase(
    *, tenant: Tenant, subscription: Subscription, partner: Partner, version: int, by: Actor
) -> Change:
    """Credits the partner that the check-out named. No mail is sent: the order tells all receivers once, however many
    subscriptions it has. Raises as `set_partner_of_record` does.
    """
    change = _locked_change(tenant, subscription, version)
    may_name_at_purchase(by, tenant).require()
    return change.to(partner, by=by, source=Source.PURCHASE, tells=FORMER_PARTNER)


@transaction.atomic
def credit_by_policy(*, tenant: Tenant, subscription: Subscription, partner: Partner, by: Actor) -> Change:
    """Credits the default partner on what `by` has just bought, tries or entered. Only the partner is mailed.

    Raises Refused and directory.PartnerUnusable.
    """
    change = _locked_change(tenant, subscription, None)
    may_name_at_purchase(by, tenant).require()
    return change.to(partner, by=by, source=Source.POLICY, tells=NEW_PARTNER, agreed=True)


@transaction.atomic
def credit_by_offer(*, tenant: Tenant, subscription: Subscription, partner: Partner, by: Actor) -> Change:
    """Credits the partner whose offer this Global admin accepted, whatever the subscription's version is by now.

    Nobody is mailed: the answer to the offer tells everybody once. Raises Refused and directory.PartnerUnusable.
    """
    change = _locked_change(tenant, subscription, None)
    may_credit_by_offer(by, tenant, change.subscription).require()
    return change.to(partner, by=by, source=Source.OFFER, tells=FORMER_PARTNER)


@transaction.atomic
def undo_last_change(
    *, tenant: Tenant, subscription: Subscription, version: int, by: Actor, agreed: bool = False
) -> Change:
    """Restores the partner before the last change, as a new period.

    Raises SignInTooOld, StaleVersion where something changed since, Refused where there is nothing to undo or the
    role does not allow it, and directory.PartnerUnusable where the previous partner cannot be named any more.
    """
    by.require_proof(Decision.CREDIT_PARTNER)
    change = _locked_change(tenant, subscription, version)
    _found, periods = subscription_with_periods(tenant=tenant, uuid=subscription.uuid)
    last = last_step(periods)
    may_undo(by, change.subscription, last).require()
    assert last is not None  # noqa: S101 - the verdict refuses an empty history
    previous = Partner.objects.get(pk=last.before.pk) if last.before else None
    return change.to(previous, by=by, source=Source.UNDO, agreed=agreed)


@dataclass(frozen=True)
class _LockedChange:
    """A locked subscription, and its open period. Each act asks its own verdict first."""

    tenant: Tenant
    subscription: Subscription
    current: Any  # the PartnerOfRecord with what the organization has switched, or None

    @property
    def before(self) -> Partner | None:
        return self.current.partner if self.current else None

    def to(
        self,
        partner: Partner | None,
        *,
        by: Actor,
        source: Source,
        reason: str = "",
        tells: Collection[Receiver] = EVERYBODY,
        agreed: bool = False,
    ) -> Change:
        """Closes, opens, audits and queues the mails. Every change passes here, so here a second person is asked."""
        before, tenant, subscription = self.before, self.tenant, self.subscription
        source = Source.API if source is Source.TENANT and by.application else source
        if before == partner:
            return Change(before, partner)
        if source not in DECIDED_ELSEWHERE:
            self._read_switches()
            may_alone(by, tenant, agreed=agreed).require()
        partner = partner and self._usable(partner, source, agreed=agreed)
        write_change(subscription, self.current, partner, by=by, source=source, reason=reason)
        event = _record(tenant, subscription, before, partner, by=by, reason=reason, source=source)
        if tells:
            mailboxes = [mailbox_of(each) if each else None for each in (partner, before)]
            tell(event, only=tells, partner=mailboxes[0], partner_before=mailboxes[1])
        return Change(before, partner, event)

    def _read_switches(self) -> None:
        """They may have been switched since the organization was read; with an open period they came again."""
        if self.current:
            self.tenant.second_person, self.tenant.asks_off_list = (
                self.current.second_person,
                self.current.asks_off_list,
            )
        else:
            self.tenant.refresh_from_db(fields=["second_person", "asks_off_list"])

    def _usable(self, partner: Partner, source: Source, *, agreed: bool) -> Partner:
        """By the approved list, unless its offer was accepted, which is a decision of its own; and by the directory.

        Raises Refused and directory.PartnerUnusable.
        """
        now = directory.partner_now(partner.number, tenant=self.tenant)
        if now and source is not Source.OFFER:
            may_name(self.tenant, now, agreed=agreed, is_listed=now.is_listed).require()
        return directory.require_usable(now, partner.number, tenant=self.tenant, product=self.subscription.product)


def _locked_change(tenant: Tenant, subscription: Subscription, version: int | None) -> _LockedChange:
    row = lock_subscription(tenant, subscription, version)
    return _LockedChange(tenant, row, _open_period(row))


def _open_period(subscription: Subscription) -> Any:
    return (
        PartnerOfRecord.objects.in_force()
        .filter(tenant_id=subscription.tenant_id, subscription=subscription)
        .select_related("partner")
        .annotate(second_person=F("tenant__second_person"), asks_off_list=F("tenant__asks_off_list"))
        .first()
    )


def credited(subscription: Subscription) -> Partner | None:
    """Whom it credits now."""
    period = _open_period(subscription)
    return period.partner if period else None


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
        facts=PartnerOfRecordChanged(
            named(before) if before else None,
            named(after) if after else None,
            source,
            **own_name_of(subscription),
        ),
    )


def named(partner: Partner) -> Named:
    """As it is now, for what is told of it later."""
    return Named(partner.number, partner.name)
