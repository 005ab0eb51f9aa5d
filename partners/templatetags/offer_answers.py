from datetime import datetime

from django import template

from partners.domain.offer_answers import NotCredited
from partners.domain.offer_terms import as_page_part
from subscriptions import formats
from subscriptions.models.delegated_role import DelegatedRole

register = template.Library()
# The one place where stored markup becomes a part of a page: cleaned again as it is shown.
register.filter("as_page_part", as_page_part)


@register.filter
def role_name(role: str) -> str:
    """A delegated role, where only its stored value is known."""
    return str(DelegatedRole(role).label)


@register.filter
def not_credited_because(why: str) -> str:
    return str(NotCredited(why).label)


@register.filter
def stored_moment(text: str) -> str:
    """A moment that the audit trail keeps as text."""
    return formats.moment(datetime.fromisoformat(text))
