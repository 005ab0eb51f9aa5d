"""The yearly or quarterly review: each delegated admin kept or ended, and who did it when."""

from datetime import timedelta

import pytest
from django.db import transaction

from partners.models import PartnerRelationship
from partners.models.partner_relationship import RelationshipKind
from partners.relationships import review as relationship_review
from subscriptions.db import scopes
from subscriptions.models.people.membership import Role
from subscriptions.verdicts import Refused
from tests.database import as_owner
from tests.factories import make_actor, make_audit_event, make_partner, make_relationship
from tests.partners.relationships.facts import KEY, OTHER_KEY, database_now, events, mails, now, put

LIST = "/t/alpha/settings/partner-relationships/"
URL = f"{LIST}review/"


@pytest.fixture
def three(alpha):
    """Begun 400, 380 and 360 days ago; a year is 365."""
    rows = [
        make_relationship(tenant=alpha, partner=make_partner(number=str(number), name=f"Partner {number}"))
        for number in (101, 102, 103)
    ]
    for row, days in zip(rows, (400, 380, 360), strict=True):
        put(row, started_at=database_now() - timedelta(days=days))
    return rows


def send(client, choices: dict, key=KEY):
    return client.post(URL, {"key": key, **{str(row.uuid): choice for row, choice in choices.items()}})


def test_each_is_kept_or_ended_and_the_rest_stays_open(three, global_admin, sign_in):
    kept, ended, _left = three
    client = sign_in(global_admin)
    answer = send(client, {kept: "keep", ended: "end"})
    assert (answer.status_code, answer["Location"]) == (303, URL)
    assert [now(row).reviewed_by for row in three] == ["Gloria Admin", "", ""]
    assert [now(row).status for row in three] == ["active", "ended", "active"]
    assert [events(row) for row in three] == [["reviewed"], ["ended"], []]
    assert {kind for kind, _days, _person in mails()} == {"relationship-ended"}
    said = [str(message) for message in client.get(URL).context["messages"]]
    assert said == [
        "The review is stored: 1 confirmed, 1 ended.",
        "1 relationship without a choice stays as it is and open for review.",
    ]


def test_where_all_are_decided_the_list_comes_next(three, global_admin, sign_in):
    assert send(sign_in(global_admin), dict.fromkeys(three, "keep"))["Location"] == LIST


