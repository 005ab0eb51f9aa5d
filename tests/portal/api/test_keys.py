"""A call with a key acts once: sent again it gets the first answer, whatever has changed since."""

import pytest
from django.db import connection

from subscriptions.models import IdempotencyKey
from tests.database import as_owner, at_once
from tests.facts import periods, version
from tests.portal.api.client import Program, make_program
from tests.portal.api.test_partner_of_record import named, place


def keys() -> int:
    with as_owner():
        return IdempotencyKey.objects.count()


def test_a_lost_answer_is_given_again_and_nothing_is_done_twice(world, robot):
    first = named(robot, world.named, "935287", Idempotency_Key="order-1")
    again = named(robot, world.named, "935287", Idempotency_Key='"order-1"')
    assert (first.status_code, again.status_code, again.said) == (200, 200, first.said)
    assert again.headers["ETag"] == first.headers["ETag"]
    assert (again.headers["Idempotent-Replayed"], "Idempotent-Replayed" in first.headers) == ("true", False)
    assert (version(world.named), keys()) == (2, 1)


def test_a_key_is_good_for_one_call_alone(world, robot):
    named(robot, world.named, "935287", Idempotency_Key="k")
    for answer in (
        named(robot, world.named, "565380", Idempotency_Key="k"),
        named(robot, world.bare, "935287", Idempotency_Key="k"),
        robot.delete(place(world.named), If_Match='"2"', Idempotency_Key="k"),
    ):
        assert (answer.status_code, answer.said["code"]) == (422, "idempotency-key-reused")
    assert version(world.named) == 2


def test_the_key_of_another_application_is_another(world, robot):
    other = make_program(tenant=world.tenant)
    named(robot, world.named, "935287", Idempotency_Key="k")
    assert named(other, world.bare, Idempotency_Key="k").status_code == 200
    assert (periods(world.bare), keys()) == ([("565380", True)], 2)


def test_a_post_without_a_key_is_refused(world, robot):
    answer = robot.ask("POST", f"{place(world.named)}/undo", {}, If_Match='"1"')
    assert (answer.status_code, answer.said["code"]) == (400, "idempotency-key-missing")


@pytest.mark.parametrize("key", ["x" * 256, "a\tb", "schlüssel"])
def test_a_key_that_is_none_is_told(world, robot, key):
    answer = named(robot, world.named, "935287", Idempotency_Key=key)
    assert (answer.status_code, answer.said["errors"][0]["parameter"]) == (422, "Idempotency-Key")
    assert version(world.named) == 1


def test_what_was_refused_can_be_sent_again_with_its_key(world, robot):
    assert named(robot, world.named, "9999999", Idempotency_Key="k").status_code == 409
    assert keys() == 0
    assert named(robot, world.named, "935287", Idempotency_Key="k").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_with_one_key_are_one_act(world, robot):
    answers = at_once(*[lambda: _call(robot, world.named, "k") for _ in range(20)])
    assert {status for status, _said in answers} <= {200, 409}
    assert [said for status, said in answers if status == 409] == ["in-progress"] * sum(s == 409 for s, _ in answers)
    assert (version(world.named), keys()) == (2, 1)


@pytest.mark.django_db(transaction=True)
def test_ten_at_once_who_saw_the_same_are_one_change(world, robot):
    """Nine are told that it was changed meanwhile."""
    answers = at_once(*[lambda: _call(robot, world.named, None) for _ in range(10)])
    assert sorted(status for status, _said in answers) == [200, *[412] * 9]
    assert periods(world.named) == [("565380", False), ("935287", True)]


def _call(robot: Program, subscription, key: str | None) -> tuple[int, str | None]:
    mine = Program(robot.token, robot.base)
    headers = {"Idempotency_Key": key} if key else {}
    answer = named(mine, subscription, "935287", **headers)
    connection.close()
    return answer.status_code, answer.said.get("code")
