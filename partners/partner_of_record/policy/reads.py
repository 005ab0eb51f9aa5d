"""What an organization's policy wants of each subscription, and what differs from it.

Its cloud and its country are the organization's own, so a default is of a product, of a category, or of all others.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from partners.models import ApprovedPartner, Partner, PolicyExemption, PolicyPartner
from subscriptions.base.known_queries import Argument, KnownQuery
from subscriptions.models import Product, Subscription, Tenant
from subscriptions.models.state_by_date import partner_may_be_set
from subscriptions.subscriptions.lifecycle import today_of


@dataclass(frozen=True)
class Policy:
    """All of it, read in two statements."""

    defaults: tuple[PolicyPartner, ...]
    approved: frozenset[int]  # keys of partners; while there is none, each is approved

    def default_for(self, product: Product) -> PolicyPartner | None:
        """The most specific first: of the product, of its category, of all others."""
        of_product = (each for each in self.defaults if each.product_id == product.pk)
        of_family = (each for each in self.defaults if each.family_id == product.family_id and each.family_id)
        of_all = (each for each in self.defaults if each.product_id is None and each.family_id is None)
        return next(of_product, None) or next(of_family, None) or next(of_all, None)

    def approves(self, partner: Partner | int) -> bool:
        pk = partner if isinstance(partner, int) else partner.pk
        return not self.approved or pk in self.approved


def policy_of(tenant: Tenant) -> Policy:
    defaults = PolicyPartner.objects.filter(tenant=tenant).select_related("partner", "product", "family")
    approved = ApprovedPartner.objects.filter(tenant=tenant).values_list("partner", flat=True)
    return Policy(tuple(defaults.order_by("pk")), frozenset(approved))


def is_approved(tenant: Tenant, partner: Partner) -> bool:
    """Asked wherever a partner is named."""
    approved = {row["partner"] for row in APPROVED.values(tenant=tenant.pk)}
    return not approved or partner.pk in approved


def _approved() -> QuerySet[ApprovedPartner, Any]:
    tenant = Argument("tenant", BigIntegerField())
    return ApprovedPartner.objects.filter(tenant=tenant).order_by().values("partner")


APPROVED = KnownQuery(_approved)


def why(default: PolicyPartner) -> str:
    """Why it is this one and no other."""
    if default.product:
        return _("Default of the product %(name)s") % {"name": default.product.name}
    if default.family:
        return _("Default of the category %(name)s") % {"name": default.family.name}
    return _("Default of your organization")


def differing(tenant: Tenant, rows: Any) -> Any:
    """Of these subscriptions, with their open period as `current`, those that are not as the policy wants them.

    Exempted ones are left out until the exemption ends, and those whose partner cannot be set. It asks nothing while
    it is written, as it is one of many counts in one statement; without a policy no subscription is looked at.
    """
    defaults = PolicyPartner.objects.filter(tenant=tenant)
    approved = ApprovedPartner.objects.filter(tenant=tenant)
    not_approved = Q(current__isnull=False) & ~Q(current__partner__in=approved.values("partner"))
    differs = _not_the_default(defaults) | Q(Exists(approved)) & not_approved
    rows = rows.filter(Q(Exists(defaults)) | Q(Exists(approved)), differs, partner_may_be_set(today_of(tenant)))
    return rows.exclude(pk__in=exemptions_in_force(tenant).values("subscription"))


def _not_the_default(defaults: QuerySet[PolicyPartner]) -> Q:
    """The most specific default counts, as in `Policy.default_for`; where there is none, nothing differs from it."""
    of_product, of_family = defaults.filter(product__isnull=False), defaults.filter(family__isnull=False)
    of_all = defaults.filter(product__isnull=True, family__isnull=True)
    by_product = Q(product__in=of_product.values("product"))
    by_family = ~by_product & Q(product__family__in=of_family.values("family"))
    by_none = ~by_product & ~Q(product__family__in=of_family.values("family")) & Q(Exists(of_all))

    def credited(default: QuerySet[PolicyPartner], **of: OuterRef) -> Q:
        return Q(Exists(default.filter(partner=OuterRef("current__partner"), **of)))

    return (
        by_product & ~credited(of_product, product=OuterRef("product"))
        | by_family & ~credited(of_family, family=OuterRef("product__family"))
        | by_none & ~credited(of_all)
    )


def differing_subscriptions(tenant: Tenant) -> Any:
    rows: Any = Subscription.objects.of_tenant(tenant)
    return differing(tenant, rows.with_partner())


def exemptions_in_force(tenant: Tenant) -> QuerySet[PolicyExemption]:
    """They end by themselves, with their day."""
    rows = PolicyExemption.objects.filter(tenant=tenant, ended_at__isnull=True, ends_on__gte=today_of(tenant))
    return rows.select_related("subscription")
