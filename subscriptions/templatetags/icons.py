"""Icons of the site's one sprite, and the operator's names. Built into every template, as nearly each shows some."""

from functools import cache

from django import template
from django.template import Context
from django.templatetags.static import static
from django.utils.safestring import SafeString

from subscriptions.base.brand import EVERYWHERE, Brand
from subscriptions.base.markup import draws_the_same, markup
from subscriptions.brands.reads import brand_shown_in

register = template.Library()
SPRITE = "vendor/fluentui/icons.svg"


@register.simple_tag
@draws_the_same
@cache  # a page shows two dozen
def icon(name: str, more_classes: str = "") -> SafeString:
    """A decoration: words always stand beside it."""
    drawing = '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>'
    return markup(drawing, f"icon {more_classes}".rstrip(), static(SPRITE), name)


@register.simple_tag(takes_context=True)
def own_brand(context: Context) -> Brand:
    """Of the cloud in which the page is, or of the portal, with the logo that is shown there now."""
    request = context.get("request")
    inside = getattr(request, "tenant", None) or getattr(request, "partner", None)
    return brand_shown_in(inside.cloud if inside else EVERYWHERE)


@register.simple_tag(takes_context=True)
def product_name(context: Context) -> str:
    return own_brand(context).product


@register.simple_tag
@draws_the_same
def chevron() -> SafeString:
    """The arrow at the end of a summary; turns while it is closed."""
    return icon("chevron_down", "chevron")
