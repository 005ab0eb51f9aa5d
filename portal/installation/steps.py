"""Setting the portal up, step by step, as the owner of its database. Each step may be done again.

What they return may be printed to who sets the portal up; the audit trail keeps no link, password or address.
"""

import os
import secrets
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.urls import reverse

from portal.database.logins import as_owner, connection_settings, derived_password, login_url
from portal.database.role_names import LOGIN
from portal.database.roles import create_roles, set_password
from portal.installation.events import SetUp
from subscriptions.access import the_installation
from subscriptions.audit import acts as audit
from subscriptions.invitations import acts as invitations
from subscriptions.invitations.places import OnStaff
from subscriptions.mails import invitation_links, password_links
from subscriptions.mails.of_accounts import tell_the_person
from subscriptions.models import Invitation, User
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.mail import MailKind
from subscriptions.models.people.invitation import InvitationKind
from subscriptions.models.people.staff_role import StaffRole
from subscriptions.tenants import accounts
from subscriptions.verdicts import Page

REASON = "Setup"
POWER = "SELECT rolsuper OR rolcreaterole, current_user FROM pg_roles WHERE rolname = current_user"
LOGIN_EXISTS = "SELECT 1 FROM pg_roles WHERE rolname = %s"
MAY_LOOK = "SELECT has_table_privilege('pg_authid', 'SELECT')"
LOGIN_IS_KEPT = "SELECT 1 FROM pg_authid WHERE rolname = %s AND rolpassword IS NOT NULL"


class CannotSetUp(Exception):
    """The text says what is missing, and no password."""


@dataclass(frozen=True)
class Prepared:
    """What the database is like now."""

    migrations: int  # applied by this run
    has_password: bool  # the login's, as far as the owner may know


@dataclass(frozen=True)
class StaffLink:
    """One link, for one person of the staff."""

    url: str
    name: str
    is_invitation: bool
    without_second_factor: bool = False


def make_roles() -> None:
    """Alone, without any table. Raises CannotSetUp as `prepare_database` does."""
    with as_owner():
        _require_power()
        create_roles(connection.connection, password=derived_password())


def prepare_database() -> Prepared:
    """Roles, tables, grants. Raises CannotSetUp for an owner without the right to make roles."""
    with as_owner():
        _require_power()
        has_password = _login_has_password()
        before = _applied()
    call_command("migrate", verbosity=0)
    with as_owner():
        return Prepared(_applied() - before, has_password)


def give_password() -> str:
    """To the login: that of DATABASE_URL, else a new one. Returns the whole address."""
    owner, login = os.environ["DATABASE_OWNER_URL"], os.environ.get("DATABASE_URL", "")
    given = connection_settings(login, "")["PASSWORD"] if login else ""
    password = given or secrets.token_urlsafe(32)
    with as_owner():
        connection.ensure_connection()
        set_password(connection.connection, password)
    return login if given else login_url(owner, password)


def has_staff() -> bool:
    """Somebody of the staff who can sign in, or has been invited and may still come."""
    with as_owner():
        is_invited = Invitation.objects.live().filter(kind=InvitationKind.STAFF).exists()
        return is_invited or User.objects.filter(is_staff=True, is_active=True).exists()


def make_staff_link(*, email: str, name: str, without_second_factor: bool) -> StaffLink:
    """An invitation to the staff in all its roles; for who is of the staff already a link for a new password."""
    with as_owner(), transaction.atomic():
        user = User.objects.filter(email=email, is_staff=True).first()
        if user:
            return _link_for(user, without_second_factor=without_second_factor)
        if not name:
            raise CannotSetUp("Give the person's name too: --staff-name")
        place = OnStaff(tuple(StaffRole))
        invitation = invitations.invite(place, email=email, name=name, by=the_installation(), reason=REASON)
        return StaffLink(_address(invitation_links.page_of(invitation)), invitation.name, is_invitation=True)


def record(prepared: Prepared, *, new_password: bool, link: StaffLink | None) -> None:
    """One event of a run that did something."""
    facts = SetUp(
        migrations=prepared.migrations,
        new_password=new_password,
        invited=link.name if link and link.is_invitation else "",
        link_for=link.name if link and not link.is_invitation else "",
        without_second_factor=bool(link and link.without_second_factor),
    )
    if facts == SetUp():
        return
    with as_owner():
        audit.record(
            AuditKind.INSTALLATION, by=the_installation(), tenant=None, subject_name=settings.SITE_URL, facts=facts
        )


def _require_power() -> None:
    with connection.cursor() as cursor:
        cursor.execute(POWER)
        has_power, name = cursor.fetchone()
    if not has_power or name == LOGIN:
        raise CannotSetUp(
            f"“{name}” of DATABASE_OWNER_URL may not make roles. As a superuser: ALTER ROLE {name} CREATEROLE"
        )


def _login_has_password() -> bool:
    """Of a login that exists and whose password cannot be read, it is assumed."""
    with connection.cursor() as cursor:
        cursor.execute(LOGIN_EXISTS, [LOGIN])
        if not cursor.fetchone():
            return False
        cursor.execute(MAY_LOOK)
        if not cursor.fetchone()[0]:
            return True
        cursor.execute(LOGIN_IS_KEPT, [LOGIN])
        return cursor.fetchone() is not None


def _applied() -> int:
    with connection.cursor() as cursor:
        if "django_migrations" not in connection.introspection.table_names(cursor):
            return 0
        cursor.execute("SELECT count(*) FROM django_migrations")
        return cursor.fetchone()[0]


def _link_for(user: User, *, without_second_factor: bool) -> StaffLink:
    """Printed, and mailed as after a forgotten password. An account that was closed is opened again."""
    if not user.is_active:
        accounts.set_active(user=user, active=True, by=the_installation(), reason=REASON)
    removed = 0
    if without_second_factor:
        removed, _rows = Authenticator.objects.filter(user=user).delete()
    tell_the_person(user.pk, MailKind.PASSWORD_FORGOTTEN)
    page = password_links.facts(user)["password_page"]
    return StaffLink(_address(page), user.name, is_invitation=False, without_second_factor=bool(removed))


def _address(page: Page) -> str:
    return settings.SITE_URL + reverse(page.name, args=page.of)
