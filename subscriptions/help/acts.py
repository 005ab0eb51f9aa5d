"""Somebody asks the operator's staff for help: staff learn of it by mail, answer, and close it."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from subscriptions.access import Actor
from subscriptions.audit import acts as audit
from subscriptions.audit.facts import Facts
from subscriptions.help.events import HelpAnswered, HelpClosed, HelpRequested
from subscriptions.mails.receivers import tell
from subscriptions.models import AuditEvent, HelpRequest, Tenant
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.help_request import HelpState, HelpTopic
from subscriptions.verdicts import ALLOWED, Verdict, VerdictCode


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked about which topic, and the page on which it came up, where that is sent along."""

    topic: HelpTopic
    text: str
    page: str = ""


@transaction.atomic
def ask_for_help(*, question: Question, tenant: Tenant | None, by: Actor) -> HelpRequest:
    """The request as stored. Needs the person's scope: everybody who is signed in may ask."""
    if by.user_id is None:
        raise ValueError("A request for help is a person's own.")
    request = HelpRequest.objects.create(
        user_id=by.user_id,
        tenant=tenant,
        partner=by.partner,
        topic=question.topic,
        text=question.text,
        page=question.page,
        requested_at=Now(),
        requested_by=by.name,
    )
    facts = HelpRequested(question.topic, question.text, question.page)
    event = _record(AuditKind.HELP_REQUESTED, request, by=by, facts=facts)
    tell(event)
    return request


def requests_of(user_id: int) -> QuerySet[HelpRequest]:
    return HelpRequest.objects.filter(user=user_id)


def may_answer(request: HelpRequest) -> Verdict:
    """May staff answer it? Once, while it is open."""
    return _in_state(request, HelpState.OPEN)


def may_close(request: HelpRequest) -> Verdict:
    return _in_state(request, HelpState.OPEN, HelpState.ANSWERED)


def _in_state(request: HelpRequest, *states: HelpState) -> Verdict:
    if request.state in states:
        return ALLOWED
    return Verdict(
        code=VerdictCode.WRONG_STATE,
        reason=_("The request is in the state %(state)s already.") % {"state": request.get_state_display()},
        next_step=_("There is nothing left to do; the request stays here."),
    )


@transaction.atomic
def answer(*, request: HelpRequest, text: str, by: Actor) -> AuditEvent:
    """The person is mailed the answer, and finds it with the request. Raises Refused unless it is open."""
    request = _lock_request(request)
    may_answer(request).require()
    request.state, request.answer, request.answered_at, request.answered_by = HelpState.ANSWERED, text, Now(), by.name
    request.save(update_fields=["state", "answer", "answered_at", "answered_by"])
    facts = HelpAnswered(request.text, text)
    event = _record(AuditKind.HELP_ANSWERED, request, by=by, facts=facts)
    tell(event, person=request.user_id)
    return event


@transaction.atomic
def close(*, request: HelpRequest, by: Actor, reason: str) -> AuditEvent:
    """Nothing more will be done about it. Raises Refused where it is closed already."""
    request = _lock_request(request)
    may_close(request).require()
    request.state, request.closed_at, request.closed_by = HelpState.CLOSED, Now(), by.name
    request.save(update_fields=["state", "closed_at", "closed_by"])
    return _record(AuditKind.HELP_CLOSED, request, by=by, reason=reason, facts=HelpClosed())


def _lock_request(request: HelpRequest) -> HelpRequest:
    return HelpRequest.objects.select_for_update(of=("self",)).select_related("tenant").get(pk=request.pk)


def _record(kind: AuditKind, request: HelpRequest, *, by: Actor, reason: str = "", facts: Facts) -> AuditEvent:
    """By its topic: the organization reads the event, but never what one person, perhaps a partner's, has asked."""
    return audit.record(
        kind,
        by=by,
        tenant=request.tenant,
        subject_name=str(HelpTopic(request.topic).label),
        subject_uuid=request.uuid,
        reason=reason,
        facts=facts,
    )
