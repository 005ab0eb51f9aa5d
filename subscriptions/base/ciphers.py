"""Encryption under SECRET_KEY, so that a copy of the database alone opens nothing."""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def cipher_for(purpose: str, *, salt: bytes | None = None) -> MultiFernet:
    """Encrypts by today's SECRET_KEY, decrypts by the earlier ones too; another purpose or salt is another key."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([_derive(key, purpose, salt) for key in keys])


def _derive(key: str, purpose: str, salt: bytes | None) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=salt, info=purpose.encode()).derive(key.encode())
    return Fernet(urlsafe_b64encode(derived))
