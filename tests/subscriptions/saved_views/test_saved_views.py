"""The filters of a list under a name: a person's own, handed out by address, and the one with which it opens."""

from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from subscriptions.db import scopes
from subscriptions.models import AuditEvent, SavedView
from subscriptions.saved_views.lists import LISTS
from subscriptions.saved_views.rules import MOST_VIEWS
from subscriptions.tenants.personal_data import collect
from tests.database import as_owner
from tests.factories import make_member, make_order, make_subscription, make_view
from tests.page import attribute, inside, parse, words

LIST, VIEWS, SAVE = "/t/alpha/billing/subscriptions/", "/t/alpha/views/", "/t/alpha/views/save/"
FILTERS = "order=-ends&status=active"


@as_owner()
def stored() -> list[tuple[str, str, str, bool]]:
    return list(SavedView.objects.order_by("pk").values_list("list", "name", "query", "is_default"))


def menu(client, url: str) -> dict[str, str]:
    """What stands in the menu of views, and where it leads."""
    page = parse(client.get(url).content.decode())
    links = [link for each in inside(page, "details") for link in inside(each, "a")]
    return {words(link): attribute(link, "href") for link in links}


def save(client, *, name="Active", query=FILTERS, **typed):
    return post(client, SAVE, list="subscriptions", query=query, name=name, **typed)


def post(client, url, **typed):
    """With a key of its own."""
    return client.post(url, {"key": str(uuid4()), **typed})


def test_the_filters_that_are_set_get_a_name_and_open_again(alpha, global_admin, reader, sign_in):
    make_subscription(tenant=alpha, name="Office", status="active")
    make_subscription(tenant=alpha, name="Trial of Visio", status="trial")
    client = sign_in(global_admin)
    offered = menu(client, f"{LIST}?status=active&q=&order=-ends&after=x")
    page = client.get(offered["Save this view…"])
    assert (page.status_code, "Subscriptions" in page.content.decode()) == (200, True)
    done = save(client, name=" Active  ones ")
    assert (done.status_code, done.url) == (303, f"{LIST}?{FILTERS}")
    assert stored() == [("subscriptions", "Active ones", FILTERS, False)]
    there = menu(client, done.url)
    assert (there["Active ones"], "Save this view…" in there) == (f"?{FILTERS}", False)
    # To whom the address is handed the list shows the same, and nothing of the view
    other = sign_in(reader)
    shown = other.get(done.url).content.decode()
    assert ("Office" in shown, "Trial of Visio" in shown, "Active ones" in shown) == (True, False, False)
    assert "Save this view…" in menu(other, done.url)
    with as_owner():
        assert not AuditEvent.objects.exists()


def test_the_list_opens_with_the_own_default_and_all_is_always_there(alpha, global_admin, reader, sign_in):
    make_subscription(tenant=alpha), make_subscription(tenant=alpha)
    client = sign_in(global_admin)
    save(client, name="First", is_default="on")
    save(client, name="Second", query="partner=without", is_default="on")
    assert [is_default for *_rest, is_default in stored()] == [False, True]
    opened = client.get(LIST)
    assert (opened.status_code, opened.url) == (302, "?partner=without")
    assert menu(client, f"{LIST}{opened.url}")["All"] == "?order=name"
    assert client.get(f"{LIST}?order=name").status_code == 200
    assert sign_in(reader).get(LIST).status_code == 200  # nobody else's list opens with it
    own = {name: url for name, url in menu_of_views(client).items() if name.startswith(("Change", "Delete"))}
    change, delete = own["Change Second"], own["Delete First"]
    post(client, change, name="Second")
    assert (client.get(LIST).status_code, post(client, delete).status_code) == (200, 303)
    assert stored() == [("subscriptions", "Second", "partner=without", False)]
    assert [post(client, delete).status_code, client.get(delete).status_code] == [404, 404]


def menu_of_views(client) -> dict[str, str]:
    page = parse(client.get(VIEWS).content.decode())
    return {words(link): attribute(link, "href") for table in inside(page, "table") for link in inside(table, "a")}


QUERIES = {"audit-log": "kind=order.placed", "scheduled-changes": "state=applied", "approvals": "state=approved"}


@pytest.mark.parametrize("list_name", LISTS)
def test_each_list_has_its_views_and_clears_to_all_rows(alpha, global_admin, sign_in, list_name):
    listed = LISTS[list_name]
    make_order(tenant=alpha), make_subscription(tenant=alpha), make_subscription(tenant=alpha)
    query = QUERIES.get(list_name, "q=x")
    make_view(tenant=alpha, user=global_admin, list=list_name, query=query, name="Ours", is_default=True)
    client = sign_in(global_admin)
    url = menu_of_views(client)["Ours"]
    opened = client.get(url.partition("?")[0])
    page = client.get(url)
    assert (opened.status_code, opened.url, page.status_code) == (302, f"?{query}", 200)
    there = menu(client, url)
    assert (there["Ours Default"], there["All"]) == (f"?{query}", listed.all_query)
    assert page.content.decode().count(f'href="{listed.all_query}"') >= 2  # Clear all leads there too
    assert client.get(url.partition("?")[0] + listed.all_query).status_code == 200


def test_names_are_told_apart_and_nothing_grows_without_end(alpha, global_admin, sign_in):
    client = sign_in(global_admin)
    assert [save(client).status_code for _ in range(2)] == [303, 422]
    assert "called so already" in save(client).content.decode()
    assert [save(client, name=name).status_code for name in ("", "x" * 61)] == [422, 422]
    assert post(client, SAVE, list="nothing", name="A").status_code == 404
    assert save(client, name="Long", query="q=" + "x" * 2000).status_code == 303
    assert max(len(query) for _list, _name, query, _default in stored()) <= 500
    for number in range(MOST_VIEWS - 2):
        make_view(tenant=alpha, user=global_admin, name=f"View {number}")
    full = save(client, name="One more")
    assert (full.status_code, "more are not kept" in full.content.decode()) == (409, True)
    mine = {url for name, url in menu_of_views(client).items() if name == "Change View 1"}
    assert post(client, mine.pop(), name="View 2").status_code == 422


def test_they_are_the_persons_own_in_the_database_too(alpha, beta, global_admin, reader, sign_in):
    other = make_member(tenant=beta, user=global_admin)
    mine, elsewhere = make_view(tenant=alpha, user=global_admin), make_view(tenant=beta, user=other)
    for tenant, user, seen in ((alpha, global_admin, [mine]), (alpha, reader, []), (beta, global_admin, [elsewhere])):
        with scopes.person(user.pk) as scope:
            scope.become_tenant(tenant.pk)
            assert list(SavedView.objects.all()) == seen
    with scopes.person(reader.pk) as scope:
        scope.become_tenant(alpha.pk)
        with pytest.raises(DatabaseError), transaction.atomic():
            SavedView.objects.create(tenant=alpha, user=global_admin, list="orders", name="A", query="q=x")
    client = sign_in(reader)
    assert [client.get(f"{VIEWS}{view.uuid}/").status_code for view in (mine, elsewhere)] == [404, 404]
    assert {row["name"] for row in collect(global_admin)["subscriptions.SavedView.user"]} == {"Mine"}
