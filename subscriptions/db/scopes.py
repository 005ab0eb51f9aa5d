"""Database scopes: whose rows this transaction may see. The second lock, behind the explicit filter of every query.

The login itself sees no tenant's row. A scope sets a role and an id for the current transaction only; row-level
security does the rest (portal/database/policies.py). A scope opens its own `atomic()`: where that is the outermost
one, the settings end with the transaction; where it is nested, the one around it is in force again afterwards. A
scope that only reads does without the savepoint: what fails in it ends the transaction.

Which scope is in force is a fact of the connection. Its cursors say it to the database together with the next
statement, in the same round trip, if the transaction is in another one (`portal/database/backend`); a scope in which
nothing is asked costs nothing.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum

from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from psycopg.sql import quote

ONE_MOMENT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
# What the names of the database's roles begin with: another one for each portal of a cluster
ROLE_PREFIX = os.environ.get("ROLE_PREFIX") or "portal"
if not re.fullmatch(r"[a-z][a-z0-9_]{0,30}", ROLE_PREFIX):
    raise ImproperlyConfigured("ROLE_PREFIX is small letters, digits and underscores, and begins with a letter.")


class ScopeRole(StrEnum):
    NONE = "none"
    PERSON = f"{ROLE_PREFIX}_person"
    INVITED = f"{ROLE_PREFIX}_invited"
    CALLER = f"{ROLE_PREFIX}_caller"
    TENANT = f"{ROLE_PREFIX}_tenant"
    PEOPLE = f"{ROLE_PREFIX}_people"
    PARTNER = f"{ROLE_PREFIX}_partner"
    STAFF = f"{ROLE_PREFIX}_staff"
    WORKER = f"{ROLE_PREFIX}_worker"
    IMPORT = f"{ROLE_PREFIX}_import"
    EXPORT = f"{ROLE_PREFIX}_export"
    OWN = f"{ROLE_PREFIX}_own"


@dataclass(frozen=True)
class Setting:
    role: ScopeRole = ScopeRole.NONE
    user_id: str = ""
    tenant_id: str = ""
    partner_id: str = ""
    sought: str = ""

    def opening(self) -> str:
        """The statement that takes a transaction into this scope, until it ends."""
        values = {
            "role": self.role,
            "app.user_id": self.user_id,
            "app.tenant_id": self.tenant_id,
            "app.partner_id": self.partner_id,
            "app.sought": self.sought,
        }
        said = (f"set_config('{name}', {quote(str(value))}, true)" for name, value in values.items())
        return f"SELECT {', '.join(said)}"


@dataclass
class Scope:
    """The scope that is in force; `become_…` changes it for the rest of its life, once it is known who acts."""

    setting: Setting = field(default_factory=Setting)

    def become_tenant(self, tenant_id: int) -> None:
        """Who acts stays known: what a person keeps for itself there is read by nobody else."""
        _enter(Setting(ScopeRole.TENANT, user_id=self.setting.user_id, tenant_id=str(tenant_id)))

    def become_partner(self, partner_id: int) -> None:
        """Who acts stays known: a person's own keys of forms are kept there too."""
        _enter(Setting(ScopeRole.PARTNER, user_id=self.setting.user_id, partner_id=str(partner_id)))


def person(user_id: int):
    """A person's own memberships and their tenants: to find out who acts."""
    return _scope(Setting(ScopeRole.PERSON, user_id=str(user_id)))


def reading_person(user_id: int):
    """The same, for a question between two others: what fails in it fails the whole transaction."""
    return _scope(Setting(ScopeRole.PERSON, user_id=str(user_id)), savepoint=False)


def invited(token_hash: str, user_id: int | None = None):
    """The one invitation whose link was opened, and what its receiver needs to come where it leads; nothing else."""
    return _scope(Setting(ScopeRole.INVITED, user_id=str(user_id or ""), sought=token_hash))


def caller(token_hash: str):
    """The one application whose token was shown, and that token; no row of whose it is."""
    return _scope(Setting(ScopeRole.CALLER, sought=token_hash))


def tenant(tenant_id: int):
    """One tenant's rows."""
    return _scope(Setting(ScopeRole.TENANT, tenant_id=str(tenant_id)))


def people(tenant_id: int):
    """One tenant's own people with their addresses, to read: no partner's people, no other row of the tenant."""
    return _scope(Setting(ScopeRole.PEOPLE, tenant_id=str(tenant_id)), savepoint=False)


def people_of_partner(partner_id: int):
    """The same of a partner's own people."""
    return _scope(Setting(ScopeRole.PEOPLE, partner_id=str(partner_id)), savepoint=False)


def partner(partner_id: int):
    """What concerns one partner, to read. Its people's acts are done in the scope of the tenant that they concern."""
    return _scope(Setting(ScopeRole.PARTNER, partner_id=str(partner_id)))


def seeking(slug: str):
    """The same scope, in which a partner also finds the one organization whose address it knows."""
    return _scope(replace(current(), sought=slug))


def staff():
    """All rows, for the operator's staff; history and audit can only be added to."""
    return _scope(Setting(ScopeRole.STAFF))


def nobody():
    """No rows at all, as before a sign-in: inside another scope, what the login itself may do."""
    return _scope(Setting())


def worker():
    """All rows, for jobs; history and audit can only be added to."""
    return _scope(Setting(ScopeRole.WORKER))


def again(setting: Setting):
    """The scope that was in force when this was asked by `current`, after it has ended."""
    return _scope(setting)


def importing():
    """All rows, for an import: the one scope in which history that is older than today may be written."""
    return _scope(Setting(ScopeRole.IMPORT))


def exporting(tenant_id: int):
    """All rows of one tenant, to be read and nothing else, with the addresses of its own people alone.

    As they are at one moment, however long reading takes, where it is the outermost scope, as in an export.
    """
    return _scope(Setting(ScopeRole.EXPORT, tenant_id=str(tenant_id)), first=ONE_MOMENT)


def own(user_id: int):
    """All rows that name one person, to be read and nothing else: for that person."""
    return _scope(Setting(ScopeRole.OWN, user_id=str(user_id)))


@contextmanager
def _scope(setting: Setting, *, savepoint: bool = True, first: str = "") -> Iterator[Scope]:
    """`first` is how the transaction begins, if it is not inside another one."""
    nested = connection.in_atomic_block
    outer = current()
    try:
        with transaction.atomic(savepoint=savepoint):
            if first and not nested:
                with connection.cursor() as cursor:
                    cursor.execute(first)
            _enter(setting)
            yield Scope(setting)
    finally:
        _enter(outer)


def current() -> Setting:
    """The scope that this thread's connection is in."""
    return connection.portal_scope  # type: ignore[attr-defined]


def _enter(setting: Setting) -> None:
    connection.portal_scope = setting  # type: ignore[attr-defined]
