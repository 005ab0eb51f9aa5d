"""Licenses of many subscriptions, with what they cost together and each."""

import pytest

from subscriptions.models import Subscription
from tests.database import as_owner
from tests.factories import make_subscription
from tests.subscriptions.bulk import facts as many
from tests.subscriptions.bulk.client import choose, decide, newest, preview, undo, url


@as_owner()
def licenses(*rows: Subscription) -> list[int]:
    return [Subscription.objects.get(pk=row.pk).licenses_total for row in rows]


@pytest.fixture
def rows(alpha):
    """Ten a month for each license: of a month, and of a year."""
    usual = {"tenant": alpha, "unit_price": 10, "currency": "EUR", "licenses_assigned": 4}
    month = make_subscription(**usual, name="A month", licenses_total=5, cost=50)
    year = make_subscription(**usual, name="A year", licenses_total=8, cost=960, billing_frequency="annual")
    trial = make_subscription(**usual, name="A trial", licenses_total=25, cost=0, status="trial")
    return [month, year, trial]


def unjoined(page: str) -> str:
    """Without what keeps a sign and its amount on one line."""
    return page.replace("\u2060", "")


def test_the_preview_says_what_licenses_cost_in_all_and_each_and_the_button_the_sum(global_admin, rows, sign_in):
    client = sign_in(global_admin)
    choose(client, *rows, kind="licenses")
    client.post(url("what", newest()), {"how": "more", "licenses": "10"})
    page = unjoined(preview(client))
    for words in (
        "Licenses: 10 more on each", "Change 2 subscriptions, +€200.00 a month", "€130.00 per month",
        "€330.00 per month", "+€100.00 a month for each", "A trial: its licenses are fixed",
    ):  # fmt: skip
        assert words in page
    listed = unjoined(client.get(url("rows", newest())).content.decode())
    assert (listed.count("+€100.00 a month"), licenses(*rows)) == (2, [5, 8, 25])
    act = decide(client)
    assert (many.outcomes(act), licenses(*rows)) == ({"changed": 2, "is-a-trial": 1}, [15, 18, 25])
    assert "+€200.00 a month" in unjoined(client.get(url("detail", act)).content.decode())
    undo(client)
    assert licenses(*rows) == [5, 8, 25]


@pytest.mark.parametrize(
    ("typed", "becomes", "came_of_it"),
    [
        ({"how": "set", "licenses": "5"}, [5, 5, 25], {"changed": 1, "is-a-trial": 1, "unchanged": 1}),
        ({"how": "fewer", "licenses": "3"}, [5, 5, 25], {"changed": 1, "fewer-than-assigned": 1, "is-a-trial": 1}),
        ({"how": "assigned"}, [4, 4, 25], {"changed": 2, "is-a-trial": 1}),
    ],
)  # fmt: skip
def test_licenses_are_set_taken_away_or_as_many_as_people_have(
    global_admin, rows, sign_in, typed, becomes, came_of_it
):
    client = sign_in(global_admin)
    choose(client, *rows, kind="licenses")
    client.post(url("what", newest()), typed)
    assert (many.outcomes(decide(client)), licenses(*rows)) == (came_of_it, becomes)


def test_a_number_that_is_none_is_told_where_it_is_typed(global_admin, rows, sign_in):
    client = sign_in(global_admin)
    choose(client, *rows, kind="licenses")
    for typed in ({"how": "more"}, {"how": "set", "licenses": "0"}, {"how": "set", "licenses": "100001"}, {}):
        assert client.post(url("what", newest()), typed).status_code == 422
    assert (newest().state, licenses(*rows)) == ("chosen", [5, 8, 25])
