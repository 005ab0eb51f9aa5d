"""Settings > People: who belongs to the organisation, and a new sign-in for who cannot get in."""

from functools import cached_property
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from subscriptions.access import Permission
from subscriptions.base.names import sort_key
from subscriptions.db import idempotency
from subscriptions.db.idempotency import Sending
from subscriptions.db.limits import TooManyRequests
from subscriptions.models import Membership
from subscriptions.models.tenant import Role
from subscriptions.tenants import sign_ins
from subscriptions.verdicts import Verdict
from subscriptions.web import cells
from subscriptions.web.forms import KeyForm, PeopleFilterForm, new_key, read_key
from subscriptions.web.lists import Crumbs, Empty, List
from subscriptions.web.page_access import TenantRequest, tenant_form, tenant_page
from subscriptions.web.responses import see_other, too_many_requests
from subscriptions.web.tables import Column


class PeopleList(List[TenantRequest]):
    title = _("People")
    subtitle = _(
        "Who belongs to the organization, and in which role. Members and their roles are managed by the operator's "
        "support."
    )
    template = "subscriptions/people.html"
    form_class = PeopleFilterForm
    filter_label = _("Filter people")
    is_always_filtered = True
    values = ("uuid", "role", "user__name", "user__is_active")
    order = "user__name_key"
    none_matches = Empty(_("Nobody matches these filters."))

    def found(self, wanted: dict) -> QuerySet:
        rows = Membership.objects.filter(tenant=self.request.tenant)
        return rows.filter(user__name_key__contains=sort_key(wanted["q"])) if wanted["q"] else rows

    def described(self, rows: list[dict]) -> list[dict]:
        return [_shown(self.request, row) for row in rows]

    @cached_property
    def may_reset(self) -> Verdict:
        return self.request.actor.may(Permission.RESET_SIGN_IN)

    @property
    def columns(self) -> list[Column]:
        states = {True: cells.tag("ok", _("Active")), False: cells.tag("neutral", _("Not active"))}
        return [
            Column(_("Name"), lambda row: cells.name(row["name"])),
            Column(_("Role"), lambda row: row["role"]),
            Column(_("Status"), lambda row: states[row["is_active"]]),
            Column(
                _("Action"),
                lambda row: cells.part("subscriptions/_person_act.html", person=row, may_reset=self.may_reset),
            ),
        ]

    def breadcrumbs(self) -> Crumbs:
        return [(_("Settings"), None), (self.title, None)]

    def context(self) -> dict:
        return {"may_reset": self.may_reset}


@tenant_page(Permission.READ_PEOPLE)
def people(request: TenantRequest) -> HttpResponse:
    return PeopleList(request).answer()


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
