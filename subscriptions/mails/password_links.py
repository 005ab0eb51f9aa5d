"""A link by which a person sets a new password: the same kind that the sign-in page mails to who forgot theirs.

It is made when a mail is composed and kept nowhere; it works once, and for as long as the settings say.
"""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse

from subscriptions.models import User


def facts(user: User) -> dict:
    """Link and minutes; needs a scope that reads accounts and their addresses, which are part of the token."""
    arguments = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    link = settings.SITE_URL + reverse("account_reset_password_from_key", kwargs=arguments)
    return {"link": link, "minutes": settings.PASSWORD_RESET_TIMEOUT // 60}
