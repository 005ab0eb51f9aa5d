"""Staff's one search box: IDs first, then beginnings and words, a few of each kind, by an index each."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from subscriptions.db import scopes
from subscriptions.search.finder import MOST_OF_A_KIND
from tests.database import as_owner, without_scope
from tests.factories import make_member, make_order, make_partner, make_subscription, make_user, placed
from tests.page import parse

SEARCH = "/staff/search/"
SEEDS = """
    SET LOCAL session_replication_role = replica;
    INSERT INTO subscriptions_tenant
           (uuid, slug, name, name_key, search_text, cloud, country, city, time_zone, staff_may_view,
            second_person, asks_off_list, state)
    SELECT gen_random_uuid(), 'made-' || n, 'Made ' || n, 'made ' || n, ' made ' || n || ' made-' || n,
           'o365-worldwide', 'US', '', 'UTC', true, false, false, 'active' FROM generate_series(1, %(rows)s) AS n;
    INSERT INTO subscriptions_user
           (uuid, email, name, name_key, password, is_superuser, is_staff, is_active, language, time_zone, theme,
            mails, session_generation, date_joined)
    SELECT gen_random_uuid(), 'person' || n || '@made.example', 'Person ' || n, 'person ' || n, '', false, false,
           true, '', '', 'system', 'at-once', 0, now() FROM generate_series(1, %(rows)s) AS n;
    INSERT INTO partners_partner
           (uuid, number, name, name_key, search_text, cloud, kind, state, country, city, street, phone, website,
            mailbox, language, authorized_countries, authorized_for_all, authorized_families,
            text_en, text_de, text_zh_hans)
    SELECT gen_random_uuid(), 2000000 + n, 'Company ' || n, 'company ' || n, ' company ' || n, 'o365-worldwide',
           'location', 'active', 'US', 'Seattle', '', '', '', n || '@company.example', 'en', '{US}', true, '{}',
           '', '', ''
      FROM generate_series(1, %(rows)s) AS n;
    ANALYZE subscriptions_tenant, subscriptions_user, partners_partner
