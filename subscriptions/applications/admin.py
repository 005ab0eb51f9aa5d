"""The operator's own applications, kept at the desk by those who make staff, with a sign-in of the last minutes."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar, Self

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscriptions.access import StaffPermission
from subscriptions.applications import acts
from subscriptions.applications.acts import Made, NameTaken
from subscriptions.applications.forms import TokenForm
from subscriptions.applications.owners import OfTheOperator
from subscriptions.applications.rules import may_make, may_make_token
from subscriptions.applications.tables import scopes_said
from subscriptions.base import formats
from subscriptions.models import Application, ApplicationToken
from subscriptions.models.people.staff_role import StaffRole
from subscriptions.staff.acts import ReasonForm, StaffAct
from subscriptions.staff.admin import ReadOnlyAdmin
from subscriptions.staff.desk import Group, desk_page
from subscriptions.verdicts import Verdict
from subscriptions.web.acts import Answer
from subscriptions.web.recent_sign_in import last_proof
from subscriptions.web.responses import see_other

OPERATOR = OfTheOperator()


class ScopesForm(ReasonForm):
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it may do"),
        widget=forms.CheckboxSelectMultiple,
        choices=[(scope.value, scope.label) for scope in OPERATOR.scopes],
        help_text=gettext_lazy("It reads in every organization and every workspace, and changes nothing."),
    )
    field_order = ("name", "scopes", "days", "token", "reason")

    def __init__(self, data: Any = None, **kwargs: Any):
        super().__init__(data, **kwargs)
        if len(self.rows) == 1:
            self.fields["scopes"].initial = self.rows[0].scopes


class MakeForm(ScopesForm):
    version = None  # type: ignore[assignment]
    name = Application._meta.get_field("name").formfield(label=gettext_lazy("Name"))
    days = TokenForm.base_fields["days"]


class NewTokenForm(ReasonForm):
    days = TokenForm.base_fields["days"]
    field_order = ("days", "reason")


class RevokeForm(ReasonForm):
    token = forms.ModelChoiceField(
        label=gettext_lazy("Token"),
        queryset=ApplicationToken.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    field_order = ("token", "reason")

    def __init__(self, data: Any = None, **kwargs: Any):
        super().__init__(data, **kwargs)
        self.fields["token"].queryset = ApplicationToken.objects.filter(  # type: ignore[attr-defined]
            application__in=[row.pk for row in self.rows]
        ).order_by("pk")


class OperatorsAct(StaffAct):
    """On one application, by one of the staff who has just signed in: what is done asks for it."""

    model = Application
    staff_permission = StaffPermission.KEEP_APPLICATIONS
    most: ClassVar[int] = 1

    @classmethod
    def as_staff(cls, request: Any) -> Self:
        asked = super().as_staff(request)
        asked.by = replace(asked.by, proved_at=last_proof(request) or 0)
        return asked


class ShowsToken(OperatorsAct):
    """Its answer shows the token: there alone. Sent again, it leads to the list."""

    template = "admin/application_token.html"
    made: Made | None = None

    def answered(self, location: str) -> HttpResponse:
        if self.made is None:
            return see_other(location)
        return self.shown(self.form(), told=self.made, back=location)


class MakeOperatorsApplication(ShowsToken):
    """There is nothing to choose yet."""

    name = "admin:make-application"
    label = title = gettext_lazy("New application")
    button = gettext_lazy("Make it")
    form_class = MakeForm
    problems = (NameTaken,)

    version = None  # type: ignore[assignment]

    def find(self) -> None:
        self.rows = []

    def sentences(self) -> list[str]:
        return [_("Its token is shown once, on the next page.")]

    def may(self) -> Verdict:
        return may_make(OPERATOR)

    def do(self, wanted: Mapping[str, Any]) -> list[str]:
        facts = {name: wanted[name] for name in ("name", "scopes", "days", "reason")}
        self.made = acts.make_application(owner=OPERATOR, role=StaffRole.READS_EVERYTHING.value, by=self.by, **facts)
        return [str(self.made.application)]

    def explain(self, problem: Exception, form: forms.Form) -> Answer:
        form.add_error("name", _("Another application is called so already."))
        return self.again(form)

    @classmethod
    def url_for(cls, keys: object, *, filters: str = "") -> str:
        return reverse(cls.name)


desk_page(
    "applications/new/",
    name="make-application",
    staff_permission=MakeOperatorsApplication.staff_permission,
    label=gettext_lazy("New application"),
    group=Group.RUNNING,
)(MakeOperatorsApplication.view())


class NewToken(ShowsToken):
    name = "admin:new-token"
    label = gettext_lazy("New token…")
    title = gettext_lazy("Make another token of this application?")
    button = gettext_lazy("Make a token")
    form_class = NewTokenForm

    def sentences(self) -> list[str]:
        return [_("It is shown once, on the next page.")]

    def may(self) -> Verdict:
        return may_make_token(self.rows[0])

    def act_on(self, row: Application, wanted: Mapping[str, Any]) -> None:
        days, reason = wanted["days"], wanted["reason"]
        self.made = acts.make_token(owner=OPERATOR, application=row, days=days, by=self.by, reason=reason)


class ChangeScopes(OperatorsAct):
    name = "admin:change-scopes"
    label = gettext_lazy("Change…")
    title = gettext_lazy("Say what this application may do")
    form_class = ScopesForm

    def sentences(self) -> list[str]:
        return [_("It holds from its next request on. Its tokens stay as they are.")]

    def act_on(self, row: Application, wanted: Mapping[str, Any]) -> None:
        facts = {name: wanted[name] for name in ("scopes", "reason")}
        acts.change_application(owner=OPERATOR, application=row, role=row.role, by=self.by, **facts)


class RevokeTokens(OperatorsAct):
    name = "admin:revoke-token"
    label = gettext_lazy("Revoke a token…")
    title = gettext_lazy("Which token of this application opens nothing any more?")
    button = gettext_lazy("Revoke")
    form_class = RevokeForm

    def sentences(self) -> list[str]:
        return [_("It opens nothing any more, from the next request on. This cannot be taken back.")]

    def act_on(self, row: Application, wanted: Mapping[str, Any]) -> None:
        acts.revoke_token(owner=OPERATOR, row=wanted["token"], by=self.by, reason=wanted["reason"])


class DeleteOperatorsApplication(OperatorsAct):
    name = "admin:delete-application"
    label = gettext_lazy("Delete…")
    title = gettext_lazy("Delete this application?")

    def sentences(self) -> list[str]:
        return [
            _("Its tokens open nothing any more, from the next request on."),
            _("What it did stays in the audit log, under its name."),
        ]

    def act_on(self, row: Application, wanted: Mapping[str, Any]) -> None:
        acts.delete_application(owner=OPERATOR, application=row, by=self.by, reason=wanted["reason"])


@admin.register(Application)
class ApplicationAdmin(ReadOnlyAdmin):
    """Those of organizations and partners are kept by these."""

    view_permission = change_permission = StaffPermission.KEEP_APPLICATIONS
    group = Group.RUNNING
    place = 5
    fields = ("name", "identity", "may_do", "its_tokens", "made_at", "made_by")
    list_display = ("name", "may_do", "its_tokens", "made_by")
    ordering = ("name", "id")
    sortable_by = ()
    search_fields = ("name",)
    acts = (NewToken, ChangeScopes, RevokeTokens, DeleteOperatorsApplication)

    def get_queryset(self, request: Any) -> QuerySet[Application]:
        return (
            super().get_queryset(request).filter(tenant__isnull=True, partner__isnull=True).prefetch_related("tokens")
        )

    @admin.display(description=gettext_lazy("What it may do"))
    def may_do(self, row: Application) -> str:
        return formats.mark("; ").join(scopes_said(row.scopes))

    @admin.display(description=gettext_lazy("Tokens"))
    def its_tokens(self, row: Application) -> str:
        told = [
            formats.join_facts(
                each.hint,
                _("Good until %(day)s") % {"day": formats.day(each.expires_on)},
                _("Last used %(moment)s") % {"moment": formats.moment(each.last_used)} if each.last_used else "",
            )
            for each in row.tokens.all()
        ]
        return formats.mark("; ").join(told) or formats.DASH
