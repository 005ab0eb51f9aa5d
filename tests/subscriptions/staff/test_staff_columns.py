"""Facts on staff's pages: as the reader writes days, moments and money, and a dash where there is nothing."""

from datetime import UTC, datetime

import pytest

from partners.models import PartnerOfRecord
from subscriptions.models import ProductPrice
from tests.database import as_owner
from tests.desk import change_url, list_url, rows_of
from tests.factories import (
    make_order,
    make_partner,
    make_partner_of_record,
    make_price,
    make_product,
    make_subscription,
)
from tests.page import inside, parse, words

SINCE = datetime(2026, 11, 29, 4, 3, 53, tzinfo=UTC)


@pytest.fixture
def speaks(desk, staff):
    def choose(language: str) -> None:
        with as_owner():
            type(staff).objects.filter(pk=staff.pk).update(language=language)

    return choose


def facts_of(response) -> dict[str, str]:
    """What a form only shows, by its label."""
    rows = [
        row for row in inside(parse(response.content.decode()), "div") if "flex-container" in row.get("class", "")
    ]
    return {
        words(next(inside(row, "label"))).rstrip(":："): words(fact)
        for row in rows
        for fact in inside(row, "div")
        if fact.get("class") == "readonly"
    }


def cells_of(response) -> list[str]:
    """The only row of a list."""
    table = parse(response.content.decode()).get_element_by_id("result_list")
    (row,) = (row for body in inside(table, "tbody") for row in inside(body, "tr"))
    return [words(cell) for cell in inside(row, "th", "td")]


@pytest.mark.parametrize(
    ("language", "began", "since", "until"),
    [
        ("en", "From", "Nov 29, 2026, 4:03 AM", "Until"),
        ("de", "Von", "29.11.2026, 04:03", "Bis"),
        ("zh-hans", "起始时间", "2026年11月29日 04:03", "截止时间"),
    ],
)
def test_a_moment_is_written_as_the_reader_writes_it(alpha, desk, speaks, language, began, since, until):
    make_partner_of_record(subscription=make_subscription(tenant=alpha), partner=make_partner(), since=SINCE)
    speaks(language)
    facts = facts_of(desk.get(change_url("partners_partnerofrecord", rows_of(PartnerOfRecord)[0].pk)))
    assert (facts[began], facts[until]) == (since, "–")


def test_days_money_and_what_is_missing_in_a_form_and_in_a_list(desk, speaks):
    price = make_price(product=make_product(), monthly="1234.5")
    with as_owner():
        row = ProductPrice.objects.get(pk=price.pk)
    speaks("de")
    said = row.valid.lower.strftime("%d.%m.%Y")
    facts = facts_of(desk.get(change_url("subscriptions_productprice", price.pk)))
    assert (facts["Von"], facts["Bis"]) == (said, "–")
    assert "1.234,50 $" in facts.values()
    assert {said, "–", "1.234,50 $"} <= set(cells_of(desk.get(list_url("subscriptions_productprice"))))


def test_what_an_order_costs_is_money(desk, alpha):
    order = make_order(tenant=alpha)
    assert "$10.00" in words(parse(desk.get(change_url("subscriptions_order", order.pk)).content.decode()))


def test_the_head_says_in_which_zone_times_are(desk, staff):
    text = words(parse(desk.get("/staff/").content.decode()))
    assert "Days and times: UTC" in text
    assert "Days on which terms end or answers are due are those of the organization's own zone." in text
    with as_owner():
        type(staff).objects.filter(pk=staff.pk).update(time_zone="Africa/Cairo", language="de")
    assert "Tage und Uhrzeiten: Kairo (UTC+" in words(parse(desk.get("/staff/").content.decode()))
