"""Settings > Partner Relationships as a file, with the same filters and without the limit of the page."""

from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from partners.overview.relationship_list import ordered_relationships, row_of_values
from subscriptions.base import formats
from subscriptions.web.files.file_rows import FileRows, day_cell
from subscriptions.web.files.list_file import ListFile, file_answer
from subscriptions.web.page_access import TenantRequest
from subscriptions.web.tables import Column

REASON = Column(gettext_lazy("Reason"), value=lambda row: row.end_reason)  # which no partner reads
COLUMNS = (
    Column(gettext_lazy("Relationship ID"), value=lambda row: str(row.uuid or "")),
    Column(gettext_lazy("Partner ID"), value=lambda row: row.partner_number),
    Column(gettext_lazy("Partner"), value=lambda row: row.partner_name),
    Column(gettext_lazy("Relationship"), value=lambda row: row.kind.label),
    Column(gettext_lazy("Name"), value=lambda row: row.name),
    Column(gettext_lazy("Status"), value=lambda row: row.status.label),
    Column(gettext_lazy("Roles"), value=lambda row: formats.join_list(role.label for role in row.roles)),
    Column(gettext_lazy("Since"), value=lambda row: day_cell(row.since), in_zone=True),
    Column(gettext_lazy("Ends"), value=lambda row: row.expires, in_zone=True),
    Column(gettext_lazy("Extended by itself"), value=lambda row: _("Yes") if row.auto_extend else _("No")),
    Column(gettext_lazy("Ended"), value=lambda row: day_cell(row.ended), in_zone=True),
    Column(gettext_lazy("Ended by"), value=lambda row: row.ended_by),
    REASON,
    Column(gettext_lazy("Credited subscriptions"), value=lambda row: row.subscriptions),
)


def relationship_file(request: TenantRequest, **wanted: Any) -> HttpResponseBase:
    """`wanted` is text and status of the page's filters."""
    rows = ordered_relationships(request.tenant, **wanted)
    columns = [column for column in COLUMNS if column is not REASON or not request.actor.is_partner]
    title, name = gettext_lazy("Partner Relationships"), pgettext("file", "relationships")
    return file_answer(request, ListFile(FileRows(columns), rows, title=title, name=name, filled=_rows))


def _rows(values: list[dict]) -> list[Any]:
    return [row_of_values(each) for each in values]
