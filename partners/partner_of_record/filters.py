"""Subscriptions by what has become of the partner that they credit: filters of an organization's list."""

from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from partners.models import PartnerOfRecord
from partners.models.partner import PartnerState
from subscriptions.models import Tenant
from subscriptions.subscriptions.reads import PARTNER_FILTERS, Narrowed


def credits_nobody_active(rows: Any, tenant: Tenant) -> Any:
    """The partner is suspended, not active, or under review."""
    return _crediting(rows, tenant, ~Q(partner__state=PartnerState.ACTIVE))


def credits_the_unauthorized(rows: Any, tenant: Tenant) -> Any:
    """The partner is active, and could not be named any more: for this country or region, or for the product."""
    elsewhere = ~Q(partner__authorized_countries__contains=[tenant.country_code])
    of_others = ~Q(partner__authorized_families__contains=[F("product__family")])
    not_for_it = Q(partner__authorized_for_all=False) & of_others
    return _crediting(rows, tenant, Q(partner__state=PartnerState.ACTIVE) & (elsewhere | not_for_it))


def _crediting(rows: Any, tenant: Tenant, condition: Q) -> Any:
    """The partner's side first, as most of them are as they should be."""
    credits = PartnerOfRecord.objects.in_force().filter(condition, tenant=tenant)
    return rows.filter(pk__in=credits.values("subscription"))


PARTNER_FILTERS["not-active"] = Narrowed(_("Partner suspended or not active"), credits_nobody_active)
PARTNER_FILTERS["not-authorized"] = Narrowed(_("Partner no longer authorized"), credits_the_unauthorized)
