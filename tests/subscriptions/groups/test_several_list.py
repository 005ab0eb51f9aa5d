"""One list over the subscriptions of all organizations of a person: what is in it, and what is not."""

import csv
import io
from itertools import chain

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from subscriptions.clouds import Cloud
from subscriptions.db import scopes
from subscriptions.groups import list_page
from subscriptions.groups.reads import read_each, seats_of
from subscriptions.models import AuditEvent, GroupedOrganization, Membership, OrganizationGroup, Subscription, Tenant
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.people.membership import Role, memberships_of
from subscriptions.web import paging
from tests.database import as_owner
from tests.factories import make_member, make_product, make_subscription, make_tenant

URL = "/organizations/"


def shown(response) -> list[str]:
    return [row["name"] for row in response.context["list"].rows]


def rows_of_file(response) -> list[dict]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_list_has_every_subscription_of_each_organization_and_none_of_another(several, visitor):
    """Isolation: nothing of an organization without a membership, though staff keep it in the same group."""
    for query in ("", "?group=" + str(several.group.uuid), "?q=Secret", "?order=-name"):
        text = visitor.get(f"{URL}{query}").content.decode()
        assert "Foreign" not in text and "foreign" not in text and str(several.secret.uuid) not in text, query
    page = visitor.get(URL)
    assert shown(page) == ["Apps", "Bureau", "Cloud", "Mail", "Visio"]
    assert shown(visitor.get(f"{URL}?group={several.group.uuid}")) == ["Apps", "Bureau", "Mail", "Visio"]
    assert visitor.get(f"{URL}?group={several.other_group.uuid}").status_code == 422
    assert visitor.get(f"{URL}?organization=foreign").status_code == 422
    text = page.content.decode()
    assert "You may only read here" in text and str(several.east.cloud_profile.label) in text
    assert "Lindner Holding" in text
    with as_owner():
        Membership.objects.filter(tenant=several.east, user=several.person).delete()
    assert shown(visitor.get(URL)) == ["Apps", "Cloud", "Mail"]


def test_a_persons_scope_reads_of_groups_only_the_own_organizations(several):
    with scopes.person(several.person.pk):
        assert set(GroupedOrganization.objects.values_list("tenant__slug", flat=True)) == {"west", "east"}
        assert [group.name for group in OrganizationGroup.objects.all()] == ["Lindner Holding"]
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM subscriptions_groupedorganization")
            assert cursor.fetchone() == (2,)
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        scopes.tenant(several.west.pk),
    ):
        OrganizationGroup.objects.count()


def test_filters_search_and_sorts_are_those_of_one_organization(several, visitor):
    def found(query: str) -> list[str]:
        return shown(visitor.get(f"{URL}?{query}"))

    assert found("organization=east") == ["Bureau", "Visio"]
    assert found("partner=without") == ["Apps", "Bureau", "Cloud"]
    assert found("partner_id=880021") == ["Visio"]
    assert found("q=tailspin") == ["Mail"]
    assert found("order=-name") == ["Visio", "Mail", "Cloud", "Bureau", "Apps"]
    assert found("ends=expires") == []
    assert sorted(found("order=ends")) == ["Apps", "Bureau", "Cloud", "Mail", "Visio"]
    # Amounts of several currencies have no order; those of one have
    assert found("order=cost") == found("order=name")
    assert found("order=cost&organization=west") == ["Mail", "Apps"]
    assert visitor.get(f"{URL}?order=tenant").status_code == 422


def test_the_numbers_of_each_organization_are_those_of_the_list(several, visitor):
    page = visitor.get(URL)
    found = {each.seat.tenant.slug: each for each in page.context["list"].summaries}
    told = {slug: (each.subscriptions, each.without_partner) for slug, each in found.items()}
    assert told == {"west": (2, 1), "east": (2, 1), "north": (1, 1)}
    assert {slug: [currency for currency, _month in each.costs] for slug, each in found.items()} == {
        "west": ["USD"],
        "east": ["CNY"],
        "north": ["EUR"],
    }
    assert "5 subscriptions" in page.content.decode()
    without = visitor.get(f"{URL}?partner=without&organization=west")
    assert len(shown(without)) == found["west"].without_partner


