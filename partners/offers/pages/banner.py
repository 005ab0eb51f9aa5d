"""A banner for each page of an organization where somebody could miss that a partner waits for an answer."""

from django.db.models import Count, Window
from django.utils.translation import ngettext

from partners.models import PartnerOffer
from partners.offers.answer_rules import may_read_offers, offer_path
from subscriptions.base import formats
from subscriptions.clouds import Capability
from subscriptions.web.page_access import TenantRequest


def offer_banner(request: TenantRequest) -> dict | None:
    """The first offer that runs out; who cannot answer sees no partner, but who can. None without offers."""
    if request.actor.is_partner or not request.tenant.cloud_profile.allows(Capability.RECEIVE_PARTNER_OFFERS):
        return None
    waiting = PartnerOffer.objects.of_tenant(request.tenant).waiting().annotate(total=Window(Count("pk")))
    first = waiting.select_related("partner").order_by("expires_on", "pk").first()
    if first is None:
        return None
    verdict = may_read_offers(request.actor)
    return {
        "count": ngettext("%(count)s offer waits for an answer", "%(count)s offers wait for an answer", first.total)
        % {"count": formats.number(first.total)},
        "partner": first.partner.name,
        "until": first.expires_on,
        "may_answer": verdict.allowed,
        "who": verdict.who,
        "url": offer_path(request.tenant, first),
    }
