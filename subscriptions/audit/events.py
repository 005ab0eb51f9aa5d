"""What the events of organizations, people and the staff keep; each room beside has those of its own things."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from subscriptions.audit.changed_facts import changed_fact, changed_facts, describe_fact
from subscriptions.audit.facts import Facts, fact, kept_by
from subscriptions.models import Membership, Tenant, User
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.people.membership import Role
from subscriptions.models.people.staff_role import StaffRole
from subscriptions.models.tenant import TenantState


@kept_by(
    AuditKind.SIGN_IN_RESET,
    AuditKind.SECOND_FACTOR_RESET,
    AuditKind.MAIL_SENT_AGAIN,
    AuditKind.TENANT_EXPORTED,
    AuditKind.ACCOUNT_EXPORTED,
    AuditKind.ACCOUNT_ERASED,
)
@dataclass(frozen=True)
class NothingMore(Facts):
    """Who, when and what say it all."""


@kept_by(AuditKind.LOGO_CHANGED)
@dataclass(frozen=True)
class LogoChanged(Facts):
    """By what its address is made of; empty where there is none."""

    before: str = fact(_("Logo before"), "")
    after: str = fact(_("Logo now"), "")


@dataclass(frozen=True)
class Changed(Facts):
    """Of each fact of a row that is different now: what it was, and what it is."""

    changed_model: ClassVar[type[models.Model]]
    changes: Mapping[str, list[Any]] = field(default_factory=dict)

    def say(self, currency: str) -> Iterator[tuple[str, str]]:
        for name, values in self.changes.items():
            yield changed_fact(self.model_of(name), name, values, currency)
        yield from super().say(currency)

    def model_of(self, name: str) -> type[models.Model]:
        return self.changed_model


@dataclass(frozen=True)
class ChangedHere(Changed):
    """Of a row that the organization has, and so reads of."""

    def tell(self, currency: str) -> list[str]:
        return changed_facts(self.changed_model, self.changes, currency=currency)


class RoleChanged(Changed):
    """Who comes had no role before, and who goes has none afterwards."""

    @property
    def role_before(self) -> str:
        return self._role(0)

    @property
    def role_after(self) -> str:
        return self._role(1)

    def _role(self, which: int) -> str:
        role = self.changes["role"][which]
        return describe_fact(self.changed_model._meta.get_field("role"), role, "") if role else ""


@kept_by(AuditKind.MEMBER_ADDED, AuditKind.MEMBER_CHANGED, AuditKind.MEMBER_REMOVED)
@dataclass(frozen=True)
class MemberChanged(RoleChanged, ChangedHere):
    changed_model = Membership


@kept_by(AuditKind.TENANT_ADDED, AuditKind.TENANT_CHANGED)
@dataclass(frozen=True)
class TenantChanged(ChangedHere):
    changed_model = Tenant


@kept_by(AuditKind.TENANT_SUSPENDED, AuditKind.TENANT_CLOSED, AuditKind.TENANT_REOPENED)
@dataclass(frozen=True)
class TenantHeld(Facts):
    before: TenantState = fact(_("State before"))
    kept_until: date | None = fact(_("Kept until"), None)


@kept_by(AuditKind.TENANT_DELETED)
@dataclass(frozen=True)
class TenantDeleted(Facts):
    """How many rows of each kind are gone, or have lost what was the organization's own."""

    members: int = fact(_("Members"), 0)
    help_requests: int = fact(_("Requests for help"), 0)
    subscriptions: int = fact(_("Subscriptions that lost their own names"), 0)
    relationships: int = fact(_("Relationships that ended"), 0)
    match_requests: int = fact(_("Match requests"), 0)
    people_who_serve: int = fact(_("Partners' people who served it"), 0)
    scheduled_changes: int = fact(_("Scheduled changes that were canceled"), 0)
    policy: int = fact(_("Default partners, approved partners and exemptions"), 0)
    approvals: int = fact(_("Requests for approval"), 0)
    changes_on_many: int = fact(_("Changes on many"), 0)
    groups: int = fact(_("Groups that it left"), 0)
    applications: int = fact(_("Applications"), 0)


@kept_by(AuditKind.WHY_ASKED)
@dataclass(frozen=True)
class WhyAsked(Facts):
    """For whom, is the event's own subject."""

    act: str = fact(_("Act"))
    partner: str = fact(_("Partner"), "")
    about: str = fact(_("On what"), "")


@kept_by(AuditKind.LIST_EXPORTED)
@dataclass(frozen=True)
class ListExported(Facts):
    """Which list is the event's own subject; its filters as they stand in its address."""

    rows: int = fact(_("Rows"))
    filters: str = fact(_("Filters"), "")


@kept_by(AuditKind.DIGEST_MADE)
@dataclass(frozen=True)
class DigestMade(Facts):
    """Who has it outside the database can show that no row of that day or before was touched since."""

    day: date = fact(_("Day"))
    rows: int = fact(_("Rows"))
    digest: str = fact(_("Digest"))

    @property
    def command(self) -> str:
        """What holds the trail against this digest."""
        return f"manage.py verify_audit --anchor {self.day}={self.digest}"


@kept_by(AuditKind.DIGEST_DIFFERS)
@dataclass(frozen=True)
class TrailDiffers(Facts):
    """The first day that differs, and what was found on it, in the words of the command that finds it."""

    day: date = fact(_("First day"))
    found: str = fact(_("Found"))
    command: ClassVar[str] = "manage.py verify_audit"


@kept_by(AuditKind.ACCOUNT_CHANGED)
@dataclass(frozen=True)
class AccountChanged(Changed):
    changed_model = User


@kept_by(AuditKind.VIEWED_AS)
@dataclass(frozen=True)
class ViewedAs(Facts):
    role: Role = fact(_("Role"))
    until: datetime = fact(_("Until"))


@kept_by(AuditKind.APPROVAL_ASKED, AuditKind.APPROVAL_GIVEN, AuditKind.APPROVAL_REFUSED)
@dataclass(frozen=True)
class SecondPerson(Facts):
    act: str = fact(_("Act"))
    asked_by: str = fact(_("Asked by"))
    not_before: datetime | None = fact(_("Not before"), None)


@kept_by(AuditKind.STAFF_ROLES_CHANGED)
@dataclass(frozen=True)
class StaffRolesChanged(Facts):
    """Nobody without a role is one of the staff."""

    before: tuple[StaffRole, ...] = fact(_("Roles before"), ())
    after: tuple[StaffRole, ...] = fact(_("Roles now"), ())
