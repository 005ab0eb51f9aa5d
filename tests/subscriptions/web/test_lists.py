"""The frame of every list: what an address may ask for, which rows a page says it shows, and the file of them all."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.test import RequestFactory
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy

from subscriptions.db import scopes
from subscriptions.models import Subscription
from subscriptions.models.subscription import SubscriptionStatus
from subscriptions.web import cells, paging
from subscriptions.web.lists import Empty, List
from subscriptions.web.tables import Column, Group, Place, Table
from tests.factories import make_subscription
from tests.page import inside, parse, words


class NameForm(forms.Form):
    q = forms.CharField(label="Name", required=False, max_length=10)


class Suites(List):
    title = "Suites"
    form_class = NameForm
    values = ("name", "status")
    sorts = {"name": "name_key", "ends": "term_ends_on"}
    order = "name"
    none_matches = Empty("No suite matches.")
    nothing_yet = Empty("There is no suite.", why="Nobody bought one.")
    columns = (
        Column("Name", lambda row: cells.name(row["name"]), value="name", sort="name"),
        Column("Ends", lambda row: "", sort="-ends"),
        Column("Days", value=lambda row: timezone.localtime(datetime(2026, 6, 30, 23, tzinfo=UTC)).date()),
        Column("Status", value=lambda row: SubscriptionStatus(row["status"]).label),
    )

    def found(self, wanted):
        return Subscription.objects.of_tenant(self.request.tenant).filter(name__icontains=wanted["q"])


@pytest.fixture
def ask(alpha, monkeypatch):
    """The list that an address shows, with pages of two rows."""
    monkeypatch.setattr(paging, "PAGE_SIZE", 2)

    def listed(query: str = "", kind=Suites):
        request = RequestFactory().get(f"/{query}")
        request.tenant = alpha
        return kind(request)

    with scopes.tenant(alpha.pk):
        yield listed


@pytest.fixture
def five(alpha):
    for number in range(5):
        make_subscription(tenant=alpha, name=f"Suite {number}")


def names(listed) -> list[str]:
    return [row["name"] for row in listed.rows]


@pytest.mark.parametrize("order", ["password", "tenant__name", "name_key", "--name", "status"])
def test_a_sort_that_is_not_offered_is_an_error_and_shows_nothing(five, ask, order):
    listed = ask(f"?order={order}")
    assert (listed.is_valid, listed.rows, listed.nothing, listed.count) == (False, [], None, "")
    assert list(listed.form.errors) == ["order"]


def test_a_head_sorts_by_a_click_and_turns_by_the_next(five, ask):
    name, ends = ask("?q=suite").table.heads
    assert (name.url, name.sort) == ("?q=suite&order=-name", "ascending")
    assert (ends.url, ends.sort) == ("?q=suite&order=-ends", "")
    name, ends = ask("?order=-ends").table.heads
    assert (name.url, ends.url, ends.sort) == ("?order=name", "?order=ends", "descending")


def test_a_page_says_which_rows_it_shows_of_how_many(five, ask):
    first = ask()
    second = ask(first.page.older_url)
    third = ask(second.page.older_url)
    assert [each.range for each in (first, second, third)] == ["1–2 of 5", "3–4 of 5", "5–5 of 5"]
    back = ask(third.page.newer_url)
    assert (back.range, names(back)) == ("3–4 of 5", names(second))
    assert ask(back.page.newer_url).range == "1–2 of 5"


def test_a_filter_narrows_what_is_counted(five, ask):
    assert (ask("?q=3").range, ask("?q=nothing").range) == ("1–1 of 1", "")


def test_a_count_goes_no_further_than_a_page_says(five, ask, monkeypatch):
    monkeypatch.setattr(paging, "COUNT_CAP", 3)
    assert ask().range == "1–2 of 2+"


def test_rows_that_came_in_between_do_not_make_a_page_begin_before_the_first(five, ask, alpha):
    second = ask(ask().page.older_url)
    for number in range(3):
        make_subscription(tenant=alpha, name=f"A {number}")
    assert ask(second.page.newer_url).page.first == 2


def test_a_list_without_filters_counts_nothing(five, ask):
    class Plain(Suites):
        form_class = forms.Form

        def found(self, wanted):
            return super().found({"q": ""})

    listed = ask("", Plain)
    assert (listed.range, listed.shows_filters, "in_all" in listed.rows[0]) == ("", False, False)


def test_nothing_yet_and_no_match_are_told_apart(ask):
    assert (ask().nothing.sentence, ask().shows_filters) == ("There is no suite.", False)
    assert (ask("?q=x").nothing.sentence, ask("?q=x").shows_filters) == ("No suite matches.", True)


def test_the_file_has_the_filtered_rows_of_all_pages(five, ask):
    listed = ask("?q=suite&order=-name")
    rows = list(listed.file.plain(listed.all_rows()))
    assert listed.file.header() == ["Name", "Days", "Status"]
    assert [row[0] for row in rows] == [f"Suite {number}" for number in (4, 3, 2, 1, 0)]


def test_the_file_speaks_as_its_request_did_and_leaves_nothing_chosen(five, ask):
    with translation.override("de"), timezone.override(ZoneInfo("Asia/Shanghai")):
        listed = ask()
        rows = listed.file.plain(listed.all_rows())
    _name, day, status = next(rows)
    assert (str(day), status) == ("2026-07-01", "Aktiv")
    assert (translation.get_language(), timezone.get_current_timezone_name()) == ("en", "UTC")


def test_every_cell_is_escaped_and_labeled_once(ask):
    table = Table("Caption", (Column("<{0}>", lambda row: row), Column("B", cells.name, css="num")), ["<b>{x}</b>"])
    row = table.drawn("<b>{x}</b>")
    assert row == (
        '<tr><th scope="row" data-label="&lt;{0}&gt;">&lt;b&gt;{x}&lt;/b&gt;</th>'
        '<td class="num" data-label="B"><bdi>&lt;b&gt;{x}&lt;/b&gt;</bdi></td></tr>'
    )


def test_a_place_in_the_lines_of_a_phone_is_a_class_of_the_cell():
    name = Column("Name", lambda row: row)
    figure = Column("Cost", lambda row: row, css="num", place=Place.FIGURE)
    assert [Table("Caption", columns).classes for columns in ((name,), (name, figure))] == ["rows", "rows lines"]
    assert '<td class="num at-figure" data-label="Cost">' in Table("Caption", (name, figure)).drawn("a")


def test_only_filters_that_take_room_fold(ask):
    class Two(forms.Form):
        q = forms.CharField(required=False)
        status = forms.CharField(required=False)

    class Both(Suites):
        form_class = Two

    assert (ask().folds, ask("", Both).folds) == (False, True)


def test_groups_are_bodies_of_their_own_below_what_they_have_in_common():
    column = Column(gettext_lazy("Name"), lambda row: row)
    table = Table("Caption", (column, column), groups=[Group(["a", "b"], "First"), Group(["c"], "Second")])
    bodies = [parse(f"<table><tbody>{body}</tbody></table>") for body in table.bodies]
    assert [[words(row) for row in inside(body, "tr")] for body in bodies] == [
        ["First", "a a", "b b"],
        ["Second", "c c"],
    ]
