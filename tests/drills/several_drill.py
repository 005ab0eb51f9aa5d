"""A change over several organizations, and a round of offers, killed at random points: part of `make drill-many`."""

import os
import random
import signal
import subprocess
import time

import pytest
from django.test import Client

from partners.models import OfferRound, PartnerOffer, PartnerOfRecord
from subscriptions.models import AuditEvent, BulkAct, BulkRow, JointAct, Mail
from tests.database import as_owner
from tests.drills.processes import started
from tests.factories import (
    make_member,
    make_offer_round,
    make_partner,
    make_partner_person,
    make_relationship,
    make_tenant,
    make_user,
)
from tests.facts import mails
from tests.personas import open_session
from tests.subscriptions.bulk import facts as many
from tests.subscriptions.groups.test_several_changes import acts, previewed

ROWS, KILLS = int(os.environ.get("ROWS", "5000")), int(os.environ.get("KILLS", "20"))
PLACES, CUSTOMERS = 3, 60
DECISION = """
user = User.objects.get(pk={user})
with scopes.person(user.pk):
    joint = JointAct.objects.get(pk={joint})
    parts = parts_of(joint, seats_of(user, memberships_of(user.pk)))
    decide(joint=joint, parts=parts, digest=digest_of(parts), proved_at=time.time())
"""
OF_DECISION = """
import time
from subscriptions.db import scopes
from subscriptions.groups.acts import decide
from subscriptions.groups.joint_reads import digest_of, parts_of
from subscriptions.groups.reads import seats_of
from subscriptions.models import JointAct, User
from subscriptions.models.people.membership import memberships_of
"""
JOBS = """
for tenant, act in {acts}:
    runs.work_off(tenant_id=tenant, act_id=act)
"""
ROUND = """
limits.LIMITS["send-offer"] = {{"person": (100_000, limits.MINUTE)}}
user = User.objects.get(pk={person})
with scopes.person(user.pk) as scope:
    partner = Partner.objects.get(pk={partner})
    scope.become_partner(partner.pk)
    offered = OfferRound.objects.get(pk={offered})
    by = partners_person(user, partner, agent_role=AgentRole.ADMIN_AGENT)
    many.make_round(offered=offered, version=offered.version, send=True, by=by)
"""
OF_ROUND = """
from partners.delegation import partners_person
from partners.models import OfferRound, Partner
from partners.offers import many
from subscriptions.db import limits, scopes
from subscriptions.models import User
from subscriptions.models.delegated_role import AgentRole
"""

pytestmark = pytest.mark.django_db(transaction=True)


def kill(process: subprocess.Popen[bytes], after: float) -> bool:
    """Whether it was still at it."""
    time.sleep(after)
    was_running = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    return was_running


@as_owner()
def decided() -> tuple[int, int]:
    return BulkAct.objects.exclude(decided_at=None).count(), JointAct.objects.exclude(decided=None).count()


def test_killed_over_several_organizations_each_is_done_once(db):
    """First while it is decided, which is all or nothing; then in the jobs, one organization after the other."""
    random.seed(int(os.environ.get("SEED", "1")))
    user, partner, each = make_user(email="group@several.example"), make_partner(number="565380"), ROWS // PLACES
    for number in range(PLACES):
        tenant = make_tenant(slug=f"place-{number}", name=f"Place {number}")
        make_member(tenant=tenant, user=user)
        many.make_many(tenant, each)
    client = Client()
    open_session(client, user)
    page = previewed(client, partner_id=partner.number, scope="all")
    decision = DECISION.format(user=user.pk, joint=page.context["act"].joint.pk)
    killed = 0
    while decided() == (0, 0) and killed < 5:
        killed += kill(started(OF_DECISION, decision), random.uniform(0.005, 0.2))
        time.sleep(0.5)
        assert decided() in ((0, 0), (PLACES, 1))
    if decided() == (0, 0):
        assert started(OF_DECISION, decision).wait() == 0
    assert decided() == (PLACES, 1)
    print(f"\nkilled {killed} times while it was decided: all or nothing")
    keys = [(act.tenant_id, act.pk) for act in acts().values()]
    jobs = JOBS.format(acts=keys)
    for number in range(KILLS):
        kill(started("from subscriptions.bulk import runs", jobs), random.uniform(0.1, 3))
        print(f"killed {number + 1}: {[many.counts(act)[0::3] for act in acts().values()]}", flush=True)
    assert started("from subscriptions.bulk import runs", jobs).wait() == 0
    for act in acts().values():
        assert (many.counts(act), many.outcomes(act)) == (("done", each, each, each, 0), {"changed": each})
    with as_owner():
        changed = AuditEvent.objects.filter(kind="partner-of-record.added")
        assert changed.count() == PartnerOfRecord.objects.in_force().count() == each * PLACES
        assert BulkRow.objects.values("event").distinct().count() == each * PLACES
    told = sorted(kind for kind, _receiver in mails())
    assert told == ["bulk-receipt"] * PLACES + ["credits-changed"] * PLACES


@as_owner()
def of_round() -> tuple[int, int, int, int]:
    """Offers sent, events and mails of that, and rounds made."""
    return (
        PartnerOffer.objects.filter(state="sent").count(),
        AuditEvent.objects.filter(kind="offer.sent").count(),
        Mail.objects.filter(kind="offer-received").count(),
        OfferRound.objects.exclude(made_at=None).count(),
    )


def test_killed_in_a_round_of_offers_each_customer_gets_one(db):
    """A round is one transaction: after a kill there is nothing of it, and the next one makes all of it."""
    random.seed(int(os.environ.get("SEED", "1")))
    partner = make_partner()
    person = make_partner_person(partner=partner, email="agent@tailspin.example", name="Agatha Agent")
    tenants = [make_tenant(slug=f"customer-{number}", name=f"Customer {number}") for number in range(CUSTOMERS)]
    for tenant in tenants:
        make_relationship(tenant=tenant, partner=partner)
        make_member(tenant=tenant, email=f"admin@{tenant.slug}.example")
    offered = make_offer_round(partner=partner, tenants=tenants)
    code = ROUND.format(person=person.pk, partner=partner.pk, offered=offered.pk)
    hit = 0
    for _kill in range(KILLS):
        was_running = kill(started(OF_ROUND, code), random.uniform(0.05, 1.5))
        time.sleep(0.5)
        assert of_round() in ((0, 0, 0, 0), (CUSTOMERS, CUSTOMERS, CUSTOMERS, 1))
        if of_round()[3]:
            break
        hit += was_running
    print(f"\nkilled {hit} times in a round of {CUSTOMERS}: nothing of it was left")
    if not of_round()[3]:
        assert started(OF_ROUND, code).wait() == 0
    assert of_round() == (CUSTOMERS, CUSTOMERS, CUSTOMERS, 1)
    with as_owner():
        assert PartnerOffer.objects.values("tenant").distinct().count() == PartnerOffer.objects.count() == CUSTOMERS