def test_pages_over_several_organizations_have_each_row_once_forth_and_back(several, visitor, monkeypatch):
    monkeypatch.setattr(paging, "PAGE_SIZE", 2)
    for order in ("name", "-name", "ends", "-ends"):
        page, pages = visitor.get(f"{URL}?order={order}"), []
        while True:
            pages.append(shown(page))
            if not (older := page.context["page"].older_url):
                break
            page = visitor.get(f"{URL}{older}")
        assert sorted(chain(*pages)) == ["Apps", "Bureau", "Cloud", "Mail", "Visio"], order
        assert [len(each) for each in pages] == [2, 2, 1]
        back = [shown(page)]
        while newer := page.context["page"].newer_url:
            page = visitor.get(f"{URL}{newer}")
            back.append(shown(page))
        assert back == pages[::-1], order
        ranges = page.context["list"].range
        assert ranges == "1–2 of 5"


def test_the_file_is_the_list_and_is_audited_in_each_organization_that_it_has_a_row_of(several, visitor):
    for query, slugs in (("", {"west", "east", "north"}), ("partner=with", {"west", "east"})):
        rows = rows_of_file(visitor.get(f"{URL}?{query}&file=csv"))
        assert sorted(row["Name"] for row in rows) == sorted(shown(visitor.get(f"{URL}?{query}")))
        assert [row["Organization"] for row in rows] == sorted(row["Organization"] for row in rows)
        with as_owner():
            events = list(AuditEvent.objects.filter(kind=AuditKind.LIST_EXPORTED).order_by("-pk")[: len(slugs)])
            assert {event.tenant.slug for event in events} == slugs
        assert sum(event.detail["rows"] for event in events) == len(rows)
        assert {(event.actor_id, event.actor_name) for event in events} == {(several.person.pk, "Gustav Lindner")}
    assert rows[0]["Partner ID"] == "880021" and rows[0]["Currency"] == "CNY"


def test_who_is_in_more_organizations_than_a_page_reads_is_told(several, visitor, monkeypatch):
    monkeypatch.setattr(list_page, "MOST_ORGANIZATIONS", 2)
    page = visitor.get(URL)
    assert "reads the first 2 organizations by name; 1 more is left out" in page.content.decode()
    assert shown(page) == ["Bureau", "Cloud", "Visio"]
    assert "left out" not in visitor.get(f"{URL}?organization=west").content.decode()


def test_a_closed_organization_is_not_there_and_a_suspended_one_is_only_read(several, visitor):
    with as_owner():
        Tenant.objects.filter(pk=several.west.pk).update(state="suspended", state_since="2026-01-01T00:00Z")
    page = visitor.get(URL)
    assert "Apps" in shown(page)
    (place,) = {row["seat"] for row in page.context["list"].rows if row["seat"].tenant == several.west}
    assert place.actor.held_back is not None


def test_somebody_of_no_organization_gets_the_empty_list(db, sign_in, several):
    """And a partner's person nothing of its customers: what they do there is the workspace's."""
    stranger = make_member(
        tenant=make_tenant(slug="lone", name="Lone"), email="a@lone.example", role=Role.GLOBAL_ADMIN
    )
    page = sign_in(stranger).get(URL)
    assert shown(page) == [] and "Apps" not in page.content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_each_organization_costs_two_statements_however_many_rows_it_has(several, visitor, number):
    for index in range(number):
        tenant = make_tenant(slug=f"more-{index}", name=f"More {index}", cloud=Cloud.WORLDWIDE)
        make_member(tenant=tenant, user=several.person, role=Role.GLOBAL_ADMIN)
        product = make_product(sku=f"more-{index}")
        for row in range(number * 3):
            make_subscription(tenant=tenant, product=product, name=f"Row {row}")
    with CaptureQueriesContext(connection) as captured:
        visitor.get(URL)
    assert len(captured) == 6 + 2 * (3 + number)


def test_a_query_without_any_filter_reads_of_each_organization_its_own_rows_alone(several):
    """The second lock: in each organization's scope, and none of it left behind afterwards."""
    with scopes.person(several.person.pk):
        seats = seats_of(several.person, memberships_of(several.person.pk))
        rows = Subscription.objects.order_by("name").values_list("name", flat=True)
        names = read_each(seats, several.person.pk, lambda seat: list(rows.all()))
        assert dict(zip((seat.tenant.slug for seat in seats), names, strict=True)) == {
            "east": ["Bureau", "Visio"],
            "north": ["Cloud"],
            "west": ["Apps", "Mail"],
        }
        assert scopes.current().role == scopes.ScopeRole.PERSON
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            Subscription.objects.count()
