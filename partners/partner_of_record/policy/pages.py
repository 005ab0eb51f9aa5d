"""Settings > Partner policy: defaults, the approved list, exemptions, and how many subscriptions differ."""

from typing import Any

from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from partners.models import ApprovedPartner, PolicyPartner
from partners.partner_of_record.policy.reads import (
    Policy,
    differing_subscriptions,
    exemptions_in_force,
    policy_of,
    why,
)
from partners.partner_of_record.policy.rules import may_keep_policy, may_set_default
from subscriptions.access import Permission
from subscriptions.base import formats
from subscriptions.verdicts import Verdict
from subscriptions.web import cells
from subscriptions.web.page_access import TenantRequest, tenant_page
from subscriptions.web.tables import Column, Place, Table

POLICY, ADD_DEFAULT, REMOVE_DEFAULT, APPROVE, TAKE_OFF, EXEMPT, END_EXEMPTION, OFF_LIST = (
    "partners:policy",
    "partners:policy-default-add",
    "partners:policy-default-remove",
    "partners:policy-approve",
    "partners:policy-take-off",
    "partners:policy-exempt",
    "partners:policy-exemption-end",
    "partners:policy-off-list",
)
TITLE = gettext_lazy("Partner policy")
MOST_EXEMPTIONS = 100
MOST_DIFFERING = 20  # the list has all of them


@tenant_page(Permission.SET_PARTNER_OF_RECORD)
def policy_page(request: TenantRequest) -> HttpResponse:
    tenant, slug = request.tenant, request.tenant.slug
    may_keep = may_keep_policy(request.actor)
    policy = policy_of(tenant)
    approved = (
        ApprovedPartner.objects.filter(tenant=tenant).select_related("partner").order_by("partner__name_key", "pk")
    )
    exempt = exemptions_in_force(tenant).order_by("ends_on", "pk")[:MOST_EXEMPTIONS]
    differing = differing_subscriptions(tenant)
    context = {
        "differ": _differ(differing.count()),
        "differing": _differing(slug, policy, differing, may_keep),
        "differ_url": f"{reverse('subscriptions:list', args=[slug])}?policy=differs&order=name",
        "defaults": _defaults(slug, policy.defaults, may_keep) if policy.defaults else None,
        "approved": _approved(slug, list(approved), may_keep) if approved else None,
        "exemptions": _exemptions(slug, list(exempt), may_keep) if exempt else None,
        "may_keep": may_keep,
        "may_set_default": may_set_default(request.actor, tenant),
        "add_default_url": reverse(ADD_DEFAULT, args=[slug]),
        "needs_second_person": tenant.second_person,
        "second_person_url": reverse("subscriptions:second-person", args=[slug]),
        "asks_off_list": tenant.asks_off_list,
        "off_list_url": reverse(OFF_LIST, args=[slug]),
        "approve_url": reverse(APPROVE, args=[slug]),
        "breadcrumbs": [(_("Settings"), None), (TITLE, None)],
    }
    return render(request, "partners/policy.html", context)


def _differ(count: int) -> dict[str, Any]:
    if not count:
        return {"count": 0, "told": _("Every subscription is as the policy wants it.")}
    told = ngettext(
        "%(count)s subscription is not as the policy wants it",
        "%(count)s subscriptions are not as the policy wants them",
        count,
    )
    return {"count": count, "told": told % {"count": formats.number(count)}}


def _differing(slug: str, policy: Policy, found: Any, may: Verdict) -> Table:
    """The first of them: whom each credits, whom the policy wants, and why that one."""
    now = {"number": F("current__partner__number"), "of_name": F("current__partner__name")}
    rows = found.annotate(**now).select_related("product").order_by("name_key", "pk")[:MOST_DIFFERING]

    def wanted(row: Any) -> object:
        default = policy.default_for(row.product)
        if default is None:
            return _("An approved partner")
        return cells.together(_partner(default), cells.below(why(default)))

    columns = [
        Column(_("Subscription"), lambda row: cells.link(_detail(slug, row), row.full_name)),
        Column(_("Partner of record"), _credited),
        Column(_("Wanted"), wanted),
        *_act(slug, EXEMPT, _("Exempt"), may),
    ]
    return Table(_("What differs"), columns, list(rows))


def _credited(row: Any) -> object:
    return cells.partner(row.number, row.of_name) if row.number else cells.muted(_("None"))


def _added(row: Any) -> str:
    return formats.join_facts(row.added_by, formats.moment(row.added_at))


def _detail(slug: str, subscription: Any) -> str:
    return reverse("subscriptions:detail", args=[slug, subscription.uuid])


def _act(slug: str, name: str, label: str, may: Verdict) -> list[Column]:
    """The last column: what a Global admin can do about the row."""

    def cell(row: Any) -> object:
        return cells.link(reverse(name, args=[slug, row.uuid]), label)

    return [Column(_("Action"), cell, place=Place.LINE)] if may.allowed else []


def _partner(row: Any) -> object:
    return cells.partner(row.partner.number, row.partner.name)


def _defaults(slug: str, rows: tuple[PolicyPartner, ...], may: Verdict) -> Table:
    columns = [
        Column(_("Default"), why),
        Column(_("Partner"), _partner, place=Place.WHOM),
        Column(_("Set by"), _added),
        *_act(slug, REMOVE_DEFAULT, _("Remove"), may),
    ]
    return Table(_("Default partners"), columns, rows)


def _approved(slug: str, rows: list[ApprovedPartner], may: Verdict) -> Table:
    columns = [
        Column(_("Partner"), _partner),
        Column(_("Approved by"), _added),
        *_act(slug, TAKE_OFF, _("Take off the list"), may),
    ]
    return Table(_("Approved partners"), columns, rows)


def _exemptions(slug: str, rows: list[Any], may: Verdict) -> Table:
    def subscription(row: Any) -> object:
        return cells.link(_detail(slug, row.subscription), row.subscription.full_name)

    columns = [
        Column(_("Subscription"), subscription),
        Column(_("Reason"), lambda row: row.reason),
        Column(_("Until"), lambda row: formats.day(row.ends_on), css="day", place=Place.DAY),
        Column(_("Exempted by"), lambda row: row.added_by),
        *_act(slug, END_EXEMPTION, _("End the exemption"), may),
    ]
    return Table(_("Exemptions"), columns, rows)
