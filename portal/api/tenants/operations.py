"""Acts on many subscriptions: decided in one call, done by a job, and read as an operation with its progress."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from ninja.responses import Status
from pydantic import Field

from portal.api.access import WRITES, access
from portal.api.acts import as_typed
from portal.api.answers import ApiRequest
from portal.api.bodies import Body
from portal.api.formats import Moment, OpenText
from portal.api.kinds import INVALID
from portal.api.paging import Found, Paging, cut
from portal.api.problems import Problem, Wrong, absolute
from portal.api.served import Served, serve
from portal.api.tenants.numbers import uuid_sent
from subscriptions.bulk import acts as bulk
from subscriptions.bulk import progress_pages
from subscriptions.bulk.forms import FORMS
from subscriptions.bulk.kinds import KINDS
from subscriptions.bulk.reads import decided_acts, find_act
from subscriptions.bulk.rules import SEES_MANY, may_begin, may_undo
from subscriptions.db.limits import count_request, limits_of
from subscriptions.models import BulkAct, Subscription
from subscriptions.models.jobs.bulk_act import OVER, UNDECIDED
from subscriptions.web.paging import Sort

router = Router(tags=["Operations"])
BY_UUID = "/operations/{uuid:uuid}"
MOST_IN_ONE_CALL = 5_000
RETRY_SECONDS = "5"


class OperationOut(Schema):
    id: str
    kind: OpenText
    state: OpenText = Field(description="asked, queued, running, paused, done or canceled.")
    chosen: int
    planned: int
    changed: int
    not_changed: int
    waiting: int = Field(description="Rows without an outcome yet.")
    reason: str
    decided_by: str
    decided: Moment | None
    ended: Moment | None
    undo_of: str | None


class OperationPage(Found):
    data: list[OperationOut]


class RowOut(Schema):
    subscription_id: str
    subscription: str
    outcome: OpenText = Field(description="Empty while the row waits.")
    before: dict[str, Any]
    after: dict[str, Any]


class RowPage(Found):
    data: list[RowOut]


class RowQuery(Paging):
    outcome: str | None = Field(default=None, max_length=40)


class ManyBody(Body):
    kind: OpenText = Field(examples=["partner-of-record"])
    subscriptions: list[str] = Field(min_length=1, max_length=MOST_IN_ONE_CALL)
    wanted: dict[str, Any] = Field(default={}, description="What the kind asks for, such as partner_id.")
    reason: str = Field(default="", max_length=500)


@router.post("/bulk-acts", response={202: OperationOut})
@access(SEES_MANY, kind=WRITES)
def change_many(request: ApiRequest, body: ManyBody):
    """Changes many subscriptions alike. Each row is judged as the page judges it; with dry_run nothing is begun."""
    if body.kind not in KINDS or not KINDS[body.kind].is_chosen:
        kinds = ", ".join(sorted(code for code, kind in KINDS.items() if kind.is_chosen))
        raise _wrong(_("One of these: %(kinds)s.") % {"kinds": kinds}, "unknown", "/kind")
    may_begin(request.actor, body.kind).require()
    count_request(*limits_of("change-many", person=request.actor.counted_as))
    rows, by = _chosen(request, body.subscriptions), request.actor
    act = bulk.choose(tenant=request.tenant, kind=body.kind, rows=rows, selection=_("By API"), by=by)
    act = bulk.preview(act=act, wanted=_wanted(request, body), reason=body.reason, by=by)
    return begun(request, bulk.decide(act=act, digest=act.digest, by=by))


@router.post(f"{BY_UUID}/undo", response={202: OperationOut})
@access(SEES_MANY, kind=WRITES)
def undo_many(request: ApiRequest, uuid: UUID):
    """Takes back what an operation has changed, but for what was changed again since."""
    act = _found(request, uuid)
    may_undo(request.actor, act).require()
    count_request(*limits_of("change-many", person=request.actor.counted_as))
    undo = bulk.preview_undo(act=act, by=request.actor)
    return begun(request, bulk.decide(act=undo, digest=undo.digest, by=request.actor))


@router.get("/operations", response=OperationPage)
@access(SEES_MANY)
def list_operations(request: ApiRequest, query: Query[Paging]):
    """The newest first."""
    rows = decided_acts(request.tenant).select_related("undo_of")
    page = cut(request, rows, Sort("id", descending=True), query)
    return {"data": [_written(row) for row in page.rows], **page.facts}


@router.get(BY_UUID, response=OperationOut)
@access(SEES_MANY)
def read_operation(request: ApiRequest, uuid: UUID):
    """How far it is; Retry-After says when to ask again."""
    act = _found(request, uuid)
    if act.state not in OVER:
        request.answered.headers["Retry-After"] = RETRY_SECONDS
    return _written(act)


@router.get(f"{BY_UUID}/rows", response=RowPage)
@access(SEES_MANY)
def list_operation_rows(request: ApiRequest, uuid: UUID, query: Query[RowQuery]):
    """What came of each subscription."""
    return rows_of(request, _found(request, uuid), query)


def rows_of(request: ApiRequest, act: BulkAct, query: RowQuery) -> dict[str, Any]:
    rows: Any = act.rows.select_related("subscription")
    if query.outcome is not None:
        rows = rows.filter(outcome=query.outcome)
    page = cut(request, rows, Sort("id"), query)
    return {"data": [_row(row) for row in page.rows], **page.facts}


def _found(request: ApiRequest, uuid: UUID) -> BulkAct:
    act = find_act(request.tenant, uuid)
    if act is None or act.state in UNDECIDED:
        raise Http404
    return act


def _chosen(request: ApiRequest, ids: list[str]) -> Any:
    wanted = {uuid_sent(each, f"/subscriptions/{place}") for place, each in enumerate(ids)}
    rows = Subscription.objects.of_tenant(request.tenant).filter(uuid__in=wanted)
    if missing := wanted - set(rows.values_list("uuid", flat=True)):
        place = next(place for place, each in enumerate(ids) if UUID(each) in missing)
        raise _wrong(_("There is no such subscription."), "unknown", f"/subscriptions/{place}")
    return rows


def _wanted(request: ApiRequest, body: ManyBody) -> Any:
    fixed = KINDS[body.kind].fixed
    if fixed is not None:
        return fixed
    known = FORMS[body.kind].base_fields
    if unknown := [name for name in body.wanted if name not in known or name in ("seal", "reason")]:
        raise _wrong(_("There is no such field here."), "extra-forbidden", f"/wanted/{unknown[0]}")
    for name, value in body.wanted.items():
        if not isinstance(value, str | int) or isinstance(value, bool):
            raise _wrong(_("This has to be a text, in quotation marks."), "string-type", f"/wanted/{name}")
    form = FORMS[body.kind](as_typed(body.wanted), tenant=request.tenant, by=request.actor)
    if not form.is_valid():
        raise Problem(
            INVALID,
            errors=[
                Wrong(told, str(problem.code or "invalid"), pointer=f"/wanted/{name}")
                for name, problems in form.errors.as_data().items()
                for problem in problems
                for told in problem.messages
            ],
        )
    return form.wanted()


def _wrong(told: str, code: str, pointer: str) -> Problem:
    return Problem(INVALID, errors=[Wrong(told, code, pointer=pointer)])


def begun(request: ApiRequest, act: BulkAct) -> Any:
    place = absolute(f"/api/v1/t/{request.tenant.slug}/operations/{act.uuid}")
    request.answered.headers |= {"Location": place, "Retry-After": RETRY_SECONDS}
    return Status(202, _written(act))


def _written(act: BulkAct) -> OperationOut:
    return OperationOut(
        id=str(act.uuid),
        kind=act.kind,
        state=act.state,
        chosen=act.chosen,
        planned=act.planned,
        changed=act.changed,
        not_changed=act.not_changed,
        waiting=act.waiting,
        reason=act.reason,
        decided_by=act.decided_by,
        decided=act.decided_at,
        ended=act.ended,
        undo_of=str(act.undo_of.uuid) if act.undo_of else None,
    )


def _row(row: Any) -> RowOut:
    return RowOut(
        subscription_id=str(row.subscription.uuid),
        subscription=row.subscription.full_name,
        outcome=row.outcome,
        before=row.before,
        after=row.after,
    )


SERVED = (
    Served("pause_operation", "POST", f"{BY_UUID}/pause", progress_pages.Pause, told="After the rows at hand."),
    Served("resume_operation", "POST", f"{BY_UUID}/resume", progress_pages.Resume, told="Goes on."),
    Served("stop_operation", "POST", f"{BY_UUID}/stop", progress_pages.Stop, told="What is done stays."),
)
for each in SERVED:
    serve(router, each)
