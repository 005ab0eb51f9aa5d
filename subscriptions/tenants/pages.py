"""Settings > People: who belongs to the organisation, and a new sign-in for who cannot get in."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from subscriptions.access import Permission
from subscriptions.base.names import sort_key
from subscriptions.db import idempotency
from subscriptions.db.idempotency import Sending
from subscriptions.db.limits import TooManyRequests
from subscriptions.models import Membership
from subscriptions.models.tenant import Role
from subscriptions.tenants import sign_ins
from subscriptions.web.filters import active_filters
from subscriptions.web.forms import KeyForm, PeopleFilterForm, new_key, read_key
from subscriptions.web.page_access import TenantRequest, tenant_form, tenant_page
from subscriptions.web.paging import Sort, page_by_key
from subscriptions.web.responses import see_other, too_many_requests

COLUMNS = ("id", "uuid", "role", "user__name", "user__name_key", "user__is_active")


@tenant_page(Permission.READ_PEOPLE)
def people(request: TenantRequest) -> HttpResponse:
    form = PeopleFilterForm(request.GET)
    rows = Membership.objects.filter(tenant=request.tenant)
    if form.is_valid() and form.cleaned_data["q"]:
        rows = rows.filter(user__name_key__contains=sort_key(form.cleaned_data["q"]))
    page = page_by_key(rows.values(*COLUMNS), Sort("user__name_key"), request.GET)
    context = {
        "form": form,
        "active_filters": active_filters(form, request.GET),
        "page": page,
        "people": [_shown(request, row) for row in page.rows],
        "may_reset": request.actor.may(Permission.RESET_SIGN_IN),
        "breadcrumbs": [(_("Settings"), None), (_("People"), None)],
    }
    return render(request, "subscriptions/people.html", context, status=422 if form.errors else 200)


def _shown(request: TenantRequest, row: dict) -> dict:
    return {
        "uuid": row["uuid"],
        "name": row["user__name"],
        "role": Role(row["role"]).label,
        "is_active": row["user__is_active"],
        "url": reverse("subscriptions:sign-in-reset", args=[request.tenant.slug, row["uuid"]]),
        "verdict": sign_ins.may_reset_sign_in(request.actor, role=row["role"], is_active=row["user__is_active"]),
    }


@tenant_form(Permission.RESET_SIGN_IN)
def sign_in_reset(request: TenantRequest, uuid: UUID) -> HttpResponse:
    membership = get_object_or_404(Membership.objects.with_person(), tenant=request.tenant, uuid=uuid)
    if request.method == "POST":
        return _reset(request, membership)
    _may_reset(request, membership).require()
    return _reset_page(request, membership, KeyForm(initial={"key": new_key()}))


def _may_reset(request: TenantRequest, membership: Membership):
    return sign_ins.may_reset_sign_in(request.actor, role=membership.role, is_active=membership.user.is_active)


def _reset_page(request: TenantRequest, membership: Membership, form: KeyForm) -> HttpResponse:
    people_url = reverse("subscriptions:people", args=[request.tenant.slug])
    context = {
        "form": form,
        "person": membership.user.name,
        "people_url": people_url,
        "breadcrumbs": [(_("Settings"), None), (_("People"), people_url), (membership.user.name, None)],
    }
    return render(request, "subscriptions/sign_in_reset.html", context, status=422 if form.errors else 200)


def _reset(request: TenantRequest, membership: Membership) -> HttpResponse:
    sending = Sending(
        tenant=request.tenant,
        user_id=request.user.pk,
        key=read_key(request.POST.get("key", "")),
        content={"path": request.path},
    )
    if done := idempotency.earlier_answer(sending):
        return see_other(done)
    _may_reset(request, membership).require()
    form = KeyForm(request.POST)
    if not form.is_valid():
        return _reset_page(request, membership, form)
    try:
        sign_ins.count_reset(membership=membership)
    except TooManyRequests as refusal:
        return too_many_requests(request, refusal)

    def reset() -> str:
        sign_ins.reset_sign_in(tenant=request.tenant, membership=membership, by=request.actor)
        told = _("%(name)s is sent a mail with a link for a new password.")
        messages.success(request, told % {"name": membership.user.name})
        return reverse("subscriptions:people", args=[request.tenant.slug])

    return see_other(idempotency.once(sending, reset))
