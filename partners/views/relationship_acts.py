"""What a Global admin does with a partner relationship, each act on a page of its own."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from partners.domain import relationship_facts, relationship_roles, relationships
from partners.forms import new_key, read_key
from partners.models import PartnerRelationship
from partners.relationship_forms import AutoExtendForm, EndRelationshipForm, RemoveRolesForm
from partners.views.relationship_words import MAY_VIEW, breadcrumbs, find_relationship, in_words
from subscriptions import formats
from subscriptions.access import Permission, TenantRequest, Verdict, tenant_form
from subscriptions.domain import idempotency
from subscriptions.domain.idempotency import Sending
from subscriptions.models import AuditEvent
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.delegated_role import DelegatedRole
from subscriptions.responses import see_other


@tenant_form(Permission.END_RELATIONSHIP, capability=MAY_VIEW)
def relationship_end(request: TenantRequest, uuid: UUID) -> HttpResponse:
    relationship = find_relationship(request, uuid)
    context = {"roles": relationship.get_roles_display()}
    if request.method != "POST":
        _may_end(request, relationship).require()
        form = EndRelationshipForm(initial={"key": new_key()})
        return _page(request, relationship, "partners/relationship_end.html", form, context)
    # The reason is no part of the content: ended is ended, whatever a second send gives as reason.
    sending = _sending(request, {})
    if done := idempotency.earlier_answer(sending):
        return see_other(done)
    _may_end(request, relationship).require()
    form = EndRelationshipForm(request.POST)
    if not form.is_valid():
        return _page(request, relationship, "partners/relationship_end.html", form, context)

    def end() -> str:
        reason = form.cleaned_data["reason"]
        relationships.end_relationship(
            tenant=request.tenant, relationship=relationship, by=request.actor, reason=reason
        )
        messages.success(request, _ended(relationship))
        return _list_url(request)

    return see_other(idempotency.once(sending, end))


@tenant_form(Permission.END_RELATIONSHIP, capability=MAY_VIEW)
def relationship_remove_roles(request: TenantRequest, uuid: UUID) -> HttpResponse:
    """Takes away the roles that were ticked; all of them end the relationship."""
    relationship = find_relationship(request, uuid)
    context = {
        "described": [in_words(DelegatedRole(role)) for role in relationship.roles],
        "sells_too": relationship_facts.sells_too(relationship),
    }
    template, held = "partners/relationship_remove_roles.html", relationship.roles
    if request.method != "POST":
        _may_remove(request, relationship).require()
        form = RemoveRolesForm(initial={"key": new_key()}, roles=held)
        return _page(request, relationship, template, form, context)
    sending = _sending(request, {"roles": ",".join(sorted(request.POST.getlist("roles")))})
    if done := idempotency.earlier_answer(sending):
        return see_other(done)
    _may_remove(request, relationship).require()
    form = RemoveRolesForm(request.POST, roles=held)
    if not form.is_valid():
        return _page(request, relationship, template, form, context)

    def remove() -> str:
        event = relationship_roles.remove_roles(
            tenant=request.tenant,
            relationship=relationship,
            roles=form.cleaned_data["roles"],
            by=request.actor,
            reason=form.cleaned_data["reason"],
        )
        return _announce_removal(request, relationship, event)

    return see_other(idempotency.once(sending, remove))


def _announce_removal(request: TenantRequest, relationship: PartnerRelationship, event: AuditEvent | None) -> str:
    """Says what happened; gives the page to go on with."""
    if event is None:
        messages.info(request, _("No change: the partner had none of these roles any more."))
    elif event.kind == AuditKind.RELATIONSHIP_ENDED:
        messages.success(request, _ended(relationship))
        return _list_url(request)
    else:
        removed = ", ".join(str(DelegatedRole(role).label) for role in event.detail["removed"])
        messages.success(
            request,
            _("%(partner)s no longer has these roles: %(roles)s.")
            % {"partner": relationship.partner.name, "roles": removed},
        )
    return _detail_url(request, relationship)


@tenant_form(Permission.END_RELATIONSHIP, capability=MAY_VIEW)
def relationship_auto_extend(request: TenantRequest, uuid: UUID) -> HttpResponse:
    """Switches on or off that it is extended at its end."""
    relationship = find_relationship(request, uuid)
    template, extends = "partners/relationship_auto_extend.html", relationship.auto_extend
    context = {"extends": extends, "days": relationship_roles.EXTENSION_DAYS, "relationship": relationship}
    if request.method != "POST":
        _may_switch(request, relationship, extend=not extends).require()
        form = AutoExtendForm(initial={"key": new_key(), "extend": "no" if extends else "yes"})
        return _page(request, relationship, template, form, context)
    sending = _sending(request, {"extend": request.POST.get("extend", "")})
    if done := idempotency.earlier_answer(sending):
        return see_other(done)
    form = AutoExtendForm(request.POST)
    if not form.is_valid():
        return _page(request, relationship, template, form, context)
    extend: bool = form.cleaned_data["extend"]
    _may_switch(request, relationship, extend=extend).require()

    def switch() -> str:
        event = relationship_roles.set_auto_extend(
            tenant=request.tenant, relationship=relationship, extend=extend, by=request.actor
        )
        if event:
            messages.success(request, _switched(relationship, extend))
        else:
            messages.info(request, _("No change: everything stays as it was."))
        return _detail_url(request, relationship)

    return see_other(idempotency.once(sending, switch))


def _switched(relationship: PartnerRelationship, extend: bool) -> str:
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


def _may_end(request: TenantRequest, relationship: PartnerRelationship) -> Verdict:
    return relationships.may_end(request.actor, request.tenant, relationship.kind, status=relationship.status)


def _may_remove(request: TenantRequest, relationship: PartnerRelationship) -> Verdict:
    return relationship_roles.may_remove_roles(request.actor, request.tenant, relationship)


def _may_switch(request: TenantRequest, relationship: PartnerRelationship, *, extend: bool) -> Verdict:
    verdict: Callable = relationship_roles.may_extend if extend else relationship_roles.may_stop_extending
    return verdict(request.actor, request.tenant, relationship)


def _sending(request: TenantRequest, content: dict[str, str]) -> Sending:
    return Sending(
        tenant=request.tenant,
        user_id=request.user.pk,
        key=read_key(request.POST.get("key", "")),
        content={"path": request.path, **content},
    )


def _page(request, relationship: PartnerRelationship, template: str, form, context: dict) -> HttpResponse:
    name, url = relationship.partner.name, _detail_url(request, relationship)
    context |= {
        "form": form,
        "partner": relationship.partner,
        "detail_url": url,
        "breadcrumbs": [*breadcrumbs(request), (name, url)],
    }
    return render(request, template, context, status=422 if form.errors else 200)


def _list_url(request: TenantRequest) -> str:
    return reverse("partners:relationship-list", args=[request.tenant.slug])


def _detail_url(request: TenantRequest, relationship: PartnerRelationship) -> str:
    return reverse("partners:relationship-detail", args=[request.tenant.slug, relationship.uuid])


def _ended(relationship: PartnerRelationship) -> str:
    return _("The relationship with %(partner)s has ended. Its roles ended with it.") % {
        "partner": relationship.partner.name
    }
