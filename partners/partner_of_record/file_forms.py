"""A file of subscriptions that comes back."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from subscriptions.web.forms import OptionalReason, SealedForm

MOST_OF_A_NAME = 100


class FileForm(SealedForm):
    file = forms.FileField(
        label=_("CSV file"),
        allow_empty_file=True,  # what reads it says so in its own words
        error_messages={"required": _("Choose a file.")},
    )
    reason = OptionalReason(
        help_text=_("Optional. It stands in the history of each subscription; the partner does not see it.")
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if file := found.get("file"):
            found["name"] = "".join(letter for letter in file.name if letter.isprintable())[-MOST_OF_A_NAME:]
        return found
