"""Money, dates and numbers read as in the reader's language; IDs read the same everywhere."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import timezone, translation
from django_countries import countries

from subscriptions.base import formats
from subscriptions.base.time_zones import zone_name
from subscriptions.clouds import Cloud
from tests.factories import make_member, make_partner, make_partner_of_record, make_subscription, make_tenant

LONG_ID = "1234567890"


@pytest.mark.parametrize(
    ("language", "currency", "shown"),
    [
        ("en", "USD", "$1,234.50"),
        ("en", "EUR", "€1,234.50"),
        ("en", "CNY", "CN¥1,234.50"),
        ("de", "USD", "1.234,50 $"),
        ("de", "EUR", "1.234,50 €"),
        ("de", "CNY", "1.234,50 CN¥"),
        ("zh-hans", "USD", "US$1,234.50"),
        ("zh-hans", "EUR", "€1,234.50"),
        ("zh-hans", "CNY", "¥1,234.50"),
    ],
)
def test_money(language, currency, shown):
    with translation.override(language):
        assert formats.money(Decimal("1234.50"), currency).replace("\xa0", " ") == shown


@pytest.mark.parametrize(
    ("language", "listed", "chosen", "facts", "noted"),
    [
        ("en", "A, B, C", "A, B, or C", "A, B", "A (B)"),
        ("de", "A, B, C", "A, B oder C", "A, B", "A (B)"),
        ("zh-hans", "A、B、C", "A、B或C", "A，B", "A（B）"),
    ],
)
def test_what_is_joined(language, listed, chosen, facts, noted):
    with translation.override(language):
        assert formats.join_list("ABC") == listed
        assert formats.join_choice("ABC") == chosen
        assert formats.join_facts("A", "", "B") == facts
        assert formats.with_note("A", "B") == noted


def test_a_list_names_choices_by_their_labels():
    with translation.override("en"):
        assert formats.join_list([Cloud.WORLDWIDE, Cloud.GERMANY]) == "Worldwide, Germany"


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("en", {"GD": "Grenada", "KI": "Kiribati", "SZ": "Eswatini", "NR": "Nauru"}),
        ("de", {"GD": "Grenada", "KI": "Kiribati", "SZ": "Eswatini", "SA": "Saudi-Arabien"}),
        ("zh-hans", {"NP": "尼泊尔", "DM": "多米尼克", "WS": "萨摩亚", "TJ": "塔吉克斯坦"}),
    ],
)
def test_countries_have_the_names_of_the_language(language, names):
    with translation.override(language):
        assert {code: countries.name(code) for code in names} == names


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("de", {"Europe/Kyiv": "Kiew", "Asia/Kolkata": "Kalkutta"}),
        ("zh-hans", {"Europe/Kyiv": "基辅", "America/Atikokan": "阿蒂科肯", "Africa/Asmara": "阿斯马拉"}),
    ],
)
def test_zones_renamed_since_have_the_names_of_the_language(language, names):
    with translation.override(language):
        assert {zone: zone_name(zone) for zone in names} == names


@pytest.mark.parametrize(("language", "shown"), [("en", "12,345"), ("de", "12.345"), ("zh-hans", "12,345")])
def test_numbers(language, shown):
    with translation.override(language):
        assert formats.number(12345) == shown


@pytest.mark.parametrize(
    ("language", "shown"), [("en", "Mar 9, 2026"), ("de", "09.03.2026"), ("zh-hans", "2026年3月9日")]
)
def test_days(language, shown):
    with translation.override(language):
        assert formats.day(date(2026, 3, 9)) == shown


@pytest.mark.parametrize(
    ("language", "zone", "shown"),
    [
        ("en", "America/Chicago", "Mar 8, 2026, 6:30 PM"),
        ("de", "Europe/Berlin", "09.03.2026, 00:30"),
        ("zh-hans", "Asia/Shanghai", "2026年3月9日 07:30"),
    ],
)
def test_moments_are_those_of_the_reader(language, zone, shown):
    with translation.override(language), timezone.override(zone):
        assert formats.moment(datetime(2026, 3, 8, 23, 30, tzinfo=UTC)).replace("\u202f", " ") == shown


@pytest.mark.parametrize(("zone", "shown"), [("America/Chicago", "08.03.2026"), ("Asia/Shanghai", "09.03.2026")])
def test_the_day_of_a_moment_is_the_readers(zone, shown):
    with translation.override("de"), timezone.override(zone):
        assert formats.day(datetime(2026, 3, 8, 23, 30, tzinfo=UTC)) == shown


@pytest.mark.parametrize(
    ("language", "said"), [("en", "No. Ask. Go."), ("de", "No. Ask. Go."), ("zh-hans", "No.Ask.Go.")]
)
def test_sentences_follow_each_other_as_the_language_has_it(language, said):
    with translation.override(language):
        assert formats.sentences("No.", "", "Ask.", "Go.") == said


@pytest.mark.parametrize(
    ("cloud", "language", "cost"),
    [
        (Cloud.WORLDWIDE, "en", "$1,234.50"),
        (Cloud.GERMANY, "de", "1.234,50 €"),
        (Cloud.OPERATED_BY_21VIANET, "zh-hans", "¥1,234.50"),
    ],
)
def test_a_page_formats_money_and_leaves_ids_alone(db, sign_in, cloud, language, cost):
    """No language is asked for, so each cloud's own is spoken."""
    tenant = make_tenant(cloud=cloud)
    subscription = make_subscription(tenant=tenant)
    make_partner_of_record(subscription=subscription, partner=make_partner(number=LONG_ID, cloud=cloud))
    client = sign_in(make_member(tenant=tenant))
    for path in ("billing/subscriptions/?order=name", f"billing/subscriptions/{subscription.uuid}/"):
        answer = client.get(f"/t/{tenant.slug}/{path}")
        text = answer.text.replace("\xa0", " ")
        assert answer.headers["Content-Language"] == language
        assert cost in text
        assert LONG_ID in text
