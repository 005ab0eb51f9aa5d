"""allauth's forms that ask for an address, which is read as everywhere."""

from allauth.account import forms
from allauth.account.adapter import get_adapter
from allauth.account.fields import EmailField

from subscriptions.base.typed import EmailBox


class AddressBox(EmailBox, EmailField):
    """With allauth's label and input."""


class SignInForm(forms.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"] = AddressBox()
        self.order_fields(["login", "password"])


class ForgottenPasswordForm(forms.ResetPasswordForm):
    email = AddressBox()

    def clean_email(self) -> str:
        """Looks nobody up: that would take longer for who has an account."""
        return get_adapter().clean_email(self.cleaned_data["email"].lower())
