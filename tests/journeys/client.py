"""A person at a browser without JavaScript, who reads pages, follows links and sends forms, and knows no address."""

from django.test import Client

from partners.models import PartnerOfRecord
from subscriptions.models import Mail, Order, Product, Subscription, User
from tests.database import as_owner
from tests.factories import PASSWORD, make_sold_product
from tests.page import Page
from tests.personas import open_session
from tests.worlds import World


class Person:
    def __init__(self, *, language: str = "en"):
        headers = {"accept-language": language} if language else {}
        self.client = Client(enforce_csrf_checks=True, headers=headers)
        self.page: Page

    def open(self, url: str) -> Page:
        """Types an address, or comes back by a bookmark."""
        return self._read(self.client.get(url, follow=True))

    def sign_in(self, user: User) -> Page:
        self.open("/")
        return self.press("Sign in", login=user.email, password=PASSWORD)

    def comes_back(self, user: User) -> None:
        """Is signed in from before, where the sign-in is not what is told."""
        open_session(self.client, user)

    def has_just_signed_in(self, user: User) -> None:
        open_session(self.client, user, proved_ago=0)

    def follow(self, label: str) -> Page:
        return self.open(self._address(self.page.link(label)))

    def choose(self, menu: str, label: str) -> Page:
        """Opens a menu, then follows one of its links."""
        return self.open(self._address(self.page.link(label, within=self.page.menu(menu))))

    def press(self, label: str, **typed: str | list[str]) -> Page:
        """Fills in a form and presses one of its buttons."""
        sending = self.page.sending(label, typed)
        send = self.client.post if sending.method == "post" else self.client.get
        return self._read(send(sending.action, sending.fields, follow=True))

    def send(self, url: str, **fields: str) -> Page:
        """A crafted POST with the token of the page that is open."""
        token = self.client.cookies["csrf"].value
        return self._read(self.client.post(url, fields, headers={"X-CSRFToken": token}, follow=True))

    def _address(self, href: str) -> str:
        path = self.page.url.partition("?")[0]
        return path + href if href.startswith("?") else href.partition("#")[0]

    def _read(self, response) -> Page:
        self.page = Page(response)
        return self.page


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


def pay(person: Person, **typed: str | list[str]) -> Page:
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
