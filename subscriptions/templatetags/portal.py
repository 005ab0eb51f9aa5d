from django import template
from django.conf import settings
from django.urls import reverse

from subscriptions.base import formats
from subscriptions.base.markup import draws_the_same, join_markup, markup
from subscriptions.clouds import Capability
from subscriptions.models import ProductFamily
from subscriptions.models.delegated_role import DelegatedRole
from subscriptions.models.help_request import HelpTopic
from subscriptions.models.subscription import BillingFrequency
from subscriptions.web.responses import address_of

register = template.Library()
register.filter("money", formats.money)
register.filter("day", formats.day)
register.filter("moment", formats.moment)
register.filter("moment_with_zone", formats.moment_with_zone)
register.filter("number", formats.number)
register.filter("join_list", formats.join_list)
register.filter("address", address_of)
register.simple_tag(draws_the_same(formats.mark))


@register.simple_tag
def full_url(name: str) -> str:
    """With the host, for somebody who takes it elsewhere."""
    return f"{settings.SITE_URL}{reverse(name)}"


@register.filter
def service_name(family: str) -> str:
    """A product family, where only its stored value is known."""
    return ProductFamily.objects.label_of(family)


@register.filter
def billed(frequency: str) -> str:
    """A billing frequency in a sentence, where only its stored value is known."""
    return BillingFrequency(frequency).billed


@register.filter
def help_topic(topic: str) -> str:
    """What a request for help is about, where only its stored value is known."""
    return str(dict(HelpTopic.choices).get(topic, topic))


@register.filter
def delegated_role(role: str) -> str:
    """A partner's role, where only its stored value is known."""
    return str(DelegatedRole(role).label)


@register.filter
def allows(profile, capability: str) -> bool:
    """`{% if request.tenant.cloud_profile|allows:"find-partner" %}`; a typo raises instead of hiding something."""
    return profile.allows(Capability(capability))


@register.filter
def with_code(text: str) -> str:
    """What stands between backticks as code."""
    parts = text.split("`")
    return join_markup(markup("<code>{}</code>", part) if place % 2 else part for place, part in enumerate(parts))


@register.filter
def quoted(text: str) -> str:
    """The words of a person in a mail of the portal: marked in every line, and without links, so that none of it
    passes for the portal's own words."""
    return "\n".join(f"> {line.strip()}" for line in _without_links(text).splitlines() if line.strip())


@register.filter
def one_line(text: str) -> str:
    """The same for a short text behind its label, which it cannot leave."""
    return _without_links(" ".join(text.split()))


def _without_links(text: str) -> str:
    return text.replace("://", ": //")
