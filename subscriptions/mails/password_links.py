"""A link by which a person sets a new password: the same kind that the sign-in page mails to who forgot theirs.

It is made when a mail is composed and kept nowhere; it works once, and for as long as the settings say.
"""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings

from subscriptions.models import User
from subscriptions.verdicts import Page


def facts(user: User) -> dict:
    """Page and minutes; needs a scope that reads accounts and their addresses, which are part of the token."""
    secret = default_token_generator.make_token(user)
    page = Page("account_reset_password_from_key", (user_pk_to_url_str(user), secret))
    return {"password_page": page, "minutes": settings.PASSWORD_RESET_TIMEOUT // 60}
