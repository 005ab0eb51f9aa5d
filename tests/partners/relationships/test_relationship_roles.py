"""Roles are taken away at once and only once; and when a relationship is extended by itself."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from partners.models import PartnerRelationship
from partners.models.partner_relationship import RelationshipKind
from partners.relationships import roles as relationship_roles
from subscriptions.access import Actor, staff_actor, the_portal
from subscriptions.db import scopes
from subscriptions.mails import acts as mail_domain
from subscriptions.models import AuditEvent, Mail
from subscriptions.models.audit_event import ActorKind
from subscriptions.models.delegated_role import AgentRole
from subscriptions.verdicts import Refused, VerdictCode
from tests.database import as_owner
from tests.factories import make_actor, make_partner, make_relationship
from tests.partners.relationships.facts import KEY, OTHER_KEY, database_now, events, mails, now, put, put_end, url_of
from tests.personas import prove_identity

READER, HELPDESK, GLOBAL = "global-reader", "helpdesk-administrator", "global-administrator"


@pytest.fixture
def delegated(alpha):
    relationship = make_relationship(
        tenant=alpha, partner=make_partner(number="935287", name="Adventure Works"), roles=(READER, HELPDESK)
    )
    put_end(relationship, days=100)
    return relationship


def remove(client, relationship, *roles, key=KEY, **fields):
    return client.post(url_of(relationship, "remove-roles"), {"roles": roles, "key": key, **fields})


def switch(client, relationship, extend, key=KEY):
    return client.post(url_of(relationship, "auto-extend"), {"extend": extend, "key": key})


def test_a_role_is_taken_away_and_the_others_stay(delegated, global_admin, sign_in):
    answer = remove(sign_in(global_admin), delegated, HELPDESK, reason="Not needed")
    assert (answer.status_code, answer["Location"]) == (303, url_of(delegated, "detail"))
    row = now(delegated)
    assert (row.roles, row.status) == ([READER], "active")
    assert events(delegated) == ["roles-removed"]
    with as_owner():
        event = AuditEvent.objects.get()
    assert (event.actor_name, event.reason) == ("Gloria Admin", "Not needed")
    assert (event.detail["removed"], event.detail["roles"]) == ([HELPDESK], [READER])


def test_both_sides_are_mailed_once_with_what_is_gone_and_what_stays(delegated, global_admin, billing_admin, sign_in):
    remove(sign_in(global_admin), delegated, HELPDESK)
    assert mails() == {
        ("roles-removed", None, "admin@alpha.example"): 1,
        ("roles-removed", None, "partner-935287@partners.example"): 1,
    }
    with as_owner():
        text = mail_domain.compose(Mail.objects.select_related("event", "tenant", "to_user").first()).body
    assert text.index("Removed:") < text.index("Helpdesk") < text.index("Roles that stay:") < text.index("reader")


def test_all_roles_taken_away_end_it(delegated, global_admin, sign_in):
    answer = remove(sign_in(global_admin), delegated, HELPDESK, READER, reason="Over")
    assert answer["Location"] == "/t/alpha/settings/partner-relationships/"
    row = now(delegated)
    assert (row.status, row.ended_by, row.end_reason) == ("ended", "Gloria Admin", "Over")
    assert events(delegated) == ["ended"]
    assert {kind for kind, _days, _person in mails()} == {"relationship-ended"}


def test_yes_twice_changes_once(delegated, global_admin, sign_in):
    client = sign_in(global_admin)
    answers = [remove(client, delegated, HELPDESK) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert remove(client, delegated, HELPDESK, key=OTHER_KEY).status_code == 303
    assert (events(delegated), sum(mails().values())) == (["roles-removed"], 2)


def test_the_same_form_with_other_roles_is_not_the_same_form(delegated, global_admin, sign_in):
    client = sign_in(global_admin)
    remove(client, delegated, HELPDESK)
    assert remove(client, delegated, READER).status_code == 409
    assert now(delegated).roles == [READER]


@pytest.mark.parametrize("roles", [[], ["owner"], [HELPDESK, "owner"]])
def test_no_role_or_an_unknown_one_is_said_and_changes_nothing(delegated, global_admin, sign_in, roles):
    answer = remove(sign_in(global_admin), delegated, *roles, reason="Because")
    assert answer.status_code == 422
    assert "Because" in answer.content.decode()
    assert (now(delegated).roles, events(delegated)) == ([READER, HELPDESK], [])


def test_a_role_that_it_never_had_cannot_be_won_or_lost(delegated, global_admin, sign_in):
    assert remove(sign_in(global_admin), delegated, GLOBAL).status_code == 303
    assert (now(delegated).roles, events(delegated)) == ([READER, HELPDESK], [])


@pytest.mark.parametrize("name", ["remove-roles", "auto-extend"])
@pytest.mark.parametrize("person", ["billing_admin", "reader"])
def test_only_a_global_admin_does_it(delegated, request, sign_in, person, name):
    client = sign_in(request.getfixturevalue(person))
    fields = {"roles": HELPDESK, "extend": "yes", "key": KEY}
    assert client.get(url_of(delegated, name)).status_code == 403
    assert client.post(url_of(delegated, name), fields).status_code == 403
    assert (now(delegated).roles, now(delegated).auto_extend) == ([READER, HELPDESK], False)


@pytest.mark.parametrize("name", ["remove-roles", "auto-extend"])
def test_of_another_organization_there_is_no_such_relationship(delegated, admin_of_beta, sign_in, name):
    url = url_of(delegated, name).replace("/alpha/", "/beta/")
    client = sign_in(admin_of_beta)
    assert [client.get(url).status_code, client.post(url, {"roles": HELPDESK, "key": KEY}).status_code] == [404, 404]
    assert now(delegated).roles == [READER, HELPDESK]


@pytest.mark.parametrize("name", ["remove-roles", "auto-extend"])
def test_what_is_over_is_not_changed_any_more(delegated, global_admin, sign_in, name):
    put_end(delegated, days=-1)
    client = sign_in(global_admin)
    fields = {"roles": HELPDESK, "extend": "yes", "key": KEY}
    assert client.get(url_of(delegated, name)).status_code == 409
    assert client.post(url_of(delegated, name), fields).status_code == 409
    assert (now(delegated).roles, now(delegated).auto_extend) == ([READER, HELPDESK], False)


@pytest.mark.parametrize("name", ["remove-roles", "auto-extend"])
def test_a_reseller_has_nothing_of_the_kind(alpha, global_admin, sign_in, name):
    reseller = make_relationship(tenant=alpha, partner=make_partner(), kind=RelationshipKind.RESELLER)
    answer = sign_in(global_admin).get(url_of(reseller, name))
    assert (answer.status_code, "has no roles" in answer.content.decode()) == (409, True)


def test_the_extension_is_switched_on_and_off(delegated, global_admin, sign_in):
    client = sign_in(global_admin)
    assert switch(client, delegated, "yes").status_code == 303
    assert now(delegated).auto_extend
    assert switch(client, delegated, "no", key=OTHER_KEY).status_code == 303
    assert (now(delegated).auto_extend, events(delegated)) == (False, ["auto-extend"] * 2)
    with as_owner():
        assert [event.detail["auto_extend"] for event in AuditEvent.objects.order_by("pk")] == [True, False]


def test_switched_twice_it_changes_once(delegated, global_admin, sign_in):
    client = sign_in(global_admin)
    for key in (KEY, KEY, OTHER_KEY):
        assert switch(client, delegated, "yes", key=key).status_code == 303
    assert (now(delegated).auto_extend, events(delegated)) == (True, ["auto-extend"])


def test_with_global_administrator_it_is_refused_with_the_way_out(delegated, global_admin, sign_in):
    put(delegated, roles=[GLOBAL, READER])
    client = sign_in(global_admin)
    for answer in (client.get(url_of(delegated, "auto-extend")), switch(client, delegated, "yes")):
        assert answer.status_code == 409
        assert f'href="{url_of(delegated, "remove-roles")}"' in answer.content.decode()
    assert (now(delegated).auto_extend, events(delegated)) == (False, [])
    remove(client, delegated, GLOBAL, key=OTHER_KEY)
    assert switch(client, delegated, "yes").status_code == 303
    assert now(delegated).auto_extend


def test_the_database_refuses_it_too(delegated):
    put(delegated, roles=[GLOBAL])
    with pytest.raises(IntegrityError, match="no_extension_of_global_administrator"), transaction.atomic():
        put(delegated, auto_extend=True)


def test_without_an_end_there_is_nothing_to_extend(delegated, global_admin, sign_in):
    put(delegated, expires_on=None)
    assert switch(sign_in(global_admin), delegated, "yes").status_code == 409


@pytest.mark.parametrize("extend", ["maybe", ""])
def test_neither_on_nor_off_is_invalid(delegated, global_admin, sign_in, extend):
    assert switch(sign_in(global_admin), delegated, extend).status_code == 422


def test_staff_shorten_what_a_partner_has_and_never_prolong_it(alpha, delegated, staff):
    with scopes.staff():
        verdict = relationship_roles.may_extend(staff_actor(staff), alpha, now(delegated))
    assert (verdict.code, verdict.allowed) == (VerdictCode.ROLE, False)
    with scopes.staff(), pytest.raises(Refused):
        relationship_roles.set_auto_extend(
            tenant=alpha, relationship=delegated, extend=True, by=staff_actor(staff), reason="R"
        )
    assert not now(delegated).auto_extend


def test_no_partner_prolongs_or_shrinks_it_for_the_organization(alpha, delegated):
    """The act itself refuses what the page lets through."""
    partner = delegated.partner
    agent = Actor(
        kind=ActorKind.PARTNER,
        name="Agatha",
        partner=str(partner),
        partner_key=partner.pk,
        agent_role=AgentRole.ADMIN_AGENT,
    )
    for verb, fields in (
        (relationship_roles.set_auto_extend, {"extend": True}),
        (relationship_roles.remove_roles, {"roles": [READER]}),
    ):
        with scopes.tenant(alpha.pk), pytest.raises(Refused):
            verb(tenant=alpha, relationship=delegated, by=agent, **fields)
    assert (now(delegated).roles, events(delegated)) == ([READER, HELPDESK], [])


def test_the_database_gives_no_role_back(alpha, delegated):
    with scopes.tenant(alpha.pk), pytest.raises(ProgrammingError, match="only taken away"), transaction.atomic():
        PartnerRelationship.objects.update(roles=[READER, HELPDESK, GLOBAL])


def test_the_organization_does_not_move_the_end_by_itself(alpha, delegated):
    with scopes.tenant(alpha.pk), pytest.raises(ProgrammingError), transaction.atomic():
        PartnerRelationship.objects.update(expires_on=database_now() + timedelta(days=700))


@pytest.mark.parametrize(
    ("kind", "headline"),
    [
        (ActorKind.MEMBER, "Alpha Ltd has ended its relationship with Adventure Works"),
        (ActorKind.STAFF, "Microsoft's staff have ended the relationship of Adventure Works with Alpha Ltd"),
        (ActorKind.SYSTEM, "The portal has ended the relationship of Adventure Works with Alpha Ltd"),
    ],
)
def test_the_headline_names_who_ended_it(alpha, delegated, global_admin, staff, kind, headline):
    actors = {
        ActorKind.MEMBER: make_actor(user=global_admin),
        ActorKind.STAFF: staff_actor(staff),
        ActorKind.SYSTEM: the_portal(),
    }
    with scopes.staff():
        relationship_roles.remove_roles(
            tenant=alpha, relationship=delegated, roles=[READER, HELPDESK], by=actors[kind]
        )
    with as_owner():
        messages = [mail_domain.compose(mail) for mail in Mail.objects.select_related("event", "tenant", "to_user")]
    assert [message.subject for message in messages] == [headline] * 2


def test_prolonging_access_asks_for_a_recent_sign_in_and_ending_it_does_not(delegated, global_admin, sign_in):
    client = sign_in(global_admin)
    prove_identity(client, ago=301)
    moved = switch(client, delegated, "yes")
    assert (moved.status_code, moved.url.startswith("/accounts/confirm/?")) == (303, True)
    assert not now(delegated).auto_extend
    prove_identity(client, ago=10)
    switch(client, delegated, "yes")
    prove_identity(client, ago=4000)
    assert now(delegated).auto_extend
    switch(client, delegated, "no", key=OTHER_KEY)
    assert not now(delegated).auto_extend
