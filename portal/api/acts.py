"""One way from an act of a room to an operation: its class is asked in the order of its page, without a page.

What it acts on · version · `may` · form · `may` of what was sent · whether a program may decide it · limits · `do`.
The key of the request was looked for before (`keys`). What a page shows first, such as a price or a partner's name, a
program has read elsewhere: it may send what it expects, and is told where that is not so.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from partners.directory.reads import PartnerUnusable
from portal.api.answers import ApiRequest
from portal.api.dry_run import Witness
from portal.api.kinds import INVALID, OVER, PRICE_CHANGED, STALE
from portal.api.problems import Problem, Wrong
from portal.api.versions import version_sent
from subscriptions.access import SignInTooOld
from subscriptions.catalogue.costs import PriceNotAsShown
from subscriptions.db.limits import count_request
from subscriptions.models import AuditEvent
from subscriptions.verdicts import Refused, Stale
from subscriptions.web.acts import Act
from subscriptions.web.forms import new_key

HIDDEN = frozenset({"key", "version", "seal"})
Fields = Mapping[str, Any]
Expects = Callable[[Any], None]


def perform(
    request: ApiRequest,
    act: Act,
    fields: Fields,
    *,
    body: Any = None,
    names: Mapping[str, str] | None = None,
    expects: Expects = lambda wanted: None,
) -> Any:
    """What `do` of the act returns. `names` are those of the body's fields, by those of its form; `expects` raises
    where what was found is not what the caller meant.

    Raises Problem, Refused, PartnerUnusable, TooManyRequests and Http404.
    """
    request.POST = as_typed(fields)  # type: ignore[assignment]
    act.find()
    with act.scope(), Witness(request, act):
        if act.over() is not None:
            raise Problem(OVER)
        _require_current(request, act, body)
        act.may().require()
        form = _filled(act, request.POST)
        if not form.is_valid():
            raise _wrong(form, names or {})
        expects(form.cleaned_data)
        act.may_typed(form.cleaned_data).require()
        return _done(act, form)


def _require_current(request: ApiRequest, act: Act, body: Any) -> None:
    """What cannot be done at all is told before a version is asked for."""
    if act.version is None:
        return
    try:
        sent = version_sent(request, body)
    except Problem:
        act.may().require()
        raise
    if sent != str(act.version):
        raise stale(act)


def _done(act: Act, form: Any) -> Any:
    wanted = form.cleaned_data
    if decision := act.decision_of(wanted):
        act.by.require_proof(decision)
    count_request(*act.limits())
    try:
        with transaction.atomic():
            return act.do(wanted)
    except PriceNotAsShown as changed:
        told = _("The price is %(price)s now.") % {"price": f"{changed.now:.2f}"}
        raise Problem(PRICE_CHANGED, detail=told, more={"unit_price": f"{changed.now:.2f}"}) from changed
    except SignInTooOld as error:  # a program's proof is its token
        raise AssertionError("An application was asked to sign in.") from error
    except Stale as error:
        raise stale(act) from error
    except act.problems as error:
        raise _problem(act, form, error) from error


def _problem(act: Act, form: Any, error: Exception) -> Exception:
    """What the act's page would say of it at the fields of its form."""
    if isinstance(error, PartnerUnusable):
        return error
    try:
        act.explain(error, form)
    except Refused as refusal:
        return refusal
    return _wrong(form, {}) if form.errors else Problem(OVER)


def as_typed(fields: Fields) -> QueryDict:
    """As a form sends them; None is a box that was left out."""
    typed = QueryDict(mutable=True)
    for name, value in fields.items():
        if isinstance(value, bool):
            if value:
                typed[name] = "on"
        elif isinstance(value, list | tuple):
            typed.setlist(name, [str(each) for each in value])
        elif isinstance(value, date):
            typed[name] = value.isoformat()
        elif value is not None:
            typed[name] = str(value)
    return typed


def _filled(act: Act, typed: QueryDict) -> forms.Form:
    """The act's form, with what its page would carry along where that was not sent."""
    carried = {**act.initial(), "key": new_key(), "version": act.version}
    fields = act.form_class(None, **act.form_arguments()).fields if carried else {}
    for name, value in carried.items():
        field = fields.get(name)
        if field is not None and field.widget.is_hidden and name not in typed and value is not None:
            typed[name] = str(value)
    return act.form(typed)


def _wrong(form: Any, names: Mapping[str, str]) -> Exception:
    unusable = getattr(form, "unusable", None)
    if isinstance(unusable, PartnerUnusable):
        return unusable
    errors = []
    for name, problems in form.errors.as_data().items():
        place = "" if name == "__all__" or name in HIDDEN else f"/{names.get(name, name)}"
        for problem in problems:
            errors += [Wrong(told, str(problem.code or "invalid"), pointer=place) for told in problem.messages]
    return Problem(INVALID, errors=errors)


def stale(act: Act) -> Problem:
    """Who changed it and when, as far as the caller may know, and what it is now."""
    more: dict[str, Any] = {}
    act.find()
    if act.version is not None:
        more["current_version"] = act.version
    subject = act.address.get("uuid")
    if subject and act.home is not None and not act.by.is_partner:
        last = AuditEvent.objects.of_tenant(act.home).filter(subject_uuid=subject).order_by("-at", "-id").first()
        if last:
            more |= {"changed_by": last.actor_name, "changed_at": last.at.isoformat().replace("+00:00", "Z")}
    return Problem(STALE, more=more)
