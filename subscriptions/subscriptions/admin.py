"""Subscriptions: their facts by form, status and partner of record by acts with a reason."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from subscriptions.access import StaffPermission
from subscriptions.base.days import today_by_zone
from subscriptions.base.typed import read_uuid
from subscriptions.models import Subscription
from subscriptions.models.state_by_date import DATED, in_state, judge_by_date, status_by_date
from subscriptions.models.subscription import SubscriptionQuerySet, SubscriptionStatus
from subscriptions.search.finder import Hit, SearchKind
from subscriptions.staff.acts import ReasonForm, StaffAct
from subscriptions.staff.admin import StaffModelAdmin
from subscriptions.staff.desk import Group
from subscriptions.staff.filters import TenantFilter, by_days
from subscriptions.staff.form import StaffForm
from subscriptions.staff.found import add_searched
from subscriptions.subscriptions import corrections as subscriptions
from subscriptions.subscriptions.admin_partner_of_record import ChangePartnerOfRecord
from subscriptions.subscriptions.admin_reseller import ChangeReseller
from subscriptions.subscriptions.lifecycle import today_of


class SubscriptionForm(StaffForm):
    class Meta:
        help_texts = {
            "unit_price": _("The cost follows from it. It is 0 in a trial, and where only the cost is known.")
        }

    def clean(self):
        super().clean()
        wanted = self.cleaned_data
        tenant, product = wanted.get("tenant"), wanted.get("product")
        if tenant and product and not subscriptions.is_sold_to(product, tenant):
            self.add_error("product", _("This product is not sold in the organization's cloud."))
        return wanted

    def _post_clean(self) -> None:
        """What a billing period costs is known once the row has what was typed."""
        super()._post_clean()  # type: ignore[misc]
        for name in subscriptions.days_out_of_reach(self.instance):
            self.add_error(name, _("Choose a day between 2000 and 2200."))
        try:
            if not self.errors:
                subscriptions.follow_price(self.instance)
        except subscriptions.CostTooHigh:
            self.add_error("unit_price", _("A billing period would cost more than can be stored."))


class StateFilter(admin.SimpleListFilter):
    """By the status that the list shows: by its date, on the day that it is where the organization is."""

    title = _("status")
    parameter_name = "status"

    def lookups(self, request, model_admin):
        return SubscriptionStatus.choices

    def queryset(self, request, queryset):
        status = self.value()
        if not status or status not in SubscriptionStatus:
            return queryset
        return queryset.filter(in_state(status, today_by_zone("tenant__time_zone")))


class StatusForm(ReasonForm):
    status = forms.ChoiceField(label=_("Status"), choices=SubscriptionStatus.choices)
    field_order = ("status", "reason")


class ChangeStatus(StaffAct):
    name = "admin:change-status"
    model = Subscription
    staff_permission = StaffPermission.HELP_CUSTOMERS
    label = _("Change status…")
    title = _("Change the status of these subscriptions?")
    form_class = StatusForm

    def act_on(self, row, wanted) -> None:
        subscriptions.set_status(subscription=row, status=wanted["status"], by=self.by, reason=wanted["reason"])


def describe_subscription(subscription: Subscription) -> Hit:
    return Hit(
        subscription.full_name,
        reverse("admin:subscriptions_subscription_change", args=[subscription.pk]),
        tag=subscription.get_status_display(),
        facts=str(subscription.tenant),
    )


add_searched(
    "subscription",
    SearchKind(
        label=_("Subscriptions"),
        rows=lambda: Subscription.objects.select_related("tenant"),
        describe=describe_subscription,
        exact={"uuid": read_uuid},
    ),
    place=5,
)


def _told(relation: str, column: str, **only: bool) -> Subquery:
    """What a row of the upper app says of each shown row: a join would be made for all that the list counts."""
    related: Any = Subscription._meta.get_field(relation).related_model
    return Subquery(related.objects.filter(subscription=OuterRef("pk"), **only).values(column)[:1])


@admin.register(Subscription)
class SubscriptionAdmin(StaffModelAdmin):
    view_permission = StaffPermission.READ_CUSTOMERS
    change_permission = StaffPermission.HELP_CUSTOMERS
    group = Group.CUSTOMERS
    place = 4
    form = SubscriptionForm
    fields = (
        "tenant",
        "product",
        "status",
        *subscriptions.FACTS,
        "own_name",
        "cost_center",
        "cost",
        "currency",
        "partner_of_record",
        "reseller",
        "identity",
        "reason",
    )
    fixed = ("tenant", "product", "status")
    stated = ("own_name", "cost_center", "cost", "currency", "partner_of_record", "reseller", "identity")
    list_display = (
        "name", "own_name", "cost_center", "state", "tenant", "partner_of_record", "licenses_total", "term_ends_on",
    )  # fmt: skip
    list_filter = (
        TenantFilter,
        by_days("term_ends_on", _("Term ends"), of_moments=False),
        StateFilter,
        "billing_frequency",
        "reseller_managed",
    )
    list_select_related = ("tenant",)
    search_fields = ("search_text__contains", "own_search_text__contains", "tenant__search_text__contains")
    exact = ("uuid", "tenant__uuid", "tenant__slug", "current__partner__number")
    autocomplete_fields = ("tenant", "product")
    ordering = ("-id",)
    acts = (ChangePartnerOfRecord, ChangeReseller, ChangeStatus)

    def get_queryset(self, request):
        rows = cast(SubscriptionQuerySet, super().get_queryset(request))
        return rows.with_partner().annotate(
            partner_number=_told("partners_of_record", "partner__number", valid__upper_inf=True),
            partner_name=_told("partners_of_record", "partner__name", valid__upper_inf=True),
            reseller_number=_told("managed", "partner__number"),
            reseller_name=_told("managed", "partner__name"),
        )

    def get_object(self, request, object_id, from_field=None):
        row = super().get_object(request, object_id, from_field)
        if row is not None:
            judge_by_date(row, today_of(row.tenant))
        return row

    @admin.display(description=_("status"), ordering="status")
    def state(self, subscription) -> str:
        by_date = {name: getattr(subscription, name) for name in DATED}
        return str(status_by_date(**by_date, today=today_of(subscription.tenant)).label)

    @admin.display(description=_("partner of record"))
    def partner_of_record(self, subscription) -> str | None:
        return f"{subscription.partner_number} {subscription.partner_name}" if subscription.partner_number else None

    @admin.display(description=_("reseller"))
    def reseller(self, subscription) -> str | None:
        if subscription.reseller_number:
            return f"{subscription.reseller_number} {subscription.reseller_name}"
        return gettext("It is not known which one.") if subscription.reseller_managed else None

    def store(self, row, *, form, by, reason) -> None:
        subscriptions.save_subscription(subscription=row, by=by, reason=reason)
