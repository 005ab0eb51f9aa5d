"""Workspace > Customers > Give up access: a partner ends its own delegated admin relationship."""

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from partners.access import PartnerRequest, partner_form
from partners.models import PartnerRelationship
from partners.models.partner_relationship import RelationshipKind
from partners.overview.forms import GiveUpAccessForm
from partners.relationships import acts as relationships
from subscriptions.access import Permission
from subscriptions.db import idempotency, scopes
from subscriptions.db.idempotency import Sending
from subscriptions.verdicts import Verdict
from subscriptions.web.forms import new_key, read_key
from subscriptions.web.responses import see_other


@partner_form(Permission.GIVE_UP_ACCESS)
def give_up_access(request: PartnerRequest, uuid: UUID) -> HttpResponse:
    relationship = get_object_or_404(
        PartnerRelationship.objects.of_partner(request.partner)
        .filter(kind=RelationshipKind.DELEGATED_ADMIN)
        .with_status()
        .select_related("tenant"),
        uuid=uuid,
    )
    if request.method == "POST":
        with scopes.tenant(relationship.tenant_id):
            return _take(request, relationship)
    _may_give_up(request, relationship).require()
    return _page(request, relationship, GiveUpAccessForm(initial={"key": new_key()}))


def _may_give_up(request: PartnerRequest, relationship: PartnerRelationship) -> Verdict:
    return relationships.may_end(
        request.actor,
        relationship.tenant,
        relationship.kind,
        status=relationship.status,
        partner=relationship.partner_id,
    )


def _page(request: PartnerRequest, relationship: PartnerRelationship, form: GiveUpAccessForm) -> HttpResponse:
    number, tenant = request.partner.number, relationship.tenant
    detail_url = reverse("workspace:customer", args=[number, tenant.uuid])
    context = {
        "form": form,
        "tenant": tenant,
        "roles": relationship.get_roles_display(),
        "detail_url": detail_url,
        "breadcrumbs": [
            (_("Customers"), reverse("workspace:customers", args=[number])),
            (tenant.name, detail_url),
            (_("Give up access"), None),
        ],
    }
    return render(request, "workspace/give_up_access.html", context, status=422 if form.errors else 200)


def _take(request: PartnerRequest, relationship: PartnerRelationship) -> HttpResponse:
    """In the scope of the organization, whose log keeps it. What a second send gives as reason does not count."""
    sending = Sending(
        tenant=relationship.tenant,
        user_id=request.user.pk,
        key=read_key(request.POST.get("key", "")),
        content={"path": request.path},
    )
    done = idempotency.earlier_answer(sending)
    if done:
        return see_other(done)
    _may_give_up(request, relationship).require()
    form = GiveUpAccessForm(request.POST)
    if not form.is_valid():
        return _page(request, relationship, form)

    def give_up() -> str:
        relationships.end_relationship(
            tenant=relationship.tenant,
            relationship=relationship,
            by=replace(request.actor, relationship=relationship.uuid),
            reason=form.cleaned_data["reason"],
        )
        messages.success(request, _given_up(relationship))
        return reverse("workspace:customer", args=[request.partner.number, relationship.tenant.uuid])

    return see_other(idempotency.once(sending, give_up))


def _given_up(relationship: PartnerRelationship) -> str:
    return _("Your company's access to %(organization)s has ended, and its Global admins are told.") % {
        "organization": relationship.tenant.name
    }
