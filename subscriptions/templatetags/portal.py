from django import template

from subscriptions import formats
from subscriptions.clouds import Capability
from subscriptions.models.delegated_role import DelegatedRole
from subscriptions.models.product import ProductFamily

register = template.Library()
register.filter("money", formats.money)
register.filter("day", formats.day)
register.filter("stored_money", formats.stored_money)
register.filter("stored_day", formats.stored_day)
register.filter("moment", formats.moment)
register.filter("number", formats.number)


@register.filter
def service_name(family: str) -> str:
    """A product family, where only its stored value is known."""
    return str(ProductFamily(family).label)


@register.filter
def delegated_role(role: str) -> str:
    """A partner's role, where only its stored value is known."""
    return str(DelegatedRole(role).label)


@register.filter
def allows(profile, capability: str) -> bool:
    """`{% if request.tenant.cloud_profile|allows:"find-partner" %}`; a typo raises instead of hiding something."""
    return profile.allows(Capability(capability))
