"""The link of an invitation: it is put aside, and its page asks who comes: somebody new, or somebody with an account.

The link's token stands in no address after the first one: a cookie of this browser keeps it, through a sign-in and a
change of account. Only the page that it leads to uses it, and only once.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django import forms
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.errors import static_page
from portal.invited.forms import NewAccountForm
from subscriptions.invitations import acts as invitations
from subscriptions.invitations.rules import may_accept, may_open
from subscriptions.may_words import words_of_invitation
from subscriptions.models import Invitation, User
from subscriptions.models.people.invitation import InvitationKind
from subscriptions.verdicts import Refused, Verdict, VerdictCode
from subscriptions.web.acts import Act, Answer
from subscriptions.web.answers import answer
from subscriptions.web.responses import see_other

COOKIE = "__Secure-invitation" if settings.SECURE else "invitation"
SALT = "portal.invitation.link"
KEPT_FOR_SECONDS = 60 * 60  # long enough for a password that was forgotten
Landing = Callable[[Invitation], str]
LANDINGS: dict[str, Landing] = {
    InvitationKind.MEMBER: lambda row: reverse("admin-home", args=[row.tenant.slug]),  # type: ignore[union-attr]
    InvitationKind.PARTNER_PERSON: lambda row: reverse(
        "workspace:home",
        args=[row.partner.number],  # type: ignore[union-attr]
    ),
    InvitationKind.STAFF: lambda row: reverse("admin:index"),
}


@require_safe
@login_not_required
@transaction.non_atomic_requests
def invitation_link(request: HttpRequest, token: str) -> HttpResponse:
    """Writes nothing, however often a mail server or a browser fetches it."""
    response = HttpResponseRedirect(reverse("invitation"))
    response.set_signed_cookie(
        COOKIE,
        token,
        salt=SALT,
        max_age=KEPT_FOR_SECONDS,
        path=reverse("invitation"),
        secure=settings.SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def invitation_switch(request: HttpRequest) -> HttpResponse:
    """Signs out and leads back to the invitation: the cookie of its link stays."""
    back = see_other(reverse("invitation"))
    if request.method == "POST":
        logout(request)
        back.headers["Clear-Site-Data"] = '"cache", "storage"'
    return back


class AcceptInvitation(Act):
    """Of who is signed in with the invitation's address, or of somebody new, who gets an account of it.

    It needs no session, so its view is not registered as that of an act whose form outlives one.
    """

    name = "invitation"
    template = "invitations/accept.html"
    is_keyed = False
    is_secret = True
    invitation: Invitation | None

    @classmethod
    def view(cls) -> Callable[..., HttpResponse]:
        @require_http_methods(["GET", "HEAD", "POST"])
        @login_not_required
        def act(request: Any) -> HttpResponse:
            asked = cls(request)
            try:
                return answer(asked)
            except Refused as refusal:  # somebody was faster, or the same person in another window
                return asked.refused(refusal.verdict)

        return transaction.non_atomic_requests(act)

    @property
    def token(self) -> str:
        return self.request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=KEPT_FOR_SECONDS)

    @property
    def is_known(self) -> bool:
        return self.request.user.is_authenticated

    def find(self) -> None:
        self.invitation = invitations.find_by_token(self.token) if self.token else None

    def over(self) -> Answer | None:
        if self.invitation is None:
            return partial(static_page, "invitations/link_not_valid.html", 404)
        verdict = may_open(self.invitation)
        if verdict.allowed and self.is_known:
            verdict = may_accept(self.invitation, email=self.request.user.email)
        if not verdict.allowed:
            return partial(self.refused, verdict)
        if not self.is_known and self._has_account():
            return self._to_sign_in
        return None

    def _has_account(self) -> bool:
        """Who opens the link has the mailbox, and so may know."""
        return User.objects.filter(email=self._invitation.email).exists()

    def _to_sign_in(self) -> HttpResponse:
        url = f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': self.page_url})}"
        if self.request.method == "POST":
            return see_other(url)
        context = {"act": self, "sign_in_url": url, **self.context(forms.Form())}
        return render(self.request, "invitations/sign_in.html", context)

    @property
    def _invitation(self) -> Invitation:
        assert self.invitation is not None  # noqa: S101 - without one it is over
        return self.invitation

    def refused(self, verdict: Verdict) -> HttpResponse:
        """One that is over, and one that is for somebody else: it stays, and so does its link."""
        if verdict.code is VerdictCode.INVITED_ELSEWHERE:
            self.request.refusal_code = verdict.code.code
        context = {"verdict": verdict, "is_elsewhere": verdict.code is VerdictCode.INVITED_ELSEWHERE}
        return render(self.request, "invitations/refused.html", context, status=verdict.code.status)

    # Its page

    @property
    def form_class(self) -> type[forms.Form]:  # type: ignore[override]
        return forms.Form if self.is_known else NewAccountForm

    def form_arguments(self) -> dict[str, Any]:
        return {} if self.is_known else {"email": self._invitation.email}

    def initial(self) -> dict[str, Any]:
        return {"name": self._invitation.name}

    def context(self, form: forms.Form) -> Mapping[str, Any]:
        return {"invitation": self._invitation, "words": words_of_invitation(self._invitation)}

    # Doing it

    def do(self, wanted: Mapping[str, Any]) -> Invitation:
        """A password is hashed before the transaction begins."""
        user = self.request.user
        if not self.is_known:
            user = User(email=self._invitation.email, name=wanted["name"])
            user.set_password(wanted["password1"])
        accepted = invitations.accept(self.token, user)
        if not self.is_known:
            record_authentication(self.request, user, method="password")
            perform_login(self.request, Login(user=user))
        return accepted

    def done(self, outcome: Invitation) -> str:
        facts = {"place": outcome.place_name, "role": outcome.role_label}
        return _("Welcome to %(place)s. Your role here: %(role)s.") % facts

    def destination(self, outcome: Invitation) -> str:
        return LANDINGS[outcome.kind](outcome)
