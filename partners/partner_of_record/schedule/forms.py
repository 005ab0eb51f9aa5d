"""When a partner of record is to change: now, on a day, or at the renewal; and what becomes of one that waits."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.models import ScheduledChange
from partners.models.scheduled_change import ScheduleState
from partners.partner_of_record.schedule.rules import LATEST_SCHEDULED, applies, to_whom
from subscriptions.base import formats
from subscriptions.web.forms import DayField, KeyForm, ReasonField

NOW, ON_A_DAY, AT_RENEWAL = "now", "day", "renewal"
STAYS, CANCELS = "stays", "cancels"


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """What the form knows of the days: today, the zone of the organization, the renewal, and what waits already."""

    today: date
    zone: str
    renews_on: date | None = None
    waiting: ScheduledChange | None = None


class WhenForm(forms.Form):
    """Without a choice it is now."""

    when = forms.ChoiceField(label=gettext_lazy("When"), required=False, widget=forms.RadioSelect, initial=NOW)
    on = DayField(label=gettext_lazy("Day"))
    waiting = forms.ChoiceField(label=gettext_lazy("The change that waits"), required=False, widget=forms.RadioSelect)
    calendar: Calendar

    def set_days(self, calendar: Calendar) -> None:
        self.calendar, fields = calendar, self.fields
        fields["when"].choices = list(self._times())  # type: ignore[attr-defined]
        fields["on"].help_text = _(
            "It begins on that day at 00:00 where your organization is. Needed with On a day alone."
        )
        if calendar.waiting is None:
            del fields["waiting"]
        else:
            told = {"partner": to_whom(calendar.waiting), "when": applies(calendar.waiting.day, calendar.zone)}
            fields["waiting"].choices = [  # type: ignore[attr-defined]
                (STAYS, _("It stays: %(partner)s from %(when)s on") % told),
                (CANCELS, _("It is canceled")),
            ]

    def _times(self):
        yield NOW, _("Now")
        yield ON_A_DAY, _("On a day")
        if self.calendar.renews_on:
            yield AT_RENEWAL, _("At the next renewal, on %(day)s") % {"day": formats.day(self.calendar.renews_on)}

    def clean_when(self) -> str:
        return self.cleaned_data["when"] or NOW

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if found.get("when") == ON_A_DAY and "on" not in self.errors:
            self._check(self._check_day, "on")
        if found.get("when") == NOW:
            self._check(self._check_waiting, "waiting")
        return found

    def _check(self, check: Callable[[], None], field: str) -> None:
        try:
            check()
        except ValidationError as error:
            self.add_error(field, error)

    def _check_day(self) -> None:
        check_day(self.cleaned_data.get("on"), self.calendar.today)

    def _check_waiting(self) -> None:
        if "waiting" in self.fields and "waiting" not in self.errors and not self.cleaned_data.get("waiting"):
            raise ValidationError(_("Another change waits for its day. Choose whether it stays."), code="waits")


def check_day(day: date | None, today: date) -> None:
    """For a change that is not now. Raises ValidationError."""
    if day is None:
        raise ValidationError(_("Choose the day on which it begins."), code="required")
    if day <= today:
        raise ValidationError(_("This day has begun already. Choose a later day, or select Now."), code="past")
    if day > today + LATEST_SCHEDULED:
        last = formats.day(today + LATEST_SCHEDULED)
        raise ValidationError(_("Choose a day up to %(day)s."), code="late", params={"day": last})


class DismissForm(KeyForm):
    reason = ReasonField(help_text=gettext_lazy("Optional. It stands in the audit log."))
    field_order = ("reason", "key")


class ScheduleFilterForm(forms.Form):
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)

    def __init__(self, data: Any = None):
        super().__init__(data)
        choices = [("", _("Scheduled and not applied")), *ScheduleState.choices]
        self.fields["state"].choices = choices  # type: ignore[attr-defined]
