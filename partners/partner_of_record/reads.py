"""Whom the subscriptions of an organization credit now: its advisors, and the partner that it named last.

One subscription's partners over time stand in `history.py`.
"""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from partners.directory.rules import is_usable
from partners.models import Partner, PartnerOfRecord
from partners.models.partner_of_record import PartnerOfRecordQuerySet
from subscriptions.models import Product, Tenant
from subscriptions.web.paging import total_of


def open_credits(tenant: Tenant) -> PartnerOfRecordQuerySet[Any]:
    """The open periods of its subscriptions, but for deleted ones."""
    return PartnerOfRecord.objects.in_force().of_existing_subscriptions().with_bounds().filter(tenant=tenant)


def credits_of(tenant: Tenant, partner: Partner) -> PartnerOfRecordQuerySet[Any]:
    return open_credits(tenant).filter(partner=partner)


def has_advisors(tenant: Tenant) -> bool:
    """Asked in the order of an index: without one, a planner may look for the first through all organizations."""
    return open_credits(tenant).order_by("partner_id").values("pk").first() is not None


def partners_with_credits(tenant: Tenant) -> QuerySet[Partner]:
    """Each with `since`, when the oldest of its credits began, and `subscriptions`, their number up to COUNT_CAP.

    Neither reads all of the credits, as their index is in the order of beginnings. An advisor is who has any.
    """
    credits = open_credits(tenant).filter(partner=OuterRef("pk"))
    oldest = credits.order_by("began").values("began")[:1]
    return Partner.objects.annotate(since=Subquery(oldest), subscriptions=total_of(credits.values("pk")))


def last_named_partner(*, tenant: Tenant, products: list[Product]) -> Partner | None:
    """The partner of the newest period that is still in force, if it can be named for all these products: offered
    when an organization buys again, never chosen for it.

    What credits a deleted subscription stays in force, but nobody is shown it.
    """
    credits = PartnerOfRecord.objects.filter(tenant=tenant).in_force().of_existing_subscriptions()
    newest = credits.select_related("partner").order_by("-id").first()
    return newest.partner if newest and is_usable(newest.partner, tenant=tenant, products=products) else None
