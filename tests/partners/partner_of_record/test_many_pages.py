"""Many subscriptions from the list to the receipt, as a browser without script sends it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse

from subscriptions.bulk.many_act_page import title_of
from subscriptions.models import BulkAct
from tests.database import as_owner
from tests.factories import make_actor, make_partner, make_partner_of_record, make_subscription
from tests.facts import audit_kinds, periods
from tests.partners.partner_of_record import client as acts
from tests.subscriptions.bulk import facts as many

LIST = "/t/alpha/billing/subscriptions/"


def url(name: str, act: BulkAct | None = None) -> str:
    return reverse(f"subscriptions:bulk-{name}".removesuffix("-detail"), args=["alpha", *([act.uuid] if act else [])])


@as_owner()
def newest() -> BulkAct:
    return BulkAct.objects.select_related("tenant").latest("pk")


def choose(client: Client, *, kind: str = many.SET, **fields: Any):
    return client.post(url("choose"), {"kind": kind, "list": "", **fields})


def name_partner(client: Client, number: str = "935287"):
    return client.post(url("what", newest()), {"partner_id": number, "reason": "Year end"})


def shown(client: Client) -> dict[str, str]:
    """The hidden fields of the preview."""
    form = client.get(url("preview", newest())).context["form"]
    return {name: str(form[name].value()) for name in ("key", "version", "seal")}


def ticked(*rows) -> list[str]:
    return [str(row.uuid) for row in rows]


def test_ticked_rows_are_previewed_changed_and_undone_by_hand(alpha, global_admin, adventure, sign_in):
    client, rows = sign_in(global_admin), many.make_many(alpha, 3)
    answer = choose(client, pick=ticked(*rows[:2]), shown=ticked(*rows))
    assert (answer.status_code, answer["Location"]) == (303, url("what", newest()))
    assert name_partner(client)["Location"] == url("preview", newest())
    page = client.get(url("preview", newest())).content.decode()
    for words in ("Change 2 subscriptions", "935287 Adventure: one email about 2 subscriptions that it gains"):
        assert words in page
    answer = client.post(url("preview", newest()), shown(client))
    assert (answer.status_code, answer["Location"]) == (303, url("detail", newest()))
    progress = client.get(url("detail", newest())).content.decode()
    assert ("0 of 2 done" in progress, "Look again" in progress) == (True, True)
    many.work_off(newest())
    receipt = client.get(url("detail", newest())).content.decode()
    assert "Undo 2 changes" in receipt
    assert [bool(periods(row)) for row in rows] == [True, True, False]
    done = newest()
    assert client.post(url("undo", done), {"key": shown_key(client)})["Location"] == url("preview", newest())
    client.post(url("preview", newest()), shown(client))
    many.work_off(newest())
    assert [periods(row) for row in rows[:2]] == [[("935287", False)]] * 2
    assert "It was undone already." in client.get(url("detail", done)).content.decode()


def test_the_box_in_the_head_means_the_page_only(alpha, global_admin, sign_in):
    client, rows = sign_in(global_admin), many.make_many(alpha, 27)
    page = client.get(LIST)
    boxes = page.content.decode().count('name="pick"')
    choose(client, page="1", shown=ticked(*rows[:25]))
    assert (boxes, newest().chosen) == (25, 25)
    assert 'name="kind" value="partner-of-record">Set partner of record</button>' in page.content.decode()
    assert "All 27 that match" in page.content.decode()


@pytest.mark.parametrize(
    ("query", "count"), [("", 30), ("q=0002", 1), ("partner=without", 28), ("q=Office+00&partner=with", 2)]
)
def test_all_that_match_is_what_the_filter_says_search_included(
    alpha, global_admin, adventure, sign_in, query, count
):
    rows = many.make_many(alpha, 30)
    for row in rows[:2]:
        make_partner_of_record(subscription=row, partner=adventure)
    many.make_many(alpha, 0)
    client = sign_in(global_admin)
    assert client.get(f"{LIST}?{query}&order=name").context["list"].total == count
    choose(client, kind=many.DELETE, scope="all", list=query)
    assert newest().chosen == count


def test_of_all_that_match_a_row_that_is_not_ticked_is_left_out(alpha, global_admin, sign_in):
    client, rows = sign_in(global_admin), many.make_many(alpha, 27)
    page = client.get(f"{LIST}?choose=all").content.decode()
    assert page.count(" checked>") == 25
    choose(client, scope="all", shown=ticked(*rows[:25]), pick=ticked(*rows[1:25]))
    assert (newest().chosen, newest().selection) == (26, "All subscriptions")


def test_the_preview_groups_what_changes_by_partner_and_says_of_the_rest_why_it_stays(
    alpha, global_admin, billing_admin, adventure, sign_in, monkeypatch
):
    """And how the rows were chosen, in words; one that comes later is not among them."""
    tailspin = make_partner(number="565380", name="Tailspin")
    many.make_many(alpha, 2, partner=tailspin)
    many.make_many(alpha, 1)
    make_subscription(tenant=alpha, name="Office disabled", status="disabled")
    client = sign_in(global_admin)
    choose(client, scope="all", list="q=office")
    name_partner(client)
    make_subscription(tenant=alpha, name="Office that came later")
    assert newest().selection == "Search by name, ID or partner: office"
    answer = client.get(url("preview", newest()))
    assert [(group.old, group.new, group.count) for group in answer.context["changing"]] == [
        ("565380 Tailspin", "935287 Adventure", 2), ("None", "935287 Adventure", 1),
    ]  # fmt: skip
    page = answer.content.decode()
    for words in (
        "Change 3 subscriptions", newest().selection, "Disabled, so it can only be read",
        "Reactivate these subscriptions first.", "935287 Adventure: one email about 3 subscriptions that it gains",
        "565380 Tailspin: one email about 2 subscriptions that it loses",
        "Your 2 Global and Billing admins: one receipt each",
    ):  # fmt: skip
        assert words in page
    monkeypatch.setattr("subscriptions.bulk.reads.MOST_GROUPS", 1)
    cut = client.get(url("preview", newest())).content.decode()
    assert ["The largest groups are shown." in each for each in (page, cut)] == [False, True]


def test_nothing_chosen_is_a_sentence_and_nothing_is_kept(alpha, global_admin, sign_in):
    client, rows = sign_in(global_admin), many.make_many(alpha, 1)
    for fields in (
        {},
        {"pick": ["none"]},
        {"scope": "all", "list": "status=x"},
        {"pick": ticked(*rows), "kind": "x"},
    ):
        assert choose(client, **fields).status_code == 422
    with as_owner():
        assert not BulkAct.objects.exists()


def test_a_preview_of_a_filter_that_matches_nothing_has_no_button(alpha, global_admin, sign_in):
    client = sign_in(global_admin)
    make_subscription(tenant=alpha)
    choose(client, kind=many.DELETE, scope="all", list="q=nothing")
    page = client.get(url("preview", newest()))
    for words in ("Nothing would change", "None of the subscriptions that you chose would change."):
        assert words in page.content.decode()
    assert client.post(url("preview", newest()), shown(client)).status_code == 409


def test_rows_of_another_organization_are_not_chosen(alpha, beta, global_admin, sign_in):
    theirs, mine = make_subscription(tenant=beta), make_subscription(tenant=alpha)
    choose(sign_in(global_admin), kind=many.DELETE, pick=ticked(theirs, mine))
    assert newest().chosen == 1


def test_who_only_reads_sees_no_boxes_and_no_changes(alpha, reader, billing_admin, sign_in):
    make_subscription(tenant=alpha, name="A")
    make_subscription(tenant=alpha, name="B")
    assert 'name="pick"' not in sign_in(reader).get(LIST).content.decode()
    assert 'name="pick"' in sign_in(billing_admin).get(LIST).content.decode()
    assert [sign_in(reader).get(url(name)).status_code for name in ("list", "choose")] == [403, 403]


@pytest.mark.parametrize("what", ["another digest", "another person", "too old"])
def test_what_is_not_what_was_seen_is_shown_anew(alpha, global_admin, billing_admin, adventure, sign_in, what):
    client, rows = sign_in(global_admin), many.make_many(alpha, 2)
    choose(client, pick=ticked(*rows))
    name_partner(client)
    seen, old = shown(client), newest()
    if what == "another digest":
        seen["version"] = "0" * 64
    elif what == "another person":
        client = sign_in(billing_admin)
    else:
        with as_owner():
            BulkAct.objects.update(previewed=F("previewed") - timedelta(minutes=31))
    answer = client.post(url("preview", old), seen)
    assert (answer.status_code, "Change 2 subscriptions" in answer.content.decode()) == (409, True)
    assert (newest().pk != old.pk, audit_kinds()) == (True, [])
    again = {name: str(answer.context["form"][name].value()) for name in ("key", "version", "seal")}
    assert client.post(url("preview", newest()), again).status_code == 303


def test_nobody_changes_what_somebody_else_looks_at(alpha, global_admin, billing_admin, adventure, sign_in):
    client, rows = sign_in(global_admin), many.make_many(alpha, 2)
    make_partner(number="565380")
    choose(client, pick=ticked(*rows))
    name_partner(client)
    seen, before = shown(client), newest()
    assert name_partner(sign_in(billing_admin), "565380").status_code == 409
    assert (newest().wanted, newest().digest) == (before.wanted, before.digest)
    assert client.post(url("preview", before), seen).status_code == 303
    assert newest().state == "queued"


def test_a_second_click_on_the_button_begins_nothing_again(alpha, global_admin, adventure, sign_in):
    client, rows = sign_in(global_admin), many.make_many(alpha, 2)
    choose(client, pick=ticked(*rows))
    name_partner(client)
    seen = shown(client)
    answers = [client.post(url("preview", newest()), seen) for _ in range(2)]
    assert [answer["Location"] for answer in answers] == [url("detail", newest())] * 2
    assert audit_kinds() == ["changes-on-many.begun"]


def test_a_row_is_left_out_by_its_button(alpha, global_admin, adventure, sign_in):
    client, rows = sign_in(global_admin), many.make_many(alpha, 2)
    choose(client, pick=ticked(*rows))
    name_partner(client)
    assert client.post(url("leave-out", newest()), {"leave_out": str(rows[0].uuid)})["Location"] == url(
        "preview", newest()
    )
    page = client.get(url("preview", newest())).content.decode()
    assert ("Change 1 subscription" in page, "Left out by you" in page) == (True, True)


def test_it_is_paused_resumed_and_stopped_by_buttons_and_polled(alpha, global_admin, adventure, sign_in):
    client, rows = sign_in(global_admin), many.make_many(alpha, 2)
    act = many.decide(
        many.previewed(alpha, make_actor(user=global_admin), partner=adventure), make_actor(user=global_admin)
    )
    states = []
    for name in ("pause", "resume", "stop", "stop"):
        answer = client.post(url(name, act), {"key": str(uuid4())})
        states.append((answer.status_code, newest().state))
    assert states == [(303, "paused"), (303, "queued"), (303, "canceled"), (409, "canceled")]
    polled = client.get(url("detail", act), headers={"HX-Request": "true", "HX-Target": "progress"})
    assert (polled.status_code, polled["HX-Refresh"]) == (204, "true")
    assert "Not reached before it was stopped" in client.get(url("detail", act)).content.decode()
    assert [periods(row) for row in rows] == [[], []]


def test_an_undo_names_what_changed_since_and_who_did_it_and_is_done_once(
    alpha, global_admin, billing_admin, adventure, sign_in
):
    client, rows = sign_in(global_admin), many.make_many(alpha, 2)
    done = many.done(alpha, make_actor(user=global_admin), partner=adventure, of=rows)
    assert acts.clear(sign_in(billing_admin), rows[1]).status_code == 303
    keys = [{"key": shown_key(client)} for _button in range(2)]
    client.post(url("undo", done), keys[0])
    listed = client.get(url("rows", newest())).content.decode()
    assert ("Changed again since then" in listed, billing_admin.name in listed) == (True, True)
    client.post(url("preview", newest()), shown(client))
    many.work_off(newest())
    assert [periods(row) for row in rows] == [[("935287", False)]] * 2
    answer = client.post(url("undo", done), keys[1])
    assert (answer.status_code, "It was undone already." in answer.content.decode()) == (409, True)


def test_the_list_and_the_rows_say_what_came_of_it(alpha, global_admin, adventure, sign_in):
    client, rows = sign_in(global_admin), many.make_many(alpha, 3)
    act = many.done(alpha, make_actor(user=global_admin), partner=adventure, of=rows)
    listed = client.get(url("list")).content.decode()
    assert ("Partner of record: 935287 Adventure" in listed, "3 / 3" in listed) == (True, True)
    page = client.get(url("rows", act))
    assert [len(page.context["list"].rows), title_of(many.now(act))] == [3, "Partner of record: 935287 Adventure"]
    assert client.get(f"{url('rows', act)}?like=x").status_code == 422


def test_an_unusable_partner_is_refused_where_it_is_typed(alpha, global_admin, adventure, sign_in):
    client, rows = sign_in(global_admin), many.make_many(alpha, 1)
    choose(client, pick=ticked(*rows))
    for typed in ("", "x", "999999"):
        assert name_partner(client, typed).status_code == 422
    assert newest().state == "chosen"


@pytest.mark.parametrize(
    ("kind", "typed", "fact", "before"),
    [
        ("recurring-billing", {"recurring_billing": "off"}, ("recurring_billing", False), True),
        ("cost-center", {"cost_center": " 47 11 "}, ("cost_center", "47 11"), ""),
    ],
)
def test_billing_and_cost_center_of_many_are_changed_and_undone(
    alpha, global_admin, sign_in, kind, typed, fact, before
):
    client, rows = sign_in(global_admin), many.make_many(alpha, 2, own_name="Berlin")
    disabled = make_subscription(tenant=alpha, status="disabled", reseller_managed=True)
    choose(client, kind=kind, pick=ticked(*rows, disabled))
    assert client.post(url("what", newest()), typed)["Location"] == url("preview", newest())
    client.post(url("preview", newest()), shown(client))
    name, after = fact
    changed = many.outcomes(many.work_off(newest()))
    assert changed == ({"changed": 2, "reseller-managed": 1} if kind == "recurring-billing" else {"changed": 3})
    assert [facts(row, name) for row in rows] == [("Berlin", after)] * 2
    client.post(url("undo", newest()), {"key": shown_key(client)})
    client.post(url("preview", newest()), shown(client))
    many.work_off(newest())
    assert [facts(row, name) for row in rows] == [("Berlin", before)] * 2


@as_owner()
def facts(subscription, name: str) -> tuple:
    row = type(subscription).objects.get(pk=subscription.pk)
    return row.own_name, getattr(row, name)


def shown_key(client: Client) -> str:
    """Of the button that undoes it."""
    return str(client.get(url("detail", newest())).context["undo"].form()["key"].value())


def test_the_partner_of_one_subscription_is_copied_to_those_that_were_chosen(alpha, global_admin, adventure, sign_in):
    client, rows = sign_in(global_admin), many.make_many(alpha, 2)
    berlin = make_subscription(tenant=alpha, name="Suite", own_name="Berlin")
    make_partner_of_record(subscription=berlin, partner=adventure)
    bonn = make_subscription(tenant=alpha, name="Suite", own_name="Bonn")
    make_partner_of_record(subscription=bonn, partner=make_partner(number="565380", name="Tailspin"))
    make_subscription(tenant=alpha, name="Suite", own_name="Without")
    choose(client, kind="partner-of-record.copy", pick=ticked(*rows))
    for source, said in (("", "required"), ("Without", "No subscription with a partner of record is called so.")):
        answer = client.post(url("what", newest()), {"source": source})
        assert (answer.status_code, said in answer.content.decode()) == (422, True)
    several = client.post(url("what", newest()), {"source": "suite"})
    assert [label for _uuid, label in several.context["form"].fields["which"].choices] == [
        "Suite – Berlin · 935287 Adventure", "Suite – Bonn · 565380 Tailspin",
    ]  # fmt: skip
    assert client.post(url("what", newest()), {"source": "suite", "which": str(bonn.uuid)}).status_code == 303
    page = client.get(url("preview", newest())).content.decode()
    assert "Partner of record as on Suite – Bonn: 565380 Tailspin" in page
    client.post(url("preview", newest()), shown(client))
    many.work_off(newest())
    assert [periods(row) for row in (*rows, bonn)] == [[("565380", True)]] * 3
    choose(client, kind="partner-of-record.copy", pick=ticked(*rows))
    assert client.post(url("what", newest()), {"source": str(berlin.uuid)}).status_code == 303
    assert newest().wanted == {"id": "935287", "name": "Adventure", "from": "Suite – Berlin"}
