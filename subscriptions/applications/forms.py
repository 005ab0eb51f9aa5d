"""What somebody types or chooses about an application, and its acts, alike for each kind of owner.

An act of a room joins one of these and the room's own base, which says whose applications are meant.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from subscriptions.access import Decision
from subscriptions.applications import acts
from subscriptions.applications.acts import Made, NameTaken
from subscriptions.applications.owners import Owner
from subscriptions.applications.rules import MOST_TOKENS, may_make, may_make_token
from subscriptions.base import formats
from subscriptions.models import Application, ApplicationToken
from subscriptions.models.people.application import LONGEST_TOKEN, ApplicationScope
from subscriptions.verdicts import Verdict
from subscriptions.web.acts import Act, Answer, Facts
from subscriptions.web.forms import KeyForm
from subscriptions.web.responses import see_other

DAYS = (30, 90, 180, LONGEST_TOKEN.days)


def days_in_words() -> list[tuple[int, str]]:
    """In the language of whoever reads the form."""
    return [(days, ngettext("%(days)s day", "%(days)s days", days) % {"days": formats.number(days)}) for days in DAYS]


class TokenForm(KeyForm):
    days = forms.TypedChoiceField(
        label=gettext_lazy("The token is good for"), coerce=int, choices=days_in_words, initial=DAYS[1]
    )


class RightsForm(KeyForm):
    """Role and scopes, of those that the owner's applications can have."""

    version = forms.CharField(widget=forms.HiddenInput, required=False)
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        widget=forms.RadioSelect,
        help_text=gettext_lazy("It never does more than this role may. Give no more than is needed."),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it may do"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Of what the role may, it does only what is ticked here."),
    )

    def __init__(self, *args: Any, owner: Owner, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.value, role.label) for role in owner.roles]  # type: ignore[attr-defined]
        if len(owner.roles) == 1:
            self.fields["role"].initial = owner.roles[0].value
        offered = [(scope.value, scope.label) for scope in owner.scopes]
        self.fields["scopes"].choices = offered  # type: ignore[attr-defined]


