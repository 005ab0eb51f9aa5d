"""Why can't I? What staff are told of an act for somebody else is what that person's page answers."""

from datetime import timedelta
from html import escape
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partners.models import PartnerOffer, PartnerPerson, PartnerRelationship, ReleaseRequest
from partners.models.partner_relationship import RelationshipKind
from portal.desk.admin_askable import askable
from portal.desk.admin_rule_words import RULES
from portal.desk.admin_tracing import trace
from subscriptions.clouds import Cloud
from subscriptions.db import scopes
from subscriptions.models import Invitation, Membership, Subscription, Tenant, User
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.delegated_role import AgentRole, DelegatedRole
from subscriptions.models.people.membership import Role
from tests.architecture.addresses.test_url_matrix import everything
from tests.database import as_owner
from tests.desk import events
from tests.factories import (
    make_invitation,
    make_member,
    make_partner,
    make_partner_of_record,
    make_partner_offer,
    make_partner_person,
    make_price,
    make_relationship,
    make_release_request,
    make_subscription,
    make_tenant,
    make_user,
)
from tests.page import parse
from tests.personas import make_delegate

WHY = "/staff/why/"


def people_of(tenant, partner) -> dict[str, User]:
    """Of each role somebody, and beside them who may not come here at all."""
    people = {role.value: make_member(tenant=tenant, role=role, email=f"{role.value}@x.example") for role in Role}
    people["agent"] = make_delegate(tenant=tenant, partner=partner, roles=(DelegatedRole.GLOBAL_ADMINISTRATOR,))
    people["helpdesk"] = make_delegate(
        tenant=tenant,
        partner=make_partner(number="424242", name="Helpers"),
        roles=(DelegatedRole.HELPDESK_ADMINISTRATOR,),
        role=AgentRole.HELPDESK_AGENT,
        email="help@p.example",
        name="Helga Help",
    )
    people["stranger"] = make_user(email="stranger@x.example", name="Stranger")
    people["inactive"] = make_member(tenant=tenant, email="inactive@x.example", name="Inactive")
    with as_owner():
        User.objects.filter(pk=people["inactive"].pk).update(is_active=False)
        people["inactive"].refresh_from_db()
    return people


def subjects_of(tenant, partner) -> dict[type, list]:
    """Of each kind of thing rows in the states that acts ask about."""
    today, soon = timezone.localdate(), timedelta(days=5)
    states = {"active": 60, "trial": 5, "expired": -5, "disabled": -40}
    rows = [
        make_subscription(tenant=tenant, name=state, status=state, term_ends_on=today + timedelta(days=days))
        for state, days in states.items()
    ]
    rows.append(make_subscription(tenant=tenant, name="Managed", reseller_managed=True))
    make_price(product=rows[0].product)
    make_partner_of_record(subscription=rows[0], partner=partner)
    reseller = make_relationship(tenant=tenant, partner=partner, kind=RelationshipKind.RESELLER)
    ended = {"ended_at": timezone.now(), "ended_by": "Alex", "expires_on": timezone.now() + soon}
    relationships = [
        reseller,
        make_relationship(tenant=tenant, partner=make_partner(number="9123", name="Asked"), **ended),
        make_relationship(tenant=tenant, partner=partner, expires_on=timezone.now() + timedelta(days=90)),
    ]
    make_release_request(relationship=reseller)
    offer = make_partner_offer(tenant=tenant, partner=partner)
    with as_owner():
        member = Membership.objects.get(tenant=tenant, role=Role.GLOBAL_READER)
    return {Subscription: rows, type(reseller): relationships, type(offer): [offer], Membership: [member]}


def answer_of(client: Client, url: str) -> tuple[int, str]:
    answer = client.get(url)
    return answer.status_code, answer.content.decode()


def is_compared(cloud: Cloud, who: str, row, subjects: dict[type, list]) -> bool:
    """The Global admin with every row, others with one of each kind; in the other clouds one person and row alone."""
    is_first = row is None or row is subjects[type(row)][0]
    if cloud is not Cloud.WORLDWIDE:
        return who == "global-admin" and is_first
    return who == "global-admin" or is_first


@pytest.mark.parametrize("cloud", list(Cloud))
def test_the_answer_is_that_of_the_page_for_each_act_role_and_state(db, sign_in, cloud):
    tenant, partner = make_tenant(slug="gamma", name="Gamma", cloud=cloud), make_partner(cloud=cloud)
    people = people_of(tenant, partner)
    subjects = subjects_of(tenant, partner)
    clients = {name: sign_in(person) for name, person in people.items() if person.is_active}
    compared, refused, wrong = 0, 0, {}
    for name, one in askable().items():
        if one.act.page or one.is_workspaces:
            continue  # it stands on another page, which says by the same `may` whether its button does anything
        for row in subjects.get(one.subject, []) if one.subject else [None]:
            address = {"uuid": row.uuid} if row else {}
            url = reverse(name, kwargs={"slug": tenant.slug, **address})
            for who, person in people.items():
                if not is_compared(cloud, who, row, subjects):
                    continue
                with scopes.staff():
                    traced = trace(one.act, person=person, owner=tenant, address=address)
                if who == "inactive":
                    assert (traced.stage, traced.verdict) == ("person", None)
                    continue
                status, page = answer_of(clients[who], url)
                expected = {404} if traced.verdict is None else {200}
                is_refused = traced.verdict and not traced.verdict.allowed
                if is_refused and (traced.is_raised or not one.act.is_read_too):
                    expected = {traced.verdict.code.status}
                    refused += 1
                    if status != 404 and escape(str(traced.verdict.reason), quote=True) not in page:
                        wrong[name, who, str(row)] = "another sentence"
                if traced.stage == "over":
                    expected = {200, 403, 409, 410}
                compared += 1
                if status not in expected:
                    wrong[name, who, str(row)] = (status, traced.stage, traced.verdict)
    assert wrong == {}
    assert compared >= 10
    assert refused >= (20 if cloud is Cloud.WORLDWIDE else 1)


