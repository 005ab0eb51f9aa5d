"""A partner's offer in the organization that it asks: its page with the Yes or No that is given once, and what of it
stands on other pages.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.models import OfferTerms, PartnerOffer, PartnerRelationship
from partners.models.partner_offer import OfferedPurchase, OfferState
from partners.models.partner_relationship import RelationshipKind
from partners.offers.answer_forms import OfferAnswerForm
from partners.offers.answer_rules import (
    ANSWERED,
    may_accept,
    may_answer,
    may_read_offers,
    offer_is_dead,
)
from partners.offers.answers import NothingGranted, NotOffered, accept_offer, decline_offer
from partners.offers.preview import role_rows
from partners.offers.reads import Content
from partners.offers.terms import differences
from subscriptions.access import Decision, Permission
from subscriptions.audit.facts import facts_of
from subscriptions.clouds import Capability
from subscriptions.models import AuditEvent, Subscription
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.state_by_date import judge_by_date
from subscriptions.subscriptions.lifecycle import today_of
from subscriptions.verdicts import ALLOWED, Refused, Verdict
from subscriptions.web.acts import Answer, Crumb
from subscriptions.web.tenant_acts import TenantAct


class AnswerOffer(TenantAct):
    """Members who may not decide read who does, in every state of the offer."""

    name = "partners:offer"
    permission = Permission.READ_RELATIONSHIPS
    capability = Capability.RECEIVE_DELEGATED_ADMIN_REQUESTS
    decision = Decision.ACCEPT_OFFER
    button = gettext_lazy("Next")
    leave = gettext_lazy("Decide later")
    template = "partners/offer_answer.html"
    form_class = OfferAnswerForm
    uncompared = frozenset({"reason"})
    problems = (NothingGranted, NotOffered, Refused)
    offer: PartnerOffer

    def find(self) -> None:
        offers = PartnerOffer.objects.of_tenant(self.tenant).with_state()
        rows = offers.select_related("partner", "tenant", "relationship")
        self.offer = get_object_or_404(rows, uuid=self.address["uuid"])
        may_read_offers(self.by).require()
        self.content = Content(self.offer)

    @property
    def version(self) -> int:
        return self.offer.version

    def over(self) -> Answer | None:
        if self.offer.state in ANSWERED:
            return self._answered
        return None if self.offer.state_now == OfferState.SENT else self._dead

    def may(self) -> Verdict:
        return may_answer(self.by, self.tenant, self.offer)

    def may_typed(self, wanted: Mapping[str, Any]) -> Verdict:
        return may_accept(self.by, self.tenant, self.offer) if self.decision_of(wanted) else ALLOWED

    def decision_of(self, wanted: Mapping[str, Any]) -> Decision | None:
        """No takes nothing away from anybody."""
        return Decision.ACCEPT_OFFER if wanted["choice"] == "yes" else None

    @property
    def must_confirm(self) -> bool:
        """Only Yes asks, and says so beside it."""
        return False

    def form_arguments(self) -> dict[str, Any]:
        return {"offer": self.offer}

    def initial(self) -> dict[str, Any]:
        return {"terms": self.content.terms.digest}

    def do(self, wanted: Mapping[str, Any]) -> AuditEvent:
        known: Any = {"tenant": self.tenant, "offer": self.offer, "shown": wanted["shown"], "by": self.by}
        if self.decision_of(wanted):
            return accept_offer(**known, roles=wanted.get("roles", []), days=wanted.get("days"))
        return decline_offer(**known, reason=wanted["reason"])

    def done(self, outcome: AuditEvent) -> str:
        said_yes = outcome.kind == AuditKind.OFFER_ACCEPTED
        told = (
            _("You said Yes to %(partner)s.") if said_yes else _("You said No to %(partner)s. Nothing was granted.")
        )
        return told % {"partner": self.offer.partner.name}

    def destination(self, outcome: AuditEvent) -> str:
        """To what came with the offer, else to what was decided."""
        return self.page_url if self.offer.purchase == OfferedPurchase.NONE else self._create_url

    def explain(self, problem: Exception, form: forms.Form) -> Answer:
        """Also where another admin was faster by a moment."""
        if isinstance(problem, Refused):
            self.find()
            if over := self.over():
                return over
            raise problem
        form.nothing_granted()  # type: ignore[attr-defined]
        return self.again(form)

    def conflict(self) -> HttpResponse:
        """What the offer says now and what is different, with the answer as it was typed, to be sent once more."""
        self.find()
        if over := self.over():
            return over()
        form = self.form(typed=self.request.POST)
        return self.shown(form, status=409, terms_changed=True, differences=self._differences())

    def _differences(self) -> list[tuple[bool, str]]:
        """Between the terms that were read and those in force."""
        digest = self.request.POST.get("terms", "")
        read = next((terms for terms in self.content.versions if terms.digest == digest), None)
        return list(differences(read.html, self.content.terms.html)) if read else []

    def context(self, form: forms.Form) -> dict[str, Any]:
        days = self.offer.days
        return self._shared() | {
            "terms": self.content.terms,
            "roles": role_rows(self.offer.roles, form),
            "ends_at": timezone.now() + timedelta(days=days) if days else None,
            "named": self._named(),
            "already": self._live_relationships(),
            "may_accept": may_accept(self.by, self.tenant, self.offer),
            "yes_must_confirm": super().must_confirm,
        }

    def _named(self) -> list[Subscription]:
        """The subscriptions of which it wants to be partner of record, with who that is now."""
        if not self.content.credit_named:
            return []
        keys = self.offer.named.values("subscription")
        rows = Subscription.objects.filter(tenant=self.tenant, pk__in=keys).with_partner()
        named = list(rows.annotate(partner_now=F("current__partner__name")).order_by("name_key", "pk"))
        for subscription in named:
            judge_by_date(subscription, today_of(self.tenant))
        return named

    def _live_relationships(self) -> list[PartnerRelationship]:
        """Those that stay until their own end, whatever the answer is."""
        live = PartnerRelationship.objects.live().filter(tenant=self.tenant, partner=self.offer.partner)
        return list(live.filter(kind=RelationshipKind.DELEGATED_ADMIN).order_by("pk"))

    def _answered(self) -> HttpResponse:
        """Who decided, when, and what came of it; 409 for a person who answers after that."""
        offer, too_late = self.offer, self.request.method == "POST"
        kinds = [AuditKind.OFFER_ACCEPTED, AuditKind.OFFER_DECLINED]
        events = AuditEvent.objects.of_tenant(self.tenant).filter(subject_uuid=offer.uuid, kind__in=kinds)
        shown = OfferTerms.objects.filter(tenant=self.tenant, offer=offer, digest=offer.decided_terms)
        context = self._shared() | {
            "accepted": offer.state == OfferState.ACCEPTED,
            "too_late": too_late,
            "event": (event := events.first()),
            "facts": event and facts_of(event.kind, event.detail),
            "terms": shown.order_by("-number").first(),
            "roles": role_rows(offer.granted_roles),
            "relationship": offer.relationship,
            "relationship_url": offer.relationship
            and self.url_of("partners:relationship-detail", uuid=offer.relationship.uuid),
        }
        return render(self.request, "partners/offer_answered.html", context, status=409 if too_late else 200)

    def _dead(self) -> HttpResponse:
        context = self._shared() | {"verdict": offer_is_dead(self.offer)}
        return render(self.request, "partners/offer_dead.html", context, status=410)

    def _shared(self) -> dict[str, Any]:
        return {
            "offer": self.offer,
            "content": self.content,
            "partner": self.offer.partner,
            "profile": self.tenant.cloud_profile,
            "create_url": self._create_url if self.content.is_left else "",
            "list_url": self.back_url,
            "breadcrumbs": self.breadcrumbs(),
        }

    @property
    def _create_url(self) -> str:
        return self.url_of("from-offer:create")

    @property
    def back_url(self) -> str:
        return self.url_of("partners:relationship-list", slug=self.tenant.slug)

    def breadcrumbs(self) -> list[Crumb]:
        return [(_("Settings"), None), (_("Partner Relationships"), self.back_url), (self.offer.name, None)]
