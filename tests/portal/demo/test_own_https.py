"""The demo by https: its own certificate, and that no production takes itself for a demo."""

import ssl
import threading
from datetime import timedelta
from http.client import HTTPSConnection
from http.server import HTTPServer, SimpleHTTPRequestHandler

import pytest
import time_machine
from cryptography import x509
from django.utils import timezone

from portal.command_line import prepare
from portal.demo.certificate import own_certificate, trusting
from portal.demo.own_https import is_served_securely
from portal.demo.supervise import answers
from tests.ports import free_port


@pytest.fixture
def port_by_https(tmp_path):
    """Of a server with the demo's certificate, that answers."""
    certificate, key = own_certificate(tmp_path / "tls")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = HTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_who_trusts_the_certificate_reaches_the_demo_by_both_names(port_by_https, tmp_path, host):
    context = trusting(tmp_path / "tls" / "certificate.pem")
    context.verify_flags |= ssl.VERIFY_X509_STRICT  # as newer Pythons ask by themselves
    connection = HTTPSConnection(host, port_by_https, context=context, timeout=10)
    connection.request("HEAD", "/")
    assert connection.getresponse().status == 200
    connection.close()


def test_who_does_not_trust_it_is_not_connected(port_by_https, tmp_path):
    assert answers(port_by_https, trusting(tmp_path / "tls" / "certificate.pem"))
    assert not answers(port_by_https, ssl.create_default_context())


def test_the_certificate_stays_until_a_month_before_its_end(tmp_path):
    certificate, key = own_certificate(tmp_path)
    first, day = certificate.read_bytes(), timezone.now()
    with time_machine.travel(day + timedelta(days=330), tick=False):
        own_certificate(tmp_path)
        assert certificate.read_bytes() == first
    with time_machine.travel(day + timedelta(days=340), tick=False):
        own_certificate(tmp_path)
        assert certificate.read_bytes() != first
    assert key.stat().st_mode & 0o777 == 0o600


def test_the_certificate_signs_nothing_else(tmp_path):
    certificate, _key = own_certificate(tmp_path)
    read = x509.load_pem_x509_certificate(certificate.read_bytes())
    assert not read.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


@pytest.mark.parametrize("left", [b"", b"torn", None])
def test_a_certificate_that_was_cut_short_is_made_anew(tmp_path, left):
    certificate, key = own_certificate(tmp_path)
    if left is None:
        key.unlink()
    else:
        certificate.write_bytes(left)
    own_certificate(tmp_path)
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)


def test_the_demos_address_is_https_where_that_is_asked_for():
    environ = {"PORT": str(free_port()), "DATABASE_URL": "postgresql://boss@/shop"}
    prepare(["demo", "--tls"], environ)
    assert environ["SITE_URL"] == f"https://127.0.0.1:{environ['PORT']}"


@pytest.mark.parametrize(
    ("site", "demo", "securely"),
    [
        ("https://127.0.0.1:8000", True, False),
        ("https://127.0.0.1:8000", False, True),
        ("https://portal.example", True, True),
        ("https://portal.example", False, True),
        ("http://127.0.0.1:8000", True, False),
    ],
)
def test_only_a_demo_of_this_machine_serves_https_without_being_production(site, demo, securely):
    assert is_served_securely(site, demo=demo) is securely
