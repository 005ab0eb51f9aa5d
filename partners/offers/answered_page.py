"""Answered offers as rows of Settings > Partner Relationships."""

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from partners.models.partner_offer import OfferState
from partners.offers.answer_rules import may_read_offers, offer_page
from partners.offers.reads import answered_offers
from subscriptions.access import Permission
from subscriptions.base import formats
from subscriptions.web import cells
from subscriptions.web.page_access import TenantRequest
from subscriptions.web.responses import address_of
from subscriptions.web.tables import Column, Table


def answered_table(request: TenantRequest) -> Table:
    answers = {True: cells.tag("ok", _("Yes")), False: cells.tag("neutral", _("No"))}
    columns = (
        Column(_("Offer"), lambda row: cells.link(row["url"], cells.name(row["offer"].name))),
        Column(_("Partner"), _partner),
        Column(_("Answer"), lambda row: answers[row["accepted"]]),
        Column(_("When"), lambda row: formats.day(row["offer"].decided_at), css="day"),
        Column(_("Still to be created"), _way_to_create),
    )
    return Table(_("Answered offers"), columns, _answered_rows(request))


def _partner(row: dict) -> SafeString:
    return cells.name_and_number(row["offer"].partner.name, row["offer"].partner.number)


def _way_to_create(row: dict) -> object:
    if not row["create_url"]:
        return formats.DASH
    text = cells.together(_("Create what came with it"), cells.unseen(row["offer"].name))
    return cells.link(row["create_url"], text)


def _answered_rows(request: TenantRequest) -> list[dict]:
    """All for who answers offers; for who may only buy, those from which something can still be created."""
    may_read = may_read_offers(request.actor).allowed
    may_create = request.actor.may(Permission.BUY).allowed
    if request.actor.is_partner or not (may_read or may_create):
        return []
    slug = request.tenant.slug
    return [
        {
            "offer": offer,
            "accepted": offer.state == OfferState.ACCEPTED,
            "url": address_of(offer_page(request.tenant, offer)) if may_read else "",
            "create_url": reverse("from-offer:create", args=[slug, offer.uuid])
            if may_create and offer.is_left
            else "",
        }
        for offer in answered_offers(request.tenant, only_left=not may_read)
    ]
