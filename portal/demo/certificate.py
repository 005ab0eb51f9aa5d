"""A certificate for the demo's own https, made once, kept beside its data, and made anew before it runs out."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from portal.demo.own_https import HOST

DAYS = 365
LEFT = timedelta(days=30)  # with less than this left it is made anew
FILES = "certificate.pem", "key.pem"


def own_certificate(folder: Path) -> tuple[Path, Path]:
    """The files of certificate and key, which only their owner reads."""
    certificate, key = (folder / name for name in FILES)
    if not (key.exists() and _is_good(certificate)):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _make(certificate, key)
    return certificate, key


def trusting(certificate: Path) -> ssl.SSLContext:
    """For a client of the demo, which knows this certificate and no other."""
    return ssl.create_default_context(cafile=str(certificate))


def _is_good(certificate: Path) -> bool:
    try:
        read = x509.load_pem_x509_certificate(certificate.read_bytes())
    except (FileNotFoundError, ValueError):
        return False
    return read.not_valid_after_utc - datetime.now(UTC) > LEFT


def _make(certificate: Path, key: Path) -> None:
    """The key is written first: a certificate that is there has its key."""
    secret = ec.generate_private_key(ec.SECP256R1())
    certificate.unlink(missing_ok=True)
    key.unlink(missing_ok=True)
    key.touch(mode=0o600)
    key.write_bytes(secret.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    certificate.write_bytes(_signed_by_itself(secret).public_bytes(Encoding.PEM))


def _signed_by_itself(secret: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    """For this machine's addresses and nothing else: it signs no other certificate, wherever somebody trusts it."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Demo of the portal")])
    now, public = datetime.now(UTC), secret.public_key()
    addresses = [x509.IPAddress(ip_address(HOST)), x509.DNSName("localhost")]
    return (
        x509.CertificateBuilder(name, name, public, x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=DAYS))
        .add_extension(x509.SubjectAlternativeName(addresses), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(public), critical=False)
        .sign(secret, SHA256())
    )
