"""The history of partners of record. To be read: changes are an action on the subscriptions."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from partners.models import PartnerOfRecord
from subscriptions.access import StaffPermission
from subscriptions.staff.admin import ReadOnlyAdmin
from subscriptions.staff.desk import Group
from subscriptions.staff.filters import TenantFilter, by_days


@admin.register(PartnerOfRecord)
class PartnerOfRecordAdmin(ReadOnlyAdmin):
    view_permission = StaffPermission.READ_PARTNERS
    group = Group.PARTNERS
    fields = (
        "tenant",
        "subscription",
        "partner",
        "since",
        "until",
        "source",
        "set_by_name",
        "reason",
        "end_source",
        "ended_by_name",
        "end_reason",
        "identity",
    )
    exact = ("uuid", "subscription__uuid", "tenant__uuid", "tenant__slug", "partner__number")
    subject = "subscription.uuid"
    list_display = ("subscription", "tenant", "partner", "since", "until", "source", "set_by_name")
    list_filter = (TenantFilter, by_days("valid__startswith", _("From")), "source")
    list_select_related = ("subscription", "tenant", "partner")
    search_fields = ("set_by_name__startswith", "tenant__search_text__contains")

    @admin.display(description=_("from"))
    def since(self, period: PartnerOfRecord):
        return period.valid.lower

    @admin.display(description=_("until"))
    def until(self, period: PartnerOfRecord):
        return period.valid.upper
