"""What is typed for acts on many, and what is chosen for them in the list."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from subscriptions.access import Actor
from subscriptions.base import formats
from subscriptions.base.names import NameBox, normalize_name
from subscriptions.bulk.kinds import KINDS, Kind, Value
from subscriptions.bulk.of_licenses import How, Licenses
from subscriptions.bulk.of_subscriptions import CostCenter, RecurringBilling
from subscriptions.catalogue.costs import MOST_LICENSES
from subscriptions.models import Subscription, Tenant
from subscriptions.models.subscription import COST_CENTER_LENGTH
from subscriptions.subscriptions.reads import find_subscriptions
from subscriptions.web.filters import active_filters
from subscriptions.web.forms import KeyForm, ReasonField, SealedForm, SubscriptionFilterForm


class WantedForm(SealedForm):
    """What is wanted of each of the chosen subscriptions; a kind that asks for something has its own."""

    reason = ReasonField(
        help_text=_("Optional. It stands in the history of each subscription; the partner does not see it.")
    )
    field_order: Collection[str] | None = None

    def __init__(self, data: Any = None, *, tenant: Tenant, by: Actor, **kwargs: Any):
        super().__init__(data, **kwargs)
        self.tenant, self.by = tenant, by

    def wanted(self) -> Value:
        raise NotImplementedError


class RecurringBillingForm(WantedForm):
    recurring_billing = forms.ChoiceField(
        label=_("Recurring billing"),
        choices=[("on", _("On: each subscription renews by itself")), ("off", _("Off: each ends with its term"))],
        widget=forms.RadioSelect,
    )
    field_order = ("recurring_billing", "seal")
    reason = None  # type: ignore[assignment]  # the act of one takes none

    def wanted(self) -> Value:
        return {"recurring_billing": self.cleaned_data["recurring_billing"] == "on"}


class CostCenterForm(WantedForm):
    cost_center = NameBox(
        label=_("Cost center"),
        required=False,
        max_length=COST_CENTER_LENGTH,
        help_text=_("An empty box takes the cost center away. The own names of the subscriptions stay."),
    )
    field_order = ("cost_center", "seal")
    reason = None  # type: ignore[assignment]  # the act of one takes none

    def wanted(self) -> Value:
        return {"cost_center": normalize_name(self.cleaned_data["cost_center"])}


class LicensesOfManyForm(WantedForm):
    how = forms.ChoiceField(
        label=_("What is to be done"),
        choices=[
            (How.SET.value, _("Set each subscription to this number")),
            (How.MORE.value, _("Add this number to each")),
            (How.FEWER.value, _("Take this number from each")),
            (How.ASSIGNED.value, _("Keep what is assigned: take back every license that nobody has")),
        ],
        widget=forms.RadioSelect,
    )
    licenses = forms.IntegerField(
        label=_("Number of licenses"),
        required=False,
        min_value=1,
        max_value=MOST_LICENSES,
        help_text=_("Stays empty where every license is taken back that nobody has."),
    )
    field_order = ("how", "licenses", "seal")
    reason = None  # type: ignore[assignment]  # the act of one takes none

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        has_number = found.get("licenses") is not None or "licenses" in self.errors
        if found.get("how") not in (None, How.ASSIGNED) and not has_number:
            self.add_error("licenses", _("Enter the number of licenses."))
        return found

    def wanted(self) -> Value:
        how, number = self.cleaned_data["how"], self.cleaned_data["licenses"]
        return {"how": how} if how == How.ASSIGNED else {"how": how, "licenses": number}


# By the kind's code; an upper app adds its own
FORMS: dict[str, type[WantedForm]] = {
    RecurringBilling.code: RecurringBillingForm,
    CostCenter.code: CostCenterForm,
    Licenses.code: LicensesOfManyForm,
}


CHOOSE_WHAT = _("Choose by a button below the list what is to be done.")


class UuidsField(forms.MultipleChoiceField):
    """Boxes that were ticked; one that is no UUID was on no page."""

    def __init__(self) -> None:
        super().__init__(required=False)

    def validate(self, value: list[str]) -> None:
        try:
            self.uuids = [UUID(each) for each in value]
        except ValueError as wrong:
            raise ValidationError(_("Choose the subscriptions in the list."), code="not_chosen") from wrong

    def clean(self, value: Any) -> list[UUID]:
        super().clean(value)
        return self.uuids


class ChooseForm(SealedForm):
    """Rows, the page, or all that match: `scope` is *all* for these, `page` the box in the head of the table.

    `shown` are the rows that the page has: of all that match, those of them that are not ticked are left out.
    """

    kind = forms.ChoiceField(error_messages=dict.fromkeys(("required", "invalid_choice"), CHOOSE_WHAT))
    pick = UuidsField()
    shown = UuidsField()
    page = forms.BooleanField(required=False)
    scope = forms.ChoiceField(required=False, choices=[("", ""), ("all", "all")])
    list = forms.CharField(required=False, max_length=2000)

    def __init__(self, data: Any = None, **kwargs: Any):
        super().__init__(data, **kwargs)
        self.fields["kind"].choices = [(kind.code, kind.label) for kind in self.kinds()]  # type: ignore[attr-defined]

    def kinds(self) -> Iterable[type[Kind]]:
        return (kind for kind in KINDS.values() if kind.is_chosen)

    def filters_of(self, query: QueryDict) -> forms.Form:
        """The form of the list's filters, as its address has them."""
        return SubscriptionFilterForm(query)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        self.filters = self.filters_of(QueryDict(found.get("list", "")))
        if found.get("scope"):
            if not self.filters.is_valid():
                raise ValidationError(_("The filter of the list is none. Filter the list again."), code="filter")
        elif not (found.get("shown") if found.get("page") else found.get("pick")):
            raise ValidationError(_("Nothing is chosen. Tick the subscriptions that are to change."), code="nothing")
        return found

    def rows_of(self, tenant: Tenant) -> QuerySet[Subscription]:
        """What is chosen of the organization's subscriptions; of a valid form."""
        wanted = self.cleaned_data
        if wanted["scope"]:
            left_out = set(wanted["shown"]) - set(wanted["pick"])
            return find_subscriptions(tenant, self.filters.cleaned_data).exclude(uuid__in=left_out)
        uuids = wanted["shown"] if wanted["page"] else wanted["pick"]
        return Subscription.objects.of_tenant(tenant).filter(uuid__in=uuids)

    def in_words(self, all_words: str) -> str:
        """How they were chosen; `all_words` where all are that the list has."""
        wanted = self.cleaned_data
        if not wanted["scope"]:
            return gettext("The page of the list") if wanted["page"] else gettext("One by one in the list")
        chips = active_filters(self.filters, QueryDict(wanted["list"]), hidden={"order"})
        return formats.join_list([chip.label for chip in chips]) or all_words


class PreviewForm(KeyForm):
    """The preview that was seen, by its digest."""

    version = forms.CharField(widget=forms.HiddenInput, max_length=64)


class LeaveOutForm(SealedForm):
    leave_out = forms.UUIDField()


class RowFilterForm(forms.Form):
    """The rows of one group: of those like this row; or all those that were not changed."""

    like = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    stayed = forms.BooleanField(required=False, widget=forms.HiddenInput)
