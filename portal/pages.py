"""The portal's own pages: home with the app launcher, an organization's home, and one's account."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from partners.models import PartnerPerson
from partners.models.partner import PartnerState
from partners.overview.chart_tables import charts_of
from portal.addresses import local_path
from portal.demo.data import ACCOUNTS
from portal.demo.mail_folder import mails_in_folder, read_mail
from portal.navigation import cards
from subscriptions.access import Permission
from subscriptions.attention.pages import attention_context
from subscriptions.base.brand import logo_of
from subscriptions.brands.reads import find_logo
from subscriptions.models import User
from subscriptions.web.acts import Answer
from subscriptions.web.forms import AccountForm, ThemeForm
from subscriptions.web.page_access import TenantRequest, person_list, person_page, tenant_page
from subscriptions.web.recent_sign_in import may_turn_off
from subscriptions.web.responses import see_other
from subscriptions.web.tenant_acts import PersonAct

MOST_MAILS = 50
KEPT_FOR_GOOD = "public, max-age=31536000, immutable"


@require_safe
@person_list
def home(request) -> HttpResponse:
    """The workspaces of a partner's person stand beside the organizations."""
    workspaces = PartnerPerson.objects.filter(user=request.user, partner__state=PartnerState.ACTIVE)
    context = {"workspaces": workspaces.select_related("partner").order_by("partner__name_key", "partner_id")}
    return render(request, "portal/home.html", context)


@tenant_page(Permission.READ)
def admin_home(request: TenantRequest) -> HttpResponse:
    """What needs attention first; everything there may be read by this person anyway."""
    context = {
        "attention": attention_context(request.tenant, request.actor),
        "charts": charts_of(request),
        "cards": cards(request),
    }
    return render(request, "portal/admin_home.html", context)


@require_safe
@login_not_required
@transaction.non_atomic_requests
def logo(request: HttpRequest, digest: str) -> HttpResponse:
    """Of an operator. Another logo has another address, so this one may be kept for good."""
    found = logo_of(digest) or find_logo(digest)
    if found is None:
        raise Http404
    return HttpResponse(found.png, content_type="image/png", headers={"Cache-Control": KEPT_FOR_GOOD})


class Account(PersonAct):
    name = "account"
    title = gettext_lazy("My account")
    template = "portal/account.html"
    form_class = AccountForm  # type: ignore[assignment]

    @property
    def subtitle(self) -> str:
        return f"{self.request.user.name} · {self.request.user.email}"

    def form_arguments(self) -> dict[str, Any]:
        return {"instance": self.request.user}

    def context(self, form: forms.Form) -> dict[str, Any]:
        user = self.request.user
        return {"app_since": _app_since(user), "may_turn_off": may_turn_off(user)}

    def do(self, wanted: Mapping[str, Any]) -> User:
        self.request.user.save(update_fields=AccountForm.Meta.fields)
        return self.request.user

    def announce(self, user: User) -> None:
        with translation.override(user.language or self.request.browser_language):
            messages.success(self.request, _("Your choices are saved."))


def _app_since(user: User) -> datetime | None:
    """Since when an authenticator app is asked for; None if it is not."""
    apps = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP)
    return apps.values_list("created_at", flat=True).first()


class Theme(PersonAct):
    """A menu on every page, which it leads back to, whatever was sent."""

    name = "theme"
    page = Account.name
    form_class = ThemeForm  # type: ignore[assignment]

    def form_arguments(self) -> dict[str, Any]:
        return {"instance": self.request.user}

    def do(self, wanted: Mapping[str, Any]) -> User:
        self.request.user.save(update_fields=ThemeForm.Meta.fields)
        return self.request.user

    def again(self, form: forms.Form) -> Answer:
        return partial(see_other, self.destination(None))

    def destination(self, outcome: Any) -> str:
        return local_path(self.request.POST.get("next"))


@require_safe
@person_page
def demo_mails(request) -> HttpResponse:
    files = mails_in_folder()
    shown = [read_mail(file) for file in files[:MOST_MAILS]]
    context = {"mails": shown, "older": len(files) - len(shown), "folder": settings.MAIL_FOLDER}
    return render(request, "portal/demo_mails.html", context)


@require_POST
@login_not_required
def demo_sign_in(request) -> HttpResponse:
    """One click in the demo, and only there: the address exists nowhere else. It does not replace a second factor."""
    email = request.POST.get("email")
    if email not in {account.email for account in ACCOUNTS}:
        raise Http404
    user = get_object_or_404(User, email=email)
    logout(request)
    record_authentication(request, user, method="demo")
    return perform_login(request, Login(user=user, redirect_url=local_path(request.POST.get("next"))))
