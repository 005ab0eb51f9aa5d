from django import template

from partners.offers.events import NotCredited
from partners.offers.terms import as_page_part

register = template.Library()
# The one place where stored markup becomes a part of a page: cleaned again as it is shown.
register.filter("as_page_part", as_page_part)


@register.filter
def not_credited_because(why: str) -> str:
    return str(NotCredited(why).label)
