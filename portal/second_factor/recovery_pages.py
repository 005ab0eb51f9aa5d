"""The pages of recovery codes: shown and kept once, then counted, and made anew."""

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.generic import View

from portal.second_factor.forms import KeptForm
from portal.second_factor.pages import follow_up
from portal.second_factor.recovery_codes import codes_of, how_many_left, keep, show_once, to_keep
from subscriptions.models.mail import MailKind
from subscriptions.web.recent_sign_in import has_second_factor, needs_recent_sign_in
from subscriptions.web.responses import see_other

recently = method_decorator(needs_recent_sign_in)


class CodesView(View):
    """For who has codes; no cache keeps any of it."""

    codes: RecoveryCodes

    def dispatch(self, request, *args, **kwargs):
        codes = codes_of(request.user)
        if codes is None:
            raise Http404
        self.codes = codes
        response = super().dispatch(request, *args, **kwargs)
        add_never_cache_headers(response)
        return response


class RecoveryCodesView(CodesView):
    """The codes until they are kept, afterwards how many are left."""

    @recently
    def get(self, request) -> HttpResponse:
        return self._show(KeptForm())

    def post(self, request) -> HttpResponse:
        """Pressed twice is once; saying so shows nothing, and needs no sign-in of minutes ago."""
        form = KeptForm(request.POST)
        if not to_keep(request, self.codes):
            return see_other(request.path)
        if not form.is_valid():
            return self._ask_again(request, form)
        keep(request, self.codes)
        messages.success(request, _("You have kept your recovery codes. They are not shown again."))
        return see_other(reverse("account"))

    @recently
    def _ask_again(self, request, form: KeptForm) -> HttpResponse:
        return self._show(form, status=422)

    def _show(self, form: KeptForm, *, status: int = 200) -> HttpResponse:
        codes = to_keep(self.request, self.codes)
        context = {
            "codes": codes,
            "form": form,
            "left": how_many_left(self.codes),
            "total": settings.MFA_RECOVERY_CODE_COUNT,
            "were_kept": self.codes.did_view,
        }
        template = "keep" if codes else "index"
        return render(self.request, f"mfa/recovery_codes/{template}.html", context, status=status)


class DownloadView(CodesView):
    """The codes as a file, while their page shows them."""

    def get(self, request) -> HttpResponse:
        return redirect("mfa_view_recovery_codes")

    @recently
    def post(self, request) -> HttpResponse:
        codes = to_keep(request, self.codes)
        if not codes:
            return see_other(reverse("mfa_view_recovery_codes"))
        response = HttpResponse("".join(f"{code}\n" for code in codes), content_type="text/plain; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="recovery-codes.txt"'
        return response


class NewCodesView(GenerateRecoveryCodesView):
    @recently
    def dispatch(self, request, *args, **kwargs):
        if not has_second_factor(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form) -> HttpResponse:
        follow_up(self.request, MailKind.RECOVERY_CODES_NEW)
        response = super().form_valid(form)
        show_once(self.request)
        return response
