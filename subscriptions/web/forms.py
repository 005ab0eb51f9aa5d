"""Forms of the ground floor: acts that are done once, filters, and one's own account."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from subscriptions.base.days import FIRST, LAST
from subscriptions.base.partner_id import NumberBox
from subscriptions.base.time_zones import zone_choices
from subscriptions.models import User
from subscriptions.models.audit_event import grouped_kinds
from subscriptions.models.order import OrderState
from subscriptions.models.subscription import SubscriptionStatus
from subscriptions.subscriptions.reads import END_FILTERS, PARTNER_FILTERS, filter_choices
from subscriptions.web.kept_fields import same_for_all

SHOWN_STATUSES = [choice for choice in SubscriptionStatus.choices if choice[0] != SubscriptionStatus.DELETED]


@same_for_all
class SubscriptionFilterForm(forms.Form):
    """The filters of the Subscriptions page, as they stand in its address."""

    SCHEDULED_CHOICES = [
        ("", _("With or without change")),
        ("waiting", _("Change scheduled")),
        ("not-applied", _("Change not applied")),
    ]

    POLICY_CHOICES = [("", _("Whatever the policy says")), ("differs", _("Differs from the policy"))]

    q = forms.CharField(label=_("Search by name, ID or partner"), required=False, max_length=100)
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[("", _("All statuses")), *SHOWN_STATUSES])
    partner = forms.ChoiceField(
        label=_("Partner of record"),
        required=False,
        choices=lambda: filter_choices(PARTNER_FILTERS, _("With or without partner")),
    )
    ends = forms.ChoiceField(
        label=_("Ends"),
        required=False,
        choices=lambda: filter_choices(END_FILTERS, _("Any day")),
    )
    partner_id = NumberBox(label=_("Partner ID"), required=False)
    scheduled = forms.ChoiceField(label=_("Scheduled change"), required=False, choices=SCHEDULED_CHOICES)
    policy = forms.ChoiceField(label=_("Partner policy"), required=False, choices=POLICY_CHOICES)


@same_for_all
class OrderFilterForm(forms.Form):
    STATES = [choice for choice in OrderState.choices if choice[0] != OrderState.EXPIRED]

    q = forms.CharField(label=_("Search by number or name"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("Status"), required=False, choices=[("", _("All statuses")), *STATES])


class PeopleFilterForm(forms.Form):
    q = forms.CharField(label=_("Search by name"), required=False, max_length=100)


class SealedForm(forms.Form):
    """A form that says for whom and for which page it was drawn, so that what was typed outlives a sign-in."""

    seal = forms.CharField(widget=forms.HiddenInput, required=False)


class KeyForm(SealedForm):
    """A form that acts once, however often it is sent: by its key a second send is known."""

    key = forms.UUIDField(widget=forms.HiddenInput)


class ActForm(KeyForm):
    """An act on what the person saw: its version."""

    version = forms.IntegerField(widget=forms.HiddenInput)


def new_key() -> UUID:
    return uuid4()


def read_key(text: str) -> UUID:
    """The key that a form carries; a new one where it carries none, so that nothing matches it."""
    try:
        return UUID(text)
    except ValueError:
        return new_key()


class DayField(forms.DateField):
    """A day that a person may mean, picked or typed."""

    def __init__(self, *, required: bool = False, **kwargs):
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(required=required, **kwargs)

    def clean(self, value) -> date | None:
        day = super().clean(value)
        if day and not FIRST <= day <= LAST:
            raise ValidationError(_("Choose a day between 2000 and 2200."), code="day")
        return day


class ReasonField(forms.CharField):
    """Why something is done; the help text says who reads it."""

    def __init__(self, *, required: bool = False, max_length: int = 500, **kwargs):
        kwargs.setdefault("label", _("Reason"))
        super().__init__(required=required, max_length=max_length, **kwargs)


class CatalogFilterForm(forms.Form):
    """The filters of Purchase services."""

    q = forms.CharField(label=_("Search by name"), required=False, max_length=100)
    family = forms.ChoiceField(label=_("Category"), required=False)
    cart = forms.UUIDField(required=False, widget=forms.HiddenInput)  # the order that Buy now adds to
    show = forms.ChoiceField(required=False, choices=[("table", "table")], widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, families: Iterable[tuple[str, str]]):
        """`families` are those that can be chosen: code and name."""
        super().__init__(data)
        choices = [("", _("All categories")), *families]
        self.fields["family"].choices = choices  # type: ignore[attr-defined]


class AuditFilterForm(forms.Form):
    EVERYTHING = ("", _("Everything"))

    kind = forms.ChoiceField(label=_("What"), required=False, choices=[EVERYTHING, *grouped_kinds()])
    actor = forms.CharField(label=_("Who"), required=False, max_length=120)
    since = DayField(label=_("From"))
    until = DayField(label=_("Until"))

    def offer_kinds(self, kinds: Iterable[str]) -> None:
        """Those, and what is chosen: an address may ask for any."""
        shown = {*kinds, self["kind"].value()}
        self.fields["kind"].widget.choices = [self.EVERYTHING, *grouped_kinds(shown)]  # type: ignore[attr-defined]

    def clean_until(self) -> date | None:
        since, until = self.cleaned_data.get("since"), self.cleaned_data["until"]
        if since and until and until < since:
            raise ValidationError(_("Choose the same day as the first one, or one after it."), code="before")
        return until


class AsOfForm(forms.Form):
    """Who was credited when a day ended, the running one included; who will be, for those who read what waits."""

    as_of = DayField(label=_("Partner of record on"))

    def __init__(self, *args, today: date, may_be_to_come: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.today, self.may_be_to_come = today, may_be_to_come

    def clean_as_of(self) -> date | None:
        day = self.cleaned_data["as_of"]
        if day and day > self.today and not self.may_be_to_come:
            raise ValidationError(_("This day is still to come. Choose today or a day before."), code="future")
        return day


class AccountForm(forms.ModelForm):
    """What a person may choose about the portal."""

    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=[("", _("Same as browser, else as usual in the cloud")), *settings.LANGUAGES],
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        required=False,
        help_text=_(
            "Used in a partner's workspace and on your own pages. Inside an organization, days and times are in the "
            "organization's time zone. Each page names its own at its end."
        ),
    )
    seal = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = User
        fields = ["language", "time_zone", "theme", "mails"]
        help_texts = {
            "mails": _(
                "Once a day you get one mail with all that came until 08:00 in your time zone. What is about your "
                "sign-in, your roles or who looks at your organization comes at once."
            )
        }

    def __init__(self, data=None, *, instance: User, **kwargs):
        super().__init__(data, instance=instance, **kwargs)
        zones = zone_choices(instance.time_zone)
        self.fields["time_zone"].choices = [("", "UTC"), *zones]  # type: ignore[attr-defined]


class ThemeForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["theme"]
