"""What is sold in the journeys, and the steps of the check-out as a person walks them."""

from partners.models import PartnerOfRecord
from subscriptions.models import Mail, Order, Product, Subscription
from tests.database import as_owner
from tests.factories import make_sold_product
from tests.journeys.page import Page
from tests.journeys.person import Person
from tests.worlds import World

FAPIAO = {"fapiao_title": "蓝云科技有限公司", "fapiao_tax_number": "91310000MA1FL0000X"}


def sell(world: World, name="Office 365 E1", **product) -> Product:
    return make_sold_product(cloud=world.tenant.cloud, name=name, **product)


def shop_url(world: World) -> str:
    return f"/t/{world.tenant.slug}/billing/purchase-services/"


def buy_now(person: Person, world: World, name="Office 365 E1") -> Page:
    """Purchase services, the card's menu, Buy now: the first step."""
    person.open(shop_url(world))
    return person.press(f"Buy now {name}")


def to_review(person: Person, world: World, name="Office 365 E1") -> Page:
    buy_now(person, world, name)
    return person.press("Next")


def add_partner(person: Person, number: str) -> Page:
    person.press("Check ID", partner_id=number)
    return person.press("Add to the order")


def pay(person: Person, **typed: str) -> Page:
    """From the review on: payment, terms, Place order."""
    person.press("Next")
    return person.press("Place order", terms="on", **typed)


def bought(name: str) -> list[Subscription]:
    with as_owner():
        return list(Subscription.objects.filter(name=name).order_by("id"))


def the_order() -> Order:
    with as_owner():
        return Order.objects.get()


def nothing_happened() -> bool:
    """No partner credited by a purchase, no mail."""
    with as_owner():
        return not PartnerOfRecord.objects.filter(source="purchase").exists() and not Mail.objects.exists()
