"""Everything between an empty database and the first person of the staff; safe to run again."""

import os
import sys
from argparse import ArgumentParser
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.db.models import Field
from django.utils import translation

from portal.database.logins import as_login
from portal.fitness.findings import State
from portal.fitness.table import ask_all
from portal.installation import steps
from portal.installation.steps import CannotSetUp, StaffLink
from subscriptions.models import User
from subscriptions.models.people.invitation import GOOD_FOR

TYPED: dict[str, Field] = {name: cast(Field, User._meta.get_field(name)) for name in ("email", "name")}
NEXT = "Next: compilemo, collectstatic, gunicorn and a worker, as docs/operations.md says."


class Command(BaseCommand):
    help = (
        "Set the portal up, as the owner of its database (DATABASE_OWNER_URL): roles, the login's password, tables, "
        "grants, and a link for the first person of the staff. Run it again after an upgrade, or for another link."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--staff-email",
            default=os.environ.get("SETUP_STAFF_EMAIL", ""),
            help="Whom to make a link for: an invitation, or for who is of the staff already a new password. "
            "Also SETUP_STAFF_EMAIL.",
        )
        parser.add_argument(
            "--staff-name",
            default=os.environ.get("SETUP_STAFF_NAME", ""),
            help="The person's name, for an invitation. Also SETUP_STAFF_NAME.",
        )
        parser.add_argument(
            "--without-second-factor",
            action="store_true",
            help="Remove the second factor of this person of the staff, who has lost app and codes.",
        )
        parser.add_argument(
            "--new-password",
            action="store_true",
            help="Give the database's login the password of DATABASE_URL, or without DATABASE_URL another one. Every "
            "portal of the cluster signs in by it.",
        )
        parser.add_argument(
            "--roles-only",
            action="store_true",
            help="Make the roles and nothing else, as before a backup is restored into an empty cluster.",
        )
        parser.add_argument("--no-input", action="store_true", help="Ask nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        translation.activate("en")
        try:
            self.set_up(options)
        except CannotSetUp as refusal:
            raise CommandError(str(refusal)) from None

    def set_up(self, options: dict[str, Any]) -> None:
        """What was typed is read before anything is done."""
        for name in ("email", "name"):
            if value := options[f"staff_{name}"]:
                options[f"staff_{name}"] = cleaned(name, value)
        if options["roles_only"]:
            steps.make_roles()
            self.say("Database: the roles are there. Restore the backup now, and run setup again.")
            return
        prepared = steps.prepare_database()
        self.say(f"Database: roles and grants are as they should be; migrations applied: {prepared.migrations}.")
        is_new = options["new_password"] or not prepared.has_password
        url = self.give_password() if is_new else os.environ.get("DATABASE_URL", "")
        link = self.make_link(options)
        steps.record(prepared, new_password=is_new, link=link)
        self.say_what_is_missing(url)

    def give_password(self) -> str:
        url = steps.give_password()
        if url == os.environ.get("DATABASE_URL"):
            self.say("Login: it has the password of DATABASE_URL now.")
        else:
            self.say("Login: it has a new password. This is said once; keep it:", f"DATABASE_URL={url}")
        return url

    def make_link(self, options: dict[str, Any]) -> StaffLink | None:
        email, name = options["staff_email"], options["staff_name"]
        if not email and not options["no_input"] and sys.stdin.isatty() and not steps.has_staff():
            email = asked("email", "Email address of the first person of the staff (empty: later)")
            name = name or (asked("name", "Name") if email else "")
        if not email:
            return None
        removes = options["without_second_factor"]
        link = steps.make_staff_link(email=email, name=name, without_second_factor=removes)
        invited = f"is invited to the staff, for {GOOD_FOR.days} days"
        what = invited if link.is_invitation else "sets a new password, within an hour"
        self.say(f"Staff: by this link, which works once, {link.name} {what}:", link.url)
        if link.without_second_factor:
            self.say(f"Staff: the second factor of {link.name} is removed.")
        return link

    def say_what_is_missing(self, url: str) -> None:
        if not url:
            self.say("Set DATABASE_URL to be told here what is still missing, or --new-password for a new one.")
            return
        with as_login(url):
            rows = ask_all().to_mend
        self.say("Still missing:" if rows else "Nothing is missing.")
        for row in rows:
            mark = "error" if row.finding.state is State.ERROR else str(row.finding.state.label).lower()
            self.say(f"- {row.check.label} ({mark}): {row.finding.sentence}")
        self.say(NEXT)

    def say(self, *lines: str) -> None:
        self.stdout.write("\n".join(lines))


def cleaned(name: str, value: str) -> str:
    """As the account's own form would take it. Raises CannotSetUp."""
    try:
        return TYPED[name].clean(value, None)
    except ValidationError as error:
        raise CannotSetUp(f"The {name} is none: {' '.join(error.messages)}") from None


def asked(name: str, question: str) -> str:
    """Until what is typed is taken, or nothing is."""
    while value := input(f"{question}: ").strip():
        try:
            return cleaned(name, value)
        except CannotSetUp as refusal:
            print(refusal)
    return ""
