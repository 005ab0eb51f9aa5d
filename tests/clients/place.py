"""What each client is told by its environment: where the portal is, and by which token it comes."""

import os
from dataclasses import dataclass
from uuid import uuid4

import httpx


@dataclass(frozen=True)
class Place:
    site: str  # https://127.0.0.1:8000
    host: str
    certificate: str
    token: str  # of an organization's application
    slug: str
    subscription: str  # an ID
    partner_token: str
    partner_number: str
    customer: str  # the address of an organization, for the partner's offer


def read() -> Place:
    return Place(**{name: os.environ[f"CLIENT_{name.upper()}"] for name in Place.__dataclass_fields__})


def undo_by_the_api(place: Place) -> None:
    """What neither Graph nor Azure has a word for, by the same token."""
    at = f"/api/v1/t/{place.slug}/subscriptions/{place.subscription}/partner-of-record"
    sent = {"Authorization": f"Bearer {place.token}", "Idempotency-Key": str(uuid4())}
    with httpx.Client(base_url=place.site, headers=sent, verify=place.certificate or True) as client:
        seen = {"If-Match": client.get(at).headers["ETag"]}
        undone = client.post(f"{at}/undo", headers=seen).raise_for_status().json()
    say("undo, by the API", undone["after"]["name"])


def say(step: str, told: object) -> None:
    """A line of the transcript."""
    print(f"  {step:22} {told}", flush=True)
