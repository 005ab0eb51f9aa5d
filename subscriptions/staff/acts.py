"""Acts of staff on chosen rows: a page that asks for a reason, then one domain call a row.

They start from the menu of a list or from a row's own page. Each row's act is its own savepoint: what is refused for
one row is told for it, and the others are done.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar, Self
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import BadRequest
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from subscriptions.access import StaffPermission, staff_actor
from subscriptions.approvals.acts import ask_second_person
from subscriptions.approvals.rules import NO_WAIT, needs_second_person
from subscriptions.base import formats
from subscriptions.clouds import Text
from subscriptions.staff.form import KEY
from subscriptions.verdicts import Refused
from subscriptions.web.acts import UNCOMPARED, Act, list_sent
from subscriptions.web.answers import answer
from subscriptions.web.forms import KeyForm
from subscriptions.web.responses import see_other

MOST_AT_ONCE = 100
MOST_NAMED = 3
NOT_SHOWN = frozenset({"password", "last_login"})  # a sign-in is no change of what staff saw


class NotDone(Exception):
    """The act was refused for one row; the text says why."""


class NothingToActOn(Http404):
    """No rows were chosen, too many, or such as are gone; the text says which."""


class RowsForm(KeyForm):
    """An act on these rows, as they were shown."""

    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, rows: list[Any], **kwargs: Any):
        super().__init__(data, **kwargs)
        self.rows = rows


class ReasonForm(RowsForm):
    """What nearly every act asks for."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=forms.TextInput(attrs={"size": 60}),
        help_text=gettext_lazy("It stands in the audit trail."),
    )


class ToldReasonForm(ReasonForm):
    """Of an act of which both sides are told: the reason leaves the house."""

    def __init__(self, data: Any = None, **kwargs: Any):
        super().__init__(data, **kwargs)
        self.fields["reason"].help_text = _(
            "The partner and the organization's admins read it. It stands in the audit trail."
        )


