"""My account: language, time zone and theme; and in which language a page or a mail speaks."""

from datetime import UTC, datetime

import pytest

from subscriptions.base.names import sort_key
from subscriptions.clouds import Cloud
from subscriptions.mails import acts as mails
from subscriptions.models import Mail
from tests.database import as_owner
from tests.factories import make_member, make_partner, make_partner_of_record, make_subscription, make_tenant
from tests.journeys.client import Person
from tests.page import attribute, inside, words
from tests.worlds import make_world

LANGUAGE_OF_CLOUD = {Cloud.WORLDWIDE: "en", Cloud.GERMANY: "de", Cloud.OPERATED_BY_21VIANET: "zh-hans"}


def test_language_time_zone_and_theme_are_kept(person, contoso):
    person.sign_in(contoso.admin)
    person.choose("App launcher", "My account")
    page = person.press("Save", language="de", time_zone="Europe/Berlin", theme="dark")
    assert page.language == "de"
    assert attribute(page.part("html"), "data-theme") == "dark"
    assert (page.value("language"), page.value("time_zone"), page.value("theme")) == ("de", "Europe/Berlin", "dark")


def test_the_confirmation_speaks_the_new_language(person, contoso):
    person.comes_back(contoso.admin)
    person.open("/account/")
    assert person.press("Save", language="").banner == "Your choices are saved."
    assert person.press("Save", language="zh-hans").banner == "你的选择已保存。"


def test_the_way_back_to_the_browsers_language_is_confirmed_in_that_language(db):
    world = make_world(Cloud.GERMANY)
    choose_language(world.reader, "de")
    visitor = Person(language="zh-CN")
    visitor.comes_back(world.reader)
    visitor.open("/account/")
    page = visitor.press("Speichern", language="")
    assert (page.language, page.banner) == ("zh-hans", "你的选择已保存。")


def test_each_place_is_offered_once_under_its_region(person, contoso):
    person.comes_back(contoso.admin)
    page = person.open("/account/")
    groups = {attribute(group, "label"): group for group in inside(page.by_id("id_time_zone"), "optgroup")}
    assert list(groups)[:5] == ["Africa", "America", "Antarctica", "Arctic", "Asia"]
    names = [words(option) for option in inside(groups["America"], "option")]
    assert {"New York", "Knox, Indiana", "Salta, Argentina"} <= set(names)
    assert names == sorted(names, key=sort_key)
    offered = {attribute(option, "value") for group in groups.values() for option in inside(group, "option")}
    assert "Asia/Kolkata" in offered
    assert offered & {"Asia/Calcutta", "Etc/GMT+1", "US/Pacific"} == set()


def test_places_are_named_in_the_readers_language(contoso):
    choose_language(contoso.admin, "de")
    visitor = Person()
    visitor.comes_back(contoso.admin)
    zones = visitor.open("/account/").by_id("id_time_zone")
    africa = next(group for group in inside(zones, "optgroup") if attribute(group, "label") == "Afrika")
    assert "Kairo" in [words(option) for option in inside(africa, "option")]


def test_an_old_name_of_a_zone_stays_where_it_is_stored(person, contoso):
    with as_owner():
        type(contoso.admin).objects.filter(pk=contoso.admin.pk).update(time_zone="Asia/Calcutta")
    person.comes_back(contoso.admin)
    person.open("/account/")
    assert person.press("Save", theme="dark").value("time_zone") == "Asia/Calcutta"


def test_a_choice_that_is_none_is_refused(person, contoso):
    person.comes_back(contoso.admin)
    person.open("/account/")
    page = person.press("Save", language="xx", time_zone="Mars/Base")
    assert (page.status, len(page.errors)) == (422, 2)
    assert page.language == "en"


def test_the_theme_in_the_bar_keeps_the_page(person, contoso):
    person.comes_back(contoso.reader)
    person.open("/t/contoso/billing/subscriptions/?q=office")
    page = person.press("Dark")
    assert page.url == "/t/contoso/billing/subscriptions/?q=office"
    assert attribute(page.part("html"), "data-theme") == "dark"


def test_inside_an_organization_times_are_in_its_zone_and_on_ones_own_pages_in_ones_own(person, db):
    tenant = make_tenant(time_zone="Asia/Shanghai")
    subscription = make_subscription(tenant=tenant)
    make_partner_of_record(
        subscription=subscription, partner=make_partner(), since=datetime(2026, 1, 2, 20, 0, tzinfo=UTC)
    )
    admin = make_member(tenant=tenant)
    person.comes_back(admin)
    url = f"/t/contoso/billing/subscriptions/{subscription.uuid}/"
    assert "Jan 3, 2026, 4:00 AM" in person.open(url).text
    with as_owner():
        type(admin).objects.filter(pk=admin.pk).update(time_zone="America/New_York")
    assert "Jan 3, 2026, 4:00 AM" in person.open(url).text
    assert "Days and times: Shanghai (UTC+8)" in person.page.text
    assert "Days and times: New York (UTC-5)" in person.open("/account/").text or "(UTC-4)" in person.page.text


