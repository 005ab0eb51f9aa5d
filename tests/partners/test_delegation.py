"""A partner's person has access as long as relationship, roles, partner and account say so."""

from datetime import timedelta

import pytest
from django.utils import timezone

from partners import delegation
from partners.models import Partner, PartnerPerson, PartnerRelationship
from partners.models.partner import PartnerState
from portal.errors import static_page
from subscriptions.models import Subscription, User
from subscriptions.models.delegated_role import AgentRole, DelegatedRole
from subscriptions.web.on_behalf import ON_BEHALF
from tests.architecture.addresses.facts import staff_addresses
from tests.database import as_owner
from tests.factories import make_partner, make_partner_person, make_relationship, make_subscription
from tests.personas import make_delegate

ALPHA = "/t/alpha/"
LICENSES = DelegatedRole.LICENSE_ADMINISTRATOR


@pytest.fixture
def agent(alpha, partner):
    return make_delegate(tenant=alpha, partner=partner, roles=(LICENSES,))


def change(model, **facts) -> None:
    with as_owner():
        model.objects.update(**facts)


def codes(caplog) -> list[str]:
    return [record.msg["code"] for record in caplog.records if record.name == "portal.access"]


def test_ended_while_the_page_is_open_the_form_is_not_found(alpha, agent, sign_in, caplog):
    subscription = make_subscription(tenant=alpha)
    client, url = sign_in(agent), f"{ALPHA}billing/subscriptions/{subscription.uuid}/licenses/"
    form = client.get(url).context["form"]
    sent = {"licenses": "15", "version": form["version"].value(), "key": str(form["key"].value())}
    change(PartnerRelationship, ended_at=timezone.now(), ended_by="Gloria Admin")
    assert client.post(url, sent).status_code == 404
    assert codes(caplog) == ["not-a-member"]
    with as_owner():
        assert Subscription.objects.get().licenses_total == 20


def test_what_ends_after_the_person_was_found_ends_the_act_as_well(alpha, agent, sign_in, monkeypatch):
    """The access ends between the check of who asks and the act, as when the act waited for a lock."""
    subscription = make_subscription(tenant=alpha)
    client, url = sign_in(agent), f"{ALPHA}billing/subscriptions/{subscription.uuid}/licenses/"
    form = client.get(url).context["form"]
    sent = {"licenses": "15", "version": form["version"].value(), "key": str(form["key"].value())}

    def found_then_ended(user, slug):
        found = delegation.acting_for(user, slug)
        change(PartnerRelationship, ended_at=timezone.now(), ended_by="Gloria Admin")
        return found

    monkeypatch.setattr(ON_BEHALF, "acting_for", found_then_ended)
    assert client.post(url, sent).status_code == 404
    with as_owner():
        assert Subscription.objects.get().licenses_total == 20


@pytest.mark.parametrize(("seconds", "status"), [(-1, 404), (60, 200)])
def test_the_end_is_kept_to_the_second(alpha, partner, sign_in, seconds, status):
    now, started = timezone.now(), timezone.now() - timedelta(days=9)
    agent = make_delegate(
        tenant=alpha,
        partner=partner,
        roles=(LICENSES,),
        started_at=started,
        expires_on=now + timedelta(seconds=seconds),
    )
    assert sign_in(agent).get(ALPHA).status_code == status


def test_one_that_extends_itself_does_not_run_out(alpha, partner, sign_in):
    past, before = timezone.now() - timedelta(seconds=1), timezone.now() - timedelta(days=9)
    fields = {"started_at": before, "expires_on": past, "auto_extend": True}
    agent = make_delegate(tenant=alpha, partner=partner, roles=(LICENSES,), **fields)
    assert sign_in(agent).get(ALPHA).status_code == 200


@pytest.mark.parametrize("state", [state for state in PartnerState if state != PartnerState.ACTIVE])
def test_a_partner_that_is_not_active_is_out_with_all_its_people(alpha, partner, agent, sign_in, state):
    helper = make_partner_person(partner=partner, email="second@tailspin.example")
    clients = [sign_in(agent), sign_in(helper)]
    assert [client.get(path).status_code for client in clients for path in (ALPHA, "/p/565380/")] == [200] * 4
    change(Partner, state=state)
    assert [client.get(path).status_code for client in clients for path in (ALPHA, "/p/565380/")] == [404] * 4


def test_a_deactivated_account_is_signed_out(alpha, agent, sign_in):
    client = sign_in(agent)
    with as_owner():
        User.objects.filter(pk=agent.pk).update(is_active=False)
    answer = client.get(ALPHA)
    assert (answer.status_code, answer.url) == (302, f"/accounts/sign-in/?next={ALPHA}")


def test_a_person_of_another_partner_is_not_found(alpha, agent, sign_in):
    other = make_partner(number="935287", name="Adventure Works")
    stranger = make_partner_person(partner=other, email="agent@adventure.example")
    assert sign_in(stranger).get(ALPHA).status_code == 404
    assert sign_in(stranger).get("/p/565380/").status_code == 404


def test_a_person_whose_roles_there_are_none_is_not_found(alpha, partner, agent, sign_in):
    """License administrator is no role that a helpdesk uses; somebody in sales uses none."""
    for role in (AgentRole.HELPDESK_AGENT, AgentRole.SALES_AGENT):
        person = make_partner_person(partner=partner, role=role, email=f"{role}@tailspin.example")
        assert sign_in(person).get(ALPHA).status_code == 404


def test_a_person_who_left_the_partner_is_not_found(alpha, agent, sign_in):
    client = sign_in(agent)
    with as_owner():
        PartnerPerson.objects.all().delete()
    assert client.get(ALPHA).status_code == 404


def test_another_organization_of_nobodys_is_not_found(alpha, beta, agent, sign_in):
    client = sign_in(agent)
    assert client.get("/t/beta/").content == client.get("/t/nowhere/").content


def test_a_reseller_has_no_access(alpha, partner, sign_in):
    make_relationship(tenant=alpha, partner=partner, kind="reseller")
    person = make_partner_person(partner=partner, email="agent@tailspin.example")
    assert sign_in(person).get(ALPHA).status_code == 404


def test_the_staffs_door_is_shut_and_tells_nothing(agent, sign_in):
    client, refusal = sign_in(agent), static_page("403_staff.html", 403).content
    pages = [
        a for a in staff_addresses() if a.name not in ("admin:login", "admin:logout", "admin:") and "(" not in a.route
    ]
    for address in pages:
        answer = client.get("/" + address.route.replace("<path:object_id>", "1"))
        assert (address.name, answer.status_code, answer.content) == (address.name, 403, refusal)
