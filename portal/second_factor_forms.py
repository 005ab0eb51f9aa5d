"""allauth's forms for a code, with the portal's words."""

from allauth.mfa.base import forms as base_forms
from allauth.mfa.totp import forms as totp_forms
from django import forms
from django.utils.translation import gettext_lazy as _


def code_field(label, help_text) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"})
    return forms.CharField(label=label, help_text=help_text, max_length=20, widget=widget)


EITHER = _("The six digits that your authenticator app shows now, or one of your recovery codes.")


class SignInCodeForm(base_forms.AuthenticateForm):
    code = code_field(_("Code"), EITHER)


class ConfirmCodeForm(base_forms.ReauthenticateForm):
    code = code_field(_("Code"), EITHER)


class TurnOnForm(totp_forms.ActivateTOTPForm):
    code = code_field(_("Code"), _("The six digits that your authenticator app shows now."))
