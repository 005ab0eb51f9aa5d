"""Secrets with which deliveries are signed: shown once, encrypted from then on."""

import secrets
from base64 import b64encode
from datetime import datetime, timedelta

from django.utils import timezone
from standardwebhooks import Webhook

from subscriptions.base.ciphers import cipher_for
from subscriptions.models import WebhookEndpoint

PURPOSE = "webhook secret"
BYTES = 32
OLD_SECRET_FOR = timedelta(hours=24)


def new_secret() -> str:
    """As receivers' libraries take it."""
    return f"whsec_{b64encode(secrets.token_bytes(BYTES)).decode()}"


def seal(secret: str) -> str:
    return cipher_for(PURPOSE).encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    return cipher_for(PURPOSE).decrypt(sealed.encode()).decode()


def sign(endpoint: WebhookEndpoint, *, message: str, at: datetime, body: str) -> str:
    """By the secret, and by the one before as long as it is good too."""
    sealed = [endpoint.secret]
    if endpoint.old_secret_until and endpoint.old_secret_until > timezone.now():
        sealed.append(endpoint.old_secret)
    return " ".join(Webhook(unseal(each)).sign(message, at, body) for each in sealed)
