"""The partner of record of a subscription: PUT names it, DELETE takes it off; the history says who was credited."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from ninja.responses import Status
from pydantic import Field

from partners.models import PartnerOfRecord
from partners.partner_of_record.acts import Change
from partners.partner_of_record.forms import CheckForm
from partners.partner_of_record.pages import EditPartnerOfRecord, UndoPartnerOfRecord
from portal.api.access import WRITES, access
from portal.api.acts import perform
from portal.api.answers import ApiRequest
from portal.api.bodies import Body
from portal.api.days import moment_of
from portal.api.formats import Moment, OpenText
from portal.api.kinds import NAME_DIFFERS
from portal.api.paging import Found, Paging, cut
from portal.api.problems import Problem
from portal.api.served import waits_at
from portal.api.tenants.numbers import number_sent
from portal.api.tenants.subscription_shapes import ID_OF_PARTNER, Credited, credit
from subscriptions.access import Permission
from subscriptions.base.names import normalize_name, sort_key
from subscriptions.models import Approval, Subscription
from subscriptions.web.paging import Sort

router = Router(tags=["Partner of record"])
PLACE = "/subscriptions/{uuid:uuid}/partner-of-record"


class PartnerName(Schema):
    partner_id: str = Field(description=ID_OF_PARTNER)
    name: str


class Changed(Schema):
    """What became of it: from whom to whom, or that it waits for a second person's approval."""

    changed: bool
    before: PartnerName | None
    after: PartnerName | None
    waits_for_approval: bool = False
    approval_id: str | None = None


class Naming(Body):
    partner_id: str = Field(max_length=10_240, description=ID_OF_PARTNER, examples=["565380"])
    reason: str = Field(default="", max_length=500, description="It stands in the history of the subscription.")
    expected_name: str | None = Field(
        default=None, max_length=200, description="Where the partner has another name, nothing is changed."
    )
    version: int | None = Field(default=None, description="In the place of If-Match.")


class Version(Body):
    version: int | None = Field(default=None, description="In the place of If-Match.")


class NameOfPartner(EditPartnerOfRecord):
    """Names a partner: an ID that is empty is no removal."""

    form_class = CheckForm


class NowCredited(Schema):
    partner_of_record: Credited | None
    version: int


class PeriodOut(Schema):
    partner: PartnerName
    since: Moment
    until: Moment | None
    source: OpenText
    set_by: str
    reason: str
    end_source: OpenText | None
    ended_by: str | None
    end_reason: str | None


class PeriodPage(Found):
    data: list[PeriodOut]


class HistoryQuery(Paging):
    as_of: str | None = Field(
        default=None, max_length=40, description="The one period in which this moment or day's end lies."
    )


@router.get(PLACE, response=NowCredited)
@access(Permission.READ_SUBSCRIPTIONS)
def read_partner_of_record(request: ApiRequest, uuid: UUID):
    """Whom the subscription credits now; its ETag is the subscription's version."""
    row = _subscription(request, uuid)
    period = _periods(request, row).in_force().first()
    request.answered.version = row.version
    return {"partner_of_record": credit(period), "version": row.version}


@router.put(PLACE, response={200: Changed, 202: Changed})
@access(Permission.SET_PARTNER_OF_RECORD, kind=WRITES)
def set_partner_of_record(request: ApiRequest, uuid: UUID, body: Naming):
    """Names the partner of record, from now on. The same partner again changes nothing."""
    number_sent(body.partner_id, pointer="/partner_id")
    act = NameOfPartner(request, slug=request.tenant.slug, uuid=uuid)
    fields = {"partner_id": body.partner_id, "reason": body.reason, "when": "now"}
    act_done = perform(request, act, fields, body=body, expects=expect_name(body.expected_name))
    return _changed(request, uuid, act_done)


@router.delete(PLACE, response={204: None, 202: Changed})
@access(Permission.SET_PARTNER_OF_RECORD, kind=WRITES)
def delete_partner_of_record(request: ApiRequest, uuid: UUID):
    """Takes the partner of record off. Where there is none, nothing is changed."""
    act = EditPartnerOfRecord(request, slug=request.tenant.slug, uuid=uuid)
    act.find()
    if act.current is None:
        return Status(204, None)
    outcome = perform(request, act, {"partner_id": "", "when": "now"})
    return _changed(request, uuid, outcome, status=204)


@router.post(f"{PLACE}/undo", response={200: Changed, 202: Changed})
@access(Permission.SET_PARTNER_OF_RECORD, kind=WRITES)
def undo_partner_of_record(request: ApiRequest, uuid: UUID, body: Version | None = None):
    """Brings back the partner, or none, from before the last change, as a new period."""
    return _changed(
        request,
        uuid,
        perform(request, UndoPartnerOfRecord(request, slug=request.tenant.slug, uuid=uuid), {}, body=body),
    )


@router.get(f"{PLACE}/history", response=PeriodPage)
@access(Permission.READ_SUBSCRIPTIONS)
def list_partner_of_record_history(request: ApiRequest, uuid: UUID, query: Query[HistoryQuery]):
    """Who was credited when, the latest first. Nobody can change it."""
    moment = moment_of(query.as_of, request.tenant)
    periods = _periods(request, _subscription(request, uuid))
    if moment is not None:
        periods = periods.as_of(moment)
    page = cut(request, periods.with_bounds(), Sort("began", descending=True), query)
    return {"data": [_written(request, row) for row in page.rows], **page.facts}


def _subscription(request: ApiRequest, uuid: UUID) -> Subscription:
    found = Subscription.objects.of_tenant(request.tenant).filter(uuid=uuid).first()
    if found is None:
        raise Http404
    return found


def _periods(request: ApiRequest, row: Subscription) -> Any:
    return PartnerOfRecord.objects.filter(tenant=request.tenant, subscription=row).select_related("partner")


def expect_name(expected: str | None) -> Any:
    """Compared as names are sorted: capitals and marks make no difference."""

    def expects(wanted: Any) -> None:
        partner = wanted["partner_id"]
        if expected is not None and sort_key(normalize_name(expected)) != sort_key(partner.name):
            told = _("%(id)s is not the partner ID of %(name)s.") % {"id": partner.number, "name": expected}
            raise Problem(NAME_DIFFERS, detail=told, next_step=_("Compare the ID with what the partner sent you."))

    return expects


def _changed(request: ApiRequest, uuid: UUID, outcome: Any, *, status: int | None = None) -> Any:
    if isinstance(outcome, Approval):
        told = {"changed": False, "before": None, "after": None}
        return Status(202, {**told, **waits_at(request, outcome)})
    request.answered.version = _subscription(request, uuid).version
    change = outcome if isinstance(outcome, Change) else Change(None, None)
    if status:
        return Status(status, None)
    return {
        "changed": change.event is not None,
        "before": _named(change.before),
        "after": _named(change.after),
    }


def _named(partner: Any) -> PartnerName | None:
    return PartnerName(partner_id=partner.number, name=partner.name) if partner else None


def _written(request: ApiRequest, row: Any) -> PeriodOut:
    """No partner reads a reason."""
    end: datetime | None = row.ended
    is_own = not request.actor.is_partner
    return PeriodOut(
        partner=PartnerName(partner_id=row.partner.number, name=row.partner.name),
        since=row.began,
        until=end,
        source=row.source,
        set_by=row.set_by_name,
        reason=row.reason if is_own else "",
        end_source=row.end_source if end else None,
        ended_by=row.ended_by_name if end else None,
        end_reason=row.end_reason if end and is_own else None,
    )
