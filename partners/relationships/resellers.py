"""Relationships that staff enter: of a partner that sells to an organization, or that administers it."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from partners.models import Partner, PartnerRelationship
from partners.models.partner import PartnerState
from partners.models.partner_offer import MOST_DAYS
from partners.models.partner_relationship import RelationshipKind
from partners.relationships.acts import add_relationship
from partners.relationships.changes import database_time
from subscriptions.access import Actor
from subscriptions.base.days import LAST
from subscriptions.models import Tenant
from subscriptions.models.delegated_role import DelegatedRole


class CannotResell(Exception):
    """This partner cannot become a reseller of this organization; the text says why."""


def require_usable(*, tenant: Tenant, partner: Partner) -> None:
    if partner.cloud != tenant.cloud:
        raise CannotResell(_("The partner does not work in this organization's cloud."))
    if partner.state != PartnerState.ACTIVE:
        raise CannotResell(_("The partner is not active."))


def require_addable(*, tenant: Tenant, partner: Partner) -> None:
    require_usable(tenant=tenant, partner=partner)
    open_rows = PartnerRelationship.objects.of_tenant(tenant).filter(
        partner=partner, kind=RelationshipKind.RESELLER, ended_at__isnull=True
    )
    if open_rows.exists():
        raise CannotResell(_("This partner is a reseller of the organization already."))


def require_end(expires_on: datetime | None) -> None:
    if expires_on and expires_on <= timezone.now():
        raise CannotResell(_("Choose a moment in the future."))
    if expires_on and expires_on.date() > LAST:
        raise CannotResell(_("Choose a day between 2000 and 2200."))


@transaction.atomic
def add_reseller(
    *, tenant: Tenant, partner: Partner, by: Actor, expires_on: datetime | None = None, reason: str = ""
) -> PartnerRelationship:
    """The new relationship. Raises CannotResell."""
    require_addable(tenant=tenant, partner=partner)
    require_end(expires_on)
    return add_relationship(
        tenant=tenant,
        partner=partner,
        kind=RelationshipKind.RESELLER,
        by=by,
        expires_on=expires_on,
        reason=reason,
    )


@transaction.atomic
def add_delegated_admin(
    *, tenant: Tenant, partner: Partner, roles: Collection[str], days: int, by: Actor, reason: str = ""
) -> PartnerRelationship:
    """What the organization granted outside the portal, for so many days from now. Raises CannotResell."""
    require_usable(tenant=tenant, partner=partner)
    if not roles or not 1 <= days <= MOST_DAYS:
        raise CannotResell(
            _("Delegated administration needs roles, and lasts from 1 to %(most)s days.") % {"most": MOST_DAYS}
        )
    start = database_time()
    return add_relationship(
        tenant=tenant,
        partner=partner,
        kind=RelationshipKind.DELEGATED_ADMIN,
        by=by,
        roles=[role.value for role in DelegatedRole if role in roles],
        started_at=start,
        expires_on=start + timedelta(days=days),
        reason=reason,
    )