@pytest.fixture
def gamma(db):
    tenant, partner = make_tenant(slug="gamma", name="Gamma"), make_partner()
    return {"tenant": tenant, "people": people_of(tenant, partner), "subjects": subjects_of(tenant, partner)}


def asked(desk, gamma, who: str, act: str, on=None, *, more=None):
    fields = {"tenant": "gamma", "person": gamma["people"][who].uuid, "act": act, "on": on.uuid if on else ""}
    answer = desk.get(f"{WHY}?{urlencode(fields | (more or {}))}")
    return answer.status_code, parse(answer.content.decode()).xpath("//main")[0]


def lines_of(page) -> list[tuple[str, str]]:
    rows = page.xpath(".//table/tbody/tr")
    return [(row.xpath("th")[0].text_content(), row.xpath("td")[-1].text_content()) for row in rows]


def test_each_rule_stands_in_its_order_with_what_it_looked_at(desk, gamma):
    disabled = gamma["subjects"][Subscription][3]
    status, page = asked(desk, gamma, "global-admin", "subscriptions:licenses", disabled)
    assert status == 200
    lines = lines_of(page)
    outcomes = [outcome for _rule, outcome in lines]
    stop = outcomes.index("Stopped here")
    assert set(outcomes[:stop]) == {"Passed"}
    assert lines[stop][0] == "The subscription is in a state that allows it"
    assert "This subscription is disabled." in page.xpath(".//blockquote")[0].text_content()
    assert "Global admin" in page.text_content()


def test_a_rule_after_the_one_that_stopped_is_not_reached(desk, gamma):
    managed = gamma["subjects"][Subscription][4]
    _status, page = asked(desk, gamma, "billing-admin", "subscriptions:cancel", managed)
    outcomes = [outcome for _rule, outcome in lines_of(page)]
    after = outcomes[outcomes.index("Stopped here") + 1 :]
    assert len(after) > 1
    assert set(after) == {"Not reached"}


def test_what_is_possible_is_said_with_the_sign_in_that_it_needs(desk, gamma):
    active = gamma["subjects"][Subscription][0]
    _status, page = asked(desk, gamma, "global-admin", "partners:partner-of-record-edit", active)
    assert "can do this." in page.text_content()
    assert "has to be confirmed first" in page.text_content()


def test_the_sentence_is_in_the_persons_own_language(desk, gamma):
    with as_owner():
        User.objects.filter(pk=gamma["people"]["global-reader"].pk).update(language="de")
    _status, page = asked(desk, gamma, "global-reader", "subscriptions:cancel", gamma["subjects"][Subscription][0])
    (quote,) = page.xpath(".//blockquote")
    assert quote.get("lang") == "de"
    assert "Ihre Rolle" in quote.text_content()
    assert "Each rule, in the order" in page.text_content()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"tenant": "nowhere"}, "There is no organization with this address or tenant ID"),
        ({"person": "00000000-0000-4000-8000-000000000000"}, "neither belongs to the organization"),
        ({"act": "no-act"}, "Choose an act from the list."),
        ({"on": "x"}, "Say what it is about"),
    ],
)
def test_what_is_unknown_is_said_and_nothing_is_asked(desk, gamma, more, said):
    active = gamma["subjects"][Subscription][0]
    status, page = asked(desk, gamma, "global-admin", "subscriptions:cancel", active, more=more)
    assert status == 422
    assert said in page.text_content()
    assert not page.xpath(".//table")


def test_asking_changes_nothing_and_stands_in_the_audit_trail(desk, gamma, staff):
    """Who asked, for whom and about what, once for each answer."""
    before, active = everything(), gamma["subjects"][Subscription][0]
    desk.get(f"{WHY}?tenant=gamma")
    asked(desk, gamma, "global-admin", "no-act", active)
    assert everything() == before
    asked(desk, gamma, "agent", "subscriptions:cancel", active)
    (event,) = events(AuditKind.WHY_ASKED)
    agent = gamma["people"]["agent"]
    assert (event.tenant_id, event.actor, event.subject_name) == (gamma["tenant"].pk, staff, agent.name)
    assert event.subject_uuid == agent.uuid
    assert event.detail == {"act": "subscriptions:cancel", "about": str(active.uuid)}
    after = everything()
    assert {table for table in after if after[table] != before[table]} <= {"subscriptions_auditevent"}


