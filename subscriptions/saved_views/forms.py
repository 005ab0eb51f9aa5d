"""The name of a view, and whether the list opens with it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from subscriptions.base.names import NameBox
from subscriptions.models.people.saved_view import LONGEST_NAME
from subscriptions.web.forms import KeyForm


class ViewForm(KeyForm):
    name = NameBox(label=_("Name"), max_length=LONGEST_NAME)
    is_default = forms.BooleanField(
        label=_("Open the list with this view"),
        required=False,
        help_text=_("Only for you. All rows stay one click away."),
    )
