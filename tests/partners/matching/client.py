"""How a match request is sent in tests, as the page's form and as the domain's call, and what came of it."""

from uuid import uuid4

from django.conf import settings
from django.utils import translation

from partners.matching.acts import Wish, request_match
from partners.models import MatchedPartner, MatchRequest, Partner
from subscriptions.db import scopes
from subscriptions.mails.acts import compose
from subscriptions.models import Mail, Tenant
from tests.database import as_owner

URL = "/t/alpha/billing/purchase-services/find-a-partner/ask/"
LIST = "/t/alpha/billing/purchase-services/find-a-partner/requests/"
STAFF_MAIL = ("match-to-arrange", settings.STAFF_MAILBOX)


def fields(*partners: Partner, **more) -> dict:
    usual = {"wish": "Help us to move our mail", "service": "", "language": "", "country": "US", "key": str(uuid4())}
    return {**usual, "partners": [str(partner.uuid) for partner in partners], **more}


def ask(tenant, by, *partners, **wish):
    with scopes.tenant(tenant.pk):
        fresh = Tenant.objects.with_cloud_status().get()
        wanted = Wish(text="Help", country="US", **wish)
        return request_match(tenant=fresh, wish=wanted, partners=partners, by=by)


@as_owner()
def stored() -> list[MatchRequest]:
    return list(MatchRequest.objects.order_by("pk"))


@as_owner()
def asked() -> list[str]:
    rows = MatchedPartner.objects.order_by("partner__number")
    return list(rows.values_list("partner__number", flat=True))


@as_owner()
def message(kind: str):
    mail = Mail.objects.select_related("tenant", "event", "to_user").filter(kind=kind).order_by("pk").first()
    with translation.override("zh-hans"):  # the receiver's language counts, not the sender's
        return compose(mail)
