"""Every act of the registry, and what comes between: an ended session, a lost COMMIT, a sign-in that is too old."""

from collections.abc import Callable
from dataclasses import replace
from pprint import pformat
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from partners.relationships.roles import set_auto_extend
from portal.database.backend.base import base
from subscriptions.access import SignInTooOld
from subscriptions.models import KeptForm
from subscriptions.web.acts import UNCOMPARED, Act
from tests.architecture.acts.audited import ADMIN, BUYER, Rows, make_rows
from tests.architecture.acts.test_every_act_is_audited import ACTS
from tests.architecture.acts.walked import Walked, as_expected, changed_since, undone, walked, what_is_not, wrongs
from tests.architecture.acts.walks import Fields, World, form_on, next_of, shown
from tests.architecture.addresses.test_url_matrix import everything
from tests.database import as_owner
from tests.page import inside, parse

KEPT = KeptForm._meta.db_table
SIGN_IN, CONFIRM = "/accounts/sign-in/", "/accounts/confirm/"
NOT_KNOWN = "We do not know whether this was done"
COMMIT = base.DatabaseWrapper._commit
# What of members' acts is decided by whoever the sign-in has just proved
DECISIONS = {
    "partners.offers.answers.accept_offer",
    "partners.partner_of_record.approval.ask_for_partner",
    "partners.partner_of_record.approval.ask_for_undo",
    "partners.partner_of_record.acts.restore_partner",
    "partners.partner_of_record.acts.set_partner_of_record",
    "partners.partner_of_record.acts.undo_last_change",
    "partners.partner_of_record.policy.acts.approve_partner",
    "partners.partner_of_record.policy.acts.end_exemption",
    "partners.partner_of_record.policy.acts.exempt",
    "partners.partner_of_record.policy.acts.set_off_list",
    "partners.partner_of_record.policy.acts.remove_default",
    "partners.partner_of_record.policy.acts.set_default",
    "partners.partner_of_record.policy.acts.take_off_list",
    "partners.partner_of_record.schedule.acts.cancel_change",
    "partners.partner_of_record.schedule.acts.change_now_instead",
    "partners.partner_of_record.schedule.acts.schedule_change",
    "partners.partner_of_record.schedule.acts.try_again",
    "partners.relationships.roles.set_auto_extend",
    "portal.checkout.acts.place_order",
    "subscriptions.approvals.requests.approve",
    "subscriptions.approvals.switch.switch_second_person",
    "subscriptions.bulk.acts.decide",
    "subscriptions.invitations.acts.invite",
    "subscriptions.invitations.acts.send_again",
    "subscriptions.tenants.members.change_role",
    "subscriptions.tenants.members.remove_member",
    "subscriptions.applications.acts.change_application",
    "subscriptions.applications.acts.delete_application",
    "subscriptions.applications.acts.make_application",
    "subscriptions.applications.acts.make_token",
    "subscriptions.applications.acts.revoke_token",
    "subscriptions.webhooks.acts.add_endpoint",
    "subscriptions.webhooks.acts.change_endpoint",
    "subscriptions.webhooks.acts.change_secret",
    "subscriptions.webhooks.acts.delete_endpoint",
    "subscriptions.webhooks.acts.replay",
    "subscriptions.webhooks.acts.switch_endpoint",
}
# Where what was typed is kept instead
WITH_THE_ORDER = {"checkout:payment": "subscriptions_order"}
# A look-up for what asks for a recent sign-in
ASKS_NOTHING = {"partners:partner-of-record-check"}


@pytest.fixture
def world(db) -> World:
    return World()


def sent_signed_out(one: Walked, client: Client, form: Fields, **headers):
    session = client.cookies.pop("session")
    answer = client.post(one.url, form, headers=headers)
    client.cookies["session"] = session.value
    return answer


def test_after_an_ended_session_the_sign_in_leads_to_its_page_with_what_was_typed(world, settings):
    """Nothing is done meanwhile, with htmx and without. What is secret is not kept."""
    settings.LIMITS = {"kept-form": {"person": (1000, 60)}}

    def ask(one: Walked, client: Client) -> dict:
        opened, before = one.opened(client), everything()
        form = one.filled(client, opened)
        by_htmx = sent_signed_out(one, client, form, **of_htmx(one))
        answer = sent_signed_out(one, client, form)
        return as_expected(
            status=(answer.status_code, 302),
            leads=(next_of(answer.headers.get("Location", "")), (SIGN_IN, one.page_url)),
            status_of_htmx=(by_htmx.status_code, 204),
            htmx_leads=(next_of(by_htmx.headers.get("HX-Redirect", "")), (SIGN_IN, one.page_url)),
            done=(changed_since(before) - {KEPT}, set()),
        ) | what_is_kept(one, client, opened)

    assert (wrong := wrongs(world, ask)) == {}, pformat(wrong)


