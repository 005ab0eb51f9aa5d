"""The list of subscriptions by the API: filters, order, pages by cursor, and what could be done with each."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from subscriptions.models import Subscription
from tests.database import as_owner
from tests.factories import make_partner_of_record, make_subscription
from tests.portal.api.client import make_program
from tests.portal.api.test_partner_of_record import named


def names(answer) -> list[str]:
    assert answer.status_code == 200, answer.said
    return [row["name"] for row in answer.said["data"]]


def followed(robot, path: str) -> list[str]:
    """The names on all pages."""
    found = []
    while path:
        answer = robot.get(path)
        found += names(answer)
        path = answer.said["next"] and "/api/v1" + answer.said["next"].partition("/api/v1")[2]
        assert ("Link" in answer.headers) == bool(path)
    return found


def test_a_subscription_is_written_with_its_money_days_and_partner(world, robot):
    row = robot.get(f"/subscriptions/{world.named.uuid}").said
    assert row["cost"]["currency"] == "USD" and row["cost"]["amount"].count(".") == 1
    assert row["partner_of_record"]["partner_id"] == "565380"
    assert row["partner_of_record"]["since"].endswith("Z")
    assert row["term_ends_on"] == str(world.named.term_ends_on)
    assert row["version"] == 1
    assert robot.get(f"/subscriptions/{world.named.uuid}").headers["ETag"] == '"1"'


def test_filters_are_those_of_the_page(world, robot):
    assert names(robot.get("/subscriptions")) == ["Office 365 E3", "Office 365 E5"]
    assert names(robot.get("/subscriptions?order=-name")) == ["Office 365 E5", "Office 365 E3"]
    assert names(robot.get("/subscriptions?without_partner=true")) == ["Office 365 E3"]
    assert names(robot.get("/subscriptions?without_partner=false")) == ["Office 365 E5"]
    assert names(robot.get("/subscriptions?partner=565380")) == ["Office 365 E5"]
    assert names(robot.get("/subscriptions?q=tailspin")) == ["Office 365 E5"]
    assert names(robot.get("/subscriptions?status=trial")) == []
    assert names(robot.get(f"/subscriptions?product={world.named.product.uuid}")) == [
        "Office 365 E3",
        "Office 365 E5",
    ]
    assert names(robot.get(f"/subscriptions?ends_before={world.named.term_ends_on}")) == []


def test_pages_follow_each_other_and_the_last_one_says_so(world, robot):
    with as_owner():
        rows = [make_subscription(tenant=world.tenant, product=world.bare.product, name=f"S{n:02}") for n in range(9)]
    for order in ("name", "-name", "ends", "-cost"):
        found = followed(robot, f"/subscriptions?limit=3&order={order}")
        assert sorted(found) == sorted([row.name for row in rows] + ["Office 365 E3", "Office 365 E5"])
    counted = robot.get("/subscriptions?limit=3&count=true").said
    assert (counted["count"], counted["count_is_capped"]) == (11, False)


def test_rows_that_come_and_go_take_no_other_from_the_pages(world, robot):
    with as_owner():
        stays = [
            make_subscription(tenant=world.tenant, product=world.bare.product, name=f"S{n:02}") for n in range(12)
        ]
        goes = [make_subscription(tenant=world.tenant, product=world.bare.product, name=f"G{n:02}") for n in range(6)]
    found, path = [], "/subscriptions?limit=4"
    while path:
        answer = robot.get(path)
        found += names(answer)
        with as_owner():
            Subscription.objects.filter(pk=goes.pop().pk).delete() if goes else None
            make_subscription(tenant=world.tenant, product=world.bare.product, name=f"A{len(found)}")
        path = answer.said["next"] and "/api/v1" + answer.said["next"].partition("/api/v1")[2]
    kept = [row.name for row in stays]
    assert [name for name in found if name in kept] == kept


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=-1", "limit=abc", "limit=1&limit=2"])
def test_a_page_has_1_to_200_rows(robot, query):
    answer = robot.get(f"/subscriptions?{query}")
    assert (answer.status_code, answer.said["errors"][0]["parameter"]) == (422, "limit")


def test_a_cursor_is_good_for_its_list_alone(world, robot):
    with as_owner():
        for number in range(3):
            make_subscription(tenant=world.tenant, product=world.bare.product, name=f"S{number}")
    page = robot.get("/subscriptions?limit=1").said["next"]
    cursor = page.partition("cursor=")[2]
    other = make_program(tenant=world.tenant)
    wrong = [
        robot.get(f"/subscriptions?cursor={cursor[:-2]}xx"),
        robot.get("/subscriptions?cursor=x"),
        robot.get(f"/subscriptions?order=ends&cursor={cursor}"),
        robot.get(f"/subscriptions?status=active&cursor={cursor}"),
        robot.get(f"/subscriptions/{world.named.uuid}/partner-of-record/history?cursor={cursor}"),
        other.get(f"/subscriptions?cursor={cursor}"),
    ]
    assert [(answer.status_code, answer.said["code"]) for answer in wrong] == [(422, "invalid-cursor")] * len(wrong)
    assert robot.get(f"/subscriptions?limit=2&cursor={cursor}").status_code == 200


@pytest.mark.parametrize(
    "query", ["foo=1", "order=color", "status=gone", "expand=x", "partner=abc", "product=1", "q=%00", "dry_run=true"]
)
def test_what_is_not_known_is_told_by_name(robot, query):
    answer = robot.get(f"/subscriptions?{query}")
    assert (answer.status_code, answer.said["errors"][0]["parameter"]) == (422, query.partition("=")[0])


def test_each_act_says_whether_it_can_be_done_and_why_not(world):
    reader = make_program(tenant=world.tenant, role="global-reader")
    actions = reader.get(f"/subscriptions/{world.named.uuid}?expand=actions").said["actions"]
    assert {why["code"] for name, why in actions.items() if name not in ("undo",)} == {"role"}
    robot = make_program(tenant=world.tenant)
    actions = robot.get(f"/subscriptions/{world.named.uuid}?expand=actions").said["actions"]
    assert actions["partner-of-record"] == {"allowed": True, "code": "allowed"} | dict.fromkeys(
        ["reason", "who", "next_step", "next_url"]
    )
    refused = actions["reactivate"]
    assert (refused["allowed"], refused["code"], bool(refused["reason"])) == (False, "not-in-grace", True)


def test_what_could_be_done_with_a_hundred_costs_no_more_than_with_ten(world, robot):
    def statements(limit: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert len(names(robot.get(f"/subscriptions?limit={limit}&expand=actions"))) == limit
        reading = [each for each in captured if "SAVEPOINT" not in each["sql"]]
        return len(reading)

    with as_owner():
        for number in range(100):
            row = make_subscription(tenant=world.tenant, product=world.bare.product, name=f"S{number:03}")
            make_partner_of_record(subscription=row, partner=world.partner)
    few, many = statements(10), statements(100)
    assert few == many
    # The token, the organization, and six of the list: rows, partners, last periods and changes
    assert many <= 9, many


def test_who_was_credited_then(world, robot):
    before = robot.get("/subscriptions").said["data"][1]["partner_of_record"]["since"]
    named(robot, world.named, "935287")
    then = robot.get(f"/subscriptions?as_of={before}").said["data"]
    assert [row["partner_of_record"] and row["partner_of_record"]["partner_id"] for row in then] == [None, "565380"]
    assert names(robot.get(f"/subscriptions?as_of={before}&partner=565380")) == ["Office 365 E5"]
    assert names(robot.get(f"/subscriptions?as_of={before}&partner=935287")) == []


@pytest.mark.parametrize(
    ("asked", "title"),
    [("de", "Unbekannte"), ("zh-Hans", "未知"), ("xx", "There is nothing at this address")],
)
def test_a_problem_speaks_the_language_that_was_asked_for(world, robot, asked, title):
    answer = robot.get("/nothing", Accept_Language=asked)
    assert answer.said["code"] == "not-found"
    english = robot.get("/nothing").said["detail"]
    assert (answer.said["detail"] == english) == (asked == "xx")
