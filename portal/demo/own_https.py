"""The demo's address: of this machine alone, by http, or by https with a certificate that nobody else has signed."""

from urllib.parse import urlsplit

HOST = "127.0.0.1"


def demo_address(port: int | str, *, tls: bool) -> str:
    return f"{'https' if tls else 'http'}://{HOST}:{port}"


def is_served_securely(site_url: str, *, demo: bool) -> bool:
    """By https, and to others: then settings for production are asked for, and no sample data is written."""
    address = urlsplit(site_url)
    return address.scheme == "https" and not (demo and address.hostname == HOST)
