"""Changes of a partner of record for a day to come: what waits, and what could not be applied."""

from typing import Any, Literal
from uuid import UUID

from django.http import Http404
from ninja import Query, Router, Schema
from pydantic import Field

from partners.models import ScheduledChange
from partners.partner_of_record.forms import PartnerOfRecordForm
from partners.partner_of_record.pages import EditPartnerOfRecord
from partners.partner_of_record.schedule.reads import changes_of, find_change
from portal.api.access import access
from portal.api.answers import ApiRequest
from portal.api.formats import Day, OpenText
from portal.api.paging import Found, Paging, cut
from portal.api.tenants.partner_of_record import PartnerName
from subscriptions.access import Permission
from subscriptions.web.paging import Sort

router = Router(tags=["Scheduled changes"])


class ScheduleChange(EditPartnerOfRecord):
    """The same act as the page's, for a day: a box that is empty is a removal that was asked for in words."""

    form_class = PartnerOfRecordForm

    def done(self, change: Any) -> str:
        return "" if isinstance(change, ScheduledChange) else super().done(change)


class ScheduledOut(Schema):
    id: str
    subscription_id: str
    subscription: str
    partner: PartnerName | None = Field(description="null: the partner of record is removed.")
    day: Day
    state: OpenText
    scheduled_by: str
    reason: str


class ScheduledPage(Found):
    data: list[ScheduledOut]


class ScheduledQuery(Paging):
    state: Literal["waiting", "applied", "canceled", "not-applied", "dismissed"] | None = None


@router.get("/scheduled-changes", response=ScheduledPage)
@access(Permission.SET_PARTNER_OF_RECORD)
def list_scheduled_changes(request: ApiRequest, query: Query[ScheduledQuery]):
    """Changes for a day to come, the newest first."""
    rows = changes_of(request.tenant)
    if query.state:
        rows = rows.filter(state=query.state)
    page = cut(request, rows, Sort("id", descending=True), query)
    return {"data": [_written(row) for row in page.rows], **page.facts}


@router.get("/scheduled-changes/{uuid:uuid}", response=ScheduledOut)
@access(Permission.SET_PARTNER_OF_RECORD)
def read_scheduled_change(request: ApiRequest, uuid: UUID):
    """One change for a day to come."""
    found = find_change(request.tenant, uuid)
    if found is None:
        raise Http404
    return _written(found)


def _written(row: Any) -> ScheduledOut:
    partner = row.partner and PartnerName(partner_id=row.partner.number, name=row.partner.name)
    return ScheduledOut(
        id=str(row.uuid),
        subscription_id=str(row.subscription.uuid),
        subscription=row.subscription.full_name,
        partner=partner,
        day=row.day,
        state=row.state,
        scheduled_by=row.scheduled_by,
        reason=row.reason,
    )
