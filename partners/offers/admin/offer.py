"""Partners' offers: staff read them, and draft, edit, discard, send and withdraw one on the partner's behalf."""

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from partners.models import PartnerOffer
from partners.models.partner_offer import OfferState
from partners.offers import acts as offers
from partners.offers import rules as offer_verdicts
from partners.offers.admin import acts as offer_acts
from partners.offers.admin.columns import OfferColumns
from partners.offers.admin.draft_form import StaffDraftForm
from partners.offers.checks import NotOfferable
from partners.offers.forms import BEYOND_ROLES, read_facts
from partners.offers.preview import preview_of
from subscriptions.access import StaffPermission, staff_actor
from subscriptions.staff.admin import StaffModelAdmin
from subscriptions.staff.desk import Group
from subscriptions.staff.filters import TenantFilter, by_days
from subscriptions.staff.queue import WorkKind, add_kind
from subscriptions.verdicts import Verdict

ENTERED = ("name", "roles", "days", "credit", "subscriptions", "purchase", "products", "terms", "reason")
KNOWN_OF_A_DRAFT = ("tenant", "partner", "state_shown", "terms_versions", "drafted_at", "drafted_by", "identity")


add_kind(
    WorkKind(
        label=gettext_lazy("Offers waiting for an answer"),
        hint=gettext_lazy("Sent to an organization, which has not answered yet"),
        rows=lambda: PartnerOffer.objects.filter(state=OfferState.SENT),
        since="sent_at",
        list_name="admin:partners_partneroffer_changelist",
        filters="state__exact=sent",
        verb=gettext_lazy("Look at %(number)s"),
        who=gettext_lazy("The organization"),
        late_after=None,
    )
)


@admin.register(PartnerOffer)
class PartnerOfferAdmin(OfferColumns, StaffModelAdmin):
    view_permission = StaffPermission.READ_PARTNERS
    change_permission = StaffPermission.KEEP_PARTNERS
    group = Group.PARTNERS
    form = StaffDraftForm
    refusals = (NotOfferable,)
    fields = (
        "tenant",
        "partner",
        "name",
        "state_shown",
        "kind",
        "asked_roles",
        "days",
        "credit",
        "named_subscriptions",
        "purchase",
        "offered_products",
        "terms_versions",
        "drafted_at",
        "drafted_by",
        "sent_at",
        "sent_by",
        "generation",
        "expires_on",
        "decided_at",
        "decided_by",
        "decided_terms",
        "decision_reason",
        "given_roles",
        "granted_days",
        "withdrawn_at",
        "withdrawn_by",
        "identity",
    )
    added = ("tenant", "partner", *ENTERED)
    draft = (*KNOWN_OF_A_DRAFT[:3], *ENTERED, *KNOWN_OF_A_DRAFT[3:], "seen")
    exact = ("uuid", "tenant__uuid", "tenant__slug", "partner__number")
    list_display = ("name", "state_shown", "partner", "tenant", "sent_at", "expires_on", "decided_at")
    list_filter = (TenantFilter, by_days("sent_at", gettext_lazy("Sent")), "state")
    list_select_related = ("partner", "tenant")
    search_fields = ("partner__search_text__contains", "tenant__search_text__contains")
    autocomplete_fields = ("tenant", "partner")
    ordering = ("-id",)
    acts = (offer_acts.Send, offer_acts.SendAgain, offer_acts.ChangeTerms, offer_acts.Discard, offer_acts.Withdraw)

    def get_queryset(self, request):
        return PartnerOffer.objects.with_state().select_related("tenant", "partner")

    def has_change_permission(self, request, obj=None) -> bool:
        """A draft alone; what was sent is changed by actions."""
        may = super().has_change_permission(request, obj)
        return may and obj is not None and _may_edit(request, obj).allowed

    def get_fields(self, request, obj=None):
        if obj is None:
            return self.added
        if not self.has_change_permission(request, obj):
            return self.fields
        return [name for name in self.draft if not (obj.is_of_roles_only and name in BEYOND_ROLES)]

    def get_readonly_fields(self, request, obj=None):
        return KNOWN_OF_A_DRAFT if obj and self.has_change_permission(request, obj) else ()

    def store(self, row, *, form, by, reason) -> None:
        known = {"offer": row, "version": form.cleaned_data["seen"]} if form.edits else {}
        saved = offers.save_draft(
            tenant=row.tenant, partner=row.partner, facts=read_facts(form.cleaned_data), by=by, reason=reason, **known
        )
        row.pk, row.state_now, row._state.adding = saved.pk, saved.state, False

    def get_form(self, request, obj=None, change=False, **kwargs):
        """The form asks the same verdict as the act, for the person who is signed in."""
        form = super().get_form(request, obj, change, **kwargs)
        form.by = staff_actor(request.user)  # type: ignore[attr-defined]
        return form

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj:
            context["may_edit"] = _may_edit(request, obj)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def get_urls(self):
        preview = self.admin_site.admin_view(require_safe(self.preview))
        return [path("<path:object_id>/preview/", preview, name="partners_partneroffer_preview"), *super().get_urls()]

    def preview(self, request, object_id):
        """What the organization reads, or will read, and the way to send it."""
        offer = self.get_object(request, unquote(object_id))
        if offer is None:
            raise Http404
        is_draft = offer.state_now == OfferState.DRAFT
        act = (offer_acts.Send if is_draft else offer_acts.SendAgain).as_staff(request)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Preview"),
            "opts": self.opts,
            "preview": preview_of(offer, is_mailed=is_draft),
            "verdict": act.may_row(offer),
            "act": act,
        }
        return TemplateResponse(request, "admin/partners/partneroffer/preview.html", context)


def _may_edit(request, offer: PartnerOffer) -> Verdict:
    return offer_verdicts.may_edit(staff_actor(request.user), offer)
