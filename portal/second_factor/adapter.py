"""How allauth keeps the second factor of an account: encrypted, so that a copy of the database opens none."""

from allauth.mfa.adapter import DefaultMFAAdapter
from django.utils.translation import gettext_lazy as _

from subscriptions.base.ciphers import cipher_for

PURPOSE = "second factor"


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is not right, or it was used before. Enter the one that your app shows now."),
        "unreadable": _("Codes of this account cannot be checked any more. Ask the operator for help."),
    }

    def encrypt(self, text: str) -> str:
        return cipher_for(PURPOSE).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises InvalidToken where the SECRET_KEY of that time is gone."""
        return cipher_for(PURPOSE).decrypt(encrypted_text.encode()).decode()
