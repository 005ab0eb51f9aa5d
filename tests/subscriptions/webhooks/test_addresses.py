"""Where a receiver may be: nothing of the own network, however it is spelled and wherever its name leads later."""

import socket
from ipaddress import ip_address

import pytest

from subscriptions.models.webhook import Outcome
from subscriptions.webhooks import addresses
from subscriptions.webhooks.addresses import NotAllowed, WhyNot, find_addresses, is_allowed, read_url
from subscriptions.webhooks.sending import send

REFUSED = {
    "http://receiver.example/hook": WhyNot.NOT_HTTPS,
    "ftp://receiver.example/hook": WhyNot.NOT_HTTPS,
    "receiver.example/hook": WhyNot.NOT_HTTPS,
    "https://": WhyNot.NO_ADDRESS,
    "https:///hook": WhyNot.NO_ADDRESS,
    "https://receiver.example:x/": WhyNot.NO_ADDRESS,
    "https://receiver.example/a b": WhyNot.NO_ADDRESS,
    "https://receiver.example/\r\nHost: other": WhyNot.NO_ADDRESS,
    "https://receiver.example\\@127.0.0.1/": WhyNot.NO_ADDRESS,
    "https://user:pass@receiver.example/": WhyNot.WITH_NAME,
    "https://user@receiver.example/": WhyNot.WITH_NAME,
    "https://receiver.example:22/": WhyNot.PORT,
    "https://receiver.example:0/": WhyNot.PORT,
    "https://receiver.example:80/": WhyNot.PORT,
    "https://127.0.0.1/": WhyNot.PRIVATE,
    "https://0.0.0.0/": WhyNot.PRIVATE,
    "https://10.0.0.5/": WhyNot.PRIVATE,
    "https://100.64.0.1/": WhyNot.PRIVATE,
    "https://192.168.1.1:8443/": WhyNot.PRIVATE,
    "https://224.0.0.1/": WhyNot.PRIVATE,
    "https://169.254.169.254/latest/meta-data/": WhyNot.PRIVATE,
    "https://0x7f000001/": WhyNot.NUMBER,
    "https://0x7f.1/": WhyNot.NUMBER,
    "https://2130706433/": WhyNot.NUMBER,
    "https://0177.0.0.1/": WhyNot.NUMBER,
    "https://127.1/": WhyNot.NUMBER,
    "https://[::1]/": WhyNot.PRIVATE,
    "https://[::]/": WhyNot.PRIVATE,
    "https://[::ffff:10.0.0.1]/": WhyNot.PRIVATE,
    "https://[::127.0.0.1]/": WhyNot.PRIVATE,
    "https://[64:ff9b::a00:1]/": WhyNot.PRIVATE,
    "https://[64:ff9b:1::a00:1]/": WhyNot.PRIVATE,
    "https://[2002:a00:1::]/": WhyNot.PRIVATE,
    "https://[2001:0:a00:1::]/": WhyNot.PRIVATE,
    "https://[fe80::1]/": WhyNot.PRIVATE,
    "https://[fd00::1]/": WhyNot.PRIVATE,
    "https://[ff02::1]/": WhyNot.PRIVATE,
    "https://localhost/": WhyNot.PRIVATE,
    "https://metadata.internal/": WhyNot.PRIVATE,
    "https://mixed.example/": WhyNot.PRIVATE,
    "https://nowhere.example/": WhyNot.UNKNOWN_HOST,
}
NAMES = {
    "receiver.example": ["93.184.215.14", "2606:4700::6810:84e5"],
    "metadata.internal": ["10.0.0.5"],
    "mixed.example": ["93.184.215.14", "127.0.0.1"],
    "localhost": ["127.0.0.1", "::1"],
}


@pytest.fixture
def names(monkeypatch) -> dict[str, list[str]]:
    """Who knows which name leads where; numbers lead to themselves."""
    known = {name: list(found) for name, found in NAMES.items()}

    def look_up(host: str, port: int, **_: object) -> list[tuple]:
        try:
            found = [str(ip_address(host))]
        except ValueError:
            found = known.get(host, [])
        if not found:
            raise socket.gaierror
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in found]

    monkeypatch.setattr(addresses.socket, "getaddrinfo", look_up)
    return known


def asked(url: str) -> WhyNot | None:
    try:
        find_addresses(read_url(url), seconds=5)
    except NotAllowed as refusal:
        return refusal.why
    return None


def test_what_is_no_public_https_address_is_refused_by_what_is_wrong(names):
    assert {url: asked(url) for url in REFUSED} == REFUSED


def test_public_addresses_are_taken(names):
    for url in (
        "https://receiver.example/hook?a=b",
        "https://receiver.example:8443/",
        "https://RECEIVER.example./",
        "https://93.184.215.14/",
        "https://[2606:4700::6810:84e5]/",
    ):
        assert asked(url) is None, url


def test_a_name_that_leads_elsewhere_later_is_not_connected_to(names, monkeypatch):
    """It was public when the endpoint was kept; at the delivery it leads into the own network."""
    connected = []
    monkeypatch.setattr(socket, "create_connection", lambda to, **_: connected.append(to) or _refuse())
    assert asked("https://receiver.example/") is None
    names["receiver.example"] = ["10.0.0.5"]
    assert send("https://receiver.example/", b"{}", {}).outcome is Outcome.NOT_ALLOWED
    assert connected == []


def test_the_address_that_was_checked_is_the_one_that_is_connected_to(names, monkeypatch):
    connected = []
    monkeypatch.setattr(socket, "create_connection", lambda to, **_: connected.append(to) or _refuse())
    assert send("https://receiver.example/", b"{}", {}).outcome is Outcome.UNREACHABLE
    assert connected == [("93.184.215.14", 443), ("2606:4700::6810:84e5", 443)]


def _refuse():
    raise ConnectionRefusedError


def test_this_machine_is_a_receiver_only_where_a_setting_says_so(names, settings):
    settings.WEBHOOKS_TO_THIS_MACHINE = True
    assert asked("http://127.0.0.1:8114/hook") is None
    assert asked("http://localhost:8114/hook") is None
    assert asked("http://receiver.example:8114/hook") is WhyNot.NOT_HTTPS
    assert asked("https://10.0.0.5/") is WhyNot.PRIVATE
    settings.WEBHOOKS_TO_THIS_MACHINE = False
    assert asked("http://127.0.0.1:8114/hook") is WhyNot.NOT_HTTPS


def test_every_reserved_range_is_refused():
    for each in ("192.0.2.1", "198.51.100.7", "203.0.113.9", "198.18.0.1", "240.0.0.1", "255.255.255.255",
                 "192.0.0.8", "192.88.99.1", "2001:db8::1", "3fff::1", "5f00::1", "100::1", "fec0::1"):  # fmt: skip
        assert not is_allowed(ip_address(each)), each
