"""The operator's own catalogue: categories and descriptions in three languages, in the operator's order."""

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from subscriptions.access import staff_actor
from subscriptions.catalogue import acts as catalogue
from subscriptions.catalogue.families import FamilyGone, FamilyInUse, delete_family
from subscriptions.db import scopes
from subscriptions.models import Product, ProductFamily
from subscriptions.models.audit_event import AuditKind
from tests.database import as_owner
from tests.desk import act, add_url, change_url, errors_of, events, list_url, messages_of, rows_of, sent_by
from tests.factories import (
    make_family,
    make_match_request,
    make_partner,
    make_product,
    make_sold_product,
    make_subscription,
)
from tests.page import parse, words

MODEL = "subscriptions_productfamily"
SHOP = "/t/alpha/billing/purchase-services/"
TELEPHONY = {
    "code": "telephony",
    "name_en": "Telephony",
    "name_de": "Telefonie",
    "name_zh_hans": "电话",
    "sentence_en": "Numbers and calls.",
    "position": "5",
}


@pytest.fixture
def shop(global_admin, sign_in):
    """The page of the shop in a language, as its text."""
    client = sign_in(global_admin)

    def open_shop(language: str = "en", **asked: str) -> str:
        page = client.get(SHOP, asked, headers={"Accept-Language": language}).content.decode()
        return " ".join(parse(page).xpath("//main")[0].text_content().split())

    return open_shop


@pytest.mark.parametrize(
    ("written", "language", "said"),
    [
        ({"name_en": "Phones", "name_de": "Telefonie", "name_zh_hans": "电话"}, "de", "Telefonie"),
        ({"name_en": "Phones", "name_de": "Telefonie", "name_zh_hans": "电话"}, "zh-hans", "电话"),
        ({"name_en": "Phones"}, "de", "Phones"),
        ({"name_zh_hans": "电话"}, "en", "电话"),
        ({"name_de": "Telefonie", "name_zh_hans": "电话"}, "en", "Telefonie"),
    ],
)
def test_a_text_that_is_not_written_in_a_language_is_read_in_another(written, language, said):
    with translation.override(language):
        assert str(ProductFamily(code="telephony", **written)) == said


def test_a_category_has_a_name(db):
    with pytest.raises(IntegrityError, match="productfamily_named"):
        make_family(code="telephony", name_en="")


def test_staff_enter_rename_order_and_retire_a_category(desk):
    assert desk.post(add_url(MODEL), TELEPHONY).status_code == 302
    (family,) = rows_of(ProductFamily)
    assert (family.name_zh_hans, family.position, family.is_retired) == ("电话", 5, False)
    url = change_url(MODEL, family.pk)
    changed = sent_by(desk.get(url)) | {"name_de": "Telefon", "position": "7", "is_retired": "on", "reason": "Over"}
    assert desk.post(url, changed | {"code": "phones"}).status_code == 302
    (family,) = rows_of(ProductFamily)
    assert (family.code, family.name_de, family.position, family.is_retired) == ("telephony", "Telefon", 7, True)
    _added, event = events(AuditKind.CATALOG_CHANGED)
    changes = {"name_de": ["Telefonie", "Telefon"], "position": [5, 7], "is_retired": [False, True]}
    assert (event.subject_name, event.reason, event.detail) == ("Telephony", "Over", {"changes": changes})


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"name_en": "", "name_de": "", "name_zh_hans": ""}, "__all__"),
        ({"code": "Tele phony"}, "code"),
        ({"code": ""}, "code"),
        ({"position": "-1"}, "position"),
        ({"name_en": "Tele\u202ephony"}, "name_en"),
    ],
)
def test_staff_are_told_what_is_wrong_with_a_category(desk, wanted, field):
    answer = desk.post(add_url(MODEL), TELEPHONY | wanted)
    assert (answer.status_code, list(errors_of(answer))) == (422, [field])
    assert rows_of(ProductFamily) == []


def test_a_code_is_given_once(desk):
    desk.post(add_url(MODEL), TELEPHONY)
    answer = desk.post(add_url(MODEL), TELEPHONY | {"name_en": "Other"})
    assert (answer.status_code, list(errors_of(answer))) == (422, ["code"])


