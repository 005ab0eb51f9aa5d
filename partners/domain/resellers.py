"""A reseller relationship that staff enter for a partner that sells to an organisation."""

from django.db import transaction
from django.utils.translation import gettext as _

from partners.domain.relationships import add_relationship
from partners.models import Partner, PartnerRelationship
from partners.models.partner import PartnerState
from partners.models.partner_relationship import RelationshipKind
from subscriptions.access import Actor
from subscriptions.models import Tenant


class CannotResell(Exception):
    """This partner cannot become a reseller of this organisation; the text says why."""


def require_addable(*, tenant: Tenant, partner: Partner) -> None:
    if partner.cloud != tenant.cloud:
        raise CannotResell(_("The partner does not work in this organization's cloud."))
    if partner.state != PartnerState.ACTIVE:
        raise CannotResell(_("The partner is not active."))
    open_rows = PartnerRelationship.objects.of_tenant(tenant).filter(
        partner=partner, kind=RelationshipKind.RESELLER, ended_at__isnull=True
    )
    if open_rows.exists():
        raise CannotResell(_("This partner is a reseller of the organization already."))


@transaction.atomic
def add_reseller(*, tenant: Tenant, partner: Partner, by: Actor, expires_on=None, reason: str = ""):
    """The new relationship. Raises CannotResell."""
    require_addable(tenant=tenant, partner=partner)
    return add_relationship(
        tenant=tenant,
        partner=partner,
        kind=RelationshipKind.RESELLER,
        by=by,
        expires_on=expires_on,
        reason=reason,
    )