@pytest.mark.parametrize(
    ("account", "header", "spoken"),
    [
        ("de", "zh-CN,zh;q=0.9", "de"),
        ("", "de-AT,de;q=0.9,en;q=0.5", "de"),
        ("", "fr,zh-CN;q=0.5", "zh-hans"),
        ("", "zh", "zh-hans"),
        ("", "en-GB", "en"),
    ],
)
def test_the_account_comes_before_the_browser(db, account, header, spoken):
    """T-language."""
    world = make_world(Cloud.GERMANY)
    choose_language(world.reader, account)
    visitor = Person(language=header)
    visitor.comes_back(world.reader)
    page = visitor.open("/t/nordwind/billing/subscriptions/")
    assert (page.language, page.response.headers["Content-Language"]) == (spoken, spoken)


@pytest.mark.parametrize("header", ["", "fr, es;q=0.5"])
def test_the_cloud_decides_where_nobody_asks_for_a_language_we_speak(world, header):
    """T-language."""
    visitor = Person(language=header)
    visitor.comes_back(world.reader)
    page = visitor.open(f"/t/{world.tenant.slug}/")
    assert page.language == LANGUAGE_OF_CLOUD[Cloud(world.tenant.cloud)]


@pytest.mark.parametrize(
    ("cloud", "language", "cost"),
    [
        (Cloud.WORLDWIDE, "en", "$1,234.50"),
        (Cloud.GERMANY, "de", "1.234,50\u00a0€"),
        (Cloud.OPERATED_BY_21VIANET, "zh-hans", "¥1,234.50"),
        (Cloud.GERMANY, "en", "€1,234.50"),
    ],
)
def test_money_is_written_as_the_reader_writes_it_and_ids_never(db, cloud, language, cost):
    world = make_world(cloud)
    choose_language(world.reader, language)
    visitor = Person()
    visitor.comes_back(world.reader)
    page = visitor.open(world.url(world.named))
    assert cost in page.response.content.decode()
    assert world.partner.number in page.text
    assert [mark for mark in ".,\u00a0\u202f'" if grouped(world.partner.number, mark) in page.text] == []


def grouped(number: str, mark: str) -> str:
    return f"{number[:-3]}{mark}{number[-3:]}"


LABELS = {
    "de": {
        "list": ("Abonnements", "Abrechnung"),
        "detail": ("Weitere Aktionen", "Partner of Record bearbeiten", "Abonnementdetails"),
        "form": ("Partnerinformationen", "Microsoft Partner-ID", "ID überprüfen", "Absenden"),
        "relationships": ("Löschen", "Status"),
    },
    "zh-hans": {
        "list": ("订阅", "计费"),
        "detail": ("更多操作", "编辑在录合作伙伴", "订阅详细信息"),
        "form": ("合作伙伴信息", "Microsoft 合作伙伴 ID", "检查 ID", "提交"),
        "relationships": ("删除",),
    },
}


@pytest.mark.parametrize("language", LABELS)
def test_labels_are_the_fields_own_words(contoso, language):
    """Field.md 1.3."""
    choose_language(contoso.admin, language)
    visitor = Person()
    visitor.comes_back(contoso.admin)
    pages = {
        "list": visitor.open("/t/contoso/billing/subscriptions/"),
        "detail": visitor.open(contoso.url(contoso.named)),
        "form": visitor.open(contoso.url(contoso.named, "partner-of-record/")),
        "relationships": visitor.open("/t/contoso/settings/partner-relationships/"),
    }
    missing = {
        name: [label for label in labels if label not in pages[name].text]
        for name, labels in LABELS[language].items()
    }
    assert missing == {name: [] for name in pages}


@pytest.mark.parametrize(
    ("language", "sentence"), [("de", "Hier gibt es nichts anzuzeigen."), ("zh-hans", "此处没有可显示的内容。")]
)
def test_the_empty_list_in_the_other_languages(person, db, language, sentence):
    tenant = make_tenant(slug="empty", name="Empty")
    person.comes_back(make_member(tenant=tenant, email="admin@empty.example", language=language))
    assert sentence in person.open("/t/empty/settings/partner-relationships/").text


def test_each_mail_speaks_its_readers_language(person, db):
    """The partner's in the partner's language; a person's in the account's, else in the cloud's."""
    world = make_world(Cloud.GERMANY)
    choose_language(world.billing, "zh-hans")
    with as_owner():
        type(world.partner).objects.filter(pk=world.partner.pk).update(language="en")
    person.comes_back(world.admin)
    person.open(world.url(world.bare, "partner-of-record/"))
    person.press("Check ID", partner_id=world.partner.number)
    person.press("Submit")
    subjects = composed_subjects()
    assert subjects[world.partner.mailbox] == "You are partner of record of Office 365 E3 at Nordwind GmbH"
    assert "Office 365 E3" in subjects["admin@nordwind.example"]
    assert len(set(subjects.values())) == 3


def composed_subjects() -> dict[str, str]:
    with as_owner():
        queued = Mail.objects.select_related("tenant", "event", "to_user")
        messages = [mails.compose(mail) for mail in queued]
    return {message.to[0].partition("<")[2].rstrip(">"): message.subject for message in messages}


def choose_language(user, language: str) -> None:
    with as_owner():
        type(user).objects.filter(pk=user.pk).update(language=language)