def test_the_same_review_twice_is_stored_once(three, global_admin, sign_in):
    client = sign_in(global_admin)
    answers = [send(client, {three[0]: "keep", three[1]: "end"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert [events(row) for row in three] == [["reviewed"], ["ended"], []]


def test_without_any_choice_nothing_is_stored(three, global_admin, sign_in):
    answer = send(sign_in(global_admin), {})
    assert (answer.status_code, "at least one" in answer.content.decode()) == (422, True)
    assert [events(row) for row in three] == [[], [], []]


def test_a_third_choice_is_refused_and_the_others_are_kept_in_the_form(three, global_admin, sign_in):
    answer = send(sign_in(global_admin), {three[0]: "keep", three[1]: "maybe"})
    assert answer.status_code == 422
    assert answer.context["form"][str(three[0].uuid)].value() == "keep"
    assert [events(row) for row in three] == [[], [], []]


def test_no_choice_is_made_beforehand(three, global_admin, sign_in):
    page = sign_in(global_admin).get(URL).content.decode()
    assert ('type="radio"' in page, "checked" in page) == (True, False)


def test_what_ended_meanwhile_is_left_alone(alpha, three, global_admin):
    put(three[0], ended_at=database_now(), ended_by="Ada")
    with scopes.tenant(alpha.pk):
        done = relationship_review.review_relationships(
            tenant=alpha, keep=[three[0].uuid, three[1].uuid], end=[], by=make_actor(user=global_admin)
        )
    assert (done.kept, done.ended, events(three[0])) == (1, 0, [])


def test_it_is_one_transaction(alpha, three, global_admin, monkeypatch):
    monkeypatch.setattr(relationship_review, "end_relationship", lambda **_: 1 / 0)
    with scopes.tenant(alpha.pk), pytest.raises(ZeroDivisionError), transaction.atomic():
        relationship_review.review_relationships(
            tenant=alpha, keep=[three[0].uuid], end=[three[1].uuid], by=make_actor(user=global_admin)
        )
    assert [events(row) for row in three] == [[], [], []]


@pytest.mark.parametrize("person", ["billing_admin", "reader"])
def test_only_a_global_admin_reviews(alpha, three, request, sign_in, person):
    user = request.getfixturevalue(person)
    client = sign_in(user)
    assert [client.get(URL).status_code, send(client, {three[0]: "end"}).status_code] == [403, 403]
    with scopes.tenant(alpha.pk), pytest.raises(Refused):
        relationship_review.review_relationships(
            tenant=alpha, keep=[], end=[three[0].uuid], by=make_actor(user=user, role=Role.GLOBAL_READER)
        )
    assert [events(row) for row in three] == [[], [], []]


def test_anothers_relationship_is_not_reviewed(beta, three, admin_of_beta, sign_in):
    own = make_relationship(tenant=beta, partner=make_partner())
    choices = {"key": KEY, str(three[0].uuid): "end", str(own.uuid): "keep"}
    answer = sign_in(admin_of_beta).post(URL.replace("alpha", "beta"), choices)
    assert answer.status_code == 303
    assert (events(three[0]), events(own)) == ([], ["reviewed"])


@pytest.mark.parametrize(("months", "due"), [(12, 2), (3, 3), (24, 0)])
def test_the_banner_counts_what_nobody_confirmed_for_so_long(three, reader, sign_in, settings, months, due):
    settings.REVIEW_MONTHS = months
    review = sign_in(reader).get(LIST).context["review"]
    assert review.get("sentence", "").startswith(f"{due} delegated" if due else "")
    assert ("sentence" in review) is bool(due)


def test_a_review_counts_as_confirmation_from_then_on(three, global_admin, sign_in):
    client = sign_in(global_admin)
    send(client, dict.fromkeys(three, "keep"))
    assert client.get(LIST).context["review"].keys() == {"verdict", "url", "last"}
    put(three[0], reviewed_at=database_now() - timedelta(days=370))
    assert client.get(LIST).context["review"]["sentence"].startswith("1 delegated")


def test_readers_see_the_banner_and_who_may_review(three, reader, global_admin, sign_in):
    text = sign_in(reader).get(LIST).content.decode()
    assert "A Global admin of your organization can do it." in text
    assert f'href="{URL}"' not in text
    assert f'href="{URL}"' in sign_in(global_admin).get(LIST).content.decode()


def test_resellers_and_what_is_over_are_not_reviewed(alpha, global_admin, sign_in):
    long_ago = database_now() - timedelta(days=900)
    reseller = make_relationship(
        tenant=alpha, partner=make_partner(), kind=RelationshipKind.RESELLER, started_at=long_ago
    )
    expired = make_relationship(
        tenant=alpha, partner=reseller.partner, started_at=long_ago, expires_on=long_ago + timedelta(days=1)
    )
    ended = make_relationship(
        tenant=alpha, partner=reseller.partner, started_at=long_ago, ended_at=long_ago, ended_by="Ada"
    )
    client = sign_in(global_admin)
    assert client.get(LIST).context["review"] is None
    assert client.get(URL).context["table"].rows == []
    choices = dict.fromkeys((reseller, expired, ended), "end")
    assert send(client, choices).status_code == 422


def test_those_without_an_act_for_90_days_are_flagged(alpha, three, global_admin, sign_in):
    at = database_now()
    agent = {"actor_kind": "partner", "actor_partner": "Partner", "actor_name": "Agatha"}
    for row, days in zip(three, (91, 89, None), strict=True):
        if days:
            act = {"actor_relationship": row.uuid, "at": at - timedelta(days=days)}
            make_audit_event(tenant=alpha, **agent, **act)
    put(three[2], started_at=at - timedelta(days=20))
    rows = {
        row["relationship"].pk: row["relationship"] for row in sign_in(global_admin).get(URL).context["table"].rows
    }
    assert [rows[row.pk].unused for row in three] == [True, False, False]


def test_who_reviewed_when_is_shown(three, global_admin, reader, sign_in):
    client = sign_in(global_admin)
    send(client, dict.fromkeys(three, "keep"), key=OTHER_KEY)
    assert "by Gloria Admin." in client.get(URL).content.decode()
    with as_owner():
        row = PartnerRelationship.objects.get(pk=three[0].pk)
    detail = sign_in(reader).get(f"{LIST}{row.uuid}/").content.decode()
    assert "by Gloria Admin" in detail
