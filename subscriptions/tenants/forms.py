"""What a Global admin types or chooses about members."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from subscriptions.base.typed import EmailBox
from subscriptions.models import Invitation
from subscriptions.models.people.membership import Role
from subscriptions.web.forms import KeyForm

NO_MORE_THAN_NEEDED = _("Give no more than is needed; it can be changed later.")
FOR_THIS_ADDRESS = _("The invitation works for this address alone. Who has an account with it signs in.")


class InviteForm(KeyForm):
    """Whom, and in which language; as what is chosen among the roles of the place."""

    name = Invitation._meta.get_field("name").formfield(
        label=pgettext_lazy("person", "Name"), widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    email = EmailBox(
        label=_("Email address"),
        max_length=254,
        help_text=FOR_THIS_ADDRESS,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=_("Role"),
        widget=forms.RadioSelect,
        help_text=_("Give no more than is needed; it can be changed later."),
    )
    language = forms.ChoiceField(
        label=_("Language of the mail"), required=False, choices=[("", _("As usual here")), *settings.LANGUAGES]
    )


class InviteMemberForm(InviteForm):
    role = forms.ChoiceField(
        label=_("Role"), widget=forms.RadioSelect, choices=Role.choices, help_text=NO_MORE_THAN_NEEDED
    )


class VersionForm(KeyForm):
    """An act on what the person saw."""

    version = forms.CharField(widget=forms.HiddenInput, required=False)


class RoleForm(VersionForm):
    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect, choices=Role.choices)
