"""The search of an organization: exact IDs first, beginnings and words, pages and acts, only what one may read."""

import pytest

from subscriptions.clouds import Cloud
from tests.factories import (
    make_audit_event,
    make_member,
    make_order,
    make_partner,
    make_partner_of_record,
    make_partner_person,
    make_product,
    make_relationship,
    make_subscription,
    make_tenant,
    placed,
)
from tests.page import attribute, inside, parse, words


def found(client, text="", slug="alpha", language="en") -> dict[str, list[str]]:
    """By heading, the names that are found."""
    answer = client.get(f"/t/{slug}/search/", {"q": text}, headers={"Accept-Language": language})
    assert answer.status_code == 200
    (main,) = (each for each in inside(parse(answer.content.decode()), "main"))
    return {
        words(next(inside(section, "h2"))): [words(next(inside(item, "a"))) for item in inside(section, "li")]
        for section in inside(main, "section")
        if attribute(section, "class") == "section"
    }


@pytest.fixture
def filled(alpha):
    """Something of each kind that has “tail” in it, and the same in another organization."""
    partner = make_partner(name="Tailspin Consulting")
    for tenant, more in ((alpha, ""), (make_tenant(slug="gamma", name="Gamma"), " of gamma")):
        named = make_subscription(tenant=tenant, name=f"Tail suite{more}")
        make_subscription(
            tenant=tenant, name=f"Suite{more}", own_name="Detail team", product=make_product(name=f"P{more}")
        )
        make_partner_of_record(subscription=named, partner=partner)
        make_relationship(tenant=tenant, partner=partner)
        make_order(tenant=tenant, **placed("2026-000123" if tenant == alpha else "2026-000124"), partner_name="")
        make_member(tenant=tenant, role="global-reader", email=f"tail@{tenant.slug}.example", name=f"Tailor{more}")
    return alpha


def test_names_that_begin_so_come_before_words_and_nothing_is_of_others(filled, global_admin, sign_in):
    assert found(sign_in(global_admin), "tail") == {
        "Pages and acts": [
            "Edit partner of record of Tail suite",
            "Add partner of record to Suite – Detail team",
            "Add partner of record: Tailspin Consulting",
        ],
        "Subscriptions": ["Tail suite", "Suite – Detail team"],
        "Partners": ["Tailspin Consulting"],
        "Relationships": ["Delegated administrator, Tailspin Consulting"],
        "Members": ["Tailor"],
    }


def test_an_id_comes_first_however_it_is_typed(filled, global_admin, sign_in):
    client = sign_in(global_admin)
    assert list(found(client, "ID 565 380")) == ["Pages and acts", "Partners", "Relationships"]
    assert found(client, "2026-000123")["Orders"] == ["2026-000123"]
    assert found(client, "2026-0001")["Orders"] == ["2026-000123"]
    assert "Orders" not in found(client, "2026-000124")


def test_who_only_reads_finds_no_acts(filled, reader, sign_in):
    client = sign_in(reader)
    assert "Pages and acts" not in found(client, "tail")
    assert found(client, "members")["Pages and acts"] == ["Members"]


def test_a_partners_person_finds_what_its_roles_read(filled, sign_in):
    partner = make_partner(number="935287", name="Adventure Works")
    make_relationship(tenant=filled, partner=partner, roles=("helpdesk-administrator",))
    client = sign_in(make_partner_person(partner=partner, email="agent@partner.example"))
    assert list(found(client, "tail")) == ["Members"]


@pytest.mark.parametrize(
    ("language", "text", "label"),
    [
        ("en", "add partner", "Add partner of record"),
        ("de", "partner hinzu", "Partner of Record hinzufügen"),
        ("zh-hans", "在录", "添加在录合作伙伴"),
    ],
)
def test_pages_and_acts_are_found_in_each_language(alpha, global_admin, sign_in, language, text, label):
    first, *_others = found(sign_in(global_admin), text, language=language).values()
    assert label in first


def test_an_act_with_a_name_behind_it_leads_to_its_page_for_that(filled, global_admin, sign_in):
    client = sign_in(global_admin)
    page = parse(client.get("/t/alpha/search/?q=add+partner+of+record+to+detail").content.decode())
    (link,) = (each for each in inside(page, "a") if words(each) == "Add partner of record to Suite – Detail team")
    assert client.get(attribute(link, "href")).status_code == 200


def test_where_nobody_adds_a_partner_no_such_act_is_found(db, sign_in):
    tenant = make_tenant(slug="lanyun", name="蓝云", cloud=Cloud.OPERATED_BY_21VIANET, country="CN")
    admin = make_member(tenant=tenant, role="global-admin", email="a@lanyun.example")
    make_subscription(tenant=tenant, name="Suite")
    headings = found(sign_in(admin), "suite", slug="lanyun")
    assert headings == {"Subscriptions": ["Suite"]}


def test_without_a_text_there_is_what_the_person_did_last(filled, global_admin, sign_in):
    subscription = make_subscription(tenant=filled, name="Visio", product=make_product(name="Visio"))
    own = {"tenant": filled, "actor": global_admin, "kind": "subscription.named"}
    for _twice in range(2):
        make_audit_event(**own, subject_name="Visio", subject_uuid=subscription.uuid)
    make_audit_event(tenant=filled, kind="subscription.named", subject_name="Others", subject_uuid=subscription.uuid)
    assert found(sign_in(global_admin)) == {"What you did last": ["Visio"]}


@pytest.mark.parametrize("text", ["x", "x" * 201])
def test_a_text_that_is_too_short_or_long_is_told_so(alpha, global_admin, sign_in, text):
    answer = sign_in(global_admin).get("/t/alpha/search/", {"q": text})
    assert answer.status_code == 422
    assert "Type 2 to 200 characters." in words(parse(answer.content.decode()))


def test_what_is_not_found_is_said_with_what_helps(alpha, global_admin, sign_in):
    page = words(parse(sign_in(global_admin).get("/t/alpha/search/?q=nothingatall").content.decode()))
    assert "Nothing here answers to this." in page
