"""The examples in `deploy/`: what can be parsed is, and what they name is there."""

import json
import re
import shutil
import ssl
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

from portal.watching import metrics
from tests.ports import free_port

DEPLOY = settings.BASE_DIR / "deploy"
NAMES = re.compile(r"\bportal_\w+")
BIG = b"x" * 2_000_000


def told_names() -> set[str]:
    """What /metrics tells, with the endings that Prometheus adds to counters and histograms."""
    source = Path(metrics.__file__).read_text()
    names = set(re.findall(r'"(portal_\w+)"', source))
    return names | {f"{name}_total" for name in names} | {f"{name}_bucket" for name in names}


def test_alerts_and_the_dashboard_ask_for_numbers_that_are_told():
    asked = NAMES.findall((DEPLOY / "alerts.yml").read_text())
    panels = json.loads((DEPLOY / "grafana.json").read_text())["panels"]
    asked += [name for panel in panels for target in panel["targets"] for name in NAMES.findall(target["expr"])]
    assert len(asked) > 12
    assert set(asked) <= told_names()


def test_the_guide_says_what_to_do_at_each_alert():
    rules = yaml.safe_load((DEPLOY / "alerts.yml").read_text())["groups"][0]["rules"]
    guide = (settings.BASE_DIR / "docs" / "operations.md").read_text()
    rows = re.findall(
        r"^\| (Portal\w+) \|", guide.partition("\n## At each alert\n")[2].partition("\n## ")[0], re.MULTILINE
    )
    assert sorted(rows) == sorted(rule["alert"] for rule in rules)


@pytest.mark.skipif(not shutil.which("promtool"), reason="promtool is not installed")
def test_prometheus_accepts_the_alerts():
    subprocess.run(["promtool", "check", "rules", str(DEPLOY / "alerts.yml")], check=True)


@pytest.mark.skipif(not shutil.which("caddy"), reason="Caddy is not installed")
def test_caddy_accepts_its_example():
    subprocess.run(["caddy", "validate", "--adapter", "caddyfile", "--config", str(DEPLOY / "Caddyfile")], check=True)


def test_compose_starts_what_there_is_and_gives_the_owners_address_to_the_migration_alone():
    services = yaml.safe_load((DEPLOY / "compose.yml").read_text())["services"]
    ours = {name: each for name, each in services.items() if name != "database"}
    assert set(ours) == {"migrate", "web", "worker"}
    assert [name for name, each in ours.items() if "owner.env" in each["env_file"]] == ["migrate"]
    assert all((DEPLOY.parent / each["build"]["dockerfile"]).exists() for each in ours.values())
    for name in ("web", "worker"):
        assert ours[name]["read_only"] is True
        assert ours[name]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
    commands = [each["command"][2] for each in ours.values() if "command" in each]
    assert set(commands) <= set(get_commands())


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
@pytest.mark.parametrize("unit", ["portal-web.service", "portal-worker.service"])
def test_systemd_knows_every_setting_of_the_units(unit):
    told = subprocess.run(
        ["systemd-analyze", "verify", str(DEPLOY / unit)], capture_output=True, text=True, check=False
    )
    assert "Unknown" not in told.stderr
    assert "Failed to parse" not in told.stderr


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
@pytest.mark.parametrize("unit", ["portal-web.service", "portal-worker.service"])
def test_systemd_finds_the_units_well_locked_in(unit):
    """By its own count, from 0 (locked in) to 100; without what the units say of themselves it is 92."""
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", "--threshold=20", str(DEPLOY / unit)]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout


class Portal(BaseHTTPRequestHandler):
    """In the portal's place: tells what reached it."""

    seen: list[str] = []
    ended: list[str] = []

    def do_GET(self) -> None:
        self.seen.append(self.path)
        body = BIG if self.path == "/big/" else json.dumps(dict(self.headers)).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.ended.append(self.path)

    def log_message(self, *_args: object) -> None:
        pass


@contextmanager
def nginx(folder: Path) -> Iterator[tuple[int, int]]:
    """The example on ports of its own, with a certificate for the test; the ports of http and https."""
    portal = ThreadingHTTPServer(("127.0.0.1", 0), Portal)
    threading.Thread(target=portal.serve_forever, daemon=True).start()
    plain, secure = free_port(), free_port()
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subject = ["-subj", "/CN=portal.operator.example", "-days", "2", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *subject], check=True, capture_output=True
    )
    example = (DEPLOY / "nginx.conf").read_text()
    for then, now in {
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ssl;": f"listen 127.0.0.1:{secure} ssl;",
        "127.0.0.1:8000": f"127.0.0.1:{portal.server_port}",
        "/etc/ssl/portal/fullchain.pem": str(certificate),
        "/etc/ssl/portal/privkey.pem": str(key),
    }.items():
        assert then in example
        example = example.replace(then, now)
    whole = folder / "nginx.conf"
    paths = "".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole.write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}"
        f" http {{ access_log off; {paths} {example} }}"
    )
    subprocess.run(["nginx", "-t", "-c", str(whole)], check=True, capture_output=True)
    process = subprocess.Popen(["nginx", "-c", str(whole)])
    try:
        deadline = time.monotonic() + 30
        while not (folder / "pid").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        yield plain, secure
    finally:
        process.terminate()
        process.wait(20)
        portal.shutdown()


def ask(port: int, path: str, **headers: str):
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trusting)
    )
    request = urllib.request.Request(f"https://127.0.0.1:{port}{path}", headers=headers)
    return opener.open(request, timeout=20)


@pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not installed")
def test_nginx_ends_tls_says_who_asks_hides_the_watch_and_takes_answers_off_the_portals_hands(tmp_path):
    tmp_path.chmod(0o755)
    with nginx(tmp_path) as (plain, secure):
        with ask(secure, "/t/contoso/", **{"X-Forwarded-For": "203.0.113.7", "X-Request-ID": "mine"}) as answer:
            told = {name.lower(): value for name, value in json.loads(answer.read()).items()}
        assert (told["x-forwarded-proto"], told["x-forwarded-for"]) == ("https", "127.0.0.1")
        assert re.fullmatch("[0-9a-f]{32}", told["x-request-id"])
        with pytest.raises(urllib.error.HTTPError, match="404"):
            ask(secure, "/watch/metrics")
        assert Portal.seen == ["/t/contoso/"]
        with ask(secure, "/big/") as slow:
            deadline = time.monotonic() + 20
            while "/big/" not in Portal.ended and time.monotonic() < deadline:
                time.sleep(0.05)
            assert "/big/" in Portal.ended  # before the reader took any of it
            assert len(slow.read()) == len(BIG)
        moved = subprocess.run(
            ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code} %{redirect_url}", f"http://127.0.0.1:{plain}/x/"],
            capture_output=True,
            text=True,
            check=True,
        )
        assert moved.stdout == "301 https://127.0.0.1/x/"
