"""The page of an act on an offer: what comes of it, the form, and what happens when it is sent."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from partners.access import PartnerRequest
from partners.models import PartnerOffer
from partners.offers import limits as offer_limits
from partners.offers.acts import OfferChanged
from partners.offers.checks import NotOfferable
from partners.offers.pages.content import content_of, mail_of
from partners.offers.workspace.draft import conflict, sending_of
from partners.offers.workspace.list import breadcrumbs, find
from subscriptions.clouds import Text
from subscriptions.db import idempotency, scopes
from subscriptions.db.idempotency import KeyReused
from subscriptions.db.limits import TooManyRequests
from subscriptions.verdicts import Verdict
from subscriptions.web.forms import ActForm, new_key
from subscriptions.web.responses import see_other, too_many_requests


class OfferAct:
    """One act on one offer; each act is a subclass that says what differs."""

    title: Text
    button: Text
    dangerous = False
    is_mailed = False
    form_class: type[ActForm] = ActForm

    def __init__(self, request: PartnerRequest, offer: PartnerOffer):
        self.request, self.offer, self.tenant = request, offer, offer.tenant

    @property
    def verdict(self) -> Verdict:
        raise NotImplementedError

    def sentences(self) -> list[str]:
        """What will come of it."""
        return []

    def initial(self) -> dict[str, Any]:
        return {}

    def act(self, wanted: dict[str, Any], common: dict[str, Any]) -> object:
        raise NotImplementedError

    def done(self) -> str:
        """The outcome in a sentence."""
        raise NotImplementedError

    @property
    def detail_url(self) -> str:
        return reverse("workspace:offer-detail", args=[self.request.partner.number, self.offer.uuid])

    @property
    def next_url(self) -> str:
        """Where the act leads."""
        return self.detail_url

    def form(self, data=None) -> ActForm:
        return self.form_class(data, initial={"version": self.offer.version, "key": new_key(), **self.initial()})

    def taken(self) -> HttpResponse:
        form = self.form(self.request.POST)
        try:
            with scopes.tenant(self.tenant.pk):
                sending = sending_of(self.request, self.tenant)
                done = idempotency.earlier_answer(sending)
                if done is None:
                    self.verdict.require()
                    done = idempotency.once(sending, lambda: self._acted(form)) if form.is_valid() else None
        except NotOfferable as refusal:
            for field, sentence in refusal.problems.items():
                form.add_error(field if field in form.fields else None, sentence)
            done = None
        return see_other(done) if done else self.shown(form)

    def _acted(self, form: ActForm) -> str:
        wanted = form.cleaned_data
        if self.is_mailed:
            offer_limits.count_sending(tenant=self.tenant, partner=self.offer.partner, by=self.request.actor)
        common = {"tenant": self.tenant, "offer": self.offer, "by": self.request.actor}
        if self.act(wanted, common | {"version": wanted["version"]}) is None:
            messages.info(self.request, _("No change: everything stays as it was."))
        else:
            messages.success(self.request, self.done())
        return self.next_url

    def shown(self, form: ActForm) -> HttpResponse:
        context = {
            "page": self,
            "form": form,
            "offer": self.offer,
            "content": content_of(self.offer) if self.is_mailed else None,
            "mail": mail_of(self.offer, self.tenant) if self.is_mailed else None,
            "breadcrumbs": breadcrumbs(self.request, (self.offer.name, self.detail_url), (str(self.title), None)),
        }
        return render(self.request, "workspace/offer_act.html", context, status=422 if form.errors else 200)


def answer(act_class: type[OfferAct], request: PartnerRequest, uuid: UUID) -> HttpResponse:
    page = act_class(request, find(request, uuid))
    if request.method != "POST":
        page.verdict.require()
        return page.shown(page.form())
    try:
        return page.taken()
    except (OfferChanged, KeyReused):
        return conflict(request, page.offer)
    except TooManyRequests as refusal:
        return too_many_requests(request, refusal)
