"""One frame for everything that is done once: `answer` is the one function for every act, and this is its order.

access · what it acts on, and whether that is over · stale version · `may` · form · `may` of what was typed ·
preview · recent sign-in · once: key, limits, and `do`, which locks, asks the same verdicts again, audits and mails

An act leaves out what it does not have and never adds an order of its own. Whatever stands in the way of a second
send, what its key answered before comes first: it is looked for where something does, and found by the key where
nothing does.
"""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.translation import gettext as _

from subscriptions.access import SignInTooOld
from subscriptions.db import idempotency
from subscriptions.db.idempotency import KeyReused
from subscriptions.db.limits import TooManyRequests, count_request
from subscriptions.verdicts import Refused, Stale
from subscriptions.web.acts import Act, Answer
from subscriptions.web.kept_forms import is_typed, keep_form, take_form
from subscriptions.web.recent_sign_in import prove, to_confirm
from subscriptions.web.responses import see_other, too_many_requests

SAFE = ("GET", "HEAD")
# What a second send may meet that the first one did not
IN_THE_WAY = (Http404, Refused, Stale, SignInTooOld, TooManyRequests)
REOPEN = "reopen"  # in a POST that asks for the form once more, with what was typed and nothing done


def answer(act: Act) -> HttpResponse:
    """The answer to any request for the address of an act. Raises Refused, whose page keeps the way back."""
    try:
        return _open(act) if act.request.method in SAFE else _take(act)
    except (Stale, KeyReused):
        return act.conflict()
    except TooManyRequests as refusal:
        return too_many_requests(act.request, refusal)
    except SignInTooOld:
        messages.info(act.request, _("Nothing was done yet. Confirm that it is you, then send the form again."))
        response = to_confirm(act.page_url)
        if not act.is_secret:
            keep_form(act.request, response, page_url=act.page_url)
        return response
    except Refused:
        act.request.way_back = {"breadcrumbs": act.breadcrumbs(), "back_url": act.back_url}
        raise


def _open(act: Act) -> HttpResponse:
    """Its page. An act that stands on another page leads there, and looks nothing up."""
    if act.page:
        return HttpResponseRedirect(act.page_url)
    act.typed = take_form(act.request, page_url=act.page_url)
    act.find()
    if over := act.over():
        return over()
    if not act.is_read_too:
        act.may().require()
    if act.typed is not None:
        messages.info(act.request, _still_here(act.typed))
    return act.shown(act.form(typed=act.typed, as_sent=True))


def _still_here(sent: QueryDict) -> str:
    if is_typed(sent):
        return _("Nothing was done, as you had to sign in first. What you typed is still here.")
    return _("Nothing was done, as you had to sign in first. Send the form again.")


def _take(act: Act) -> HttpResponse:
    """A page is drawn outside the scope in which the act is done, as it reads what is around it too."""
    knows_home = act.knows_home
    try:
        act.find()
        knows_home = True
        with act.scope():
            form, instead = _decide(act)
            answered = instead or _act(act, form)
    except IN_THE_WAY:
        if location := _earlier_answer(act, knows_home):
            return see_other(location)
        raise
    location = _earlier_answer(act, knows_home) if instead else None
    return see_other(location) if location else answered()


def _earlier_answer(act: Act, knows_home: bool) -> str | None:
    """Of this key, as far as it is known where that is kept."""
    if not (act.is_keyed and knows_home):
        return None
    with act.scope():
        return idempotency.earlier_answer(act.sending())


def _decide(act: Act) -> tuple[Any, Answer | None]:
    """The form of what is to be done, or what is answered instead."""
    post = act.request.POST
    if over := act.over():
        return None, over
    if REOPEN in post:
        act.may().require()
        return None, partial(act.shown, act.form(typed=post))
    require_current(act.version, post.get("version", ""))
    act.may().require()
    form = act.form(post)
    if not form.is_valid():
        return None, act.again(form)
    act.may_typed(form.cleaned_data).require()
    preview = act.preview(form)
    if preview is not None:
        return None, partial(act.shown, form, **preview)
    return form, None


def require_current(version: int | str | None, sent: str) -> None:
    """A stale form is told so before anything else: what the person saw is not true any more. Raises Stale."""
    is_one = isinstance(version, str) or (sent.isascii() and sent.isdigit())
    if version is not None and is_one and sent != str(version):
        raise Stale


def _act(act: Act, form: forms.Form) -> Answer:
    wanted = form.cleaned_data

    def perform() -> str:
        count_request(*act.limits())
        outcome = act.do(wanted)
        act.announce(outcome)
        return act.destination(outcome)

    try:
        if decision := act.decision_of(wanted):
            act.by = prove(act.request)
            act.by.require_proof(decision)
        is_keyed = act.is_keyed
        location = idempotency.once(act.sending(), perform, usually=act.back_url) if is_keyed else perform()
    except act.problems as problem:
        return act.explain(problem, form)
    return partial(act.answered, location)
