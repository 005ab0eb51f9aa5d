"""The partner that an organization named last: offered when it buys again, never chosen for it."""

from partners.directory.reads import is_usable
from partners.models import Partner, PartnerOfRecord
from subscriptions.models import Product, Tenant


def last_named_partner(*, tenant: Tenant, products: list[Product]) -> Partner | None:
    """The partner of the newest period that is still in force, if it can be named for all these products.

    What credits a deleted subscription stays in force, but nobody is shown it.
    """
    credits = PartnerOfRecord.objects.filter(tenant=tenant).in_force().of_existing_subscriptions()
    newest = credits.select_related("partner").order_by("-id").first()
    return newest.partner if newest and is_usable(newest.partner, tenant=tenant, products=products) else None
