"""Many rows in one statement are stored as Django stores each of them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from subscriptions.db import inserts
from subscriptions.db.inserts import insert_all
from subscriptions.db.new_rows import new_row
from subscriptions.models import AuditEvent, Subscription
from tests.database import as_owner
from tests.factories import make_partner, make_partner_of_record, make_product, make_subscription

AT = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)


def without_keys(row) -> dict:
    found = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return {
        name: value
        for name, value in found.items()
        if name not in ("id", "uuid", "at", "tx", "subscription_id", "search_text")
    }


def again(row):
    """The same, read and made anew, with a key and a UUID of its own."""
    kept = type(row).objects.get(pk=row.pk)
    values = {each.attname: getattr(kept, each.attname) for each in kept._meta.concrete_fields if not each.generated}
    for name in ("id", "uuid"):
        values.pop(name, None)
    return type(row)(**values)


@as_owner()
def test_each_kind_of_value_is_kept_as_one_row_alone_keeps_it(alpha):
    product = make_product(name="Zürich „E5“ 蓝云 '\\")
    single = make_subscription(
        tenant=alpha, product=product, cost=Decimal("12.30"), own_name="=1+1", term_ends_on=date(2027, 1, 31)
    )
    partner = make_partner(authorized_countries=["DE", "FR"], authorized_families=["office"])
    credit = make_partner_of_record(subscription=single, partner=partner, since=AT, until=AT.replace(month=4))
    event = AuditEvent.objects.create(
        tenant=alpha, kind="subscription.added", actor_kind="staff", actor_name="Sam", subject_name="Ä\"'\\n",
        detail={"changes": {"name": [None, "蓝"], "days": [1, True, [2.5]]}}, correlation=UUID(int=7),
    )  # fmt: skip
    new = again(single)
    assert insert_all([new]) == [new] and new.pk and not new._state.adding
    other_credit = again(credit)
    other_credit.subscription = new
    other_partner = again(partner)
    other_partner.number = "935287"
    rows = insert_all([other_credit, other_partner, again(event)])
    spaced = again(single)
    spaced.own_name = " Zwei  Worte "  # as a name is kept
    insert_all([spaced])
    assert Subscription.objects.get(pk=spaced.pk).own_name == "Zwei Worte"
    for was, row in zip((single, credit, partner, event), (new, *rows), strict=True):
        stored, expected = (without_keys(type(each).objects.get(pk=each.pk)) for each in (row, was))
        assert stored | {"number": 0} == expected | {"number": 0}, type(row)


@as_owner()
def test_many_are_one_statement_and_get_their_keys_in_their_order(alpha):
    product = make_product()
    model = make_subscription(tenant=alpha, product=product)
    rows = [again(model) for _row in range(5)]
    for number, row in enumerate(rows):
        row.name = f"Row {number}"
    with CaptureQueriesContext(connection) as asked:
        insert_all(rows)
    assert len([each for each in asked if each["sql"].startswith("INSERT")]) == 1
    assert [Subscription.objects.get(pk=row.pk).name for row in rows] == [f"Row {number}" for number in range(5)]
    assert insert_all([]) == []


@as_owner()
def test_one_that_cannot_be_stored_leaves_none(alpha):
    model = make_subscription(tenant=alpha)
    right, wrong = again(model), again(model)
    wrong.licenses_assigned = wrong.licenses_total + 1
    with pytest.raises(IntegrityError):
        insert_all([right, wrong])
    assert Subscription.objects.count() == 1


@as_owner()
def test_while_some_are_stored_the_next_are_made_and_all_keep_their_order(alpha, monkeypatch):
    monkeypatch.setattr(inserts, "AT_ONCE", 2)
    model, stored_before = make_subscription(tenant=alpha), []
    given = [again(model) for _row in range(5)]

    def coming():
        for row in given:
            stored_before.append(sum(each.pk is not None for each in given))
            yield row

    assert insert_all(coming()) == given
    assert stored_before[0] == 0 and stored_before[-1] >= 2, "they come while others are stored"
    assert [row.pk for row in given] == sorted(row.pk for row in given)
    assert Subscription.objects.count() == 6


@as_owner()
@pytest.mark.parametrize("wrong", [0, 2, 4])
def test_what_the_database_refuses_meanwhile_leaves_none_either(alpha, monkeypatch, wrong):
    monkeypatch.setattr(inserts, "AT_ONCE", 2)
    rows = [again(make_subscription(tenant=alpha)) for _row in range(5)]
    rows[wrong].licenses_assigned = rows[wrong].licenses_total + 1
    before = Subscription.objects.count()
    with pytest.raises(IntegrityError, match="assigned_within_total"):
        insert_all(rows)
    assert Subscription.objects.count() == before


@as_owner()
def test_what_is_raised_between_two_of_them_leaves_none(alpha, monkeypatch):
    monkeypatch.setattr(inserts, "AT_ONCE", 2)
    model = make_subscription(tenant=alpha)

    def coming():
        yield from (again(model) for _row in range(3))
        raise LookupError

    with pytest.raises(LookupError):
        insert_all(coming())
    assert Subscription.objects.count() == 1


@as_owner()
def test_what_is_equal_and_of_another_type_is_kept_as_it_is(alpha):
    event = {"kind": "subscription.added", "actor_kind": "staff", "actor_name": "Sam", "tenant": alpha}
    rows = [
        new_row(AuditEvent, **event, detail={"a": value}, subject_name=name)
        for value, name in ((1, "1"), (True, "2"))
    ]
    insert_all(rows)
    assert [repr(AuditEvent.objects.get(pk=row.pk).detail["a"]) for row in rows] == ["1", "True"]


def test_a_new_row_is_what_the_model_makes_with_a_uuid_of_its_own(alpha):
    given = {"tenant": alpha, "kind": "subscription.added", "actor_id": 3, "subject_name": "S", "correlation": None}
    one, other, usual = new_row(AuditEvent, **given), new_row(AuditEvent, **given), AuditEvent(**given)
    made, expected = (
        {name: value for name, value in vars(row).items() if name not in ("_state", "uuid")} for row in (one, usual)
    )
    assert made == expected and one.tenant is alpha and one._state.adding
    assert len({one.uuid, other.uuid, usual.uuid}) == 3 and one.detail is not other.detail
    with pytest.raises(TypeError, match="colour"):
        new_row(AuditEvent, colour="red")
