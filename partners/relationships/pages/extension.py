"""Whether a delegated admin is extended at its end: a page to switch it on or off."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from partners.models import PartnerRelationship
from partners.relationships import roles as relationship_roles
from partners.relationships.forms import AutoExtendForm
from partners.relationships.pages.act_page import act_page, detail_url, sending_of
from partners.relationships.pages.words import MAY_VIEW, find_relationship
from subscriptions.access import Permission
from subscriptions.base import formats
from subscriptions.db import idempotency
from subscriptions.verdicts import Verdict
from subscriptions.web.forms import new_key
from subscriptions.web.page_access import TenantRequest, tenant_form
from subscriptions.web.recent_sign_in import signed_in_recently, to_confirm
from subscriptions.web.responses import see_other


@tenant_form(Permission.END_RELATIONSHIP, capability=MAY_VIEW)
def relationship_auto_extend(request: TenantRequest, uuid: UUID) -> HttpResponse:
    """Switches on or off that it is extended at its end."""
    relationship = find_relationship(request, uuid)
    template, extends = "partners/relationship_auto_extend.html", relationship.auto_extend
    context = {
        "act": _("Automatic extension"),
        "extends": extends,
        "days": relationship_roles.EXTENSION_DAYS,
        "relationship": relationship,
    }
    if request.method != "POST":
        _may_switch(request, relationship, extend=not extends).require()
        form = AutoExtendForm(initial={"key": new_key(), "extend": "no" if extends else "yes"})
        return act_page(request, relationship, template, form, context)
    sending = sending_of(request, {"extend": request.POST.get("extend", "")})
    if done := idempotency.earlier_answer(sending):
        return see_other(done)
    form = AutoExtendForm(request.POST)
    if not form.is_valid():
        return act_page(request, relationship, template, form, context)
    extend: bool = form.cleaned_data["extend"]
    _may_switch(request, relationship, extend=extend).require()
    if extend and not signed_in_recently(request):  # it prolongs access; taking access away never asks
        return to_confirm(request.path)

    def switch() -> str:
        event = relationship_roles.set_auto_extend(
            tenant=request.tenant, relationship=relationship, extend=extend, by=request.actor
        )
        if event:
            messages.success(request, _switched(relationship, extend))
        else:
            messages.info(request, _("No change: everything stays as it was."))
        return detail_url(request, relationship)

    return see_other(idempotency.once(sending, switch))


def _switched(relationship: PartnerRelationship, extend: bool) -> str:
    if relationship.has_passed and not extend:
        return _("The relationship with %(partner)s has ended: its end had come already.") % {
            "partner": relationship.partner.name
        }
    text = (
        _("On %(day)s the relationship with %(partner)s is extended by %(days)s days, and again after that.")
        if extend
        else _("The relationship with %(partner)s ends on %(day)s and is not extended any more.")
    )
    return text % {
        "day": formats.day(relationship.expires_on) if relationship.expires_on else "",
        "partner": relationship.partner.name,
        "days": formats.number(relationship_roles.EXTENSION_DAYS),
    }


def _may_switch(request: TenantRequest, relationship: PartnerRelationship, *, extend: bool) -> Verdict:
    verdict: Callable = relationship_roles.may_extend if extend else relationship_roles.may_stop_extending
    return verdict(request.actor, request.tenant, relationship)