def at_partner(db) -> tuple:
    """A partner with somebody in each role, and what each act of its workspace is about."""
    partner, tenant = make_partner(), make_tenant(slug="gamma", name="Gamma")
    reseller = make_relationship(tenant=tenant, partner=partner, kind=RelationshipKind.RESELLER)
    delegated = make_relationship(tenant=tenant, partner=partner, expires_on=timezone.now() + timedelta(days=90))
    people = {
        role.value: make_partner_person(partner=partner, role=role, email=f"{role.value}@p.example")
        for role in AgentRole
    }
    other = make_partner(number="424242", name="Helpers")
    people["elsewhere"] = make_partner_person(partner=other, email="elsewhere@p.example")
    with as_owner():
        person = PartnerPerson.objects.get(user=people["sales-agent"])
    subjects = {
        Tenant: [tenant],
        PartnerRelationship: [delegated, reseller],
        ReleaseRequest: [make_release_request(relationship=reseller)],
        PartnerOffer: [
            make_partner_offer(tenant=tenant, partner=partner, name=state, state=state) for state in ("draft", "sent")
        ],
        PartnerPerson: [person],
        Invitation: [make_invitation(partner=partner, kind="partner-person", role="sales-agent", place=partner.name)],
    }
    return partner, people, subjects


def test_the_answer_is_that_of_the_page_for_each_act_of_a_workspace(db, sign_in):
    partner, people, subjects = at_partner(db)
    clients = {who: sign_in(person) for who, person in people.items()}
    compared, refused, wrong = 0, 0, {}
    for name, one in ((name, one) for name, one in askable().items() if one.is_workspaces and not one.act.page):
        for row in subjects[one.subject] if one.subject else [None]:
            address = {"uuid": row.uuid} if row else {}
            url = reverse(name, kwargs={"number": partner.number, **address})
            for who, person in people.items():
                with scopes.staff():
                    traced = trace(one.act, person=person, owner=partner, address=address)
                status, page = answer_of(clients[who], url)
                compared += 1
                verdict = traced.verdict
                expected = 404 if verdict is None else 200 if verdict.allowed else verdict.code.status
                if verdict and not verdict.allowed and status == expected != 404:
                    refused += 1
                    said = str(verdict.reason)
                    status = status if escape(said, quote=True) in page else f"without {said}"
                if status != expected and traced.stage != "over":
                    wrong[name, who, str(row)] = (status, expected, traced.stage)
    assert wrong == {}
    assert (compared >= 40, refused >= 15) == (True, True)


def test_staff_ask_for_a_partners_person_by_the_partner_id(desk):
    partner, people, _subjects = at_partner(None)
    sales = people["sales-agent"]
    fields = {"tenant": partner.number, "person": sales.uuid, "act": "workspace:person-invite"}
    page = parse(desk.get(f"{WHY}?{urlencode(fields)}").content.decode()).xpath("//main")[0]
    assert lines_of(page)[1] == ("One of the people of the partner, which is active", "Passed")
    assert lines_of(page)[-1] == ("The role allows the page", "Stopped here")
    assert "Admin agent" in page.xpath(".//blockquote")[0].text_content()
    offered = set(page.xpath(".//select[@name='act']/option/@value"))
    assert "workspace:offer-send" in offered and "subscriptions:cancel" not in offered
    (event,) = events(AuditKind.WHY_ASKED)
    assert (event.tenant_id, event.detail["partner"]) == (None, partner.name)
    answer = desk.get(f"{WHY}?{urlencode(fields | {'person': people['elsewhere'].uuid})}")
    assert (answer.status_code, "does not work for the partner" in answer.content.decode()) == (422, True)
    link = f'href="/staff/why/?tenant={partner.number}"'
    assert link in desk.get(reverse("admin:partner", args=[partner.uuid])).content.decode()


def test_a_page_of_a_customer_leads_to_the_question(desk, gamma):
    page = desk.get(reverse("admin:customer", args=[gamma["tenant"].uuid])).content.decode()
    (link,) = parse(page).xpath("//div[@class='commands']/a[contains(@href, 'why')]")
    form = parse(desk.get(link.get("href")).content.decode())
    assert form.xpath("//input[@name='tenant']")[0].get("value") == "gamma"
    assert len(form.xpath("//select[@name='person']/option")) > 5


def test_every_rule_that_acts_ask_has_its_words(gamma):
    without = set()
    for one in (each for each in askable().values() if not each.is_workspaces):
        for row in gamma["subjects"].get(one.subject, []) if one.subject else [None]:
            for person in gamma["people"].values():
                address = {"uuid": row.uuid} if row else {}
                with scopes.staff():
                    rules = trace(one.act, person=person, owner=gamma["tenant"], address=address).rules
                without |= {rule.name for rule in rules} - set(RULES)
    assert without == set()


def test_every_act_has_a_name_of_its_own_in_words():
    acts = askable().values()
    assert len(acts) > 50
    assert [each.name for each in acts if str(each.label) == each.name] == []
    assert len({each.full_label for each in acts}) == len(acts)
