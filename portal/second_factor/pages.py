"""The pages of the second factor: allauth's own, under the portal's rules for recent sign-ins and limits."""

from functools import wraps

import structlog
from allauth.core.ratelimit import respond_429
from allauth.mfa.base.views import AuthenticateView, ReauthenticateView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from portal.second_factor.forms import ConfirmCodeForm, SignInCodeForm, TurnOnForm
from portal.second_factor.recovery_codes import show_once
from subscriptions.mails.of_accounts import tell_the_person
from subscriptions.models.mail import MailKind
from subscriptions.web.recent_sign_in import has_second_factor, may_turn_off, needs_recent_sign_in
from subscriptions.web.sessions import end_other_sessions

log = structlog.get_logger("portal.second_factor")
TOO_MANY = {"too_many_login_attempts", "rate_limited"}
recently = method_decorator(needs_recent_sign_in, name="dispatch")


class LimitedMixin:
    """Too many wrong codes are answered as too many sign-ins are."""

    def form_invalid(self, form) -> HttpResponse:
        if any(form.has_error("code", code) for code in TOO_MANY):
            return respond_429(self.request)  # type: ignore[attr-defined]
        return super().form_invalid(form)  # type: ignore[misc]


class SignInCodeView(LimitedMixin, AuthenticateView):
    form_class = SignInCodeForm

    def post(self, request, *args, **kwargs) -> HttpResponse:
        """Whose password or account is no longer what it was signs in anew, and no code is used up."""
        return super().post(request, *args, **kwargs) if self.stage.still_stands() else self.stage.abort()

    def _build_forms(self):
        """For codes alone: allauth takes a form without one for that of a passkey, which it then cannot show."""
        data = self.request.POST if self.request.method == "POST" else None
        self.auth_form = self.get_form_class()(user=self.stage.login.user, data=data)
        self.webauthn_form = None
        return self.auth_form


class ConfirmCodeView(LimitedMixin, ReauthenticateView):
    form_class = ConfirmCodeForm


@recently
class TurnOnView(LimitedMixin, ActivateTOTPView):
    form_class = TurnOnForm

    def get_context_data(self, **kwargs) -> dict:
        context = super().get_context_data(**kwargs)
        secret = context["form"].secret
        return context | {"secret": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))}

    def form_valid(self, form) -> HttpResponse:
        if has_second_factor(self.request.user):
            return redirect("mfa_view_recovery_codes")  # pressed twice: the limit let the first finish before
        response = super().form_valid(form)
        log.info("second_factor_on", user_id=self.request.user.pk)
        self._prove(form.cleaned_data["code"])
        follow_up(self.request, MailKind.APP_ON)
        show_once(self.request)
        return response

    def _prove(self, code: str) -> None:
        """The code is a proof of who is here, and used up: it opens nothing more, and is not asked for again."""
        proof = ConfirmCodeForm({"code": code}, user=self.request.user)
        if proof.is_valid():
            proof.save()


def unless_needed(view):
    """Refused to whoever has to have one, before anything is asked."""

    @wraps(view)
    def inner(request, *args, **kwargs):
        if has_second_factor(request.user):
            may_turn_off(request.user).require()
        return view(request, *args, **kwargs)

    return inner


@method_decorator(unless_needed, name="dispatch")
@recently
class TurnOffView(DeactivateTOTPView):
    def form_valid(self, form) -> HttpResponse:
        log.info("second_factor_off", user_id=self.request.user.pk)
        follow_up(self.request, MailKind.APP_OFF)
        return super().form_valid(form)


def follow_up(request, kind: MailKind) -> None:
    """Whoever else is signed in as this person is so no longer, and the person reads of the change."""
    end_other_sessions(request)
    tell_the_person(request.user.pk, kind)


@require_safe
def to_account(request) -> HttpResponse:
    """Where allauth has a page of all factors, which here stand in the account."""
    return redirect("account")
