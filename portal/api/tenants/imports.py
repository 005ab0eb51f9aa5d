"""A file of subscriptions that was changed in a spreadsheet: brought, looked at line by line, then done as a job."""

from typing import Any, Literal
from uuid import UUID

from django.http import Http404, HttpResponseBase
from ninja import File, Form, Query, Router, Schema
from ninja.files import UploadedFile
from ninja.responses import Status
from pydantic import Field

from partners.partner_of_record.file_pages import MOST_BYTES_OF_CHANGES, UploadFile
from portal.api.access import WRITES, access
from portal.api.acts import perform
from portal.api.answers import ApiRequest
from portal.api.bodies import Body
from portal.api.files.errors import LineError, errors_of
from portal.api.files.exports import FILE
from portal.api.formats import OpenText
from portal.api.paging import Found, Paging, cut
from portal.api.problems import absolute
from portal.api.tenants.operations import OperationOut, RowPage, RowQuery, begun, rows_of
from portal.api.versions import version_sent
from subscriptions.bulk.decision_pages import Preview
from subscriptions.bulk.lines_page import LineList
from subscriptions.bulk.reads import find_act
from subscriptions.bulk.rules import SEES_MANY
from subscriptions.models import BulkAct, BulkLine
from subscriptions.models.jobs.bulk_act import UNDECIDED
from subscriptions.web.files.uploads import UPLOADS
from subscriptions.web.paging import Sort

router = Router(tags=["Imports"])
BY_UUID = "/imports/{uuid:uuid}"
UPLOADS["api-upload_import"] = MOST_BYTES_OF_CHANGES


class ImportFields(Schema):
    when: Literal["now", "day", "renewal"] = Field(
        default="now", description="A file for later changes partners alone."
    )
    on: str | None = Field(default=None, description="The day, with when=day.")
    reason: str = Field(default="", max_length=500)


class ImportOut(Schema):
    """How the file was read, and what it would change or has changed."""

    id: str
    state: OpenText = Field(description="previewed; then as its operation says.")
    file: str
    encoding: str
    separator: str
    columns: list[str]
    columns_not_taken: list[str]
    lines: int
    wrong: int = Field(description="Lines with errors: they stay out.")
    unchanged: int = Field(description="Lines that say what is so already.")
    planned: int = Field(description="Subscriptions that would change.")
    version: str = Field(description="Of what was shown, to be sent when it is applied.")
    operation_url: str | None = Field(description="Once it is applied: its progress, and how it is stopped.")


class SeenImport(Body):
    version: str | None = Field(default=None, max_length=64, description="In the place of If-Match.")


class LineWithErrors(Schema):
    line: int
    errors: list[LineError]


class LinePage(Found):
    data: list[LineWithErrors]


@router.post("/imports", response={201: ImportOut})
@access(SEES_MANY, kind=WRITES, takes_file=True)
def upload_import(request: ApiRequest, file: File[UploadedFile], fields: Form[ImportFields]):
    """Reads a CSV file as the export has it, and changes nothing: what it would change and what is wrong is read
    next. An empty cell changes nothing; - takes away what is there."""
    said = {name: getattr(fields, name) for name in ImportFields.model_fields}
    act = perform(request, UploadFile(request, slug=request.tenant.slug), said)
    request.answered.headers["Location"] = _url(request, act)
    return Status(201, _shown(request, act))


@router.get(BY_UUID, response=ImportOut)
@access(SEES_MANY)
def read_import(request: ApiRequest, uuid: UUID):
    """What it would change, and how many lines are wrong; its ETag is sent when it is applied."""
    return _shown(request, _found(request, uuid))


@router.get(f"{BY_UUID}/lines", response=LinePage)
@access(SEES_MANY)
def list_import_errors(request: ApiRequest, uuid: UUID, query: Query[Paging]):
    """All errors by line and column, with what mends each."""
    page = cut(request, _found(request, uuid).lines.exclude(problems=[]), Sort("number"), query)
    return {"data": [_line(row) for row in page.rows], **page.facts}


@router.get(f"{BY_UUID}/lines/file", openapi_extra=FILE)
@access(SEES_MANY)
def read_import_errors_file(request: ApiRequest, uuid: UUID) -> HttpResponseBase:
    """The lines that were not done, with the columns of the file that came and why: to be mended and brought back."""
    return LineList(request, _found(request, uuid)).file_answer()  # type: ignore[arg-type]


@router.get(f"{BY_UUID}/rows", response=RowPage)
@access(SEES_MANY)
def list_import_rows(request: ApiRequest, uuid: UUID, query: Query[RowQuery]):
    """What becomes or became of each subscription of the file."""
    return rows_of(request, _found(request, uuid), query)


@router.post(f"{BY_UUID}/apply", response={202: OperationOut})
@access(SEES_MANY, kind=WRITES)
def apply_import(request: ApiRequest, uuid: UUID, body: SeenImport | None = None):
    """Does what was shown, by the version that was seen: an operation, with its progress."""
    _found(request, uuid)
    act = Preview(request, slug=request.tenant.slug, uuid=uuid)
    return begun(request, perform(request, act, {"version": version_sent(request, body)}, body=body))


def _found(request: ApiRequest, uuid: UUID) -> BulkAct:
    """A preview is the application's own. Raises Http404."""
    act = find_act(request.tenant, uuid)
    if act is None or not act.file or (act.state in UNDECIDED and act.application != request.caller.uuid):
        raise Http404
    return act


def _url(request: ApiRequest, act: BulkAct, what: str = "imports") -> str:
    return absolute(f"/api/v1/t/{request.tenant.slug}/{what}/{act.uuid}")


def _shown(request: ApiRequest, act: BulkAct) -> ImportOut:
    request.answered.version = act.digest
    file: dict[str, Any] = act.file
    return ImportOut(
        id=str(act.uuid),
        state=act.state,
        file=file["name"],
        encoding=file["encoding"],
        separator=file["separator"],
        columns=file["taken"],
        columns_not_taken=file["not_taken"],
        lines=file["lines"],
        wrong=file["wrong"],
        unchanged=file["unchanged"],
        planned=act.planned,
        version=act.digest,
        operation_url=None if act.state in UNDECIDED else _url(request, act, "operations"),
    )


def _line(line: BulkLine) -> LineWithErrors:
    return LineWithErrors(line=line.number, errors=errors_of(line.problems))