def of_htmx(one: Walked) -> dict[str, str]:
    return {"HX-Request": "true", "HX-Current-URL": f"http://testserver{one.page_url}"}


def what_is_kept(one: Walked, client: Client, opened: Fields) -> dict:
    """What its page shows after the sign-in: what was typed, and of what is secret nothing."""
    if not one.is_typed:
        return {}
    if one.act.is_secret:
        with as_owner():
            rows = KeptForm.objects.count()
        return as_expected(rows=(rows, 0), page=(but_of_a_sending(one.opened(client)), but_of_a_sending(opened)))
    return shown(one.opened(client), one.typed)


def but_of_a_sending(form: Fields) -> Fields:
    return {name: value for name, value in form.items() if name not in UNCOMPARED}


@pytest.mark.django_db(transaction=True)
def test_after_a_lost_commit_the_page_has_the_same_form_and_claims_nothing(monkeypatch):
    world = World()
    clients, wrong = world.clients(), {}
    for one in walked(world):
        client = clients[one.walk.by]
        form, before, lost = one.form(client), everything(), []
        with monkeypatch.context() as patch:
            patch.setattr(base.DatabaseWrapper, "_commit", losing(lost, one.walk.writes))
            answer = client.post(one.url, form)
        said = told_after_a_lost_commit(one, form, answer)
        said |= as_expected(done=(changed_since(before), set()), wrote=(lost == [True], one.walk.writes))
        if faults := what_is_not(said):
            wrong[one.address.name] = faults
    assert wrong == {}, pformat(wrong)


def losing(lost: list[bool], writes: bool) -> Callable[[Any], None]:
    """COMMIT never comes to the server; `lost` tells whether it would have written anything.

    Of an act that writes, it is the COMMIT of that: what is only read before comes through.
    """

    def lose(self: Any) -> None:
        if self.alias != "default":
            return COMMIT(self)
        row = self.connection.execute("SELECT pg_current_xact_id_if_assigned() IS NOT NULL").fetchone()
        if writes and not row[0]:
            return COMMIT(self)
        lost.append(row[0])
        self.connection.close()
        raise OperationalError("server closed the connection unexpectedly")

    return lose


def told_after_a_lost_commit(one: Walked, form: Fields, answer) -> dict:
    """The same key once more; where that cannot be, the way back to the page."""
    text = answer.content.decode()
    said = as_expected(status=(answer.status_code, 503), not_known=(NOT_KNOWN in text, True))
    if one.act.is_keyed and not one.act.is_secret:
        again = form_on(answer, one.url)
        return said | as_expected(form=({**again, "csrfmiddlewaretoken": ""}, _sent(form)))
    links = [link.get("href") for link in inside(parse(text), "a")]
    return said | as_expected(forms=(list(inside(parse(text), "form")), []), leads=(one.page_url in links, True))


def _sent(form: Fields) -> Fields:
    sent = {name: value if isinstance(value, list) else [value] for name, value in form.items() if value != []}
    return sent | {"csrfmiddlewaretoken": ""}


def is_a_decision(one: Walked) -> bool:
    says_so = one.act.decision is not None or one.act.decision_of is not Act.decision_of
    return says_so and one.act.name not in ASKS_NOTHING


def test_a_sign_in_that_is_too_old_is_asked_for_again_and_nothing_is_done(world):
    asked = []

    def ask(one: Walked, _client: Client) -> dict:
        asked.append(one.act.name)
        client = world.client(one.walk.by, proved_ago=None)
        opened, before = one.opened(client), everything()
        form = one.filled(client, opened)
        answer = client.post(one.url, form)
        said = as_expected(
            status=(answer.status_code, 303),
            leads=(next_of(answer.headers.get("Location", "")), (CONFIRM, one.page_url)),
            done=(changed_since(before) - {KEPT, WITH_THE_ORDER.get(one.act.name)}, set()),
        )
        return said if one.act.name in WITH_THE_ORDER else said | what_is_kept(one, client, opened)

    assert (wrong := wrongs(world, ask, which=is_a_decision)) == {}, pformat(wrong)
    assert len(asked) == 49


def test_the_domain_refuses_it_as_well(db):
    """Called directly, by a member whose sign-in nobody knows of; all others are done."""
    make_rows()
    by_members = [
        replace(act, call=TO_EXTEND.get(act.function, act.call)) for act in ACTS if act.by in (ADMIN, BUYER)
    ]
    assert {act.name for act in by_members if is_refused(act)} == DECISIONS


TO_EXTEND = {
    set_auto_extend: lambda rows, by: set_auto_extend(
        tenant=rows.tenant, relationship=rows.relationship, extend=True, by=by
    )
}


def is_refused(act) -> bool:
    rows = Rows()
    by, before = replace(rows.persons[act.by], proved_at=None), everything()
    with undone():
        try:
            with rows.scope_of(act):
                act.call(rows, by)
        except SignInTooOld:
            assert everything() == before
            return True
    return False
