"""Who was credited on the listed subscriptions over time, as a file: a line is a time with one partner."""

from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from partners.models import PartnerOfRecord
from partners.models.partner_of_record import Source
from subscriptions.models import Tenant
from subscriptions.web.files.file_rows import FileRows
from subscriptions.web.files.file_values import Key, Label, Moment
from subscriptions.web.files.list_file import ListFile, file_answer
from subscriptions.web.files.other_files import OTHER_FILES, OtherFile
from subscriptions.web.page_access import TenantRequest
from subscriptions.web.tables import Column

TITLE = _("Partners of record over time")
VALUES = (
    "subscription__uuid", "subscription__name", "subscription__own_name", "partner__number", "partner__name", "began",
    "ended", "source", "set_by_name", "reason", "end_source", "ended_by_name", "end_reason",
)  # fmt: skip
REASONS = (  # which no partner reads
    Column(_("Reason"), value="reason"),
    Column(_("Reason of the end"), value="end_reason"),
)
COLUMNS = (
    Column(_("Subscription ID"), value=Key("subscription__uuid")),
    Column(_("Subscription"), value="subscription__name"),
    Column(_("Own name"), value="subscription__own_name"),
    Column(_("Partner ID"), value="partner__number"),
    Column(_("Partner of record"), value="partner__name"),
    Column(_("Since"), value=Moment("began"), in_zone=True),
    Column(_("Until"), value=Moment("ended"), in_zone=True),
    Column(_("Began with"), value=Label("source", Source)),
    Column(_("Set by"), value="set_by_name"),
    REASONS[0],
    Column(_("Ended with"), value=Label("end_source", Source)),
    Column(_("Ended by"), value="ended_by_name"),
    REASONS[1],
)


def history_of(tenant: Tenant, subscriptions: Any) -> Any:
    """The times of these subscriptions; by subscription, the oldest first."""
    periods: Any = PartnerOfRecord.objects.filter(tenant=tenant)
    rows = periods.filter(subscription__in=subscriptions.order_by().values("pk")).with_bounds()
    return rows.order_by("subscription_id", "began").values(*VALUES)


def history_file(request: TenantRequest, subscriptions: Any) -> HttpResponseBase:
    ordered = history_of(request.tenant, subscriptions)
    name = pgettext("file", "partner-of-record-history")
    columns = [column for column in COLUMNS if column not in REASONS or not request.actor.is_partner]
    return file_answer(request, ListFile(FileRows(columns), ordered, title=TITLE, name=name))


OTHER_FILES["history"] = OtherFile(TITLE, history_file)
