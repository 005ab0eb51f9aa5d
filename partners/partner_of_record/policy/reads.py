"""What an organization's policy wants of each subscription, and what differs from it.

Its cloud and its country are the organization's own, so a default is of a product, of a category, or of all others.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from partners.models import ApprovedPartner, Partner, PolicyExemption, PolicyPartner
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
    approved = set(ApprovedPartner.objects.filter(tenant=tenant).values_list("partner", flat=True))
    return not approved or partner.pk in approved


def why(default: PolicyPartner) -> str:
    """Why it is this one and no other."""
    if default.product:
        return _("Default of the product %(name)s") % {"name": default.product.name}
    if default.family:
        return _("Default of the category %(name)s") % {"name": default.family.name}
    return _("Default of your organization")


def wanted_partner(policy: Policy) -> Case:
    """For a query of subscriptions: the key of the partner that the policy wants, null for none."""
    of_all = next((each for each in policy.defaults if not each.product_id and not each.family_id), None)
    cases = [
        *(When(product=each.product_id, then=Value(each.partner_id)) for each in policy.defaults if each.product_id),
        *(
            When(product__family=each.family_id, then=Value(each.partner_id))
            for each in policy.defaults
            if each.family_id
        ),
    ]
    return Case(*cases, default=Value(of_all.partner_id if of_all else None), output_field=IntegerField())


def differing(tenant: Tenant, rows: Any) -> Any:
    """Of these subscriptions, with their open period as `current`, those that are not as the policy wants them.

    Exempted ones are left out until the exemption ends, and those whose partner cannot be set.
    """
    policy, today = policy_of(tenant), today_of(tenant)
    if not policy.defaults and not policy.approved:
        return rows.none()
    rows = rows.annotate(wanted=wanted_partner(policy)).filter(partner_may_be_set(today))
    differs = Q(wanted__isnull=False) & (Q(current__isnull=True) | ~Q(current__partner=F("wanted")))
    if policy.approved:
        differs |= Q(current__isnull=False) & ~Q(current__partner__in=policy.approved)
    exempt = exemptions_in_force(tenant).filter(subscription=OuterRef("pk"))
    return rows.filter(differs).exclude(pk__in=exempt.values("subscription"))


def differing_subscriptions(tenant: Tenant) -> Any:
    rows: Any = Subscription.objects.of_tenant(tenant)
    return differing(tenant, rows.with_partner())


def exemptions_in_force(tenant: Tenant) -> QuerySet[PolicyExemption]:
    """They end by themselves, with their day."""
    rows = PolicyExemption.objects.filter(tenant=tenant, ended_at__isnull=True, ends_on__gte=today_of(tenant))
    return rows.select_related("subscription")
