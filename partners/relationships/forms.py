"""Forms about partner relationships: the filters of the list, and the acts."""

from collections.abc import Sequence
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from partners.models.partner_relationship import ENDS_SOON, RelationshipStatus
from subscriptions.base.formats import with_figures
from subscriptions.models.delegated_role import DelegatedRole
from subscriptions.web.forms import KeyForm, ReasonField

ALL = "all"
KEEP, END = "keep", "end"


class Waits(TextChoices):
    """What waits for somebody, as a filter of the list."""

    ENDS_SOON = "ends-soon", with_figures(_("Ends within %(days)s days"), {"days": ENDS_SOON.days})
    REVIEW_DUE = "review-due", _("To be reviewed")
    ASKED = "asked", _("Asked to end it")
    OFFERS = "offers", _("Offers that wait for an answer")


class RelationshipFilterForm(forms.Form):
    """What has ended or run out leaves the list as it opens, and stays reachable here for ever."""

    STATUSES = [
        ("", _("Active and pending")),
        (ALL, _("All statuses")),
        *[choice for choice in RelationshipStatus.choices if choice[0] != RelationshipStatus.ACTIVE],
        *Waits.choices,
    ]

    q = forms.CharField(label=_("Search by partner"), required=False, max_length=100)
    status = forms.ChoiceField(label=_("Status"), required=False, choices=STATUSES)

    @property
    def wanted_status(self) -> str:
        """As the rows have it; empty for all."""
        chosen = self.cleaned_data["status"]
        return "" if chosen == ALL else chosen or RelationshipStatus.ACTIVE


class EndRelationshipForm(KeyForm):
    reason = ReasonField(help_text=_("Optional. The partner and your Global admins read it."))


class GiveUpAccessForm(KeyForm):
    reason = ReasonField(help_text=_("Optional. The organization's Global admins read it."))


class RolesField(forms.MultipleChoiceField):
    """Shows the roles that the partner has; takes any role, since one may be gone already when the form arrives."""

    widget = forms.CheckboxSelectMultiple
    default_error_messages = {"required": _("Choose the roles to take away.")}

    def valid_value(self, value) -> bool:
        return value in DelegatedRole.values


class RemoveRolesForm(EndRelationshipForm):
    roles = RolesField(label=_("Roles to take away"))
    field_order = ("roles", "reason", "key")

    def __init__(self, *args, roles: Sequence[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = [(role, DelegatedRole(role).label) for role in roles]  # type: ignore[attr-defined]


class AutoExtendForm(KeyForm):
    """Carries what is wanted, so that a page that is no longer true does not do the opposite."""

    extend = forms.TypedChoiceField(
        choices=[("yes", _("On")), ("no", _("Off"))],
        coerce=lambda value: value == "yes",
        widget=forms.HiddenInput,
    )


class ReviewForm(KeyForm):
    """Keep or end for each relationship, without a default; a row without a choice stays open."""

    CHOICES = [(KEEP, _("Keep")), (END, _("End"))]

    def __init__(self, *args, uuids: Sequence[UUID], **kwargs):
        super().__init__(*args, **kwargs)
        self.uuids = uuids
        for uuid in uuids:
            self.fields[str(uuid)] = forms.ChoiceField(
                label=_("Decision"), required=False, choices=self.CHOICES, widget=forms.RadioSelect
            )

    def clean(self):
        super().clean()
        if not self.errors and not self.chosen(KEEP) and not self.chosen(END):
            raise ValidationError(_("Choose Keep or End for at least one relationship."), code="required")
        return self.cleaned_data

    def chosen(self, choice: str) -> list[UUID]:
        return [uuid for uuid in self.uuids if self.cleaned_data.get(str(uuid)) == choice]
