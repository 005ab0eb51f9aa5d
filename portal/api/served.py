"""An operation for an act: its address, its body by the fields of the act's form, and what it answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from inspect import Parameter, Signature
from typing import Annotated, Any
from uuid import UUID

from django import forms
from django.http import Http404
from ninja import Router, Schema
from ninja.responses import Status
from pydantic import Field, create_model

from portal.api.access import WRITES, Access
from portal.api.acts import HIDDEN, perform
from portal.api.answers import ApiRequest
from portal.api.bodies import Body
from portal.api.problems import absolute
from subscriptions.access import Decision, Permission
from subscriptions.models import Approval
from subscriptions.web.acts import Act

DAY = r"^\d{4}-\d{2}-\d{2}$"
Day = Annotated[str, Field(pattern=DAY, json_schema_extra={"format": "date"})]
OnOff = Annotated[bool, Field(description="true or false")]


class Done(Schema):
    """What became of an act."""

    changed: bool = Field(description="false where everything was so already, or where it waits for approval.")
    summary: str = Field(description="In the reader's language.")
    version: int | str | None = Field(default=None, description="Of what was acted on, as it is now.")
    id: str | None = Field(default=None, description="Of what was made.")
    waits_for_approval: bool = False
    approval_id: str | None = None


@dataclass(frozen=True)
class Served:
    """One row of a table of operations. `more` are fields of the body in the place of the form's, by name: their type
    and default, or None for a field that programs do not send; `typed` turns them into what the form takes. `names`
    are those of the body by those of the form.
    """

    operation: str
    method: str
    path: str
    act: type[Act]
    more: Mapping[str, Any] = field(default_factory=dict)
    typed: Callable[[dict[str, Any]], dict[str, Any]] = dict
    names: Mapping[str, str] = field(default_factory=dict)
    made: Callable[[Any], str] | None = None  # the ID of what it made
    told: str = ""
    permission: Permission | None = None  # to come to it, where that is less than the act's own
    decides: Callable[[dict[str, Any]], Decision | None] = lambda said: None  # by what is sent


def serve(router: Router, served: Served) -> None:
    act = served.act
    body = _body(served)
    takes_id = "{uuid:uuid}" in served.path

    def view(request: ApiRequest, **given: Any) -> Any:
        return _answered(request, served, given.get("uuid"), given["body"] or body())

    parameters = [Parameter("request", Parameter.POSITIONAL_OR_KEYWORD)]
    if takes_id:
        parameters.append(Parameter("uuid", Parameter.KEYWORD_ONLY, annotation=UUID))
    kind = body | None if _optional(body) else body
    default = None if _optional(body) else Parameter.empty
    parameters.append(Parameter("body", Parameter.KEYWORD_ONLY, annotation=kind, default=default))
    view.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    view.__name__, view.__doc__ = served.operation, served.told or f"{act.__doc__ or ''}".strip()
    decision = act.decision if isinstance(act.decision, Decision) else None
    permission = served.permission or act.permission
    view.access = Access(permission, act.capability, WRITES, decision)  # type: ignore[attr-defined]
    view.act = act  # type: ignore[attr-defined]
    router.add_api_operation(served.path, [served.method], view, response={200: Done, 202: Done})


def _optional(body: type[Body]) -> bool:
    return not any(each.is_required() for each in body.model_fields.values())


def _answered(request: ApiRequest, served: Served, uuid: UUID | None, body: Any) -> Any:
    place = {"slug": request.tenant.slug} if hasattr(request, "tenant") else {"number": request.partner.number}
    act = served.act(request, **place, **({"uuid": uuid} if uuid else {}))
    said = body.model_dump(exclude={"version"}, exclude_unset=True)
    if decision := served.decides(said):
        act.by.may_decide(decision).require()
    outcome = perform(request, act, served.typed(said), body=body, names=served.names)
    if isinstance(outcome, Approval):
        return waiting(request, outcome, "")
    done = {"changed": outcome is not None, "summary": "" if outcome is None else str(act.done(outcome))}
    if served.made and outcome is not None:
        done["id"] = served.made(outcome)
    version = version_now(act)
    if isinstance(version, int):
        request.answered.version = version
    return {**done, "version": version}


def waiting(request: ApiRequest, approval: Approval, summary: str) -> Any:
    """Nothing has changed yet: another person decides. It is answered in the shape of `Done`."""
    return Status(202, {"changed": False, "summary": summary, **waits_at(request, approval)})


def waits_at(request: ApiRequest, approval: Approval) -> dict[str, Any]:
    """The fields that say so in any shape; Location is where it is read what became of it."""
    request.answered.headers["Location"] = absolute(f"/api/v1/t/{request.tenant.slug}/approvals/{approval.uuid}")
    return {"waits_for_approval": True, "approval_id": str(approval.uuid)}


def version_now(act: Act) -> int | str | None:
    try:
        act.find()
    except Http404:
        return None
    return act.version


def _body(served: Served) -> type[Body]:
    """Of the fields of the act's form, but for those that a page carries along hidden."""
    fields: dict[str, Any] = {
        "version": (int | str | None, Field(default=None, description="In the place of If-Match."))
    }
    hidden = {*HIDDEN, *served.names}
    for name, box in getattr(served.act.form_class, "base_fields", {}).items():
        if name in hidden or name in served.more or box.widget.is_hidden or isinstance(box, forms.FileField):
            continue
        fields[name] = _field(box)
    for name, value in served.more.items():
        if value is not None:
            fields[name] = value if isinstance(value, tuple) else (value, ...)
    name = "".join(part.capitalize() for part in served.operation.split("_")) + "Body"
    return create_model(name, __base__=Body, **fields)


def _field(box: forms.Field) -> tuple[Any, Any]:
    kind: Any = str
    limits: dict[str, Any] = {}
    if isinstance(box, forms.BooleanField):
        kind = bool
    elif isinstance(box, forms.IntegerField):
        kind = int
    elif isinstance(box, forms.DateField):
        kind = Day
    elif isinstance(box, forms.MultipleChoiceField):
        kind = list[str]
    elif longest := getattr(box, "max_length", None):
        limits["max_length"] = longest
    if box.required and not isinstance(box, forms.BooleanField):
        return kind, Field(..., **limits)
    return kind | None, Field(default=None, **limits)
