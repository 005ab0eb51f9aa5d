"""Why can't I? Staff ask for somebody else what the pages would answer, rule by rule."""

from dataclasses import dataclass
from typing import Any

from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.http import require_safe

from portal.desk.admin_askable import Askable, Place, askable, find_place, uuid_in
from portal.desk.admin_page import page_context
from portal.desk.admin_rule_words import STAGES, STAGES_OF_A_WORKSPACE, looked_at, name_of
from portal.desk.admin_tracing import Trace, trace
from subscriptions.access import StaffPermission, staff_actor
from subscriptions.audit.acts import record
from subscriptions.audit.events import WhyAsked
from subscriptions.base import formats
from subscriptions.base.typed import plain
from subscriptions.clouds import Text
from subscriptions.db.bookkeeping import unless_read_only
from subscriptions.models import User
from subscriptions.models.audit_event import AuditKind
from subscriptions.staff.desk import Group, desk_page

MOST_OFFERED = 200
NOT_FOUND = 404  # a page that tells nothing


@dataclass(frozen=True)
class Line:
    """One rule of the answer, as the table shows it."""

    rule: Text
    looked_at: str
    found: str
    outcome: Text
    css: str
    row_css: str = ""


def lines_of(traced: Trace, *, person: User, place: Place) -> list[Line]:
    """The stages before the act, up to where it stopped, then each rule of the act in the order that it was asked."""
    lines = []
    for stage, label in (STAGES | STAGES_OF_A_WORKSPACE if place.is_workspace else STAGES).items():
        is_stop = stage == traced.stage
        seen = str(person) if stage in ("person", "member") else place.cloud if stage == "cloud" else place.name
        reason = str(traced.verdict.reason) if is_stop and traced.verdict else ""
        lines.append(Line(label, seen, reason, *(_stopped() if is_stop else _passed())))
        if is_stop:
            return lines
    is_over = False
    for rule in traced.rules:
        is_stop = not is_over and not rule.verdict.allowed
        outcome = _not_reached() if is_over else _stopped() if is_stop else _passed()
        found = "" if is_over else str(rule.verdict.reason)
        lines.append(Line(name_of(rule.name), looked_at(rule.inputs), found, *outcome))
        is_over = is_over or is_stop
    return lines


def _passed() -> tuple[str, str]:
    return _("Passed"), "ok"


def _stopped() -> tuple[str, str, str]:
    return _("Stopped here"), "bad", "stop"


def _not_reached() -> tuple[str, str, str]:
    return _("Not reached"), "neutral", "after"


@desk_page(
    "why/",
    name="why",
    staff_permission=StaffPermission.READ_CUSTOMERS,
    label=gettext_lazy("Why can't I?"),
    group=Group.CUSTOMERS,
)
@require_safe
def why(request) -> TemplateResponse:
    """A form that is sent by GET: what is missing or unknown is said, and nothing is asked then."""
    asked = {name: plain(request.GET.get(name, ""))[:200] for name in ("tenant", "person", "act", "on")}
    place = find_place(asked["tenant"])
    key = uuid_in(asked["person"])
    people = place.people() if place else User.objects.none()
    person = people.filter(uuid=key).first() if key else None
    act = next((each for each in place.acts() if each.name == asked["act"]), None) if place else None
    acts = place.acts() if place else askable().values()
    context = page_context(request, _("Why can't I?")) | {
        "asked": asked,
        "place": place,
        "people": [(str(row.uuid), formats.with_note(row.name, row.email)) for row in people[:MOST_OFFERED]],
        "acts": sorted(((each.name, each.full_label) for each in acts), key=lambda pair: pair[1]),
        "subjects": [(row.uuid, str(row)) for row in place.subjects(act)[:MOST_OFFERED]] if act and place else [],
        "problem": _problem(asked, place, person, act),
    }
    if place and person and act and not context["problem"]:
        context |= _answer(request, act, person, place, asked["on"])
    status = 422 if context["problem"] else 200
    return TemplateResponse(request, "admin/why.html", context, status=status)


def _answer(request: Any, act: Askable, person: User, place: Place, on: str) -> dict[str, Any]:
    address = {"uuid": uuid_in(on)} if act.subject else {}
    traced = trace(act.act, person=person, owner=place.owner, address=address)
    language = person.language or place.language
    verdict = traced.verdict
    with override(language):
        is_told = verdict is not None and verdict.code.status != NOT_FOUND
        said = formats.sentences(verdict.reason, verdict.who, verdict.next_step) if verdict and is_told else ""
    decision = traced.act.decision if traced.act and traced.is_allowed else None
    with unless_read_only("why asked"):  # it tells staff nothing that they may not read page by page
        _record(request, act, person, place, on)
    return {
        "traced": traced,
        "person": person,
        "said": said,
        "language": language,
        "lines": lines_of(traced, person=person, place=place),
        "minutes": decision.minutes if decision else 0,
    }


def _record(request: Any, act: Askable, person: User, place: Place, on: str) -> None:
    """Who looked at what somebody else may do, and for which act."""
    record(
        AuditKind.WHY_ASKED,
        by=staff_actor(request.user),
        tenant=place.tenant,
        subject_name=person.name,
        subject_uuid=person.uuid,
        facts=WhyAsked(act=act.name, partner="" if place.tenant else place.name, about=on if act.subject else ""),
    )


def _problem(asked: dict[str, str], place: Place | None, person: User | None, act: Askable | None) -> str:
    if asked["tenant"] and not place:
        return _("There is no organization with this address or tenant ID, and no partner with this ID.")
    if asked["person"] and place and not person:
        if place.is_workspace:
            return _("This person does not work for the partner.")
        return _("This person neither belongs to the organization nor works for a partner of it.")
    if asked["act"] and place and not act:
        return _("Choose an act from the list.")
    if act and act.subject and person and not uuid_in(asked["on"]):
        return _("Say what it is about: choose from the list, or paste the UUID from its page.")
    return ""
