"""Partners' offers: staff read them, and draft, edit, discard, send and withdraw one on the partner's behalf."""

from functools import partial

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
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
from subscriptions.access import staff_actor
from subscriptions.staff.acts import ask_and_act
from subscriptions.staff.admin import StaffModelAdmin
from subscriptions.verdicts import Verdict

MOST_AT_ONCE = 10  # each is shown before
ENTERED = ("name", "roles", "days", "credit", "subscriptions", "purchase", "products", "terms", "reason")
KNOWN_OF_A_DRAFT = ("tenant", "partner", "state_shown", "terms_versions", "drafted_at", "drafted_by", "identity")


@admin.register(PartnerOffer)
class PartnerOfferAdmin(OfferColumns, StaffModelAdmin):
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
    list_filter = ("state",)
    list_select_related = ("partner", "tenant")
    search_fields = ("partner__search_text__contains", "tenant__search_text__contains")
    autocomplete_fields = ("tenant", "partner")
    ordering = ("-id",)
    actions = ("send_offers", "send_offers_again", "change_terms", "discard_drafts", "withdraw_offers")

    def get_queryset(self, request):
        return PartnerOffer.objects.with_state().select_related("tenant", "partner")

    def has_change_permission(self, request, obj=None) -> bool:
        """A draft alone; what was sent is changed by actions."""
        return obj is not None and _may_edit(request, obj).allowed

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
        form_class = offer_acts.SendForm if is_draft else offer_acts.SendAgainForm
        context = {
            **self.admin_site.each_context(request),
            "title": _("Preview"),
            "opts": self.opts,
            "preview": preview_of(offer, is_mailed=is_draft),
            "verdict": form_class(rows=[offer], by=staff_actor(request.user)).verdict(offer),
            "action": "send_offers" if is_draft else "send_offers_again",
            "label": _("Send…") if is_draft else _("Send again…"),
            "action_checkbox_name": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/partners/partneroffer/preview.html", context)

    @admin.action(description=gettext_lazy("Send…"))
    def send_offers(self, request, queryset):
        title = _("Send these offers to the organizations' Global admins?")
        return self._ask(request, queryset, title, offer_acts.SendForm)

    @admin.action(description=gettext_lazy("Send again…"))
    def send_offers_again(self, request, queryset):
        title = _("Send these offers again? The links sent before die.")
        return self._ask(request, queryset, title, offer_acts.SendAgainForm)

    @admin.action(description=gettext_lazy("Change the terms…"))
    def change_terms(self, request, queryset):
        title = _("Change the terms of these offers? Earlier versions stay.")
        return self._ask(request, queryset, title, offer_acts.TermsForm)

    @admin.action(description=gettext_lazy("Discard drafts…"))
    def discard_drafts(self, request, queryset):
        title = _("Discard these drafts for good? No organization has seen them.")
        return self._ask(request, queryset, title, offer_acts.DiscardForm)

    @admin.action(description=gettext_lazy("Withdraw…"))
    def withdraw_offers(self, request, queryset):
        return self._ask(request, queryset, _("Withdraw these offers now?"), offer_acts.WithdrawForm)

    def _ask(self, request, queryset, title, form_class):
        return ask_and_act(
            self,
            request,
            queryset,
            title=title,
            form_class=partial(form_class, by=staff_actor(request.user)),
            template="admin/partners/partneroffer/act.html",
            most=MOST_AT_ONCE,
        )


def _may_edit(request, offer: PartnerOffer) -> Verdict:
    return offer_verdicts.may_edit(staff_actor(request.user), offer)
