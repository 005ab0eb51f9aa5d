"""Where a receiver may be: https, by a name or an address of the public internet, and nothing of one's own network.

Asked when an endpoint is kept, and again at each delivery, of the address that is then connected to.
"""

import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from django.conf import settings

HTTPS_PORT = 443
FIRST_FREE_PORT = 1024  # below it are services that a request could be made to talk to: mail, shells, directories
MOST_ADDRESSES = 4
RESOLVERS = ThreadPoolExecutor(max_workers=16, thread_name_prefix="resolve")
# Handed out to the public; others, which lead into networks of IPv4 among them, are never connected to
PUBLIC_IPV6 = ip_network("2000::/3")
LEADS_ELSEWHERE = tuple(
    ip_network(each)
    for each in (
        "192.0.0.0/24",
        "192.88.99.0/24",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "3ffe::/16",
        "3fff::/20",
    )
)

Address = IPv4Address | IPv6Address


class WhyNot(StrEnum):
    """What is wrong with an address."""

    NOT_HTTPS = "not-https"
    NO_ADDRESS = "no-address"
    WITH_NAME = "with-name"
    PORT = "port"
    NUMBER = "number"
    PRIVATE = "private"
    UNKNOWN_HOST = "unknown-host"


class NotAllowed(Exception):
    def __init__(self, why: WhyNot):
        super().__init__(why.value)
        self.why = why


class UnknownHost(NotAllowed):
    def __init__(self) -> None:
        super().__init__(WhyNot.UNKNOWN_HOST)


@dataclass(frozen=True)
class Target:
    """A receiver's address, taken apart."""

    host: str
    port: int
    path: str
    is_plain: bool = False  # a receiver on this machine, in a demo


def read_url(url: str) -> Target:
    """Whatever can be said without asking for the name. Raises NotAllowed."""
    if any(letter <= " " or letter in "\x7f\\" for letter in url):
        raise NotAllowed(WhyNot.NO_ADDRESS)
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise NotAllowed(WhyNot.NO_ADDRESS) from None
    is_plain = parts.scheme == "http" and _is_of_this_machine(host)
    if parts.scheme != "https" and not is_plain:
        raise NotAllowed(WhyNot.NOT_HTTPS)
    if "@" in parts.netloc:
        raise NotAllowed(WhyNot.WITH_NAME)
    if port is None:
        port = 80 if is_plain else HTTPS_PORT
    if port != HTTPS_PORT and not FIRST_FREE_PORT <= port <= 65535:
        raise NotAllowed(WhyNot.PORT)
    path = parts.path or "/"
    return Target(_plain_host(host), port, f"{path}?{parts.query}" if parts.query else path, is_plain)


def _plain_host(host: str) -> str:
    """As the name is asked for. Raises NotAllowed; numbers in other forms than usual are none that a person means."""
    try:
        return str(ip_address(host))
    except ValueError:
        pass
    try:
        name = host.rstrip(".").encode("idna").decode()
    except UnicodeError:
        raise NotAllowed(WhyNot.NO_ADDRESS) from None
    last = name.rpartition(".")[2]
    if not name or ":" in name or "%" in name:
        raise NotAllowed(WhyNot.NO_ADDRESS)
    if last.isdigit() or last[:2].lower() == "0x":
        raise NotAllowed(WhyNot.NUMBER)
    return name


def find_addresses(target: Target, *, seconds: float) -> list[Address]:
    """Where the name leads now, each allowed. Raises NotAllowed, UnknownHost and TimeoutError."""
    asked = RESOLVERS.submit(socket.getaddrinfo, target.host, target.port, type=socket.SOCK_STREAM)
    try:
        found = asked.result(timeout=seconds)
    except (OSError, UnicodeError) as error:
        if isinstance(error, TimeoutError):
            raise
        raise UnknownHost from None
    addresses = [ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    if not addresses:
        raise UnknownHost
    if not all(is_allowed(address) for address in addresses):
        raise NotAllowed(WhyNot.PRIVATE)
    return list(dict.fromkeys(addresses))[:MOST_ADDRESSES]


def is_allowed(address: Address) -> bool:
    if address.is_loopback and settings.WEBHOOKS_TO_THIS_MACHINE:
        return True
    if any(address.version == network.version and address in network for network in LEADS_ELSEWHERE):
        return False
    if isinstance(address, IPv6Address):
        return address in PUBLIC_IPV6 and address.is_global
    return address.is_global and not (address.is_multicast or address.is_reserved)


def _is_of_this_machine(host: str) -> bool:
    if not settings.WEBHOOKS_TO_THIS_MACHINE:
        return False
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
