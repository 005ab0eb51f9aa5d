"""What mails about offers say, from the facts that the audit trail keeps as text; and the terms of an offer."""

from urllib.parse import unquote
from uuid import UUID

from django import template
from django.urls import reverse

from partners.offers.events import NotCredited, OfferThen
from partners.offers.links import write_link
from partners.offers.terms import as_page_part
from subscriptions.base import formats
from subscriptions.models.delegated_role import DelegatedRole

register = template.Library()
# The one place where stored markup becomes a part of a page: cleaned again as it is shown.
register.filter("as_page_part", as_page_part)


@register.filter
def offer_path(facts: OfferThen) -> str:
    """The address of the sending that the event is about; dead once the offer was sent again. None before it."""
    if not facts.generation:
        return unquote(reverse("offer-link", args=["…"]))
    return path_to(facts.offer, facts.generation)


def path_to(uuid: UUID, generation: int) -> str:
    """The address that the mail of that sending has."""
    return reverse("offer-link", args=[write_link(uuid, generation)])


@register.filter
def role_names(roles: list[str]) -> str:
    return formats.join_list(map(DelegatedRole, roles))


@register.filter
def role_name(role: str) -> str:
    return str(DelegatedRole(role).label)


@register.filter
def not_credited_because(why: str) -> str:
    return str(NotCredited(why).label)
