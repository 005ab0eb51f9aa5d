"""How django-allauth behaves here: accounts are made by admins and staff; there is no sign-up."""

from urllib.parse import urlsplit

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.account.views import LoginView
from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.utils.http import url_has_allowed_host_and_scheme

from portal.demo.data import ACCOUNTS
from subscriptions.web.kept_forms import forget_form
from subscriptions.web.recent_sign_in import signed_in_recently

log = structlog.get_logger("portal.accounts")
STAGES = {"allauth.mfa.stages.AuthenticateStage": "portal.second_factor.stage.CodeStage"}
SHOWN_BY_THE_PAGE = {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}


@receiver(user_logged_in)
def forget_others_form(request, user, **kwargs) -> None:
    forget_form(request, but_of=user.pk)


@receiver(user_logged_out)
def forget_own_form(request, user, **kwargs) -> None:
    if user is not None:  # somebody was signed in
        forget_form(request)


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request) -> bool:
        return False

    def is_safe_url(self, url) -> bool:
        """Only addresses of this portal's own host; a header of a proxy does not widen that."""
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={self.request.get_host()}, require_https=settings.SECURE
        )

    def get_reset_password_from_key_url(self, key) -> str:
        """At the portal's own address, whatever host the request asked for (T101)."""
        path = urlsplit(super().get_reset_password_from_key_url(key)).path
        return settings.SITE_URL + path

    def set_password(self, user, password) -> None:
        """Writes the password alone: the web login may change nothing else of an account."""
        user.set_password(password)
        user.save(update_fields=["password"])

    def send_mail(self, template_prefix, email, context) -> None:
        """A post office that is away must not tell a known address from an unknown one."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as error:
            log.error("mail_not_sent", template=template_prefix, error=type(error).__name__)

    def get_login_stages(self) -> list[str]:
        return [STAGES.get(path, path) for path in super().get_login_stages()]

    def is_reauthentication_required(self, *, app, **kwargs) -> bool:
        """allauth's pages ask for the same recent sign-in as the portal's own."""
        return not signed_in_recently(self.request)

    def get_reauthentication_methods(self, user) -> list[dict]:
        """An account with a second factor proves that one: the password alone confirms nothing (T47)."""
        methods = super().get_reauthentication_methods(user)
        return [method for method in methods if method["id"].startswith("mfa_")] or methods

    def add_message(self, request, level, message_template=None, *args, **kwargs) -> None:
        """No banner for signing in or out: the page itself shows it."""
        if message_template not in SHOWN_BY_THE_PAGE:
            super().add_message(request, level, message_template, *args, **kwargs)


class SignInView(LoginView):
    """allauth's sign-in, with one click for each account in the demo and only there."""

    def _redirect_to_pending_stage(self, request, stage) -> None:
        """A return from the page for a code begins anew, perhaps with another account."""
        clear_login(request)

    def get_context_data(self, **kwargs):
        demo_accounts = ACCOUNTS if settings.DEMO else []
        return super().get_context_data(**kwargs, demo_accounts=demo_accounts)
