"""A client that openapi-python-client made of openapi.json drives the API: typed answers and problems, no address."""

from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from portal_client import AuthenticatedClient
from portal_client.api.me import read_me
from portal_client.api.partner_of_record import (
    check_partner,
    delete_partner_of_record,
    read_partner_of_record,
    set_partner_of_record,
    undo_partner_of_record,
)
from portal_client.api.subscriptions import list_subscriptions
from portal_client.models import Check, Naming, Problem, Version

from tests.clients.place import Place, read, say


def client_of(place: Place) -> AuthenticatedClient:
    trusted = place.certificate or True
    return AuthenticatedClient(
        base_url=place.site, token=place.token, verify_ssl=trusted, raise_on_unexpected_status=True
    )


def drive(place: Place) -> None:
    client = client_of(place)
    at = {"client": client, "slug": place.slug, "uuid": place.subscription}
    me = read_me.sync(client=client)
    say("me", f"{me.name} of {me.owner.name}, {', '.join(me.scopes)}")
    found, cursor = 0, {}
    while True:
        page = list_subscriptions.sync(client=client, slug=place.slug, limit=3, **cursor)
        found += len(page.data)
        if not page.next_:
            break
        cursor = {"cursor": parse_qs(urlsplit(page.next_).query)["cursor"][0]}
    say("list by limit=3", f"{found} subscriptions by following next")
    now = read_partner_of_record.sync_detailed(**at)
    before = now.parsed.partner_of_record
    say("get", f"{now.headers['ETag']}, partner of record {before and before.partner_id}")
    check = Check(partner_id="9999999", subscription=place.subscription)
    say("check (unknown ID)", check_partner.sync(client=client, slug=place.slug, body=check).reason)
    naming = Naming(partner_id=place.partner_number, reason="By a generated client")
    set_ = set_partner_of_record.sync_detailed(**at, body=naming, if_match=now.headers["ETag"])
    say("set", set_.parsed.after.name)
    stale = set_partner_of_record.sync(**at, body=naming, if_match=now.headers["ETag"])
    assert isinstance(stale, Problem), stale
    say("set with a stale tag", f"{stale.status} {stale.code}: {stale.detail}")
    cleared = delete_partner_of_record.sync_detailed(**at, if_match=set_.headers["ETag"])
    say("clear", cleared.status_code.value)
    key = str(uuid4())
    tag = cleared.headers["ETag"]
    undone = undo_partner_of_record.sync_detailed(**at, body=Version(), if_match=tag, idempotency_key=key)
    say("undo", undone.parsed.after.name)
    again = undo_partner_of_record.sync_detailed(**at, body=Version(), if_match=tag, idempotency_key=key)
    say("undo sent again", f"Idempotent-Replayed: {again.headers['Idempotent-Replayed']}")
    if before:
        naming.partner_id = before.partner_id
        back = set_partner_of_record.sync(**at, body=naming, if_match=undone.headers["ETag"])
        say("put back", back.after.name)


if __name__ == "__main__":
    drive(read())
