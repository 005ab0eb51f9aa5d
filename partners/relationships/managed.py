"""Which reseller manages a subscription, and what of that keeps the reseller from leaving."""

from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.db.models import Exists, F, Q, QuerySet
from django.utils.translation import gettext as _

from partners.models import ManagedSubscription, Partner, PartnerRelationship
from partners.models.partner_relationship import RelationshipKind
from partners.partner_of_record.acts import named
from partners.relationships.events import ResellerChanged
from partners.relationships.resellers import CannotResell
from subscriptions.access import Actor
from subscriptions.audit import acts as audit
from subscriptions.db.locks import lock_row
from subscriptions.models import AuditEvent, Subscription, Tenant
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.state_by_date import in_state
from subscriptions.models.subscription import SubscriptionStatus
from subscriptions.subscriptions.lifecycle import today_of
from subscriptions.web.paging import COUNT_CAP

MOST_LISTED = 20


@dataclass(frozen=True)
class Managed:
    """Live subscriptions that a reseller manages: those that end last, and how many there are, up to COUNT_CAP."""

    rows: list[Subscription] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.rows[0].total if self.rows else 0  # type: ignore[attr-defined]

    @property
    def until(self) -> date | None:
        """The day on which the last of their terms ends."""
        return self.rows[0].term_ends_on if self.rows else None


NOTHING = Managed()


def blocking(tenant: Tenant, partner: Partner) -> Managed:
    """What keeps this reseller from leaving. Needs a scope that sees all of the organization's subscriptions.

    Where it is not known who manages one, it is the only reseller, if there is just one.
    """
    own = Q(managed__partner=partner) | (Q(managed=None) & ~_has_others(tenant, partner))
    return _listed(_live(tenant).filter(own))


def unknown(tenant: Tenant, partner: Partner) -> Managed:
    """Those of which only staff can find out whether this reseller or another manages them; they keep none."""
    return _listed(_live(tenant).filter(_has_others(tenant, partner), managed=None))


def _has_others(tenant: Tenant, partner: Partner) -> Exists:
    return Exists(_resellers(tenant).exclude(partner=partner))


def _live(tenant: Tenant) -> QuerySet[Subscription]:
    """Paid for today: no trial, and nothing that has expired, whether the hourly job has written that yet or not."""
    rows = Subscription.objects.of_tenant(tenant).managed_by_reseller()
    return rows.filter(in_state(SubscriptionStatus.ACTIVE, today_of(tenant)))


def _listed(rows) -> Managed:
    return Managed(list(rows.order_by("-term_ends_on", "-pk").with_total(COUNT_CAP)[:MOST_LISTED]))


def _resellers(tenant: Tenant) -> QuerySet[PartnerRelationship]:
    return PartnerRelationship.objects.of_tenant(tenant).filter(kind=RelationshipKind.RESELLER, ended_at__isnull=True)


def resellers_of(tenants) -> QuerySet[Partner]:
    """Those that can be said to manage a subscription of these organizations."""
    open_rows = PartnerRelationship.objects.filter(
        tenant__in=tenants, kind=RelationshipKind.RESELLER, ended_at__isnull=True
    )
    return Partner.objects.filter(pk__in=open_rows.values("partner")).order_by("name_key", "pk")


@transaction.atomic
def set_reseller(
    *, tenant: Tenant, subscription: Subscription, partner: Partner | None, by: Actor, reason: str = ""
) -> AuditEvent | None:
    """Who manages the subscription from now on; without a partner the organization itself does. None: as before.

    Raises CannotResell. What the organization's people have open of it is stale then.
    """
    if partner:
        _hold_reseller(tenant, partner)
    rows = Subscription.objects.filter(tenant=tenant)
    lock_row(rows, subscription.pk)
    was_managed = rows.values_list("reseller_managed", flat=True).get(pk=subscription.pk)
    managed = ManagedSubscription.objects.select_related("partner").filter(tenant=tenant, subscription=subscription)
    before = managed.first()
    if was_managed == bool(partner) and (before and before.partner) == partner:
        return None
    if partner is None:
        managed.delete()
    elif not managed.update(partner=partner):
        ManagedSubscription.objects.create(tenant=tenant, subscription=subscription, partner=partner)
    rows.filter(pk=subscription.pk).update(reseller_managed=bool(partner), version=F("version") + 1)
    return audit.record(
        AuditKind.SUBSCRIPTION_RESELLER_CHANGED,
        by=by,
        tenant=tenant,
        subject_name=subscription.name,
        subject_uuid=subscription.uuid,
        reason=reason,
        facts=ResellerChanged(named(before.partner) if before else None, named(partner) if partner else None),
    )


def _hold_reseller(tenant: Tenant, partner: Partner) -> None:
    """Who ends the relationship waits until this is done, and counts it; or comes before it. Raises CannotResell."""
    if not _resellers(tenant).filter(partner=partner).select_for_update(no_key=True).first():
        raise CannotResell(_("The partner is no reseller of this organization."))