"""


def found(desk, text: str) -> dict[str, list[str]]:
    """The names that were found, by the heading of their kind."""
    response = desk.get(SEARCH, {"q": text})
    assert response.status_code == 200
    sections = parse(response.content.decode()).xpath("//main//section")
    return {
        section.xpath(".//h2")[0].text_content(): [
            link.text_content() for link in section.xpath(".//ul[contains(@class, 'hits')]//a")
        ]
        for section in sections
    }


@pytest.fixture
def world(alpha, beta):
    make_partner(mailbox="desk@tailspin.example")
    make_member(tenant=alpha, email="anna.beck@alpha.example", name="Anna Beck")
    subscription = make_subscription(tenant=alpha, name="Visio Plan 1")
    order = make_order(tenant=beta, **placed("2026-000417"))
    return {"subscription": subscription, "order": order, "alpha": alpha}


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("565380", "Partners", "Tailspin Consulting"),
        ("Partner ID: 0 565-380", "Partners", "Tailspin Consulting"),
        ("tail", "Partners", "Tailspin Consulting"),
        ("consulting TAIL", "Partners", "Tailspin Consulting"),
        ("desk@tailspin.example", "Partners", "Tailspin Consulting"),
        ("Anna.Beck@ALPHA.example", "People", "Anna Beck"),
        ("anna.b", "People", "Anna Beck"),
        ("beck an", "People", "Anna Beck"),
        ("alpha", "Organizations", "Alpha"),
        ("2026-000417", "Orders", "2026-000417"),
        ("2026-0004", "Orders", "2026-000417"),
    ],
)
def test_each_thing_is_found_by_its_id_its_beginning_and_its_words(desk, world, text, kind, name):
    assert any(name.casefold() in title.casefold() for title in found(desk, text).get(kind, [])), found(desk, text)


@pytest.mark.parametrize("name", ["subscription", "order", "alpha"])
def test_a_pasted_uuid_finds_its_one_thing_however_it_is_spelt(desk, world, name):
    uuid = world[name].uuid
    for text in (str(uuid), uuid.hex.upper(), f" {uuid} "):
        assert [len(titles) for titles in found(desk, text).values()] == [1]


def test_an_exact_id_comes_before_names_with_the_same_text(desk, alpha):
    for number in ("7000", "9123"):
        make_partner(number=number, name=f"Agency {number}")
    make_user(email="p@x.example", name="Agent 7000")
    assert list(found(desk, "7000")) == ["Partners", "People"]
    page = desk.get(SEARCH, {"q": "7000"}).content.decode()
    assert page.count("Exactly this ID") == 1


def test_a_kind_with_many_hits_shows_a_few_and_leads_to_its_list(desk):
    for number in range(MOST_OF_A_KIND + 2):
        make_partner(number=str(8000 + number), name=f"Northwind {number}")
    page = parse(desk.get(SEARCH, {"q": "northwind"}).content.decode())
    assert len(page.xpath("//main//ul[contains(@class, 'hits')]/li")) == MOST_OF_A_KIND
    (rest,) = page.xpath("//main//div[@class='bar']/a")
    assert desk.get(rest.get("href")).context["cl"].result_count == MOST_OF_A_KIND + 2


def test_a_word_too_short_for_the_index_is_looked_for_as_a_beginning(desk, world):
    make_user(email="y@x.example", name="Bo Li")
    make_user(email="z@x.example", name="李 明")
    assert found(desk, "bo") == {"People": ["Bo Li"]}
    assert found(desk, "li") == {}
    assert found(desk, "李 明") == {"People": ["李 明"]}


@pytest.mark.parametrize("text", ["x", "y" * 201])
def test_a_text_too_short_or_too_long_is_said_and_asks_nothing(desk, world, text):
    answer = desk.get(SEARCH, {"q": text})
    assert answer.status_code == 422
    assert "Type 2 to 200 characters." in answer.content.decode()


def test_nothing_found_says_what_can_be_looked_for(desk, world):
    assert found(desk, "nobody of that name") == {}
    assert "Nothing answers to this." in desk.get(SEARCH, {"q": "nobody of that name"}).content.decode()


@pytest.mark.parametrize("text", ["%", "a_", "\\", "''; --", "e" * 200, "½½", "ＡＬＰＨＡ", "\ud800x"])
def test_any_text_is_looked_for_as_it_is(desk, world, text):
    answer = desk.get(SEARCH, {"q": text.encode(errors="surrogatepass").decode(errors="replace")})
    assert answer.status_code in (200, 422)
    assert ("Anna Beck" in answer.content.decode()) is False


def test_the_box_stands_on_every_page_of_staff(desk, alpha):
    pages = ("/staff/", "/staff/subscriptions/tenant/", f"/staff/subscriptions/tenant/{alpha.pk}/change/", SEARCH)
    box = "//header//form[@role='search']//input[@name='q']"
    assert [len(parse(desk.get(url).content.decode()).xpath(box)) for url in pages] == [1, 1, 1, 1]


def test_a_search_costs_the_same_statements_however_many_answer(desk, world):
    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            desk.get(SEARCH, {"q": "alpha"})
        return len(asked)

    make_member(tenant=world["alpha"], email="alpha@x.example", name="Alpha")
    few = statements()
    for number in range(4):
        make_user(email=f"alpha{number}@x.example", name=f"Alpha {number}")
    assert statements() == few


def test_an_index_carries_every_search(desk):
    """Few rows are read faster without one, so the planner is kept from that."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(SEEDS, {"rows": 5_000})
    for text in ("rarely-there", "made 4711", "person47", "company 47", "2026-00", "2004711", "x@y.example"):
        with CaptureQueriesContext(connection) as asked:
            desk.get(SEARCH, {"q": text})
        searched = [
            without_scope(each["sql"]) for each in asked if "search_text" in each["sql"] or "name_key" in each["sql"]
        ]
        with scopes.staff(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            for sql in searched:
                cursor.execute(f"EXPLAIN {sql}")
                plan = "\n".join(line for (line,) in cursor.fetchall())
                assert "Seq Scan" not in plan, f"{sql}\n{plan}"
