"""The clients small enough for every run: Azure's own for partner IDs, and one made of the API's document."""

import json
import subprocess
import sys
from importlib import import_module

import pytest
from azure.core.pipeline.policies import HeadersPolicy
from azure.mgmt.managementpartner import ACEProvisioningManagementPartnerAPI

from partners.models import PartnerOfRecord
from portal.api.instance import api
from tests.clients import management_partner
from tests.clients.place import Place
from tests.database import as_owner
from tests.factories import (
    make_application,
    make_member,
    make_partner,
    make_partner_of_record,
    make_subscription,
    make_tenant,
    make_token,
)

SCOPES = ("subscriptions.read", "partner-of-record.write")


@pytest.fixture
def place(live_server, settings) -> Place:
    """An organization that credits somebody, and a program of it; by http, as there is nothing to trust here."""
    settings.SITE_URL = live_server.url
    tenant = make_tenant()
    make_member(tenant=tenant)
    subscription = make_subscription(tenant=tenant)
    for number in range(3):
        make_subscription(tenant=tenant, name=f"Plan {number}")
    make_partner_of_record(subscription=subscription, partner=make_partner())
    make_partner(number="935287", name="Adventure Works Advisors")
    return Place(
        site=live_server.url,
        host="localhost",
        certificate="",
        token=make_token(make_application(tenant=tenant, scopes=SCOPES)),
        slug=tenant.slug,
        subscription=str(subscription.uuid),
        partner_token="",
        partner_number="935287",
        customer="",
    )


@as_owner()
def history(place: Place) -> list[str]:
    periods = PartnerOfRecord.objects.filter(subscription__uuid=place.subscription).order_by("pk")
    return [period.partner.number for period in periods]


def lines_of(captured: str) -> dict[str, str]:
    return {line[:24].strip(): line[24:].strip() for line in captured.splitlines()}


def test_azures_own_client_reads_clears_sets_and_changes(place, monkeypatch, capsys):
    def by_http(place: Place) -> ACEProvisioningManagementPartnerAPI:
        base = f"{place.site}/azure/t/{place.slug}/subscriptions/{place.subscription}"
        policy = HeadersPolicy({"Authorization": f"Bearer {place.token}"})
        return ACEProvisioningManagementPartnerAPI(
            management_partner.Static(place.token), base_url=base, authentication_policy=policy
        )

    monkeypatch.setattr(management_partner, "client_of", by_http)
    management_partner.drive(place)
    told = lines_of(capsys.readouterr().out)
    assert told["read"] == "565380 Tailspin Consulting"
    assert told["check (unknown ID)"].startswith("409 Request_Conflict: No partner has the ID 9999999.")
    assert told["set another"].startswith("409")
    assert told["read the first"].startswith("404")
    assert history(place) == ["565380", "935287", "565380", "565380", "565380"]


def test_a_client_made_of_the_document_lists_checks_sets_clears_and_undoes(place, tmp_path, monkeypatch, capsys):
    (tmp_path / "openapi.json").write_text(json.dumps(api.get_openapi_schema()))
    generator = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none"]
    made = subprocess.run(
        [*generator, "--path", "openapi.json", "--output-path", "portal_client"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert "will not be generated" not in made.stdout + made.stderr
    monkeypatch.syspath_prepend(str(tmp_path))
    import_module("tests.clients.generated").drive(place)
    told = lines_of(capsys.readouterr().out)
    assert told["list by limit=3"].startswith("4 subscriptions")
    assert told["check (unknown ID)"] == "No partner has the ID 9999999."
    assert told["set with a stale tag"].startswith("412 stale")
    assert (told["clear"], told["undo"]) == ("204", "Adventure Works Advisors")
    assert told["undo sent again"] == "Idempotent-Replayed: true"
    assert history(place) == ["565380", "935287", "935287", "565380"]
