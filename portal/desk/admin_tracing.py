"""An act's own verdict for somebody else, and the rules that it asked on the way.

Nothing is judged here: the act is found, its access is asked by the same decorator and its `may` is called as for the
page. While it runs, each function that returns a verdict is noted, so that no rule can be forgotten or differ.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import FrameType
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone, translation
from django_htmx.middleware import HtmxDetails

from partners.access import partner_form
from partners.models import Partner
from partners.workspace_act import WorkspaceAct
from subscriptions.models import Tenant, User
from subscriptions.verdicts import ALLOWED, Refused, Verdict
from subscriptions.web.acts import Act
from subscriptions.web.page_access import tenant_form
from subscriptions.web.tenant_acts import TenantAct

COMBINES = "first_refusal"
NOBODYS = ("not-a-member", "not-the-partners-person")


@dataclass(frozen=True)
class Rule:
    """One rule that was asked: the function's name, what it looked at, and its verdict."""

    name: str
    inputs: dict[str, Any]
    verdict: Verdict


@dataclass
class Trace:
    """What came of it. `stage` is how far it got: person, member, cloud, role, thing, over, act.

    `verdict` is None where the page would not exist, or where it is over for good.
    """

    stage: str = "person"
    verdict: Verdict | None = None
    rules: list[Rule] = field(default_factory=list)
    act: Act | None = None

    @property
    def is_raised(self) -> bool:
        """Whether the refusal is the whole page, before any verdict of the act."""
        return self.stage in ("role", "thing") and self.verdict is not None

    @property
    def is_allowed(self) -> bool:
        return self.verdict is not None and self.verdict.allowed


def trace(
    act: type[TenantAct] | type[WorkspaceAct], *, person: User, owner: Tenant | Partner, address: dict[str, Any]
) -> Trace:
    """In the person's own language and zone. It enters the person's scope for a while, and writes nothing.

    `owner` is the organization, or the partner in whose workspace the act is.
    """
    traced = Trace()
    if not person.is_active:
        return traced

    def ask(request: Any, **address: Any) -> HttpResponse:
        _ask(traced, act(request, **{name: key}, **address))
        return HttpResponse()

    name, key = _key(owner)
    request = _request_of(person)
    traced.stage = "member"
    form = partner_form if isinstance(owner, Partner) else tenant_form
    with translation.override(person.language or _language_of(owner)), timezone.override(None):
        try:
            form(act.permission, capability=act.capability)(ask)(request, key, **address)
        except Http404:
            if traced.stage == "member" and request.refusal_code not in NOBODYS:
                traced.stage = "cloud"
        except Refused as refusal:
            traced.verdict = refusal.verdict
            traced.stage = "role" if traced.stage == "member" else traced.stage
        if traced.verdict:
            traced.verdict = _in_words(traced.verdict)
    return traced


def _ask(traced: Trace, asked: TenantAct | WorkspaceAct) -> None:
    """Its own verdict, once it is let in."""
    traced.stage, traced.act = "thing", asked
    asked.find()
    traced.stage = "over"
    if not asked.over():
        traced.stage = "act"
        with noted(traced.rules):
            traced.verdict = asked.may()


def _key(owner: Tenant | Partner) -> tuple[str, str]:
    """What an address has of it, by name."""
    return ("number", owner.number) if isinstance(owner, Partner) else ("slug", owner.slug)


def _language_of(owner: Tenant | Partner) -> str:
    return owner.language if isinstance(owner, Partner) else owner.cloud_profile.default_language


def _request_of(person: User) -> Any:
    """As the person's browser would ask for the page, in the language in force."""
    request: Any = HttpRequest()
    request.method, request.user, request.refusal_code = "GET", person, ""
    request.language_asked = bool(person.language)
    request.htmx = HtmxDetails(request)
    return request


def _in_words(verdict: Verdict) -> Verdict:
    """Its texts as they are in the language in force."""
    if verdict is ALLOWED:
        return verdict
    texts: dict[str, Any] = {
        name: str(getattr(verdict, name)) for name in ("heading", "reason", "who", "next_step", "next_label")
    }
    return replace(verdict, **texts)


@contextmanager
def noted(rules: list[Rule]) -> Iterator[None]:
    """Notes each rule that gives a verdict of its own; what only combines others is left out."""
    began: list[int] = []

    def note(frame: FrameType, event: str, value: Any) -> None:
        if event == "call":
            began.append(len(rules))
        elif event == "return" and began:
            before = began.pop()
            code = frame.f_code
            if isinstance(value, Verdict) and len(rules) == before and not code.co_qualname.startswith(COMBINES):
                arguments = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
                inputs = {name: frame.f_locals[name] for name in arguments if name in frame.f_locals}
                rules.append(Rule(code.co_qualname, inputs, value))

    outer = sys.getprofile()
    sys.setprofile(note)
    try:
        yield
    finally:
        sys.setprofile(outer)
