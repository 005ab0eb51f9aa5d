"""The operator's own names, addresses and links: one file, for the portal and for each cloud."""

import re
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from portal.checks import check_production
from subscriptions.base.brand import Brand, brand_of, read_brands
from subscriptions.clouds import Cloud, profile_of
from subscriptions.mails.acts import compose
from subscriptions.models import Mail
from tests.architecture.facts import ROOT, sources, templates
from tests.database import as_owner
from tests.desk import make_mail
from tests.factories import make_audit_event, make_member, make_tenant, make_user
from tests.page import parse
from tests.portal.facts import LANGUAGES, messages

FILE = """
product = "Northwind Cloud Desk"
operator = "Northwind Ltd"
support = "help@northwind.example"
sender = "desk@mail.northwind.example"
privacy_url = "https://northwind.example/privacy"

[o365-germany]
operator = "Nordwind Betrieb GmbH"
imprint_url = "https://nordwind.example/impressum"
terms_url = "https://nordwind.example/agb"

[o365-21vianet]
product = "北风云台"
icp_line = "京ICP备00000000号"
"""


@pytest.fixture
def brands(settings, tmp_path):
    file = tmp_path / "brand.toml"
    file.write_text(FILE)
    settings.BRANDS = read_brands(file, product="Unused")
    return settings.BRANDS


def text_of(response) -> str:
    return response.content.decode()


def foot_of(response) -> dict[str, str]:
    """The links at the foot of a page, by their words."""
    return {link.text: link.get("href") for link in parse(text_of(response)).xpath("//footer//a")}


def test_a_cloud_says_what_is_different_there(brands):
    assert brand_of() == Brand(
        product="Northwind Cloud Desk",
        operator="Northwind Ltd",
        support="help@northwind.example",
        sender="desk@mail.northwind.example",
        privacy_url="https://northwind.example/privacy",
    )
    assert (brand_of(Cloud.GERMANY).product, brand_of(Cloud.GERMANY).operator) == (
        "Northwind Cloud Desk",
        "Nordwind Betrieb GmbH",
    )
    assert profile_of(Cloud.GERMANY).operator == "Nordwind Betrieb GmbH"
    assert brand_of(Cloud.OPERATED_BY_21VIANET).product == "北风云台"


def test_without_a_file_the_clouds_have_their_own_operators(settings):
    settings.BRANDS = read_brands(None, product="Portal")
    assert brand_of(Cloud.GERMANY) == Brand(product="Portal")
    assert [str(profile_of(cloud).operator) for cloud in Cloud] == ["Microsoft", "Microsoft", "21Vianet"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("product = ", "cannot be read"),
        ("produkt = 'X'", "it has produkt, which is no fact of a brand"),
        ("product = ' '", "product of it is empty"),
        ("product = 7", "product of it is one line"),
        ('product = "a\\nb"', "product of it is one line"),
        (f"operator = '{'x' * 201}'", "at most 200 characters"),
        ("imprint_url = 'http://plain.example/'", "imprint_url of it is no address that begins with https://"),
        ("terms_url = 'javascript:alert(1)'", "terms_url of it is no address"),
        ("support = 'call us'", "support of it is no address that begins with https://"),
        ("sender = 'desk'", "sender of it is no mail address"),
        ("sender = 'a@b.example\\r'", "one line|cannot be read|no mail address"),
        ("[o365-germany]\nprivacy_url = 'x'", "privacy_url of o365-germany is no address"),
    ],
)
def test_a_file_that_is_wrong_is_told_in_a_sentence(tmp_path, text, told):
    file = tmp_path / "brand.toml"
    file.write_text(text)
    with pytest.raises(ImproperlyConfigured, match=told):
        read_brands(file, product="Portal")


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        read_brands(tmp_path / "none.toml", product="Portal")


def test_a_cloud_that_there_is_not_is_told(settings):
    settings.BRANDS = {"": Brand(product="Portal"), "o365-moon": Brand(product="Moon")}
    assert "BRAND_FILE: there is no cloud o365-moon." in [problem.msg for problem in check_production()]


@pytest.mark.django_db
def test_a_page_has_the_names_and_links_of_its_cloud(brands, client, sign_in):
    for slug, cloud in (("nordwind", Cloud.GERMANY), ("lanyun", Cloud.OPERATED_BY_21VIANET)):
        tenant = make_tenant(slug=slug, cloud=cloud)
        admin = make_member(tenant=tenant, email=f"admin@{slug}.example", language="en")
        page = sign_in(admin).get(f"/t/{slug}/", headers={"Accept-Language": "en"})
        if slug == "nordwind":
            assert foot_of(page) == {
                "Support": "mailto:help@northwind.example",
                "Imprint": "https://nordwind.example/impressum",
                "Privacy": "https://northwind.example/privacy",
                "Terms of use": "https://nordwind.example/agb",
            }
            assert "Nordwind Betrieb GmbH" in text_of(page)
        else:
            assert "京ICP备00000000号" in text_of(page) and "<title>" in text_of(page)
            assert parse(text_of(page)).xpath("//a[@class='brand']")[0].text == "北风云台"


@pytest.mark.django_db
def test_pages_outside_an_organization_have_those_of_the_portal(brands, client, desk):
    for page in (client.get(reverse("account_login")), client.get("/nothing-here/")):
        assert "Northwind Cloud Desk" in text_of(page)
        assert foot_of(page)["Privacy"] == "https://northwind.example/privacy"
        assert "Partner of Record" not in text_of(page)
    staffs = text_of(desk.get("/staff/"))
    assert "Northwind Cloud Desk: staff" in staffs


@pytest.mark.django_db
def test_without_anything_to_say_a_page_has_no_foot(client):
    assert parse(text_of(client.get(reverse("account_login")))).xpath("//footer") == []


@pytest.mark.django_db
def test_a_mail_comes_from_the_operators_own_address(brands):
    tenant, person = make_tenant(cloud=Cloud.OPERATED_BY_21VIANET), make_user()
    make_mail(make_audit_event(tenant=tenant, detail={}), to_user=person)
    with as_owner():
        message = compose(Mail.objects.select_related("tenant", "event", "to_user").get())
    assert message.from_email.endswith("<desk@mail.northwind.example>")
    assert message.message()["From"] != ""


# The settings have the name that holds without a file, clouds.py the labels of the three clouds; a demo is marked
NAMED_IN = {"portal/settings.py", "portal/database/demo_mark.py", "subscriptions/clouds.py"}
# What other people's programs ask for by its own name
NAMED_IN |= {"portal/arm/partners.py", "portal/arm/urls.py", "portal/graph/__init__.py"}
NAMES = re.compile(r"Partner of Record|Microsoft|Pinpoint|(?<!by )(?<!by-)\b21Vianet\b")


def test_no_page_and_no_module_names_the_product_or_its_operator():
    def named(path: Path) -> bool:
        return bool(NAMES.search(path.read_text())) and "/migrations/" not in str(path)

    found = {str(path.relative_to(ROOT)) for path in [*sources(), *templates()] if named(path)}
    assert found - NAMED_IN == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_to_translate_names_the_product(language):
    """What the clouds say of their operator is theirs."""
    assert [message.id for message in messages(language) if "Partner of Record" in str(message.id)] == []
