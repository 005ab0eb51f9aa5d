"""What somebody who is invited types to have an account: a name, and the password that nobody else ever knows."""

from typing import Any

from allauth.account.forms import PasswordField, PasswordVerificationMixin, SetPasswordField
from django import forms
from django.utils.translation import gettext_lazy as _

from subscriptions.models import User


class NewAccountForm(PasswordVerificationMixin, forms.Form):
    name = User._meta.get_field("name").formfield(
        label=_("Your name"), widget=forms.TextInput({"autocomplete": "name"})
    )
    password1 = SetPasswordField(label=_("Password"))
    password2 = PasswordField(label=_("Password (again)"), autocomplete="new-password")

    def __init__(self, *args: Any, email: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["password1"].user = User(email=email)  # type: ignore[attr-defined]