@pytest.mark.parametrize("user", ["products", "partners", "partner match requests"])
def test_a_category_that_is_used_is_not_deleted(user, desk, alpha):
    family = make_family(code="telephony")
    using = {
        "products": lambda: make_product(family="telephony"),
        "partners": lambda: make_partner(authorized_families=["telephony"]),
        "partner match requests": lambda: make_match_request(tenant=alpha, family="telephony"),
    }
    using[user]()
    page = act(desk, MODEL, "delete_categories", family, reason="Over")
    (told,) = messages_of(page)
    assert f"It is still used by these: {user}. Retire it instead" in told
    assert rows_of(ProductFamily) == [family]
    assert events(AuditKind.CATALOG_CHANGED) == []


def test_a_category_that_nothing_uses_is_deleted_and_the_trail_keeps_what_it_was(desk):
    family = make_family(code="telephony", name_de="Telefonie")
    act(desk, MODEL, "delete_categories", family, reason="Typed twice")
    assert rows_of(ProductFamily) == []
    (event,) = events(AuditKind.CATALOG_CHANGED)
    assert (event.subject_uuid, event.reason) == (family.uuid, "Typed twice")
    assert event.detail["changes"]["name_de"] == ["Telefonie", None]


def test_nothing_gets_a_category_that_was_deleted_meanwhile(staff):
    product, gone = make_product(), make_family(code="telephony")
    by = staff_actor(staff)
    with scopes.staff():
        delete_family(family=gone, by=by, reason="Over")
        product.family = gone
        with pytest.raises(FamilyGone):
            catalogue.save_product(product=product, by=by)
    assert rows_of(Product)[0].family_id == "office"
    with scopes.staff(), pytest.raises(FamilyInUse):
        delete_family(family=rows_of(ProductFamily)[0], by=by, reason="Over")


def test_a_retired_category_is_offered_for_nothing_new_and_kept_by_what_has_it(desk):
    kept, other = make_product(family="visio"), make_product(name="Other", family="office")
    with as_owner():
        ProductFamily.objects.filter(code="visio").update(is_retired=True)

    def offered(url: str, name: str) -> list[str]:
        (form,) = parse(desk.get(url).content.decode()).xpath("//main//form[@method='post']")
        boxes = form.xpath(f".//*[@name='{name}']")
        return [value for value in (boxes[0].value_options if boxes[0].tag == "select" else []) if value] or [
            box.get("value") for box in boxes
        ]

    assert offered(add_url("subscriptions_product"), "family") == ["office"]
    assert offered(change_url("subscriptions_product", other.pk), "family") == ["office"]
    assert sorted(offered(change_url("subscriptions_product", kept.pk), "family")) == ["office", "visio"]
    assert offered(add_url("partners_partner"), "authorized_families") == ["office"]
    refused = desk.post(
        add_url("subscriptions_product"), {"name": "New", "sku": "N", "family": "visio", "cloud": "o365-worldwide"}
    )
    assert (refused.status_code, list(errors_of(refused))) == (422, ["family"])


def test_the_audit_trail_names_a_category_in_the_readers_language(desk):
    make_family(code="security")
    product = make_product()
    url = change_url("subscriptions_product", product.pk)
    desk.post(url, sent_by(desk.get(url)) | {"family": "security", "reason": "Was wrong"})
    (event,) = events(AuditKind.CATALOG_CHANGED)
    assert event.detail == {"changes": {"family_id": ["office", "security"]}}
    page = desk.get(change_url("subscriptions_auditevent", event.pk), headers={"Accept-Language": "de"})
    assert "Office → Sicherheit und Geräteverwaltung" in page.content.decode()


def test_products_and_prices_are_listed_by_category(desk):
    make_product(family="visio", name="Visio")
    make_sold_product(family="office", name="Office 365 E3")
    rows = desk.get(list_url("subscriptions_product"), {"family": "visio"}).context["cl"].result_list
    assert [row.name for row in rows] == ["Visio"]
    rows = desk.get(list_url("subscriptions_productprice"), {"product__family": "office"}).context["cl"].result_list
    assert [row.product.name for row in rows] == ["Office 365 E3"]


def test_the_shop_shows_categories_in_the_operators_order(shop):
    make_family(code="calls", name_en="Calls", position=1)
    make_family(code="apps", name_en="Apps", position=20)
    make_sold_product(name="Apps 1", family="apps")
    make_sold_product(name="Calls 1", family="calls")
    page = shop()
    assert 0 < page.index("Calls 1 plan") < page.index("Apps 1 plan")


