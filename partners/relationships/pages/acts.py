"""What a Global admin does with a partner relationship, each act on a page of its own."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from partners.models import PartnerRelationship
from partners.relationships import acts as relationships
from partners.relationships import reads as relationship_facts
from partners.relationships import roles as relationship_roles
from partners.relationships.forms import EndRelationshipForm, RemoveRolesForm
from partners.relationships.pages.act_page import act_page, detail_url, list_url, sending_of
from partners.relationships.pages.words import MAY_VIEW, find_relationship, in_words
from subscriptions.access import Permission
from subscriptions.db import idempotency
from subscriptions.models import AuditEvent
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.delegated_role import DelegatedRole
from subscriptions.verdicts import Verdict
from subscriptions.web.forms import new_key
from subscriptions.web.page_access import TenantRequest, tenant_form
from subscriptions.web.responses import see_other


@tenant_form(Permission.END_RELATIONSHIP, capability=MAY_VIEW)
def relationship_end(request: TenantRequest, uuid: UUID) -> HttpResponse:
    relationship = find_relationship(request, uuid)
    context = {"roles": relationship.get_roles_display(), "act": _("Delete")}
    if request.method != "POST":
        _may_end(request, relationship).require()
        form = EndRelationshipForm(initial={"key": new_key()})
        return act_page(request, relationship, "partners/relationship_end.html", form, context)
    # The reason is no part of the content: ended is ended, whatever a second send gives as reason.
    sending = sending_of(request, {})
    if done := idempotency.earlier_answer(sending):
        return see_other(done)
    _may_end(request, relationship).require()
    form = EndRelationshipForm(request.POST)
    if not form.is_valid():
        return act_page(request, relationship, "partners/relationship_end.html", form, context)

    def end() -> str:
        reason = form.cleaned_data["reason"]
        relationships.end_relationship(
            tenant=request.tenant, relationship=relationship, by=request.actor, reason=reason
        )
        messages.success(request, _ended(relationship))
        return list_url(request)

    return see_other(idempotency.once(sending, end))


@tenant_form(Permission.END_RELATIONSHIP, capability=MAY_VIEW)
def relationship_remove_roles(request: TenantRequest, uuid: UUID) -> HttpResponse:
    """Takes away the roles that were ticked; all of them end the relationship."""
    relationship = find_relationship(request, uuid)
    context = {
        "described": [in_words(DelegatedRole(role)) for role in relationship.roles],
        "act": _("Remove roles"),
        "sells_too": relationship_facts.sells_too(relationship),
    }
    template, held = "partners/relationship_remove_roles.html", relationship.roles
    if request.method != "POST":
        _may_remove(request, relationship).require()
        form = RemoveRolesForm(initial={"key": new_key()}, roles=held)
        return act_page(request, relationship, template, form, context)
    sending = sending_of(request, {"roles": ",".join(sorted(request.POST.getlist("roles")))})
    if done := idempotency.earlier_answer(sending):
        return see_other(done)
    _may_remove(request, relationship).require()
    form = RemoveRolesForm(request.POST, roles=held)
    if not form.is_valid():
        return act_page(request, relationship, template, form, context)

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
        return list_url(request)
    else:
        removed = ", ".join(str(DelegatedRole(role).label) for role in event.detail["removed"])
        messages.success(
            request,
            _("%(partner)s no longer has these roles: %(roles)s.")
            % {"partner": relationship.partner.name, "roles": removed},
        )
    return detail_url(request, relationship)


def _may_end(request: TenantRequest, relationship: PartnerRelationship) -> Verdict:
    return relationships.may_end(request.actor, request.tenant, relationship.kind, status=relationship.status)


def _may_remove(request: TenantRequest, relationship: PartnerRelationship) -> Verdict:
    return relationship_roles.may_remove_roles(request.actor, request.tenant, relationship)


def _ended(relationship: PartnerRelationship) -> str:
    return _("The relationship with %(partner)s has ended. Its roles ended with it.") % {
        "partner": relationship.partner.name
    }
