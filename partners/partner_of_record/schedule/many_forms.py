"""On which day the partner of record of many subscriptions is to change, and to whom."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from partners.models import Partner
from partners.partner_of_record.bulk import NONE
from partners.partner_of_record.bulk_forms import PartnerOfManyForm, PartnerOfSeveralForm
from partners.partner_of_record.schedule.forms import AT_RENEWAL, NOW, ON_A_DAY, check_day
from partners.partner_of_record.schedule.many import SchedulePartner
from subscriptions.bulk.forms import FORMS
from subscriptions.bulk.kinds import Value
from subscriptions.groups.forms import FORMS_OF_SEVERAL
from subscriptions.groups.reads import Seat
from subscriptions.subscriptions.lifecycle import today_of
from subscriptions.web.forms import DayField

NAMES, DELETES = "names", "deletes"
DAY_HELP = _("It begins on that day at 00:00 where your organization is. Needed with On a day alone.")
RENEWAL_OF_EACH = _("At the next renewal of each: the preview says the days")


class DayForm(forms.Form):
    """A day, or the next renewal of each; `today` is the latest of the days that it is in the organizations."""

    when = forms.ChoiceField(
        label=_("When"),
        choices=[(ON_A_DAY, _("On a day")), (AT_RENEWAL, RENEWAL_OF_EACH)],
        widget=forms.RadioSelect,
    )
    on = DayField(label=_("Day"), help_text=DAY_HELP)
    today: date

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if found.get("when") == ON_A_DAY and "on" not in self.errors:
            try:
                check_day(found.get("on"), self.today)
            except ValidationError as error:
                self.add_error("on", error)
        return found

    def day(self) -> str:
        """As the act keeps it; empty for the renewal of each."""
        return day_of(self.cleaned_data)


def day_of(wanted: Mapping[str, Any]) -> str:
    """As the act keeps it; empty for the renewal of each."""
    on = wanted.get("on")
    return on.isoformat() if wanted["when"] == ON_A_DAY and on else ""


class MaybeDayForm(DayForm):
    """It may also be now, which it is without a choice."""

    when = forms.ChoiceField(
        label=_("When"),
        required=False,
        choices=[(NOW, _("Now")), (ON_A_DAY, _("On a day")), (AT_RENEWAL, RENEWAL_OF_EACH)],
        widget=forms.RadioSelect,
        initial=NOW,
        help_text=_("For a day to come the file changes partners of record alone."),
    )

    def clean_when(self) -> str:
        return self.cleaned_data["when"] or NOW


class ScheduleManyForm(DayForm, PartnerOfManyForm):
    """A partner, or none, from a day on."""

    what = forms.ChoiceField(
        label=_("What is to be done"),
        choices=[(NAMES, _("Name this partner")), (DELETES, _("Delete partner of record"))],
        widget=forms.RadioSelect,
        initial=NAMES,
    )
    field_order = ("what", "partner_id", "when", "on", "reason", "seal")

    @property
    def today(self) -> date:  # type: ignore[override]
        return today_of(self.tenant)

    def clean_partner_id(self) -> Partner | None:
        """Needed only where one is named."""
        return None if self.cleaned_data.get("what") == DELETES else super().clean_partner_id()

    def wanted(self) -> Value:
        partner = self.cleaned_data["partner_id"]
        whom = {"id": partner.number, "name": partner.name} if partner else NONE
        return {**whom, "day": self.day()}


class ScheduleSeveralForm(ScheduleManyForm, PartnerOfSeveralForm):
    """The day begins in each organization where that one is."""

    def __init__(self, data: Any = None, *, seats: Sequence[Seat], **kwargs: Any):
        PartnerOfSeveralForm.__init__(self, data, seats=seats, **kwargs)
        self.fields["on"].help_text = _(
            "It begins on that day at 00:00 where each organization is. Needed with On a day alone."
        )

    @property
    def today(self) -> date:  # type: ignore[override]
        return max(today_of(tenant) for tenant in self.tenants)


FORMS[SchedulePartner.code] = ScheduleManyForm
FORMS_OF_SEVERAL[SchedulePartner.code] = ScheduleSeveralForm
