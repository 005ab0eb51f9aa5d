"""A list as a file: asked for with its filters, answered with 202 and where it is, and read row by row from there.

Nothing is kept: the file is made while it is sent, in the scope and by the rights of that moment, and recorded then.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.core import signing
from django.http import Http404, HttpResponseBase, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Schema
from ninja.responses import Status
from pydantic import Field

from portal.api.access import LOOKS_UP, access
from portal.api.answers import ApiRequest
from portal.api.bodies import Body
from portal.api.files.exported import OF_PARTNERS, OF_TENANTS, Exported, OneList
from portal.api.formats import Moment, OpenText
from portal.api.kinds import INVALID, OVER
from portal.api.problems import Problem, Wrong, absolute
from subscriptions.access import Permission
from subscriptions.clouds import profile_of

V = TypeVar("V", bound=Callable[..., Any])
READY_FOR = timedelta(minutes=15)
MOST_FILTERS = 20
SALT = "api-export"
CSV = {"text/csv": {"schema": {"type": "string"}}}
FILE = {"responses": {200: {"description": "The file, in UTF-8.", "content": CSV}}}


class ExportBody(Body):
    list: OpenText = Field(examples=["subscriptions"])
    filters: dict[str, str] = Field(
        default={}, max_length=MOST_FILTERS, description="As in the address of the list's page; order is one of them."
    )


class ExportOut(Schema):
    """A file that can be read now."""

    id: str
    list: OpenText
    filters: dict[str, str]
    state: OpenText = Field(description="ready: the rows are read while the file is sent.")
    rows: int = Field(description="How many there were when it was asked for; lines that came tell how far it is.")
    until: Moment = Field(description="Until then the file can be read, as often as needed.")
    file_url: str


@dataclass(frozen=True)
class Where:
    """Whose lists these are."""

    permission: Permission  # to come there; each list asks for its own
    lists: Mapping[str, OneList]
    prefix: str = ""

    def named(self, view: V) -> V:
        view.__name__ = view.__name__.replace("export", f"{self.prefix}export")
        return view

    def address(self, request: ApiRequest, ticket: str) -> str:
        home = f"p/{request.partner.number}" if self.prefix else f"t/{request.tenant.slug}"
        return absolute(f"/api/v1/{home}/exports/{ticket}")


OF_TENANT = Where(Permission.READ, OF_TENANTS)
OF_PARTNER = Where(Permission.READ_WORKSPACE, OF_PARTNERS, "partner_")


def router_of(where: Where) -> Router:
    router = Router(tags=["Exports"])

    @router.post("/exports", response={202: ExportOut})
    @access(where.permission, kind=LOOKS_UP)
    @where.named
    def begin_export(request: ApiRequest, body: ExportBody):
        """A list as a CSV file, by its page's filters; Location says where it is. Nothing is changed."""
        return _begun(request, where, body)

    @router.get("/exports/{ticket}", response=ExportOut)
    @access(where.permission)
    @where.named
    def read_export(request: ApiRequest, ticket: str):
        """Whether the file is there, and how many rows it has."""
        _opened(request, where, *_asked(request, ticket))
        return _written(request, where, ticket)

    @router.get("/exports/{ticket}/file", openapi_extra=FILE)
    @access(where.permission)
    @where.named
    def read_export_file(request: ApiRequest, ticket: str) -> HttpResponseBase:
        """The file. It is recorded who had it, with which filters, and how many rows."""
        return _opened(request, where, *_asked(request, ticket)).answer()

    return router


def _begun(request: ApiRequest, where: Where, body: ExportBody) -> Any:
    if body.list not in where.lists:
        told = _("One of these: %(kinds)s.") % {"kinds": ", ".join(sorted(where.lists))}
        raise Problem(INVALID, errors=[Wrong(told, "unknown", pointer="/list")])
    found = _opened(request, where, body.list, body.filters)
    ticket = _ticket(request, body, found.rows(), timezone.now())
    request.answered.headers["Location"] = where.address(request, ticket)
    return Status(202, _written(request, where, ticket))


def _opened(request: ApiRequest, where: Where, name: str, filters: Mapping[str, str]) -> Exported:
    """With the list's own permission. Raises Refused, Http404 and Problem."""
    one = where.lists.get(name)
    home: Any = request.partner if where.prefix else request.tenant
    if one is None or (one.capability and not profile_of(home.cloud).allows(one.capability)):
        raise Http404
    request.actor.may(one.permission).require()
    request.actor = request.actor.acting_by(one.permission)
    asked = QueryDict(mutable=True)
    asked.update(filters)
    request.GET = asked  # type: ignore[assignment]
    found = one.of(request)
    _require_known(found, filters)
    return found


def _require_known(found: Exported, filters: Mapping[str, str]) -> None:
    told = _("There is no such parameter here. Those that there are: %(names)s.")
    names = ", ".join(sorted(found.form.fields)) or "-"
    wrong = [
        Wrong(told % {"names": names}, "unknown-parameter", pointer=f"/filters/{name[:100]}")
        for name in filters
        if name not in found.form.fields
    ]
    for name, problems in found.form.errors.as_data().items():
        place = "/filters" if name == "__all__" else f"/filters/{name}"
        wrong += [Wrong(each, str(it.code or "invalid"), pointer=place) for it in problems for each in it.messages]
    if wrong:
        raise Problem(INVALID, errors=wrong)


def _ticket(request: ApiRequest, body: ExportBody, rows: int, now: datetime) -> str:
    return signing.dumps([_bound(request), body.list, body.filters, rows, now.isoformat()], salt=SALT)


def _read(request: ApiRequest, ticket: str) -> list[Any]:
    """Raises Http404 for what is none of this caller here, and Problem for one that is over."""
    try:
        bound, *said = signing.loads(ticket, salt=SALT, max_age=READY_FOR)
    except signing.SignatureExpired as error:
        raise Problem(OVER) from error
    except signing.BadSignature as error:
        raise Http404 from error
    if bound != _bound(request):
        raise Http404
    return list(said)


def _bound(request: ApiRequest) -> list[str]:
    home = request.tenant.uuid if hasattr(request, "tenant") else request.partner.uuid
    return [str(request.caller.uuid), str(home)]


def _asked(request: ApiRequest, ticket: str) -> tuple[str, dict[str, str]]:
    name, filters, _rows, _begun = _read(request, ticket)
    return name, filters


def _written(request: ApiRequest, where: Where, ticket: str) -> ExportOut:
    name, filters, rows, begun = _read(request, ticket)
    return ExportOut(
        id=ticket,
        list=name,
        filters=filters,
        state="ready",
        rows=rows,
        until=datetime.fromisoformat(begun) + READY_FOR,
        file_url=f"{where.address(request, ticket)}/file",
    )
