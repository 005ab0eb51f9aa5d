"""What is typed about a webhook, and what is wrong with an address, in words."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from subscriptions.base.names import NameBox
from subscriptions.clouds import Text
from subscriptions.db.limits import count_request, limits_of
from subscriptions.models.audit_event import grouped_kinds
from subscriptions.models.webhook import LONGEST_LABEL, LONGEST_URL, Outcome
from subscriptions.web.forms import ActForm, DayField, KeyForm
from subscriptions.webhooks.acts import require_allowed
from subscriptions.webhooks.addresses import NotAllowed, WhyNot, read_url
from subscriptions.webhooks.reads import OutcomeFilter

WHY_NOT: dict[WhyNot, Text] = {
    WhyNot.NOT_HTTPS: _("Enter an address that begins with https://."),
    WhyNot.NO_ADDRESS: _("This is no address. Enter one such as https://receiver.example/hook."),
    WhyNot.WITH_NAME: _("Leave out the name and password: deliveries are signed instead."),
    WhyNot.PORT: _("Use port 443, or one from 1024 on."),
    WhyNot.NUMBER: _("Enter the receiver by its name, or by a number in its usual form."),
    WhyNot.PRIVATE: _("This leads into a private network, where nothing is sent to. Use a public address."),
    WhyNot.UNKNOWN_HOST: _("Nobody knows the host of this address. Check how it is spelled."),
}
SLOW_NAME = _("The name of the receiver was not found in time. Try again in a moment.")


def _kinds(kinds: Any) -> Any:
    """As groups of boxes."""
    return grouped_kinds(kinds)


class WebhookFields(forms.Form):
    label = NameBox(
        label=_("Name"), max_length=LONGEST_LABEL, help_text=_("What you call it, such as the system behind it.")
    )
    url = forms.CharField(
        label=_("Address of the receiver"),
        max_length=LONGEST_URL,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("An https address on the public internet, on port 443 or one from 1024 on."),
    )
    kinds = forms.MultipleChoiceField(
        label=_("Kinds of events"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "many"}),
        help_text=_("Only those that are chosen are sent; without any choice all are, new kinds too."),
    )

    def __init__(self, *args: Any, kinds: Any, person: int | str | None, **kwargs: Any):
        """`person` is as whom look-ups of receivers are counted."""
        super().__init__(*args, **kwargs)
        self.person = person
        self.fields["kinds"].choices = _kinds(kinds)  # type: ignore[attr-defined]

    def clean_url(self) -> str:
        """Whether something may be sent there, where its name leads now; asked again at each delivery.

        What the name leads to is told in part, so who asks for many of them is counted. Raises TooManyRequests.
        """
        url = self.cleaned_data["url"].strip()
        try:
            read_url(url)
            count_request(*limits_of("find-receiver", person=self.person))
            require_allowed(url)
        except NotAllowed as refusal:
            raise ValidationError(str(WHY_NOT[refusal.why]), code=refusal.why) from None
        except TimeoutError:
            raise ValidationError(SLOW_NAME, code="slow") from None
        return url


class AddForm(WebhookFields, KeyForm):
    pass


class ChangeForm(WebhookFields, ActForm):
    pass


class ReplayForm(ActForm):
    since = DayField(
        label=_("From"), required=True, help_text=_("All events since this day began are sent once more.")
    )


class StateForm(forms.Form):
    """The filter that a line of what needs attention leads to."""

    GIVEN_UP = "given-up"
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("On and off")), (GIVEN_UP, _("Turned off by the portal"))]
    )


class OutcomeForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        required=False,
        choices=[
            ("", _("All")),
            (OutcomeFilter.WAITING.value, _("Waiting")),
            (OutcomeFilter.FAILED.value, _("Failed")),
            (OutcomeFilter.DELIVERED.value, Outcome.DELIVERED.label),
        ],
    )
