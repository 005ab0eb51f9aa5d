"""The link of an invitation: made anew from the portal's secret whenever its mail is composed, and kept nowhere.

The database has a hash of its token, which opens nothing. A link is good for one invitation, so sending that again
makes another one, with another link.
"""

import hashlib
from base64 import urlsafe_b64encode
from typing import Any
from uuid import UUID

from django.utils.crypto import salted_hmac

from subscriptions.models import Invitation
from subscriptions.verdicts import Page

SALT = "subscriptions.invitation"


def token_of(uuid: UUID) -> str:
    """43 characters that fit into an address."""
    return urlsafe_b64encode(salted_hmac(SALT, str(uuid), algorithm="sha256").digest()).decode().rstrip("=")


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def page_of(invitation: Invitation) -> Page:
    """Where the link leads, for the mail, and for whoever sets the portal up without a mail server."""
    return Page("invitation-link", (token_of(invitation.uuid),))


def facts(invitation: Invitation) -> dict[str, Any]:
    return {"invitation": invitation, "invitation_page": page_of(invitation)}
