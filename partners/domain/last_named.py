"""The partner that an organisation named last: offered when it buys again, never chosen for it."""

from partners.domain.directory import is_usable
from partners.models import Partner
from subscriptions.models import Product, Tenant


def last_named_partner(*, tenant: Tenant, products: list[Product]) -> Partner | None:
    """The partner of the newest period that is still in force, if it can be named for all these products."""
    partner = (
        Partner.objects.filter(partners_of_record__tenant=tenant, partners_of_record__valid__upper_inf=True)
        .order_by("-partners_of_record__id")
        .first()
    )
    return partner if partner and is_usable(partner, tenant=tenant, products=products) else None
