"""Azure's own client for partner IDs, with the subscription as its base address."""

import time

from azure.core.credentials import AccessToken
from azure.core.exceptions import HttpResponseError
from azure.mgmt.managementpartner import ACEProvisioningManagementPartnerAPI

from tests.clients.place import Place, read, say, undo_by_the_api


class Static:
    def __init__(self, token: str):
        self.token = token

    def get_token(self, *scopes: str, **_: object) -> AccessToken:
        return AccessToken(self.token, int(time.time()) + 3600)


def client_of(place: Place) -> ACEProvisioningManagementPartnerAPI:
    base = f"{place.site}/azure/t/{place.slug}/subscriptions/{place.subscription}"
    credential = Static(place.token)
    return ACEProvisioningManagementPartnerAPI(credential, base_url=base, connection_verify=place.certificate)


def refused(step: str, act) -> None:
    try:
        act()
    except HttpResponseError as error:
        say(step, f"{error.status_code} {error.error.code}: {error.error.message}")
    else:
        raise AssertionError(f"{step}: nothing was refused")


def drive(place: Place) -> None:
    partner = client_of(place).partner
    other = "565380" if place.partner_number != "565380" else "935287"
    try:
        before = client_of(place).partners.get()
        say("read", f"{before.partner_id} {before.partner_name}")
        partner.delete(before.partner_id)
        say("clear", before.partner_id)
    except HttpResponseError as error:
        before = None
        say("read", error.status_code)
    refused("check (unknown ID)", lambda: partner.create("9999999"))
    made = partner.create(place.partner_number)
    say("set", f"{made.partner_id} {made.partner_name}, version {made.version}")
    refused("set another", lambda: partner.create(other))
    say("change", partner.update(other).partner_name)
    refused("read the first", lambda: partner.get(place.partner_number))
    partner.delete(other)
    say("clear", other)
    undo_by_the_api(place)
    partner.delete(other)
    if before:
        say("put back", partner.create(before.partner_id).partner_name)


if __name__ == "__main__":
    drive(read())
