"""How django-allauth behaves here: accounts are made by admins and staff, so nobody signs up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.utils.http import url_has_allowed_host_and_scheme


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request) -> bool:
        return False

    def is_safe_url(self, url) -> bool:
        """Only addresses of this portal's own host; a header of a proxy does not widen that."""
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={self.request.get_host()}, require_https=settings.SECURE
        )

    def add_message(self, *args, **kwargs) -> None:
        """No banner for signing in or out: the page itself shows it."""
