"""Whatever may be sent, and may not, to each operation of the API: `make drill-api`.

schemathesis makes the calls from the document, as two organizations and a partner. No answer is a fault, none says
anything of the other organization, and of the other not one row is changed. CASES in the environment says how many
calls each operation gets from each of the three, beside those of its edges; SEED makes the same ones again.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

from subscriptions.clouds import Cloud
from subscriptions.db.limits import LIMITS
from tests.architecture.facts import ROOT
from tests.database import as_owner
from tests.factories import (
    make_approval,
    make_audit_event,
    make_bulk_act,
    make_delivery,
    make_order,
    make_partner,
    make_partner_of_record,
    make_partner_offer,
    make_policy,
    make_relationship,
    make_scheduled_change,
    make_subscription,
    make_tenant,
    make_webhook,
    placed,
)
from tests.portal.api.client import make_program
from tests.worlds import make_world

CASES, SEED = os.environ.get("CASES", "8"), int(os.environ.get("SEED", "1"))
SECRET = "Geheim"  # in each name of the other organization that is never to be read by the first
CHECKS = "not_a_server_error,content_type_conformance,response_schema_conformance,nothing_of_the_other"
# The edges of each field are no others for somebody else, and there are thousands of them
PHASES = {"the organization": "coverage,fuzzing,stateful"}
UNLIMITED = {what: {whom: (10**6, 60) for whom in limits} for what, limits in LIMITS.items()}

pytestmark = pytest.mark.django_db(transaction=True)


def rows_of(tenant: Any, partner: Any, user: Any) -> list[str]:
    """One row of all that an operation may name; their IDs."""
    names = [f"{tenant.name} plan {number}" for number in range(3)]
    plans = [make_subscription(tenant=tenant, name=name) for name in names]
    make_partner_of_record(subscription=plans[0], partner=partner)
    webhook = make_webhook(tenant=tenant, label=f"{tenant.name} hook")
    event = make_audit_event(tenant=tenant, subject_name=f"{tenant.name} event")
    rows = [
        *plans,
        make_relationship(tenant=tenant, partner=partner),
        make_partner_offer(tenant=tenant, partner=partner),
        make_order(tenant=tenant, **placed(f"2026-{tenant.pk:06}")),
        make_scheduled_change(subscription=plans[1], user=user, partner=partner),
        make_approval(subscription=plans[2], user=user),
        make_policy(tenant=tenant, partner=partner, exempt=plans[1]),
        make_bulk_act(tenant=tenant, user=user, rows=[plans[0]]),
        make_delivery(endpoint=webhook, event=event),
        webhook,
        event,
    ]
    return [str(row.uuid) for row in rows if hasattr(row, "uuid")]


def footprint(tenant: Any) -> dict[str, list[str]]:
    """Each row of each table that belongs to that organization."""
    found = {}
    with as_owner(), connection.cursor() as cursor:
        for model in apps.get_models():
            if "tenant_id" in {field.attname for field in model._meta.local_concrete_fields}:
                table = model._meta.db_table
                cursor.execute(f"SELECT t::text FROM {table} t WHERE tenant_id = %s ORDER BY 1", [tenant.pk])
                found[table] = [row for (row,) in cursor.fetchall()]
    return found


def call(live_server: Any, tmp_path: Path, program: Any, told: dict[str, Any], phases: str) -> Counter[str]:
    """How many answers of each status; fails with what schemathesis found."""
    facts, counted = tmp_path / "fuzz.json", tmp_path / "answers"
    counted.write_text("")
    facts.write_text(json.dumps(told | {"seed": SEED, "counted": str(counted)}))
    command = [sys.executable, "-m", "schemathesis.cli", "run", str(ROOT / "docs" / "openapi.json")]
    options = {
        "--url": live_server.url,
        "--header": f"Authorization: Bearer {program.token}",
        "--checks": CHECKS,
        "--phases": phases,
        "--max-examples": CASES,
        "--seed": str(SEED),
        "--warnings": "off",
        "--suppress-health-check": "all",
        "--request-timeout": "30",
    }
    command += [part for pair in options.items() for part in pair]
    environ = os.environ | {
        "SCHEMATHESIS_HOOKS": "tests.drills.api_hooks",
        "FUZZ": str(facts),
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [*command, "--continue-on-failure"], cwd=tmp_path, env=environ, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-4_000:]
    return Counter(line.partition(" ")[0] for line in counted.read_text().splitlines())


def test_no_call_is_a_fault_or_reaches_another_organization(live_server, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "LIMITS", UNLIMITED)
    monkeypatch.setattr(settings, "SITE_URL", live_server.url)
    world = make_world(Cloud.WORLDWIDE)
    with as_owner():
        beta = make_tenant(slug="beta", name=f"{SECRET} Beta GmbH")
    own, partner = (
        rows_of(world.tenant, world.partner, world.admin),
        make_partner(number="777777", name=f"{SECRET} AG"),
    )
    theirs = rows_of(beta, partner, world.reader)
    path = {
        "uuid": own + theirs,
        "slug": [world.tenant.slug] * 4 + ["beta"],
        "number": [world.partner.number] * 4 + ["777777"],
    }
    callers = {
        "the organization": (make_program(tenant=world.tenant), [SECRET], beta),
        "the other one": (make_program(tenant=beta), [world.tenant.name], world.tenant),
        "the partner": (make_program(partner=world.partner), [SECRET], beta),
    }
    for who, (program, secret, other) in callers.items():
        before = footprint(other)
        slugs = [beta.slug] * 4 + [world.tenant.slug] if who == "the other one" else path["slug"]
        told = {"path": {**path, "slug": slugs}, "secret": secret}
        answers = call(live_server, tmp_path, program, told, PHASES.get(who, "fuzzing"))
        print(f"\n{who}: {answers.total()} calls, {dict(sorted(answers.items()))}")
        after = footprint(other)
        assert {table: rows for table, rows in after.items() if rows != before[table]} == {}, who
        assert not any(status.startswith("5") for status in answers), answers