def test_the_shop_is_filtered_by_what_it_sells_and_by_what_an_address_asks_for(shop):
    make_sold_product(name="Apps 1", family="office")
    make_family(code="windows")
    assert "Windows" not in shop()
    assert "No service matches these filters." in shop(family="windows")


def test_a_category_is_found_by_its_name_in_each_language(shop):
    make_sold_product(name="EMS E3", family="security")
    for text in ("device management", "Geräteverwaltung", "设备管理"):
        assert "EMS E3" in shop(q=text)
    assert "No service matches these filters." in shop(q="mail")


def test_a_product_is_described_in_the_readers_language(shop):
    make_sold_product(name="EMS E3", family="security", description_en="Keys.", description_de="Schlüssel.")
    assert "EMS E3 Schlüssel." in shop("de")
    assert "EMS E3 Keys." in shop("zh-hans")


def test_a_product_without_a_description_is_described_by_its_category(shop):
    make_sold_product(name="EMS E3", family="security")
    assert "EMS E3 Security and device management Protects identities" in shop(order="name")
    assert shop().count("Protects identities") == 1  # once above the plans of the category


def test_plans_of_a_category_show_side_by_side_what_each_has(shop):
    make_sold_product(name="Plan 1", monthly="4.00", family="office", features_en="Web; Mail", features_de="Netz")
    make_sold_product(
        name="Plan 2", monthly="8.00", family="office", features_en="Mail;Archive ;", features_de="Netz"
    )
    make_sold_product(name="Other", family="security", features_en="Keys")
    text = shop()
    assert "Web Mail Without: Archive" in text
    assert "Without: Web Mail Archive" in text
    assert "Without: Keys" not in text
    assert shop("de").count("Netz") == 2
    assert "MailArchive" in shop(family="office", show="table")


def test_a_category_is_compared_whole_where_it_goes_over_two_pages(global_admin, sign_in):
    for number in range(1, 28):
        features, price = {1: "Web", 25: "Mail", 26: "Web; Mail"}.get(number, ""), f"{number}.00"
        make_sold_product(
            name=f"Plan {number:02}", monthly=price, annual=price, family="office", features_en=features
        )
    client = sign_in(global_admin)
    first = parse(client.get(SHOP).content.decode())
    (older,) = first.xpath("//a[@rel='next']/@href")
    second = parse(client.get(f"{SHOP}{older}").content.decode())
    for page in (first, second):
        assert "Office 27 plans" in words(page)
    plans = [words(plan) for page in (first, second) for plan in page.xpath("//li[@class='plan']")]
    assert len(plans) == 27
    assert "Web Without: Mail" in plans[0]
    assert "Without: Web Without: Mail +$1.00 a month against Plan 01" in plans[1]
    assert "Web Mail +$1.00 a month against Plan 25" in plans[25]


def test_alone_a_plan_shows_what_it_has(shop):
    make_sold_product(name="Plan 1", family="office", features_zh_hans="网页版；邮箱")
    make_sold_product(name="Plan 2", family="office", features_zh_hans="归档")
    text = shop("zh-hans", order="name")
    assert "网页版 邮箱" in text
    assert "不含：" not in text


def test_staff_describe_a_product(desk):
    product = make_product()
    url = change_url("subscriptions_product", product.pk)
    changed = sent_by(desk.get(url)) | {"description_de": "Für alle.", "reason": "New texts"}
    assert desk.post(url, changed).status_code == 302
    assert rows_of(Product)[0].description_de == "Für alle."
    (event,) = events(AuditKind.CATALOG_CHANGED)
    assert event.detail == {"changes": {"description_de": ["", "Für alle."]}}


def test_the_shop_costs_the_same_for_two_categories_and_for_ten(shop, alpha):
    def cost() -> int:
        with CaptureQueriesContext(connection) as statements:
            shop()
        return len(statements)

    for number in range(2):
        make_subscription(tenant=alpha, product=make_sold_product(name=f"P {number}", family=f"f{number}"))
    shop()
    few = cost()
    for number in range(2, 10):
        make_subscription(tenant=alpha, product=make_sold_product(name=f"P {number}", family=f"f{number}"))
    assert cost() == few