class ApplicationForm(TokenForm, RightsForm):
    name = Application._meta.get_field("name").formfield(
        label=gettext_lazy("Name"), widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    version = None  # type: ignore[assignment]
    field_order = ("name", "role", "scopes", "days")


class ApplicationsAct(Act):
    """It gives or takes power, so it asks for a recent sign-in."""

    decision: ClassVar[Decision | None] = Decision.KEEP_APPLICATIONS

    @property
    def owner(self) -> Owner:
        raise NotImplementedError

    @property
    def list_page(self) -> str:
        raise NotImplementedError

    def page_for(self, application: Application) -> str:
        raise NotImplementedError


class ShowsToken(ApplicationsAct):
    """Its answer shows the token: there alone, so that no other page, no key and no address ever holds it.

    A second sending of the form leads to the application's page, where only how the token begins and ends is left.
    """

    made: Made | None = None

    def announce(self, outcome: Any) -> None:
        self.made = outcome

    def destination(self, outcome: Made) -> str:
        return self.page_for(outcome.application)

    def answered(self, location: str) -> HttpResponse:
        if self.made is None:
            return see_other(location)
        return self.shown(self.form(), told=self.made, back=location)


class MakeApplication(ShowsToken):
    title = gettext_lazy("New application")
    button = gettext_lazy("Make it")
    leave = gettext_lazy("Cancel")
    template = "subscriptions/application_make.html"
    form_class = ApplicationForm
    problems = (NameTaken,)

    def form_arguments(self) -> dict[str, Any]:
        return {"owner": self.owner}

    def sentences(self) -> Sequence[str]:
        return [
            _(
                "It acts in its own name in the audit log. Accepting offers, giving access, approving and saying who "
                "belongs here stay with people."
            ),
            _("Its token is shown once, on the next page."),
        ]

    def may(self) -> Verdict:
        return may_make(self.owner)

    def do(self, wanted: Mapping[str, Any]) -> Made:
        facts = {name: wanted[name] for name in ("name", "role", "scopes", "days")}
        return acts.make_application(owner=self.owner, by=self.by, **facts)

    def explain(self, problem: Exception, form: forms.Form) -> Answer:
        form.add_error("name", _("Another application is called so already."))
        return self.again(form)

    @property
    def back_url(self) -> str:
        return self.list_page


class OnApplication(ApplicationsAct):
    """On one that is there."""

    application: Application

    def find(self) -> None:
        found = self.owner.applications().filter(uuid=self.address["uuid"]).first()
        if found is None:
            raise Http404
        self.application = found

    @property
    def who(self) -> dict[str, str]:
        return {"name": self.application.name}

    def facts(self) -> Facts:
        may = formats.mark("; ").join(str(ApplicationScope(scope).label) for scope in self.application.scopes)
        return [(_("Role"), self.application.role_label), (_("What it may do"), may)]

    @property
    def back_url(self) -> str:
        return self.page_for(self.application)

    @property
    def list_url(self) -> str:
        return self.list_page


class ChangeApplication(OnApplication):
    short_title = gettext_lazy("Change")
    button = gettext_lazy("Change it")
    form_class = RightsForm

    @property
    def title(self) -> str:  # type: ignore[override]
        return _("Change what %(name)s may do") % self.who

    @property
    def version(self) -> str:
        return " ".join([self.application.role, *self.application.scopes])

    def form_arguments(self) -> dict[str, Any]:
        return {"owner": self.owner}

    def initial(self) -> dict[str, Any]:
        return {"role": self.application.role, "scopes": self.application.scopes}

    def sentences(self) -> Sequence[str]:
        return [_("It holds from its next request on. Its tokens stay as they are.")]

    def do(self, wanted: Mapping[str, Any]) -> Any:
        facts = {name: wanted[name] for name in ("role", "scopes")}
        return acts.change_application(owner=self.owner, application=self.application, by=self.by, **facts)

    def done(self, outcome: Any) -> str:
        return _("What %(name)s may do has changed.") % self.who


class DeleteApplication(OnApplication):
    short_title = gettext_lazy("Delete")
    button = gettext_lazy("Delete")
    dangerous = True

    @property
    def title(self) -> str:  # type: ignore[override]
        return _("Delete the application %(name)s?") % self.who

    def sentences(self) -> Sequence[str]:
        return [
            _("Its tokens open nothing any more, from the next request on."),
            _("What it did stays in the audit log, under its name."),
        ]

    def do(self, wanted: Mapping[str, Any]) -> Any:
        return acts.delete_application(owner=self.owner, application=self.application, by=self.by)

    def destination(self, outcome: Any) -> str:
        return self.list_page

    def done(self, outcome: Any) -> str:
        return _("The application %(name)s is deleted.") % self.who


class MakeToken(ShowsToken, OnApplication):
    short_title = gettext_lazy("New token")
    button = gettext_lazy("Make a token")
    template = "subscriptions/application_make.html"
    form_class = TokenForm

    @property
    def title(self) -> str:  # type: ignore[override]
        return _("New token of %(name)s") % self.who

    def sentences(self) -> Sequence[str]:
        return [
            _(
                "Up to %(most)s tokens are good at once: make the next one, give it to the program, then revoke the "
                "old one."
            )
            % {"most": formats.number(MOST_TOKENS)},
            _("It is shown once, on the next page."),
        ]

    def may(self) -> Verdict:
        return may_make_token(self.application)

    def do(self, wanted: Mapping[str, Any]) -> Made:
        return acts.make_token(owner=self.owner, application=self.application, days=wanted["days"], by=self.by)


class RevokeToken(OnApplication):
    short_title = gettext_lazy("Revoke")
    button = gettext_lazy("Revoke")
    dangerous = True
    row: ApplicationToken

    def find(self) -> None:
        rows = ApplicationToken.objects.filter(application__in=self.owner.applications())
        found = rows.select_related("application").filter(uuid=self.address["uuid"]).first()
        if found is None:
            raise Http404
        self.row, self.application = found, found.application

    @property
    def list_url(self) -> str:
        """Revoked by somebody else, there is no row that says of which application it was."""
        return self.list_page

    @property
    def title(self) -> str:  # type: ignore[override]
        return _("Revoke the token %(token)s?") % {"token": self.row.hint}

    def facts(self) -> Facts:
        used = formats.moment(self.row.last_used) if self.row.last_used else _("Never")
        return [
            (_("Application"), self.application.name),
            (_("Good until"), formats.moment(self.row.expires_on)),
            (_("Last used"), used),
        ]

    def sentences(self) -> Sequence[str]:
        return [_("It opens nothing any more, from the next request on. This cannot be taken back.")]

    def do(self, wanted: Mapping[str, Any]) -> Any:
        return acts.revoke_token(owner=self.owner, row=self.row, by=self.by)

    def done(self, outcome: Any) -> str:
        return _("The token %(token)s is revoked.") % {"token": self.row.hint}
