"""The filters of the subscriptions of several organizations, and what is chosen there."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from subscriptions.bulk.forms import ChooseForm, WantedForm
from subscriptions.bulk.kinds import Kind, joint_kinds
from subscriptions.groups.reads import Seat
from subscriptions.models import OrganizationGroup
from subscriptions.web.forms import SubscriptionFilterForm


class SeveralFilterForm(SubscriptionFilterForm):
    """Those of one organization that are the same everywhere, and which organizations."""

    group = forms.ChoiceField(label=_("Group"), required=False)
    organization = forms.ChoiceField(label=_("Organization"), required=False)
    scheduled = None  # type: ignore[assignment]
    policy = None  # type: ignore[assignment]
    field_order = ("q", "group", "organization", "status", "partner", "ends", "partner_id")

    def __init__(self, data: Any = None, *, seats: Sequence[Seat], groups: Sequence[OrganizationGroup]):
        super().__init__(data)
        places = [(seat.tenant.slug, seat.tenant.name) for seat in seats]
        self.fields["organization"].choices = [("", _("All organizations")), *places]  # type: ignore[attr-defined]
        named = [(str(group.uuid), group.name) for group in groups]
        self.fields["group"].choices = [("", _("All of mine")), *named]  # type: ignore[attr-defined]
        if not groups:
            del self.fields["group"]


class SeveralChooseForm(ChooseForm):
    """Rows of several organizations, their page, or all that match."""

    def __init__(
        self, data: Any = None, *, seats: Sequence[Seat], groups: Sequence[OrganizationGroup], **kwargs: Any
    ):
        self.seats, self.groups = seats, groups
        super().__init__(data, **kwargs)

    def kinds(self) -> list[type[Kind]]:
        return joint_kinds()

    def filters_of(self, query: QueryDict) -> SeveralFilterForm:
        return SeveralFilterForm(query, seats=self.seats, groups=self.groups)


# By the kind's code; an upper app adds its own. A form takes the seats of those organizations in which it is done
FORMS_OF_SEVERAL: dict[str, type[WantedForm]] = {}