class StaffAct(Act):
    """An act on rows of `model`. Its address has their keys, and what the list was filtered by."""

    model: ClassVar[type[Model]]
    staff_permission: ClassVar[StaffPermission]  # asked before anything is looked up
    label: ClassVar[Text]  # in the menu
    most: ClassVar[int] = MOST_AT_ONCE
    second_person: ClassVar[str] = ""  # its name in the setting by which another one of the staff has to approve it
    wait: ClassVar[timedelta] = NO_WAIT  # from then on until it can be approved
    refusals: ClassVar[tuple[type[Exception], ...]] = ()  # of `act_on`, of which the text says why

    button = gettext_lazy("Apply")
    template = "admin/act.html"
    form_class: ClassVar[type[RowsForm]] = ReasonForm
    knows_home = True  # staff's own: the key is kept in no organization
    rows: list[Any]

    @classmethod
    def view(cls) -> Callable[..., HttpResponse]:
        def act(request: Any) -> HttpResponse:
            asked = cls.as_staff(request)
            try:
                return answer(asked)
            except NothingToActOn as problem:
                messages.error(request, str(problem))
                return see_other(asked.back_url)

        act.act = cls  # type: ignore[attr-defined]
        return act

    @classmethod
    def as_staff(cls, request: Any) -> Self:
        """Of whoever is signed in, as one of the staff."""
        asked = cls(request)
        asked.by = staff_actor(request.user)
        return asked

    def act_on(self, row: Any, wanted: Mapping[str, Any]) -> object:
        """One call of the domain. Raises Refused, NotDone, and what `refusals` names."""
        raise NotImplementedError

    # What it acts on

    def find(self) -> None:
        self.rows = list(self.queryset().filter(pk__in=self._keys()).order_by("pk"))
        if not self.rows:
            raise NothingToActOn(_("What you chose is not there any more."))

    def queryset(self) -> QuerySet[Any]:
        page = self.admin_of()
        rows, along = page.get_queryset(self.request), page.list_select_related
        return rows.select_related(*along) if isinstance(along, tuple) else rows

    def _keys(self) -> list[str]:
        """Raises BadRequest for what is no key, and NothingToActOn."""
        keys = [key for key in self.request.GET.get("ids", "").split(",") if key]
        if not all(map(KEY.fullmatch, keys)):
            raise BadRequest
        if not keys:
            raise NothingToActOn(_("Choose in this list what it is about, then what to do."))
        self.require_few(len(keys))
        return keys

    @classmethod
    def require_few(cls, number: int) -> None:
        """Raises NothingToActOn."""
        if number > cls.most:
            raise NothingToActOn(_("Choose at most %(number)s rows at once.") % {"number": cls.most})

    @property
    def version(self) -> str:
        """Of all that the rows say, so that it changes with any of them."""
        fields = [field.attname for field in self.model._meta.concrete_fields if field.name not in NOT_SHOWN]
        said = [[str(getattr(row, name)) for name in fields] for row in self.rows]
        return hashlib.sha256(repr(said).encode()).hexdigest()

    # Its page

    def form_arguments(self) -> dict[str, Any]:
        return {"rows": self.rows}

    def names(self) -> list[str]:
        return [describe_row(row) for row in self.rows]

    def context(self, form: forms.Form) -> Mapping[str, Any]:
        page = self.admin_of()
        return {
            **page.admin_site.each_context(self.request),
            "title": self.title,
            "opts": page.opts,
            "media": page.media + form.media,
        }

    def conflict(self) -> HttpResponse:
        """The page as the rows are now, with what was typed: a second press acts on that."""
        self.find()
        return self.shown(self.form(typed=self.request.POST), status=409, is_changed=True)

    # Doing it

    def do(self, wanted: Mapping[str, Any]) -> list[str]:
        """The names of the rows for which it was done."""
        told: tuple[type[Exception], ...] = (Refused, NotDone, *self.refusals)
        done = []
        # In the order of their keys, in which every act locks several rows, so that none waits in a circle
        for row in self.rows:
            try:
                with transaction.atomic():
                    if self.waits:
                        self._ask_second_person(row, wanted)
                    else:
                        self.act_on(row, wanted)
                done.append(describe_row(row))
            except told as refusal:
                why = refusal.verdict.reason if isinstance(refusal, Refused) else str(refusal)
                messages.error(self.request, f"{describe_row(row)}{formats.mark(': ')}{why}")
        return done

    def announce(self, outcome: list[str]) -> None:
        if outcome and self.waits:
            messages.info(self.request, _("Nothing is done yet: another one of the staff has to approve it."))
        elif outcome:
            messages.success(self.request, tell(self.label, outcome))

    @property
    def waits(self) -> bool:
        """Whether somebody else of the staff has to agree first."""
        return needs_second_person(self.second_person)

    def _ask_second_person(self, row: Any, wanted: Mapping[str, Any]) -> None:
        """With the form as it was sent, which is checked again when it is done."""
        ask_second_person(
            act=self.name,
            label=str(self.label),
            row=row.pk,
            subject_name=describe_row(row),
            tenant=getattr(row, "tenant", None),
            wanted=dict(list_sent(self.request, but=UNCOMPARED | {"version"})),
            by=self.by,
            reason=wanted["reason"],
            wait=self.wait,
            person=self.warned(row),
        )

    def warned(self, row: Any) -> int | None:
        """The person who is told at once that this is wanted, by key."""
        return None

    # Addresses

    @classmethod
    def admin_of(cls) -> "admin.ModelAdmin[Any]":
        return admin.site.get_model_admin(cls.model)

    @classmethod
    def url_for(cls, keys: Sequence[Any], *, filters: str = "") -> str:
        asked = {"ids": ",".join(map(str, keys)), "filters": filters}
        return f"{reverse(cls.name)}?{urlencode({name: text for name, text in asked.items() if text}, safe=',')}"

    @property
    def page_url(self) -> str:
        asked = self.request.GET
        return self.url_for(asked.get("ids", "").split(","), filters=asked.get("filters", ""))

    @property
    def url(self) -> str:
        return self.page_url

    @property
    def back_url(self) -> str:
        """The list that it came from."""
        opts, filters = self.model._meta, self.request.GET.get("filters", "")
        url = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
        return f"{url}?{filters}" if filters else url


def describe_row(row: Any) -> str:
    """The row with the organization, else the partner, that it belongs to."""
    name, owner = str(row), str(getattr(row, "tenant", None) or getattr(row, "partner", ""))
    return name if owner in name else formats.join_facts(name, owner)


def tell(label: Text, done: list[str]) -> str:
    """What was done, and to what: the first names, and how many more there are."""
    more = len(done) - MOST_NAMED
    said = {"act": str(label).rstrip("…"), "rows": formats.mark("; ").join(done[:MOST_NAMED]), "number": more}
    if more > 0:
        told = ngettext(
            "%(act)s: done for %(rows)s, and %(number)s more row.",
            "%(act)s: done for %(rows)s, and %(number)s more rows.",
            more,
        )
        return told % said
    return _("%(act)s: done for %(rows)s.") % said


def act_name(act: type[StaffAct]) -> str:
    """In the menu of a list."""
    return act.name.removeprefix("admin:").replace("-", "_")


def menu_entry(act: type[StaffAct]) -> Callable[..., HttpResponse | None]:
    """The act in the menu of a list: it leads to the act's page with the rows that were chosen."""

    def start(model_admin: Any, request: Any, queryset: QuerySet[Any]) -> HttpResponse | None:
        rows = queryset.order_by("pk").prefetch_related(None)
        keys = list(rows.values_list("pk", flat=True)[: act.most + 1])
        try:
            act.require_few(len(keys))
        except NothingToActOn as problem:
            messages.error(request, str(problem))
            return None
        return see_other(act.url_for(keys, filters=request.GET.urlencode()))

    start.__name__ = act_name(act)
    start.short_description = act.label  # type: ignore[attr-defined]
    return start
