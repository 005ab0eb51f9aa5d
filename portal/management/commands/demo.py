"""The one command: everything that the portal needs on one machine, from nothing to an address."""

import os
import ssl
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import connections

from portal.demo import database as demo_database
from portal.demo.certificate import own_certificate, trusting
from portal.demo.check import check_pages
from portal.demo.data import ACCOUNTS, PASSWORD
from portal.demo.own_https import demo_address
from portal.demo.static_files import collect_if_changed
from portal.demo.supervise import Ended, Processes, ignore_signals, interrupt_on_signals

WEB = [sys.executable, "-m", "gunicorn", "-c", "python:portal.web_server", "portal.wsgi"]
WORKER = [sys.executable, "manage.py", "procrastinate", "worker"]


class Command(BaseCommand):
    help = "Run the portal with sample data on 127.0.0.1."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reset", action="store_true", help="Start with fresh sample data.")
        parser.add_argument("--check", action="store_true", help="Request the main pages, then stop.")
        parser.add_argument("--tls", action="store_true", help="Serve https, with a certificate of its own.")

    def handle(self, *args: Any, **options: Any) -> None:
        interrupt_on_signals()
        processes = Processes()
        site = demo_address(os.environ["PORT"], tls=options["tls"])
        try:
            self.prepare(reset=options["reset"])
            secured, trusted = self.by_https() if options["tls"] else ([], None)
            processes.start("web server", [*WEB, *secured], os.environ)
            processes.start("mail worker", WORKER, os.environ, restarts=True)
            processes.wait_until_it_answers(int(os.environ["PORT"]), trusted)
            if options["check"]:
                self.check_pages(site, trusted)
            else:
                self.print_welcome(site)
                processes.watch()
        except KeyboardInterrupt:
            if options["check"]:
                raise CommandError("Stopped before everything was checked.") from None
            self.stdout.write("\nStopping.")
        except Ended as ended:
            raise CommandError(f"The {ended} ended by itself, so the demo stops.") from None
        finally:
            ignore_signals()
            processes.stop()

    def prepare(self, *, reset: bool) -> None:
        demo_database.require_demo()
        if reset:
            demo_database.empty()
        call_command("compilemo", verbosity=0)
        demo_database.prepare()
        collect_if_changed()
        connections.close_all()

    def by_https(self) -> tuple[list[str], ssl.SSLContext]:
        """What the web server is told, and what its clients trust."""
        certificate, key = own_certificate(settings.VAR_DIR / "tls")
        self.stdout.write(f"Clients have to trust the certificate {certificate}")
        return ["--certfile", str(certificate), "--keyfile", str(key)], trusting(certificate)

    def check_pages(self, site: str, trusted: ssl.SSLContext | None) -> None:
        failed = 0
        for page in check_pages(site, ACCOUNTS, PASSWORD, trusted):
            failed += bool(page.problem)
            self.stdout.write(str(page))
        if failed:
            raise CommandError(f"{failed} of the pages above did not answer as they should.")
        self.stdout.write("All pages answered.")

    def print_welcome(self, site: str) -> None:
        rows = [("Email", "Name", "Organization", "Cloud", "Role"), *ACCOUNTS]
        widths = [max(len(str(cell)) for cell in column) for column in zip(*rows, strict=True)]
        for row in rows:
            cells = (str(cell).ljust(width) for cell, width in zip(row, widths, strict=True))
            self.stdout.write("  ".join(cells).rstrip())
        self.stdout.write(f"\nPassword of every account: {PASSWORD}")
        self.stdout.write(f"The portal runs on {site}/ (Ctrl-C stops it).")
        self.stdout.flush()
