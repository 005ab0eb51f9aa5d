"""allauth's pages for who has a password: no transaction is open while one is hashed, so nobody waits for another."""

from allauth.account import views
from allauth.account.internal.stagekit import clear_login
from allauth.core.ratelimit import consume_or_429
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import transaction
from django.http import HttpResponse
from django.utils.decorators import method_decorator

from portal.accounts import attempts
from portal.accounts.passwords import BoundedPasswordMixin
from portal.demo.data import ACCOUNTS
from subscriptions.mails.of_accounts import tell_the_person
from subscriptions.models import User
from subscriptions.models.mail import MailKind
from subscriptions.web.responses import see_other
from subscriptions.web.sessions import clear_site_data

TOO_MANY = "too_many_login_attempts"  # as the adapter calls it
hashing = method_decorator(transaction.non_atomic_requests, name="dispatch")


@hashing
class SignInView(BoundedPasswordMixin, views.LoginView):
    """With one click for each account in the demo and only there."""

    def form_invalid(self, form) -> HttpResponse:
        response = super().form_invalid(form)
        if form.has_error(NON_FIELD_ERRORS, TOO_MANY):
            response.status_code = 429
        return response

    def _redirect_to_pending_stage(self, request, stage) -> None:
        """A return from the page for a code begins anew, perhaps with another account."""
        clear_login(request)

    def get_context_data(self, **kwargs):
        demo_accounts = ACCOUNTS if settings.DEMO else []
        return super().get_context_data(**kwargs, demo_accounts=demo_accounts)


@hashing
class ConfirmView(BoundedPasswordMixin, views.ReauthenticateView):
    pass


@hashing
class ChangePasswordView(BoundedPasswordMixin, views.PasswordChangeView):
    pass


@hashing
class NewPasswordView(BoundedPasswordMixin, views.PasswordResetFromKeyView):
    def form_valid(self, form) -> HttpResponse:
        attempts.forget(self.reset_user.email)
        return super().form_valid(form)


class ForgottenPasswordView(views.PasswordResetView):
    def form_valid(self, form) -> HttpResponse:
        """The same for an address without an account, whose job finds nobody to write to."""
        address = form.cleaned_data["email"]
        if limited := consume_or_429(self.request, action="reset_password", key=address):
            return limited
        account = User.objects.filter(email=address, is_active=True).values_list("pk", flat=True).first()
        tell_the_person(account, MailKind.PASSWORD_FORGOTTEN)
        return see_other(self.get_success_url())


class SignOutView(views.LogoutView):
    def post(self, *args, **kwargs) -> HttpResponse:
        return clear_site_data(super().post(*args, **kwargs))
