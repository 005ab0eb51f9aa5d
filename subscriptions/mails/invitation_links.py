"""The link of an invitation: made anew from the portal's secret whenever its mail is composed, and kept nowhere.

The database has a hash of its token, which opens nothing. A link is good for one invitation, so sending that again
makes another one, with another link.
"""

import hashlib
from base64 import urlsafe_b64encode
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from subscriptions.models import Invitation

SALT = "subscriptions.invitation"


def token_of(uuid: UUID) -> str:
    """43 characters that fit into an address."""
    return urlsafe_b64encode(salted_hmac(SALT, str(uuid), algorithm="sha256").digest()).decode().rstrip("=")


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def link_of(invitation: Invitation) -> str:
    """The whole address, for the mail, and for whoever sets the portal up without a mail server."""
    return settings.SITE_URL + reverse("invitation-link", args=[token_of(invitation.uuid)])


def facts(invitation: Invitation) -> dict[str, Any]:
    return {"invitation": invitation, "link": link_of(invitation)}
