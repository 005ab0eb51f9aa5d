"""Workspace > Profile: what a partner says of itself, and where its mails go; its name and IDs are staff's."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from partners.directory import acts as directory
from partners.models import Partner
from partners.models.partner import NOWHERE
from partners.workspace_act import WorkspaceAct, version_of
from subscriptions.access import Decision, Permission
from subscriptions.base.languages import columns_of
from subscriptions.tenants.forms import VersionForm
from subscriptions.verdicts import Stale
from subscriptions.web.acts import Facts


def _box(name: str, **more: Any) -> Any:
    return Partner._meta.get_field(name).formfield(**more)  # type: ignore[union-attr]


class ProfileForm(VersionForm):
    mailbox = _box("mailbox", help_text=gettext_lazy("Where the portal's mails to your company go."))
    language = _box("language")
    phone = _box("phone")
    website = _box("website", assume_scheme="https")
    text_en = _box("text_en", help_text=gettext_lazy("Shown to organizations that look for a partner."))
    text_de = _box("text_de")
    text_zh_hans = _box("text_zh_hans")
    authorized_countries = forms.MultipleChoiceField(
        label=gettext_lazy("Authorized in"),
        required=False,
        help_text=NOWHERE,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "many"}),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        """What is chosen stands before the rest, so that nobody has to look for it."""
        super().__init__(*args, **kwargs)
        chosen = set(self.initial["authorized_countries"])
        every = sorted(countries, key=lambda country: country.code not in chosen)
        self.fields["authorized_countries"].choices = [tuple(country) for country in every]  # type: ignore[attr-defined]

    def clean_authorized_countries(self) -> list[str]:
        """In the order in which they are stored, so that nothing changed is no change."""
        stored, chosen = self.initial["authorized_countries"], self.cleaned_data["authorized_countries"]
        return [*(code for code in stored if code in chosen), *(code for code in chosen if code not in stored)]


class KeepProfile(WorkspaceAct):
    """It concerns no organization. Who changes the mailbox takes the company's mails, so it asks for a sign-in."""

    name = "workspace:profile"
    permission = Permission.KEEP_PROFILE
    decision = Decision.CHANGE_PROFILE
    title = gettext_lazy("Your company's profile")
    button = gettext_lazy("Save")
    leave = gettext_lazy("Cancel")
    form_class = ProfileForm

    @property
    def version(self) -> str:
        return version_of(self.initial())

    @property
    def back_url(self) -> str:
        return self.url_of("workspace:home", number=self.partner.number)

    def breadcrumbs(self):
        return [(self.title, None)]

    def facts(self) -> Facts:
        return [
            (_("Name"), self.partner.name),
            (_("Partner ID"), self.partner.number),
            (_("City"), self.partner.city),
        ]

    def facts_now(self) -> Facts:
        shown = ("mailbox", "language", "phone", "website", *columns_of("text"))
        now = [(ProfileForm.base_fields[name].label or "", self._now(name)) for name in shown]
        return [*self.facts(), *((label, value) for label, value in now if value)]

    def _now(self, name: str) -> str:
        display = getattr(self.partner, f"get_{name}_display", None)
        return str(display() if display else getattr(self.partner, name))

    def sentences(self):
        return [
            _("The operator's staff keep your name, IDs and place, and for which products you are authorized."),
            _("A changed mailbox is told to the old and the new one."),
        ]

    def initial(self):
        return {name: getattr(self.partner, name) for name in directory.PROFILE}

    def find(self) -> None:
        self.request.partner = Partner.objects.get(pk=self.partner.pk)

    def do(self, wanted):
        partner = Partner.objects.select_for_update().get(pk=self.partner.pk)
        if any(getattr(partner, name) != getattr(self.partner, name) for name in directory.PROFILE):
            raise Stale
        for name in directory.PROFILE:
            setattr(partner, name, wanted[name])
        return directory.save_partner(partner=partner, by=self.by)

    def done(self, outcome):
        if "mailbox" in outcome.detail["changes"]:
            return _("The profile is saved. The old and the new mailbox are told.")
        return _("The profile is saved.")

    def destination(self, outcome):
        return self.page_url
