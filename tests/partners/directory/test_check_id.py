"""Check ID says who it is or why not, changes nothing, and cannot be used to guess."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.conf import settings as portal_settings
from django.db import connections

from partners.directory.reads import count_check
from partners.directory.rules import Problem
from partners.models.partner import PartnerKind, PartnerState
from subscriptions.clouds import Cloud
from subscriptions.db.limits import LIMITS, TooManyRequests
from tests.factories import make_actor, make_partner, make_product, make_subscription
from tests.facts import footprint
from tests.partners.partner_of_record import client as acts

UNUSABLE = {
    Problem.UNKNOWN: None,
    Problem.NOT_ACTIVE: {"state": PartnerState.INACTIVE},
    Problem.GLOBAL_ID: {"kind": PartnerKind.GLOBAL},
    Problem.OTHER_CLOUD: {"cloud": Cloud.GERMANY},
    Problem.COUNTRY: {"authorized_countries": ("GB",)},
    Problem.PRODUCT: {"authorized_families": ("exchange",)},
}
AGES = 1_000_000_000  # seconds: no window of time ends during a test


@pytest.fixture
def subscription(alpha):
    return make_subscription(tenant=alpha, product=make_product(name="Office 365 E3", family="office"))


@pytest.fixture
def long_windows(settings):
    settings.LIMITS = {"check-id": {"person": (10, AGES), "tenant": (60, AGES)}}


def test_every_problem_has_a_case():
    assert set(UNUSABLE) == set(Problem)


@pytest.mark.parametrize("problem", Problem)
def test_an_unusable_id_gets_its_own_sentence_and_no_name(subscription, global_admin, sign_in, problem):
    if UNUSABLE[problem] is not None:
        make_partner(number="4391507", name="Hidden Name", **UNUSABLE[problem])
    client = sign_in(global_admin)
    before = footprint(subscription)
    answer = acts.check(client, subscription, acts.opened(client, subscription) | {"partner_id": "4391507"})
    unusable = answer.context["form"].unusable
    text = answer.content.decode()
    assert (answer.status_code, unusable.problem) == (422, problem)
    assert unusable.sentence in text
    assert unusable.next_step in text
    assert "4391507" in unusable.sentence
    assert "Hidden Name" not in text
    assert footprint(subscription) == before


@pytest.mark.parametrize("state", [PartnerState.SUSPENDED, PartnerState.PENDING])
def test_other_states_are_not_usable_either(subscription, global_admin, sign_in, state):
    make_partner(number="4391507", name="Hidden Name", state=state)
    client = sign_in(global_admin)
    answer = acts.check(client, subscription, acts.opened(client, subscription) | {"partner_id": "4391507"})
    assert (answer.status_code, b"Hidden Name" in answer.content) == (422, False)


def test_a_global_id_lists_the_locations_of_the_country(subscription, global_admin, sign_in):
    company = make_partner(number="1234566", name="Northwind Group", kind=PartnerKind.GLOBAL)
    make_partner(number="1234567", parent=company, country="US")
    make_partner(number="1234568", parent=company, country="DE")
    make_partner(number="1234569", parent=company, country="US", state=PartnerState.INACTIVE)
    client = sign_in(global_admin)
    answer = acts.check(client, subscription, acts.opened(client, subscription) | {"partner_id": "1234566"})
    assert [location.number for location in answer.context["form"].unusable.locations] == ["1234567"]
    assert "1234567" in answer.content.decode()


def test_a_usable_partner_is_named_and_nothing_is_changed(subscription, global_admin, sign_in):
    make_partner(number="565380", name="Tailspin Consulting", city="Seattle")
    client, before = sign_in(global_admin), footprint(subscription)
    answer = acts.check(client, subscription, acts.opened(client, subscription) | {"partner_id": "565380"})
    assert answer.status_code == 200
    assert "Tailspin Consulting" in answer.content.decode()
    assert "Seattle" in answer.content.decode()
    assert footprint(subscription) == before


def statuses(client, subscription, times: int, number="565380") -> list[int]:
    fields = acts.opened(client, subscription) | {"partner_id": number}
    return [acts.check(client, subscription, fields).status_code for _ in range(times)]


def test_the_limits_are_those_of_the_promise():
    assert LIMITS["check-id"] == {"person": (10, 60), "tenant": (60, 60 * 60)}
    assert portal_settings.LIMITS == {}


@pytest.mark.usefixtures("long_windows")
def test_the_eleventh_check_waits_and_another_person_does_not(subscription, global_admin, billing_admin, sign_in):
    make_partner(number="565380")
    client = sign_in(global_admin)
    assert statuses(client, subscription, 11) == [200] * 10 + [429]
    assert statuses(sign_in(billing_admin), subscription, 1) == [200]
    answer = acts.check(client, subscription, {"partner_id": "565380"})
    assert 1 <= int(answer.headers["Retry-After"]) <= AGES


@pytest.mark.usefixtures("long_windows")
def test_guesses_count_too_and_submits_without_check_are_checks(subscription, global_admin, sign_in):
    client = sign_in(global_admin)
    assert statuses(client, subscription, 10, number="999") == [422] * 10
    fields = acts.opened(client, subscription) | {"partner_id": "999"}
    assert acts.submit(client, subscription, fields).status_code == 429


@pytest.mark.usefixtures("long_windows")
def test_an_organization_has_a_limit_of_its_own(subscription, alpha, global_admin, settings):
    settings.LIMITS = {"check-id": {"person": (1000, AGES), "tenant": (60, AGES)}}
    actor = make_actor(user=global_admin)
    for _ in range(60):
        count_check(tenant=alpha, by=actor)
    with pytest.raises(TooManyRequests):
        count_check(tenant=alpha, by=actor)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("long_windows")
def test_of_fifty_checks_at_once_exactly_ten_pass(alpha, global_admin):
    actor, together = make_actor(user=global_admin), Barrier(50)

    def passes(_number: int) -> bool:
        connections["counters"].ensure_connection()
        together.wait()
        try:
            count_check(tenant=alpha, by=actor)
        except TooManyRequests:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(50) as pool:
        assert sum(pool.map(passes, range(50))) == 10


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("long_windows")
def test_a_check_counts_although_its_request_is_rolled_back(subscription, global_admin, sign_in, monkeypatch):
    client = sign_in(global_admin)
    fields = acts.opened(client, subscription) | {"partner_id": "999"}
    client.raise_request_exception = False
    monkeypatch.setattr("partners.directory.reads.find_partner_for_all", lambda *_, **__: 1 / 0)
    assert {acts.check(client, subscription, fields).status_code for _ in range(10)} == {500}
    assert acts.check(client, subscription, fields).status_code == 429
