"""Making an offer: finding the organization by its address, and writing or editing the draft."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.core import signing
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.models import Partner, PartnerOffer
from partners.offers import acts as offers
from partners.offers import rules
from partners.offers.checks import kind_in
from partners.offers.examples import find_example
from partners.offers.forms import FindOrganizationForm, OfferForm, initial_of, read_facts
from partners.offers.reads import Content, credited_subscriptions, products_for
from partners.offers.workspace.acts import MakingOffers, OfferAct
from subscriptions.db import scopes
from subscriptions.db.limits import Limit, limits_of
from subscriptions.models import Tenant
from subscriptions.verdicts import Verdict
from subscriptions.web.acts import Answer

FOUND_SALT = "organization-found"
LIKE = "like"  # in an address: what a new offer is written after
FOUND_FOR_SECONDS = 24 * 60 * 60


def new_offer_path(partner: Partner, tenant: Tenant) -> str:
    """Where an offer to that organization is written, which the partner knows by its address or as a customer."""
    token = signing.dumps([partner.pk, tenant.slug], salt=FOUND_SALT)
    return reverse("workspace:offer-new", args=[partner.number, token])


def offer_like_path(partner: Partner, like: UUID | str, tenant: Tenant | None = None) -> str:
    """Where an offer is written after what has that UUID: to this organization, or to one that is found first."""
    path = new_offer_path(partner, tenant) if tenant else reverse("workspace:offer-find", args=[partner.number])
    return f"{path}?{urlencode({LIKE: like})}"


def _seek(partner: Partner, slug: str) -> Tenant | None:
    with scopes.seeking(slug):
        return Tenant.objects.with_cloud_status().filter(slug=slug, cloud=partner.cloud).first()


class NobodyThere(Exception):
    """No organization of the partner's cloud has the address."""


class FindOrganization(MakingOffers):
    """Step 1. An address that is unknown and one in another cloud get the same answer."""

    name = "workspace:offer-find"
    title = gettext_lazy("New offer")
    button = gettext_lazy("Next")
    leave = gettext_lazy("Cancel")
    template = "workspace/offer_find.html"
    form_class = FindOrganizationForm
    is_keyed = False
    problems = (NobodyThere,)

    def limits(self) -> list[Limit]:
        return limits_of("find-organization", person=self.by.counted_as)

    @cached_property
    def like(self) -> str:
        """What the new offer is written after."""
        return (self.request.POST if self.request.method == "POST" else self.request.GET).get(LIKE, "")

    def carried(self) -> dict[str, str]:
        return {LIKE: self.like} if self.like else {}

    def initial(self) -> dict[str, Any]:
        example = find_example(self.partner, self.like)
        return {"organization": example.tenant.slug} if example and example.tenant else {}

    def do(self, wanted: Mapping[str, Any]) -> Tenant:
        tenant = _seek(self.partner, wanted["organization"])
        if tenant is None:
            raise NobodyThere
        rules.may_offer(self.by, tenant, self.partner).require()
        return tenant

    def explain(self, problem: Exception, form: forms.Form) -> Answer:
        sentence = _(
            "No organization of your cloud (%(cloud)s) has this address. Compare it with what the organization sent "
            "you; organizations of other clouds get no offers."
        )
        form.add_error("organization", sentence % {"cloud": self.partner.get_cloud_display()})
        return self.again(form)

    def destination(self, outcome: Tenant) -> str:
        if self.like:
            return offer_like_path(self.partner, self.like, outcome)
        return new_offer_path(self.partner, outcome)


class Draft(MakingOffers):
    """The form of a new draft, or of one that there is."""

    button = gettext_lazy("Save draft")
    leave = gettext_lazy("Cancel")
    template = "workspace/offer_form.html"
    form_style = "form offer-form"
    form_class: ClassVar[type[forms.Form]] = OfferForm
    tenant: Tenant
    offer: PartnerOffer | None = None

    @cached_property
    def known(self) -> list[dict]:
        return credited_subscriptions(self.tenant, self.partner)

    def form_arguments(self) -> dict[str, Any]:
        products = list(products_for(self.tenant, self.offer))
        return {"kind": kind_in(self.tenant), "products": products, "known": self.known}

    def do(self, wanted: Mapping[str, Any]) -> PartnerOffer:
        return offers.save_draft(
            tenant=self.tenant,
            partner=self.partner,
            facts=read_facts(wanted),
            by=self.by,
            offer=self.offer,
            version=wanted["version"] or 0,
        )

    def done(self, outcome: PartnerOffer) -> str:
        return _("The draft is saved. Nobody but you reads it before you send it.")

    def destination(self, outcome: PartnerOffer) -> str:
        name = "offer-send" if "preview" in self.request.POST else "offer-detail"
        return self.url_of(f"workspace:{name}", uuid=outcome.uuid)


class NewDraft(Draft):
    """Step 2, for an organization that this partner has just found."""

    name = "workspace:offer-new"
    title = gettext_lazy("New offer")

    def find(self) -> None:
        try:
            partner, slug = signing.loads(self.address["token"], salt=FOUND_SALT, max_age=FOUND_FOR_SECONDS)
        except signing.BadSignature as error:
            raise Http404 from error
        tenant = _seek(self.partner, slug) if partner == self.partner.pk else None
        if tenant is None:
            raise Http404
        self.tenant = tenant

    def initial(self) -> dict[str, Any]:
        """Of what the address says that it is written after."""
        example = find_example(self.partner, self.request.GET.get(LIKE, ""))
        return initial_of(example.for_(self.tenant), known=self.known) if example else {}

    def may(self) -> Verdict:
        return rules.may_offer(self.by, self.tenant, self.partner)


class EditDraft(Draft, OfferAct):
    name = "workspace:offer-edit"
    title = gettext_lazy("Edit the draft")
    label = gettext_lazy("Edit")
    rule = staticmethod(rules.may_edit)
    offer: PartnerOffer

    def initial(self) -> dict[str, Any]:
        return initial_of(Content(self.offer).facts, known=self.known)
