"""What people type or paste, read by one layer for each kind, wherever it is typed; a partner ID: partner_id."""

import unicodedata
from uuid import UUID

from django import forms
from django.db import models

from subscriptions.base.partner_id import HYPHENS


def plain(text: str) -> str:
    """Full-width and other look-alike forms as the usual ones, without invisible characters around or inside."""
    if text.isascii() and text.isprintable():
        return text.strip()
    folded = unicodedata.normalize("NFKC", text)
    return "".join(character for character in folded if unicodedata.category(character) not in {"Cf", "Cc"}).strip()


def read_uuid(text: str) -> UUID:
    """In capitals or small letters, with hyphens of any kind, without, or grouped by spaces; raises ValueError."""
    return UUID(_ungrouped(text))


def read_code(text: str) -> str:
    """A code from an app or a list, however its digits are grouped and in whatever script they stand."""
    return "".join(str(unicodedata.decimal(character, character)) for character in _ungrouped(text))


def _ungrouped(text: str) -> str:
    """Without spaces and hyphens; an editor that copies a text makes other ones of these."""
    found = "".join(plain(text).split())
    if found.isascii():
        return found.replace("-", "")
    return "".join(character for character in found if character not in HYPHENS)


def read_email(text: str) -> str:
    """The one spelling of a mailbox: lower case, and its domain as it stands on the wire (xn--…).

    What is no address comes back as it can be read, for the validator to refuse.
    """
    mailbox, at, domain = "".join(plain(text).split()).lower().rpartition("@")
    return mailbox + at + ".".join(map(_on_the_wire, domain.replace("。", ".").split(".")))


def _on_the_wire(label: str) -> str:
    return label if label.isascii() else f"xn--{label.encode('punycode').decode('ascii')}"


class EmailBox(forms.EmailField):
    def to_python(self, value):
        return read_email(super().to_python(value) or "")


class CodeBox(forms.CharField):
    def to_python(self, value):
        return read_code(super().to_python(value) or "")


class MailboxField(models.EmailField):
    """A mail address in its one spelling, whoever writes it or looks for it."""

    def to_python(self, value):
        value = super().to_python(value)
        return read_email(value) if isinstance(value, str) else value

    def get_prep_value(self, value):
        return self.to_python(super().get_prep_value(value))

    def pre_save(self, model_instance, add):
        address = self.to_python(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, address)
        return address

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": EmailBox, **kwargs})
