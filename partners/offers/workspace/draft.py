"""Making an offer: finding the organization by its address, and writing or editing the draft."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from partners.access import PartnerRequest, partner_form
from partners.models import Partner, PartnerOffer
from partners.offers import acts as offers
from partners.offers import limits as offer_limits
from partners.offers import rules as offer_verdicts
from partners.offers.acts import OfferChanged
from partners.offers.checks import NotOfferable
from partners.offers.facts import facts_of, no_longer_sold
from partners.offers.forms.acts import FindOrganizationForm
from partners.offers.forms.draft import USUAL_DAYS, OfferForm, initial_of
from partners.offers.workspace.list import MAY_OFFER, breadcrumbs, find
from subscriptions.access import Permission
from subscriptions.catalogue import shop
from subscriptions.db import idempotency, scopes
from subscriptions.db.idempotency import KeyReused, Sending
from subscriptions.db.limits import TooManyRequests
from subscriptions.models import Subscription, Tenant
from subscriptions.web.forms import new_key, read_key
from subscriptions.web.responses import see_other, too_many_requests

FOUND_SALT = "organization-found"
FOUND_FOR_SECONDS = 24 * 60 * 60


@partner_form(Permission.MAKE_OFFERS, capability=MAY_OFFER)
def offer_find(request: PartnerRequest) -> HttpResponse:
    """Step 1. An address that is unknown and one in another cloud get the same answer."""
    form = FindOrganizationForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            offer_limits.count_search(by=request.actor)
        except TooManyRequests as refusal:
            return too_many_requests(request, refusal)
        tenant = _sought(request, form.cleaned_data["organization"])
        if tenant is not None:
            offer_verdicts.may_offer(request.actor, tenant, request.partner).require()
            return see_other(new_offer_path(request.partner, tenant))
        form.add_error("organization", _not_found(request))
    context = {"form": form, "breadcrumbs": breadcrumbs(request, (_("New offer"), None))}
    return render(request, "workspace/offer_find.html", context, status=422 if form.errors else 200)


def new_offer_path(partner: Partner, tenant: Tenant) -> str:
    """Where an offer to that organization is written, which the partner knows by its address or as a customer."""
    token = signing.dumps([partner.pk, tenant.slug], salt=FOUND_SALT)
    return reverse("workspace:offer-new", args=[partner.number, token])


def _not_found(request: PartnerRequest) -> str:
    return _(
        "No organization of your cloud (%(cloud)s) has this address. Compare it with what the organization sent you; "
        "organizations of other clouds get no offers."
    ) % {"cloud": request.partner.get_cloud_display()}


def _sought(request: PartnerRequest, slug: str) -> Tenant | None:
    with scopes.seeking(slug):
        return Tenant.objects.with_cloud_status().filter(slug=slug, cloud=request.partner.cloud).first()


@partner_form(Permission.MAKE_OFFERS, capability=MAY_OFFER)
def offer_new(request: PartnerRequest, token: str) -> HttpResponse:
    """Step 2, for an organization that this partner has just found."""
    try:
        partner, slug = signing.loads(token, salt=FOUND_SALT, max_age=FOUND_FOR_SECONDS)
    except signing.BadSignature as error:
        raise Http404 from error
    tenant = _sought(request, slug) if partner == request.partner.pk else None
    if tenant is None:
        raise Http404
    return _DraftPage(request, tenant, None).answer()


@partner_form(Permission.MAKE_OFFERS, capability=MAY_OFFER)
def offer_edit(request: PartnerRequest, uuid: UUID) -> HttpResponse:
    offer = find(request, uuid)
    return _DraftPage(request, offer.tenant, offer).answer()


class _DraftPage:
    """The form of a new draft, or of one that there is."""

    def __init__(self, request: PartnerRequest, tenant: Tenant, offer: PartnerOffer | None):
        self.request, self.tenant, self.offer = request, tenant, offer
        sold = shop.items(tenant).order_by("name_key", "id").values("uuid", "name", "has_trial")
        unsold = no_longer_sold(offer).values("uuid", "name", "has_trial") if offer else ()
        self.products = [row | {"is_sold": True} for row in sold] + [row | {"is_sold": False} for row in unsold]
        credited = Subscription.objects.of_tenant(tenant).filter(
            partners_of_record__partner=request.partner, partners_of_record__valid__upper_inf=True
        )
        self.known = list(credited.order_by("name_key", "id").values("uuid", "name"))

    def answer(self) -> HttpResponse:
        if self.request.method != "POST":
            self._require()
            return self._page(self._form(initial=self._initial()))
        try:
            return self._taken()
        except (OfferChanged, KeyReused):
            return conflict(self.request, self.offer)

    def _require(self) -> None:
        by, partner = self.request.actor, self.request.partner
        if self.offer is None:
            offer_verdicts.may_offer(by, self.tenant, partner).require()
        else:
            offer_verdicts.may_edit(by, self.tenant, partner, state=self.offer.state_now).require()

    def _initial(self) -> dict[str, Any]:
        if self.offer is None:
            return {"key": new_key(), "days": USUAL_DAYS}
        return initial_of(facts_of(self.offer), known=self.known) | {"key": new_key(), "version": self.offer.version}

    def _form(self, data=None, **kwargs: Any) -> OfferForm:
        return OfferForm(data, products=self.products, known=self.known, **kwargs)

    def _taken(self) -> HttpResponse:
        """The act is done where the organization is; a second send of the form gets the first one's answer."""
        form = self._form(self.request.POST)
        try:
            with scopes.tenant(self.tenant.pk):
                done = idempotency.earlier_answer(self._sending())
                if done is None:
                    self._require()
                    done = self._saved(form) if form.is_valid() else None
        except NotOfferable as refusal:
            form.show(refusal.problems)
            done = None
        return see_other(done) if done else self._page(form)

    def _saved(self, form: OfferForm) -> str:
        return idempotency.once(self._sending(), lambda: self._save(form))

    def _save(self, form: OfferForm) -> str:
        saved = offers.save_draft(
            tenant=self.tenant,
            partner=self.request.partner,
            facts=form.facts(),
            by=self.request.actor,
            offer=self.offer,
            version=form.cleaned_data["version"] or 0,
        )
        messages.success(self.request, _("The draft is saved. Nobody but you reads it before you send it."))
        name = "offer-send" if "preview" in self.request.POST else "offer-detail"
        return reverse(f"workspace:{name}", args=[self.request.partner.number, saved.uuid])

    def _sending(self) -> Sending:
        return sending_of(self.request, self.tenant)

    def _page(self, form: OfferForm) -> HttpResponse:
        title = _("Edit the draft") if self.offer else _("New offer")
        context = {
            "form": form,
            "tenant": self.tenant,
            "title": title,
            "cancel_url": reverse("workspace:offer-list", args=[self.request.partner.number]),
            "breadcrumbs": breadcrumbs(self.request, (title, None)),
        }
        return render(self.request, "workspace/offer_form.html", context, status=422 if form.errors else 200)


def sending_of(request: PartnerRequest, tenant: Tenant) -> Sending:
    content = {
        name: "\n".join(map(str, values))
        for name, values in request.POST.lists()
        if name not in ("csrfmiddlewaretoken", "key")
    }
    return Sending(
        tenant=tenant,
        user_id=request.user.pk,
        key=read_key(request.POST.get("key", "")),
        content={**content, "path": request.path},
    )


def conflict(request: PartnerRequest, offer: PartnerOffer | None) -> HttpResponse:
    """Another person changed or discarded the offer meanwhile, or the form was sent before with other content."""
    if offer and not PartnerOffer.objects.of_partner(request.partner).filter(pk=offer.pk).exists():
        offer = None
    context = {
        "list_url": reverse("workspace:offer-list", args=[request.partner.number]),
        "offer_url": offer and reverse("workspace:offer-detail", args=[request.partner.number, offer.uuid]),
        "breadcrumbs": breadcrumbs(request, (_("Somebody was faster"), None)),
    }
    return render(request, "workspace/offer_conflict.html", context, status=409)
