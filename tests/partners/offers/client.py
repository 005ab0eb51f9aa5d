"""Somebody at a browser who opens an offer and answers it, or makes one as staff."""

from django.test import Client

from partners.models import OfferedProduct, PartnerOffer, PartnerRelationship
from partners.templatetags.offers import path_to
from subscriptions.models import AuditEvent, Mail, Subscription, User
from tests.database import as_owner
from tests.factories import PASSWORD
from tests.page import Page


def signed_in_just_now(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.post("/accounts/sign-in/", {"login": user.email, "password": PASSWORD})
    return client


def url_of(offer: PartnerOffer, rest="") -> str:
    return f"/t/{offer.tenant.slug}/settings/partner-relationships/offers/{offer.uuid}/{rest}"


def opened(client: Client, offer: PartnerOffer) -> Page:
    return Page(client.get(url_of(offer)))


def fields(client: Client, offer: PartnerOffer, **chosen) -> dict:
    """What the page's own form sends, with what is chosen."""
    sent = opened(client, offer).sending("Next", {}).fields
    sent.pop("choice")  # a browser sends no radio button that nobody chose
    asked = {"roles": offer.roles, "days": str(offer.days)} if offer.roles else {}
    return {**sent, **asked, **chosen}


def answer(client: Client, offer: PartnerOffer, **chosen):
    return client.post(url_of(offer), fields(client, offer, **chosen))


def follow_link(client: Client, offer: PartnerOffer):
    return client.get(path_to(offer.uuid, offer.generation), follow=True)


@as_owner()
def footprint() -> dict:
    """Everything that an answer could change."""
    return {
        model.__name__: list(model.objects.order_by("pk").values())
        for model in (PartnerOffer, PartnerRelationship, OfferedProduct, Subscription, AuditEvent, Mail)
    }


@as_owner()
def count(model, **facts) -> int:
    return model.objects.filter(**facts).count()


MODEL = "partners_partneroffer"


def lines(*chosen: tuple) -> dict:
    """What is sent for products that are ticked: each with number of licenses and billing frequency."""
    return {
        "products": [str(product) for product, *_more in chosen],
        **{
            f"{name}-{product}": value
            for product, *more in chosen
            for name, value in zip(("licenses", "frequency"), more, strict=False)
        },
    }


def wanted(world, **fields) -> dict:
    """What staff type for a new draft."""
    usual = {"name": "A year", "roles": ["global-reader"], "days": 365, "terms": "Terms <script>x</script>"}
    usual |= {"credit": "nothing", "purchase": "none", "reason": "Asked by phone"}
    return {"tenant": world.tenant.pk, "partner": world.partner.pk, **usual, **fields}
