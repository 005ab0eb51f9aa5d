"""What is done once is a class, which says all that differs from one act to another; `answers` says in which order.

Who may come here at all is asked by the decorator that `view` puts around it (`page_access` in an organization,
`partners/access.py` in a workspace).
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscriptions.access import Decision, Permission
from subscriptions.clouds import Capability, Text
from subscriptions.db.idempotency import Sending
from subscriptions.db.limits import Limit
from subscriptions.models import Tenant
from subscriptions.verdicts import ALLOWED, Verdict
from subscriptions.web.forms import KeyForm, new_key, read_key
from subscriptions.web.recent_sign_in import path_to_confirm, prove
from subscriptions.web.responses import see_other
from subscriptions.web.seals import Seal, write_seal

UNCOMPARED = frozenset({"csrfmiddlewaretoken", "key", "seal"})

Facts = Sequence[tuple[Text, Any]]
Crumb = tuple[Text, str | None]
Answer = Callable[[], HttpResponse]


class Act:
    """What is done once. Each act is a subclass that says what differs; `address` is what its URL has captured."""

    name: ClassVar[str]  # of its URL
    page: ClassVar[str] = ""  # name of the URL of the page that it stands on; empty where it has a page of its own
    permission: ClassVar[Permission | None] = None
    capability: ClassVar[Capability | None] = None
    decision: ClassVar[Decision | None] = None  # where it needs a recent sign-in: which decision it is

    called: Text = ""  # its name among others, where that is not its title or its button
    title: Text = ""
    button: Text = ""
    leave: Text = ""  # the way back without doing it
    dangerous = False
    template = "act.html"
    form_style: ClassVar[str] = "form"  # classes of the form element
    conflict_template = "act_conflict.html"
    open_again: Text = gettext_lazy("Open the form again")  # the way on from there
    part: ClassVar[tuple[str, str]] = ("", "")  # id that htmx swaps, and the template of what it gets
    form_class: ClassVar[type[forms.Form]] = KeyForm
    is_keyed: ClassVar[bool] = True
    is_read_too: ClassVar[bool] = False  # its page is there for those too who may not do it
    is_secret: ClassVar[bool] = False  # what is typed is never kept, nor sent again by a page
    uncompared: ClassVar[frozenset[str]] = frozenset()  # fields in which a second sending may differ
    problems: ClassVar[tuple[type[Exception], ...]] = ()  # of `do`, or SignInTooOld, which `explain` answers

    def __init__(self, request: Any, **address: Any):
        self.request, self.address = request, address
        self.by: Any = getattr(request, "actor", None)  # an Actor, where anybody acts in an organization
        self.typed: Any = None  # what was typed before a sign-in

    @classmethod
    def view(cls) -> Callable[..., HttpResponse]:
        raise NotImplementedError

    # What it acts on, and where

    def find(self) -> None:
        """Looks up what it acts on; raises Http404. Called again where it has changed meanwhile."""

    @property
    def version(self) -> int | str | None:
        """Of what was found, as the form carries it; None for an act that fits whatever it is now."""
        return None

    @property
    def home(self) -> Tenant | None:
        """The organization in which it is done and its key is kept, as far as the address, the form's seal or what
        was found tells it; None for one's own and staff's acts.
        """
        return None

    @property
    def knows_home(self) -> bool:
        """Whether an earlier answer of its key can be looked for before what it acts on."""
        return self.home is not None

    def scope(self) -> AbstractContextManager[Any]:
        """The database scope of its home, where that is not the one in which it is found."""
        return nullcontext()

    # Whether it is possible

    def may(self) -> Verdict:
        return ALLOWED

    def may_typed(self, wanted: Mapping[str, Any]) -> Verdict:
        return ALLOWED

    def over(self) -> Answer | None:
        """What is shown instead, once it is over for good: what was decided, or why nothing can be done any more."""
        return None

    def decision_of(self, wanted: Mapping[str, Any]) -> Decision | None:
        """The decision for which a recent sign-in is needed; an act may need one for some of what can be typed."""
        return self.decision

    def limits(self) -> Sequence[Limit]:
        """How often it may be done; counted once the key is taken."""
        return ()

    # Its page

    def form_arguments(self) -> dict[str, Any]:
        return {}

    def initial(self) -> dict[str, Any]:
        return {}

    def facts(self) -> Facts:
        """Label and value of what it starts from."""
        return ()

    def facts_now(self) -> Facts:
        """What is said of it where it has changed while the form was open."""
        return self.facts()

    def sentences(self) -> Sequence[str]:
        """What comes of it, and what does not."""
        return ()

    def preview(self, form: forms.Form) -> Mapping[str, Any] | None:
        """What the page shows of a valid form instead of doing it; None where it is to be done."""
        return None

    def carried(self) -> Mapping[str, str]:
        """What the form carries along that is no part of the act, such as the list to come back to."""
        return {}

    def context(self, form: forms.Form) -> Mapping[str, Any]:
        """What a template of its own needs beside `act` and `form`."""
        return {}

    def breadcrumbs(self) -> Sequence[Crumb]:
        return ()

    @property
    def subtitle(self) -> str:
        return ""

    # Doing it

    def do(self, wanted: Mapping[str, Any]) -> Any:
        """One call of the domain; what it returns goes to `done` and `destination`, None for no change."""
        raise NotImplementedError

    def done(self, outcome: Any) -> str:
        """The outcome in a sentence; empty where the next page says it."""
        return ""

    def announce(self, outcome: Any) -> None:
        if outcome is None:
            messages.info(self.request, _("No change: everything stays as it was."))
        elif sentence := self.done(outcome):
            messages.success(self.request, sentence)

    def destination(self, outcome: Any) -> str:
        """Where it leads."""
        return self.back_url

    def answered(self, location: str) -> HttpResponse:
        """The answer once it is done: where it leads, unless it shows what no other page ever does."""
        return see_other(location)

    def explain(self, problem: Exception, form: forms.Form) -> Answer:
        """The answer to one of `problems`, after all that `do` did was taken back."""
        raise problem

    def again(self, form: forms.Form) -> Answer:
        """The page once more, with what is wrong at the fields."""
        return partial(self.shown, form, status=422)

    # Addresses, from the captured values alone

    @classmethod
    def page_of(cls, address: Mapping[str, Any]) -> str:
        """The page on which it stands."""
        return reverse(cls.page or cls.name, kwargs=cls.page_address(address))

    @classmethod
    def page_address(cls, address: Mapping[str, Any]) -> dict[str, Any]:
        """What the page's URL takes of that of the act."""
        return dict(address)

    def url_of(self, name: str, **address: Any) -> str:
        return reverse(name, kwargs=address or self.address)

    @property
    def url(self) -> str:
        return self.url_of(self.name)

    @property
    def page_url(self) -> str:
        return self.page_of(self.address)

    @property
    def back_url(self) -> str:
        """Where somebody goes who leaves it as it is."""
        return self.page_url

    @property
    def list_url(self) -> str:
        """Where to go when what it acts on is gone."""
        return self.back_url

    # What the frame makes of these

    def form(self, data: Any = None, *, typed: Any = None, as_sent: bool = False) -> forms.Form:
        """The form with what stands in it at first; as it was sent; or afresh, with what was typed.

        `as_sent` takes over what is hidden too, such as key and version: a form that came before its sender had
        signed in stays the one that it was.
        """
        hidden = {"key": new_key(), "version": self.version}
        form = self.form_class(data, initial={**self.initial(), **hidden}, **self.form_arguments())
        form.initial["seal"] = self._seal(is_typed=any(not field.widget.is_hidden for field in form.fields.values()))
        for name, field in form.fields.items() if typed is not None else ():
            value = field.widget.value_from_datadict(typed, {}, form.add_prefix(name))
            if value is not None and name != "seal" and (as_sent or not field.widget.is_hidden):
                form.initial[name] = value
        return form

    def _seal(self, *, is_typed: bool) -> str:
        home = self.home.pk if self.home else None
        return write_seal(Seal(self.request.user.pk, self.page_url, home, is_typed))

    def shown(self, form: forms.Form, *, status: int = 200, **more: Any) -> HttpResponse:
        part, template = self.part
        if not part or getattr(self.request.htmx, "target", None) != part:
            template = self.template
        context = {"act": self, "form": form, "breadcrumbs": self.breadcrumbs(), **self.context(form), **more}
        return render(self.request, template, context, status=status)

    @property
    def must_confirm(self) -> bool:
        """Whether doing it would ask for a sign-in first, for the page to say so beforehand."""
        return self.decision is not None and not prove(self.request).is_proved(self.decision)

    @property
    def confirm_url(self) -> str:
        return path_to_confirm(self.page_url)

    def sending(self) -> Sending:
        return sending_of(self.request, home=self.home, uncompared=self.uncompared)

    def conflict(self) -> HttpResponse:
        """Somebody was faster: what it is now, and the form once more with what was typed."""
        try:
            self.find()
            context = {"facts": self.facts_now(), "verdict": self.may(), "breadcrumbs": self.breadcrumbs()}
        except Http404:
            context = {"is_gone": True}
        typed = [] if self.is_secret or self.page else list_sent(self.request, but=UNCOMPARED | {"version"})
        return render(self.request, self.conflict_template, {"act": self, "typed": typed, **context}, status=409)


def list_sent(request: Any, *, but: frozenset[str]) -> list[tuple[str, list[str]]]:
    return [(name, values) for name, values in request.POST.lists() if name not in but]


def sending_of(request: Any, *, home: Tenant | None, uncompared: frozenset[str] = frozenset()) -> Sending:
    """The form as it was sent. A key that is none is taken as a new one, which nothing matches."""
    content = {name: "\n".join(values) for name, values in list_sent(request, but=UNCOMPARED | uncompared)}
    key = read_key(request.POST.get("key", ""))
    return Sending(tenant=home, user_id=request.user.pk, key=key, content={**content, "path": request.path})
