"""How django-allauth behaves here: accounts are made by admins and staff; there is no sign-up."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal.ratelimit import RateLimitUsage, get_ip
from django.conf import settings
from django.db import transaction
from django.utils.http import url_has_allowed_host_and_scheme

from portal.accounts.attempts import attempt
from portal.accounts.passwords import require_bounded
from subscriptions.db.limits import TooManyRequests
from subscriptions.mails.of_accounts import tell_the_person
from subscriptions.models.mail import MailKind
from subscriptions.web.recent_sign_in import signed_in_recently

STAGES = {"allauth.mfa.stages.AuthenticateStage": "portal.second_factor.stage.CodeStage"}
SHOWN_BY_THE_PAGE = {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request) -> bool:
        return False

    def is_safe_url(self, url) -> bool:
        """Only addresses of this portal's own host; a header of a proxy does not widen that."""
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={self.request.get_host()}, require_https=settings.SECURE
        )

    def authenticate(self, request, **credentials):
        """Counts wrong passwords over all processes, and no right one; allauth's own limit counts within a cache."""
        require_bounded(credentials["password"])
        try:
            with attempt(login=credentials.get("email", ""), address=get_ip(request)) as made:
                user = super().authenticate(request, **credentials)
                made.is_right = user is not None
        except TooManyRequests:
            raise self.validation_error("too_many_login_attempts") from None
        return user

    def pre_authenticate(self, request, **credentials) -> None:
        """Counted above; allauth has one limit for passwords and codes, and the latter keeps it."""
        self._login_failed_rl_usage = RateLimitUsage(usage=[])

    def clean_password(self, password, user=None) -> str:
        require_bounded(password)
        return super().clean_password(password, user)

    def set_password(self, user, password) -> None:
        """Writes the password alone, and the mail about it; no transaction is open while it is hashed."""
        user.set_password(password)
        with transaction.atomic():
            user.save(update_fields=["password"])
            tell_the_person(user.pk, MailKind.PASSWORD_CHANGED)

    def send_mail(self, template_prefix, email, context) -> None:
        """Every mail goes through the portal's own queue; none of allauth's is left."""
        raise NotImplementedError(template_prefix)

    def get_login_stages(self) -> list[str]:
        return [STAGES.get(path, path) for path in super().get_login_stages()]

    def is_reauthentication_required(self, *, app, **kwargs) -> bool:
        """allauth's pages ask for the same recent sign-in as the portal's own."""
        return not signed_in_recently(self.request)

    def get_reauthentication_methods(self, user) -> list[dict]:
        """An account with a second factor proves that one: the password alone confirms nothing."""
        methods = super().get_reauthentication_methods(user)
        return [method for method in methods if method["id"].startswith("mfa_")] or methods

    def add_message(self, request, level, message_template=None, *args, **kwargs) -> None:
        """No banner for signing in or out: the page itself shows it."""
        if message_template not in SHOWN_BY_THE_PAGE:
            super().add_message(request, level, message_template, *args, **kwargs)
