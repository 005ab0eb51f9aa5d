"""Forms of release requests: asking, taking back, answering. Each carries a key, so that a second send acts once."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.models.release_request import ReleaseState
from partners.relationships.releases.acts import DueDays
from subscriptions.base import formats
from subscriptions.web.forms import KeyForm

OPEN, OVERDUE = "open", "overdue"
CLOSED = (ReleaseState.RELEASED, ReleaseState.DECLINED, ReleaseState.TAKEN_BACK)


class ReleaseRequestForm(KeyForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The reseller and your Global admins read it. It stays in the history."),
        error_messages={"required": gettext_lazy("Say why you ask: the reseller reads it.")},
    )
    due_on = forms.DateField(
        label=gettext_lazy("Answer until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    field_order = ("reason", "due_on", "key")

    def __init__(self, *args, days: DueDays, **kwargs):
        super().__init__(*args, **kwargs)
        self.days = days
        field = self.fields["due_on"]
        field.widget.attrs |= {"min": str(days.first), "max": str(days.last)}
        field.help_text = self._range()

    def clean_due_on(self) -> date:
        day: date = self.cleaned_data["due_on"]
        if not self.days.first <= day <= self.days.last:
            raise ValidationError(self._range(), code="out_of_range")
        return day

    def _range(self) -> str:
        first, last = formats.day(self.days.first), formats.day(self.days.last)
        return _("Choose a day from %(first)s to %(last)s.") % {"first": first, "last": last}


class TakeBackForm(KeyForm):
    request = forms.UUIDField(widget=forms.HiddenInput)


class DeclineForm(KeyForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The organization reads it."),
        error_messages={"required": gettext_lazy("Say why you decline: the organization reads it.")},
    )
    field_order = ("reason", "key")


class ReleaseFilterForm(forms.Form):
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[
            ("", gettext_lazy("All states")),
            (OPEN, gettext_lazy("Waiting for an answer")),
            (OVERDUE, gettext_lazy("Overdue")),
            *[(state.value, state.label) for state in CLOSED],
        ],
    )
