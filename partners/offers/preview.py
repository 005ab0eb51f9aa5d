"""An offer before it is opened: the roles in plain words, the mail that brings it, a line of a list, and a banner."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.db.models import BigIntegerField, Count, QuerySet, Window
from django.forms.boundfield import BoundWidget
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from partners.models import PartnerOffer
from partners.models.partner_offer import CreditWanted, OfferedPurchase, OfferState
from partners.offers.answer_rules import may_read_offers, offer_page
from partners.offers.reads import Content
from partners.offers.records import facts_of
from subscriptions.base import formats
from subscriptions.base.known_queries import Argument, KnownQuery
from subscriptions.clouds import Capability, Text
from subscriptions.mails.acts import subject_and_body
from subscriptions.models.delegated_role import DelegatedRole
from subscriptions.web.page_access import TenantRequest
from subscriptions.web.responses import address_of
from subscriptions.web.role_words import ROLE_DESCRIPTIONS, ROLE_RISKS, Risk

STATE_TAGS = {
    OfferState.DRAFT: "neutral",
    OfferState.SENT: "info",
    OfferState.ACCEPTED: "ok",
    OfferState.DECLINED: "warn",
    OfferState.WITHDRAWN: "neutral",
    OfferState.EXPIRED: "warn",
}
WHO_ACTS = {
    OfferState.DRAFT: gettext_lazy("You: look at the preview and send it."),
    OfferState.SENT: gettext_lazy("A Global admin of the organization answers it."),
    OfferState.ACCEPTED: gettext_lazy("Nobody: what was granted stands on the offer's page."),
    OfferState.DECLINED: gettext_lazy("Nobody: talk to the organization before you make a new offer."),
    OfferState.WITHDRAWN: gettext_lazy("Nobody: make a new offer if it is needed again."),
    OfferState.EXPIRED: gettext_lazy("You: make a new offer, if it is still wanted."),
}
NOWHERE = UUID(int=0)


@dataclass(frozen=True)
class RoleRow:
    """A role in plain words; with the box to leave it out, where it can still be left out."""

    role: DelegatedRole
    description: Text
    risk: Risk
    box: BoundWidget | None = None


def role_rows(roles: list[str], form: forms.Form | None = None) -> list[RoleRow]:
    boxes = list(form["roles"]) if form and "roles" in form.fields else []
    asked = [role for role in DelegatedRole if role in roles]
    return [
        RoleRow(role, ROLE_DESCRIPTIONS[role], ROLE_RISKS[role], boxes[number] if boxes else None)
        for number, role in enumerate(asked)
    ]


def preview_of(offer: PartnerOffer, *, is_mailed: bool) -> dict:
    """The offer for staff, who look at it before they act for the partner; `is_mailed` with the mail of an act that
    sends it, and until when it could be answered then.
    """
    state = OfferState(offer.state_now)
    return {
        "offer": offer,
        "state": state.label,
        "tag": STATE_TAGS[state],
        "until": _until_if_sent_now() if is_mailed else offer.expires_on,
        "content": Content(offer),
        "roles": role_rows(offer.roles),
        "mail": mail_of(offer) if is_mailed else None,
    }


def _until_if_sent_now() -> datetime:
    return timezone.now() + timedelta(days=settings.OFFER_DAYS)


def mail_of(offer: PartnerOffer) -> dict[str, str]:
    """The mail that would be sent now, in the language of the organization's cloud and without a link that works."""
    tenant, until = offer.tenant, _until_if_sent_now()
    facts = replace(facts_of(offer, is_mailed=True), offer=NOWHERE, generation=0, expires_on=until)
    context = {
        "event": {"subject_name": offer.name},
        "facts": facts,
        "tenant": tenant,
        "receiver": _("…"),
        "site_url": settings.SITE_URL,
        "operator": tenant.cloud_profile.operator,
    }
    with translation.override(tenant.cloud_profile.default_language), timezone.override(tenant.time_zone):
        text = render_to_string("mails/offer-received.txt", context)
    subject, body = subject_and_body(text)
    return {"subject": subject, "body": body}


def asked_of(row: dict) -> list[str]:
    """What is asked, a line each, of a row of the list."""
    asked = []
    if row["roles"]:
        asked.append(
            _("Delegated administration: %(roles)s, %(days)s days")
            % {
                "roles": ngettext("%(number)s role", "%(number)s roles", len(row["roles"]))
                % {"number": len(row["roles"])},
                "days": formats.number(row["days"]),
            }
        )
    if row["credit"] == CreditWanted.NAMED:
        asked.append(
            ngettext(
                "Partner of record on %(number)s subscription",
                "Partner of record on %(number)s subscriptions",
                row["named_count"],
            )
            % {"number": formats.number(row["named_count"])}
        )
    if row["credit"] == CreditWanted.BOUGHT:
        asked.append(_("Partner of record on what is created from it"))
    if row["purchase"] != OfferedPurchase.NONE:
        asked.append(str(OfferedPurchase(row["purchase"]).label))
    return asked


def offer_banner(request: TenantRequest) -> dict | None:
    """The first offer that runs out, for each page where somebody could miss that a partner waits for an answer.

    Who cannot answer sees no partner, but who can. None without offers.
    """
    if request.actor.is_partner or not request.tenant.cloud_profile.allows(
        Capability.RECEIVE_DELEGATED_ADMIN_REQUESTS
    ):
        return None
    first = FIRST_WAITING.first(tenant=request.tenant.pk)
    if first is None:
        return None
    verdict = may_read_offers(request.actor)
    return {
        "count": _waiting(first.total, first.is_of_roles_only) % {"count": formats.number(first.total)},
        "is_of_roles_only": first.is_of_roles_only,
        "partner": first.partner.name,
        "until": first.expires_on,
        "may_answer": verdict.allowed,
        "who": verdict.who,
        "url": address_of(offer_page(request.tenant, first)),
    }


def _first_waiting() -> QuerySet[PartnerOffer]:
    tenant: Any = Argument("tenant", BigIntegerField())
    waiting = PartnerOffer.objects.of_tenant(tenant).waiting().annotate(total=Window(Count("pk")))
    return waiting.select_related("partner").order_by("expires_on", "pk")[:1]


FIRST_WAITING = KnownQuery(_first_waiting)


def _waiting(number: int, is_of_roles_only: bool) -> str:
    """All of an organization are of one kind, that of its cloud."""
    if is_of_roles_only:
        return ngettext("%(count)s request waits for an answer", "%(count)s requests wait for an answer", number)
    return ngettext("%(count)s offer waits for an answer", "%(count)s offers wait for an answer", number)
