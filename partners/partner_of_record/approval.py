"""A change of one subscription's partner of record that a second person approves: asked for, seen, done."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.directory import reads as directory
from partners.directory.reads import PartnerUnusable
from partners.models import Partner, ScheduledChange
from partners.partner_of_record.acts import credited, named, set_partner_of_record, undo_last_change
from partners.partner_of_record.as_asked import as_it_is, different_now, is_as_it_was
from partners.partner_of_record.history import last_step, subscription_with_periods
from partners.partner_of_record.policy.rules import may_ask_for, may_name, not_on_list
from partners.partner_of_record.rules import cannot_be_done, is_as_asked, may_set, may_undo
from partners.partner_of_record.schedule.acts import cancel_change, hold
from subscriptions.access import Actor, Decision
from subscriptions.approvals import requests
from subscriptions.approvals.events import ChangeWanted
from subscriptions.approvals.wanted import Wanted, entered
from subscriptions.clouds import Capability, Text
from subscriptions.models import Approval, Subscription, Tenant
from subscriptions.models.state_by_date import judge_by_date
from subscriptions.subscriptions.changes import lock_subscription, own_name_of
from subscriptions.subscriptions.lifecycle import today_of
from subscriptions.tenants.deciders import who_asked
from subscriptions.verdicts import Page, Refused, Verdict

PARTNER = "partner-of-record"  # among what a second person approves


@transaction.atomic
def ask_for_partner(
    *,
    tenant: Tenant,
    subscription: Subscription,
    partner: Partner | None,
    version: int,
    by: Actor,
    reason: str = "",
    instead_of: ScheduledChange | None = None,
) -> Approval | None:
    """None where it is credited already. What waits for its day and is not to stay is canceled at once.

    Raises as `set_partner_of_record` does; locks the subscription.
    """
    by.require_proof(Decision.CREDIT_PARTNER)
    if instead_of:
        hold(tenant, instead_of)
        lock_subscription(tenant, subscription, version)
        cancel_change(tenant=tenant, change=instead_of, by=by)
        version += 1
    row = lock_subscription(tenant, subscription, version)
    before = credited(row)
    may_set(by, tenant, row, has_partner=before is not None).require()
    if before == partner:
        return None
    if partner is not None:
        may_ask_for(tenant, partner).require()
        directory.find_partner(partner.number, tenant=tenant, product=row.product)
    return _ask(row, before, partner, by=by, reason=reason)


@transaction.atomic
def ask_for_undo(*, tenant: Tenant, subscription: Subscription, version: int, by: Actor) -> Approval:
    """Raises as `undo_last_change` does, but for the partner, who is asked for at the approval."""
    by.require_proof(Decision.CREDIT_PARTNER)
    row = lock_subscription(tenant, subscription, version)
    _found, periods = subscription_with_periods(tenant=tenant, uuid=row.uuid)
    last = last_step(periods)
    may_undo(by, row, last).require()
    assert last is not None  # noqa: S101 - the verdict refuses an empty history
    previous = Partner.objects.get(pk=last.before.pk) if last.before else None
    return _ask(row, credited(row), previous, by=by, is_undo=True)


def _ask(
    row: Subscription,
    before: Partner | None,
    after: Partner | None,
    *,
    by: Actor,
    reason: str = "",
    is_undo: bool = False,
) -> Approval:
    facts = ChangeWanted(
        asked_by=by.name,
        before=named(before) if before else None,
        after=named(after) if after else None,
        **own_name_of(row),
    )
    return requests.ask(
        act=PARTNER,
        tenant=row.tenant,
        row=row.pk,
        subject_name=row.name,
        facts=facts,
        kept={**as_it_is(row), "is_undo": is_undo},
        by=by,
        reason=reason,
    )


class OfOneSubscription(Wanted):
    """It is done only while the subscription is as it was when it was asked for."""

    subscription: Subscription

    def look_at(self, pk: int, *, held: bool) -> None:
        rows = Subscription.objects.select_related("product").filter(tenant=self.tenant)
        found = rows.get(pk=pk)
        self.subscription = lock_subscription(self.tenant, found, None) if held else found
        self.subscription.tenant = self.tenant
        judge_by_date(self.subscription, today_of(self.tenant))
        self.now = credited(self.subscription)

    @property
    def seen(self) -> str:
        return str(self.subscription.version)

    def may(self) -> Verdict:
        return is_as_asked(self.subscription, self.differences)

    @property
    def differences(self) -> list[str] | None:
        """What is different now; none of it may be among what is compared, and None stands for nothing at all."""
        if is_as_it_was(self.subscription, self.approval.wanted):
            return None
        told = different_now(self.subscription, self.approval.wanted)
        was, now = self.asked.before, named(self.now) if self.now else None
        if was == now:
            return told
        return [
            _("Partner of record: %(before)s → %(now)s") % {"before": was or _("None"), "now": now or _("None")},
            *told,
        ]

    def facts(self) -> Sequence[tuple[Text, Any]]:
        return [
            (_("Partner of record now"), str(named(self.now)) if self.now else _("None")),
            (_("Partner of record then"), str(self.asked.after or _("None"))),
        ]

    def sentences(self) -> list[str]:
        """That the partner is not on the approved list; and where none is added, a deletion is more than it seems."""
        if self.asked.after:
            partner = Partner.objects.filter(number=self.asked.after.id).first()
            return [not_on_list(partner)] if partner and not may_name(self.tenant, partner).allowed else []
        if self.tenant.cloud_profile.allows(Capability.ADD_PARTNER_OF_RECORD):
            return []
        return [
            _(
                "In this cloud your organization cannot add a partner by itself: once it is deleted, only Undo last "
                "change or a new offer of a partner brings one back."
            )
        ]

    @property
    def page(self) -> Page:
        return Page("subscriptions:detail", of=(self.tenant.slug, self.subscription.uuid))

    def wanted_partner(self) -> Partner | None:
        """As it is in the directory now. Raises Refused where it is not there any more."""
        if self.asked.after is None:
            return None
        partner = Partner.objects.filter(number=self.asked.after.id).first()
        try:
            return directory.require_usable(
                partner, self.asked.after.id, tenant=self.tenant, product=self.subscription.product
            )
        except PartnerUnusable as unusable:
            raise Refused(cannot_be_done(unusable)) from unusable


@entered
class PartnerWanted(OfOneSubscription):
    act = PARTNER
    label = gettext_lazy("Partner of record")

    def find(self, *, held: bool = False) -> None:
        self.look_at(self.approval.row, held=held)

    def perform(self) -> None:
        common: dict[str, Any] = {
            "tenant": self.tenant,
            "subscription": self.subscription,
            "version": self.subscription.version,
            "by": who_asked(self.approval, self.permission),
            "agreed": True,
        }
        partner = self.wanted_partner()
        if self.approval.wanted["is_undo"]:
            undo_last_change(**common)
        else:
            set_partner_of_record(**common, partner=partner, reason=self.approval.reason)
