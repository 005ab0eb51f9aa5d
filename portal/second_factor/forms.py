"""allauth's forms for a code, with the portal's words."""

import structlog
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base_forms
from allauth.mfa.totp import forms as totp_forms
from cryptography.fernet import InvalidToken
from django import forms
from django.utils.translation import gettext_lazy as _

from subscriptions.base.typed import CodeBox

log = structlog.get_logger("portal.second_factor")


def code_field(label, help_text) -> CodeBox:
    widget = forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"})
    return CodeBox(label=label, help_text=help_text, max_length=40, widget=widget)


EITHER = _("The six digits that your authenticator app shows now, or one of your recovery codes.")


class ReadableMixin:
    """Whose secret was written under a key that is gone is told so, and the operator's log too."""

    def clean_code(self) -> str:
        try:
            return super().clean_code()  # type: ignore[misc]
        except InvalidToken:
            log.error("second_factor_unreadable", user_id=self.user.pk)  # type: ignore[attr-defined]
            raise get_adapter().validation_error("unreadable") from None


class SignInCodeForm(ReadableMixin, base_forms.AuthenticateForm):
    code = code_field(_("Code"), EITHER)


class ConfirmCodeForm(ReadableMixin, base_forms.ReauthenticateForm):
    code = code_field(_("Code"), EITHER)


class TurnOnForm(totp_forms.ActivateTOTPForm):
    code = code_field(_("Code"), _("The six digits that your authenticator app shows now."))


class KeptForm(forms.Form):
    kept = forms.BooleanField(
        label=_("I have kept these codes where I find them without my phone."),
        error_messages={"required": _("Confirm that you have kept the codes.")},
    )
