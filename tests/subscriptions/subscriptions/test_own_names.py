"""A subscription's own name and cost center: given by the organization, found in its lists, unseen by partners."""

import pytest
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, ProgrammingError, connection, transaction

from partners.partner_of_record.acts import set_partner_of_record
from subscriptions.db import scopes
from subscriptions.mails import acts as outgoing
from subscriptions.models import Mail, Subscription
from tests.database import as_owner
from tests.desk import change_url, list_url
from tests.factories import make_partner, make_partner_person, make_subscription
from tests.page import inside, parse, words
from tests.partners.client import get
from tests.subscriptions.subscriptions.facts import NAME, act, events, now, put

LIST = "/t/alpha/billing/subscriptions/"
OWN = {"own_name": "Büro Köln", "cost_center": "KST 4711"}


@pytest.fixture
def named(alpha):
    """One of two of the same product."""
    make_subscription(tenant=alpha)
    return make_subscription(tenant=alpha, **OWN)


def text_of(response) -> str:
    return words(parse(response.content.decode()))


def rows_of(response) -> list[str]:
    return [words(row) for row in inside(next(inside(parse(response.content.decode()), "tbody")), "tr")]


def test_it_is_given_changed_and_taken_back(subscription, by):
    act(NAME, subscription, by, **OWN)
    assert (now(subscription).own_name, now(subscription).cost_center) == ("Büro Köln", "KST 4711")
    assert act(NAME, now(subscription), by, **OWN) is None
    act(NAME, now(subscription), by, own_name="", cost_center="")
    row = now(subscription)
    assert (row.own_name, row.cost_center, row.own_search_text.strip(), row.full_name) == (
        "",
        "",
        "",
        "Office 365 E3",
    )
    assert [kind for kind, _who in events(subscription)] == ["named", "named"]


def test_what_cannot_be_seen_is_no_part_of_it(subscription, by):
    with pytest.raises(ValidationError):
        act(NAME, subscription, by, own_name="Berlin\u202e", cost_center="")
    assert events(subscription) == []


@pytest.mark.parametrize("column", ["own_name", "cost_center"])
@pytest.mark.parametrize(
    ("text", "refused"), [(" Berlin", IntegrityError), ("a\nb", IntegrityError), ("x" * 81, DataError)]
)
def test_the_database_keeps_one_bounded_line(subscription, column, text, refused):
    """Whoever writes it past the forms."""
    sql = f"UPDATE subscriptions_subscription SET {column} = %s"
    with pytest.raises(refused), scopes.tenant(subscription.tenant_id), connection.cursor() as cursor:
        cursor.execute(sql, [text])


@pytest.mark.parametrize("typed", ["koln", "KST", "4711", "büro e3", "365 köln"])
def test_it_is_found_by_either_and_by_both_with_the_product(alpha, named, global_admin, sign_in, typed):
    answer = sign_in(global_admin).get(LIST, {"q": typed})
    (row,) = rows_of(answer)
    assert row.startswith("Office 365 E3 – Büro Köln Cost center: KST 4711")


def test_it_stands_on_its_page(alpha, named, global_admin, sign_in):
    text = text_of(sign_in(global_admin).get(f"{LIST}{named.uuid}/"))
    assert "Own name Büro Köln" in text
    assert "Cost center KST 4711" in text


def test_staff_see_and_find_it(alpha, named, desk):
    (row,) = rows_of(desk.get(list_url("subscriptions_subscription"), {"q": "köln 4711"}))
    assert "Büro Köln" in row
    assert "KST 4711" in text_of(desk.get(change_url("subscriptions_subscription", named.pk)))


@pytest.mark.parametrize("column", ["own_name", "cost_center", "own_search_text", "cost_per_month"])
def test_no_partners_scope_reads_it(alpha, named, column):
    partner = make_partner()
    with scopes.partner(partner.pk), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        list(Subscription.objects.values_list(column))


def test_the_credited_partner_sees_and_finds_neither(alpha, named, by, sign_in):
    partner = make_partner()
    act(set_partner_of_record, named, by, partner=partner)
    agent = sign_in(make_partner_person(partner=partner, email="agent@tailspin.example", name="Agatha Agent"))
    assert "Büro" not in text_of(get(agent, "partner-of-record"))
    assert "Büro" not in get(agent, "partner-of-record", file="csv").getvalue().decode()
    assert "No subscription matches" in text_of(get(agent, "partner-of-record", q="köln"))
    assert "No subscription matches" not in text_of(get(agent, "partner-of-record", q="office"))


def test_mails_name_it_to_the_organizations_people_and_not_to_the_company(alpha, named, by):
    act(set_partner_of_record, named, by, partner=make_partner())
    with scopes.worker():
        rows = Mail.objects.select_related("tenant", "event", "to_user")
        told = {mail.to_company_name: outgoing.compose(mail) for mail in rows}
    assert told[""].subject == "Receipt: partner of record of Office 365 E3 – Büro Köln"
    assert "Subscription: Office 365 E3 – Büro Köln" in told[""].body
    (company,) = [message for name, message in told.items() if name]
    assert "Büro" not in company.subject + company.body


def test_the_audit_log_tells_it_beside_the_product(alpha, named, by, global_admin, sign_in):
    act(set_partner_of_record, named, by, partner=make_partner())
    (row,) = rows_of(sign_in(global_admin).get("/t/alpha/settings/audit-log/"))
    assert "Office 365 E3 Büro Köln" in row


def test_sorted_by_cost_what_a_month_costs_counts(alpha, global_admin, sign_in):
    for name, cost, frequency in (("Ten", "10", "monthly"), ("Five", "60", "annual"), ("Twelve", "144", "annual")):
        make_subscription(tenant=alpha, name=name, cost=cost, billing_frequency=frequency)
    rows = rows_of(sign_in(global_admin).get(LIST, {"order": "cost"}))
    assert [row.split()[0] for row in rows] == ["Five", "Ten", "Twelve"]
    assert ["$60.00 per year" in rows[0], "$10.00 per month" in rows[1]] == [True, True]


def test_what_a_month_costs_follows_cost_and_frequency(subscription):
    for cost, frequency, month in (("100.00", "annual", "8.3333"), ("100.00", "monthly", "100.0000")):
        put(subscription, cost=cost, billing_frequency=frequency)
        with as_owner():
            assert str(Subscription.objects.get(pk=subscription.pk).cost_per_month) == month
