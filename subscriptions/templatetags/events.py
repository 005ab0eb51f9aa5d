"""Where a mail about an event leads to: the organization's page, the partner's or staff's."""

from django import template
from django.template import Context

from subscriptions.web import event_pages

register = template.Library()


@register.simple_tag(takes_context=True)
def event_path(context: Context) -> str:
    return event_pages.path_of(vars(context["event"]), context["tenant"])


@register.simple_tag(takes_context=True)
def workspace_path(context: Context) -> str:
    return event_pages.workspace_path_of(vars(context["event"]))


@register.simple_tag(takes_context=True)
def staff_path(context: Context) -> str:
    return event_pages.staff_path_of(vars(context["event"]))
