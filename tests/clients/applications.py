"""An application of an organization and one of a partner, for the clients, and what else their environment says."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass

from tests.clients.demo import ROOT, Demo

OF_ORGANIZATION = (
    "subscriptions.read",
    "partner-of-record.write",
    "relationships.read",
    "events.read",
    "webhooks.write",
)
OF_PARTNER = ("workspace.read", "offers.read", "offers.write", "relationships.read", "relationships.write")
SLUG, PARTNER = "contoso", "565380"
CREDITED = re.compile(r"/t/contoso/billing/subscriptions/([0-9a-f-]{36})/")


@dataclass
class Prepared:
    environ: dict[str, str]


def token_of(demo: Demo, *whose: str) -> str:
    environ = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    command = [sys.executable, "manage.py", "demo_token", "--name", "Clients", *whose]
    made = subprocess.run(
        command, cwd=ROOT, env=environ | {"PORTAL_VAR": str(demo.var)}, capture_output=True, text=True, check=True
    )
    return made.stdout.split()[-1]


def prepare(demo: Demo) -> Prepared:
    """The subscription is one that credits the partner; the clients name another one instead."""
    listed = demo.visitor("admin@contoso.example").get(
        f"/t/{SLUG}/billing/subscriptions/?status=active&partner_id={PARTNER}"
    )
    certificate = str(demo.certificate)
    place = {
        "site": demo.site,
        "host": "127.0.0.1",
        "certificate": certificate,
        "token": token_of(demo, "--organization", SLUG, *OF_ORGANIZATION),
        "slug": SLUG,
        "subscription": CREDITED.search(listed.text)[1],  # type: ignore[index]
        "partner_token": token_of(demo, "--partner", PARTNER, *OF_PARTNER),
        "partner_number": "935287",
        "customer": SLUG,
    }
    environ = {f"CLIENT_{name.upper()}": value for name, value in place.items()}
    trusted = {"NODE_EXTRA_CA_CERTS": certificate, "REQUESTS_CA_BUNDLE": certificate}
    return Prepared(environ | trusted)
