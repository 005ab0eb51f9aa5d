"""What an act of staff says of the rows it was done for."""

from subscriptions.models import Membership
from tests.desk import act, messages_of, rows_of
from tests.factories import make_member, make_subscription


def test_three_rows_are_named_and_the_others_counted(desk, alpha):
    rows = [make_subscription(tenant=alpha, name=f"Number {number}") for number in range(5)]
    said = messages_of(
        act(desk, "subscriptions_subscription", "change_status", *rows, status="disabled", reason="Not paid")
    )
    assert said == [
        "Change status: done for Number 0, Alpha Ltd; Number 1, Alpha Ltd; Number 2, Alpha Ltd, and 2 more rows."
    ]


def test_the_page_names_each_rows_organization(desk, alpha):
    make_member(tenant=alpha, name="Ann", role="global-reader")
    page = act(desk, "subscriptions_membership", "remove_members", *rows_of(Membership), reason="")
    assert page.context["form"].names == ["Ann · Global reader, Alpha Ltd"]
