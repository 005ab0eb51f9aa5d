"""Staff's acts on chosen rows: from a list or a row, done once, told row by row, never on what changed."""

from itertools import chain

import pytest
from django.contrib import admin

from subscriptions.models import AuditEvent, KeptForm, Membership, Subscription
from tests.database import as_owner
from tests.desk import act, change_url, list_url, messages_of, page_of, rows_of, send, sent_by
from tests.factories import PASSWORD, make_member, make_subscription
from tests.page import Page

MODEL, ACTION = "subscriptions_subscription", "change_status"
WANTED = {"status": "disabled", "reason": "Not paid"}
ACTS = list(chain.from_iterable(page.acts for page in admin.site._registry.values()))
CHANGED = "This has changed since you opened the page. Nothing was done: look at it as it is now."


@pytest.fixture
def rows(alpha) -> list[Subscription]:
    return [make_subscription(tenant=alpha, name=f"Number {number}") for number in range(5)]


def statuses() -> list[str]:
    return [row.status for row in rows_of(Subscription)]


def test_three_rows_are_named_and_the_others_counted(desk, rows):
    assert messages_of(act(desk, MODEL, ACTION, *rows, **WANTED)) == [
        "Change status: done for Number 0, Alpha Ltd; Number 1, Alpha Ltd; Number 2, Alpha Ltd, and 2 more rows."
    ]


def test_the_page_names_each_rows_organization(desk, alpha):
    make_member(tenant=alpha, name="Ann", role="global-reader")
    page = act(desk, "subscriptions_membership", "remove_members", *rows_of(Membership), reason="")
    assert page.context["act"].names() == ["Ann · Global reader, Alpha Ltd"]


def test_the_page_of_a_row_leads_to_each_act_on_it(desk, rows):
    page = Page(desk.get(change_url(MODEL, rows[0].pk)))
    labels = [str(act.label) for act in admin.site.get_model_admin(Subscription).acts]
    assert [link for link in labels if link in page.text] == labels
    url = f"/staff/acts/change-status/?ids={rows[0].pk}"
    assert url in desk.get(change_url(MODEL, rows[0].pk)).content.decode()
    assert desk.get(url).context["act"].names() == ["Number 0, Alpha Ltd"]


def test_it_leads_back_to_the_list_as_it_was_filtered(desk, rows):
    chosen = {"action": ACTION, "_selected_action": [rows[0].pk], "index": 0}
    page = desk.post(f"{list_url(MODEL)}?q=Number&status=active", chosen, follow=True)
    back = f"{list_url(MODEL)}?q=Number&status=active"
    assert page.context["act"].back_url == back
    answer = desk.post(page.context["act"].url, sent_by(page) | WANTED)
    assert (answer.status_code, answer.url) == (303, back)


def test_a_form_of_staff_that_is_sent_twice_acts_once(desk, rows):
    page = page_of(desk, MODEL, ACTION, *rows[:2])
    answers = [desk.post(page.context["act"].url, sent_by(page) | WANTED) for _ in "ab"]
    assert [(answer.status_code, answer.url) for answer in answers] == [(303, list_url(MODEL))] * 2
    assert len(rows_of(AuditEvent)) == 2


def test_a_second_send_is_known_although_the_rows_are_gone(desk, alpha):
    make_member(tenant=alpha, role="global-reader")
    page = page_of(desk, "subscriptions_membership", "remove_members", *rows_of(Membership))
    answers = [desk.post(page.context["act"].url, sent_by(page) | {"reason": "Left"}) for _ in "ab"]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(rows_of(AuditEvent)) == 1


def test_the_same_form_with_something_else_is_asked_about_first(desk, rows):
    page = page_of(desk, MODEL, ACTION, rows[0])
    send(desk, page, **WANTED)
    answer = send(desk, page, status="expired", reason="Over")
    assert (answer.status_code, answer.context["form"]["status"].value()) == (409, "expired")
    assert statuses()[0] == "disabled"


def test_what_changed_meanwhile_is_shown_as_it_is_with_what_was_typed(desk, rows):
    page = page_of(desk, MODEL, ACTION, *rows)
    with as_owner():
        Subscription.objects.filter(pk=rows[1].pk).update(name="Renamed")
    answer = send(desk, page, **WANTED)
    shown = Page(answer)
    assert (answer.status_code, CHANGED in shown.text, "Renamed, Alpha Ltd" in shown.text) == (409, True, True)
    assert (shown.value("status"), shown.value("reason")) == ("disabled", "Not paid")
    assert set(statuses()) == {"active"}
    send(desk, answer)
    assert set(statuses()) == {"disabled"}


def test_a_row_that_is_gone_meanwhile_is_a_change_too(desk, alpha):
    for name in ("Ann", "Ben"):
        make_member(tenant=alpha, name=name, email=f"{name.lower()}@alpha.example", role="global-reader")
    page = page_of(desk, "subscriptions_membership", "remove_members", *rows_of(Membership))
    gone, _kept = rows_of(Membership)
    with as_owner():
        gone.delete()
    assert send(desk, page, reason="Left").status_code == 409
    assert len(rows_of(Membership)) == 1


def test_what_staff_typed_is_kept_where_something_is_wrong(desk, rows):
    answer = act(desk, MODEL, ACTION, rows[0], status="disabled", reason="")
    assert (answer.status_code, Page(answer).value("status")) == (422, "disabled")


def test_more_than_a_hundred_are_refused(desk):
    ids = ",".join(map(str, range(1, 102)))
    assert messages_of(desk.get(f"/staff/acts/deactivate/?ids={ids}", follow=True)) == [
        "Choose at most 100 rows at once."
    ]


@pytest.mark.parametrize("staff_act", ACTS, ids=lambda each: each.name)
def test_every_act_without_rows_leads_to_its_list(desk, staff_act):
    url = staff_act.url_for([])
    for answer in (desk.get(url), desk.head(url), desk.post(url)):
        assert (answer.status_code, answer.url) == (303, staff_act.as_staff(answer.wsgi_request).back_url)
    assert messages_of(desk.get(url, follow=True))[-1] == "Choose in this list what it is about, then what to do."
    gone = desk.get(staff_act.url_for([10**9]), follow=True)
    assert messages_of(gone) == ["What you chose is not there any more."]


def test_what_staff_typed_outlives_an_ended_session(desk, staff, rows):
    page = page_of(desk, MODEL, ACTION, *rows)
    del desk.cookies["session"]
    answer = send(desk, page, **WANTED)
    assert "You were signed out, and nothing was done. What you typed is kept: sign in." in Page(answer).text
    assert len(rows_of(KeptForm)) == 1
    shown = desk.post(answer.request["PATH_INFO"] + "?" + answer.request["QUERY_STRING"],
                      sent_by(answer) | {"login": staff.email, "password": PASSWORD}, follow=True)  # fmt: skip
    assert (Page(shown).value("status"), Page(shown).value("reason")) == ("disabled", "Not paid")
    assert shown.context["act"].names()[0] == "Number 0, Alpha Ltd"
    assert set(statuses()) == {"active"}
    send(desk, shown)
    assert set(statuses()) == {"disabled"}
