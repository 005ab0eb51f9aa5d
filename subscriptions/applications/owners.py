"""Whose an application is: an organization's, the operator's; the upper app adds partners'."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from subscriptions.access import Actor, Permission
from subscriptions.access.scopes import OF_ORGANIZATIONS, OF_THE_OPERATOR
from subscriptions.mails.acts import Company
from subscriptions.mails.receivers import Receiver
from subscriptions.models import Application, Membership, Tenant
from subscriptions.models.audit_event import ActorKind
from subscriptions.models.people.application import TENANTS_ROLES, ApplicationScope
from subscriptions.models.people.membership import Role
from subscriptions.models.people.staff_role import StaffRole
from subscriptions.verdicts import ALLOWED, Verdict


class Owner:
    """One kind of owner: which roles and scopes its applications can have, and who is told of them."""

    scopes: ClassVar[Sequence[ApplicationScope]]
    receivers: ClassVar[Collection[Receiver]]
    name: str
    tenant: Tenant | None = None
    company: Company | None = None  # whose mailbox is told

    @property
    def roles(self) -> Sequence[Any]:
        raise NotImplementedError

    @property
    def columns(self) -> dict[str, Any]:
        """Of an application's row."""
        return {"tenant": self.tenant, "partner": None}

    @property
    def key(self) -> str:
        """For the lock under which its applications are made."""
        raise NotImplementedError

    def still_lets(self, by: Actor) -> Verdict:
        """May who was let in to keep its applications still do it?"""
        raise NotImplementedError

    def without_maker(self) -> Any:
        """Its applications whose maker does not belong to it any more."""
        raise NotImplementedError

    def applications(self) -> Any:
        return Application.objects.filter(**self.columns)


@dataclass(frozen=True)
class OfOrganization(Owner):
    tenant: Tenant

    scopes = OF_ORGANIZATIONS
    receivers = (Receiver.GLOBAL_ADMINS,)

    @property
    def name(self) -> str:  # type: ignore[override]
        return self.tenant.name

    @property
    def roles(self) -> Sequence[Role]:
        return [Role(role) for role in TENANTS_ROLES]

    @property
    def key(self) -> str:
        return f"tenant-{self.tenant.pk}"

    def still_lets(self, by: Actor) -> Verdict:
        if by.kind is ActorKind.MEMBER:
            by = replace(by, role=Membership.objects.role_of(by.user_id, self.tenant))
        return by.may(Permission.KEEP_APPLICATIONS)

    def without_maker(self) -> Any:
        there = Membership.objects.active().filter(tenant=self.tenant)
        return self.applications().filter(maker__isnull=False).exclude(maker__in=there.values("user"))


@dataclass(frozen=True)
class OfTheOperator(Owner):
    """Kept at the desk, by those of the staff who make staff."""

    scopes = OF_THE_OPERATOR
    receivers = (Receiver.STAFF,)

    @property
    def name(self) -> str:  # type: ignore[override]
        return _("the operator")

    @property
    def roles(self) -> Sequence[StaffRole]:
        return [StaffRole.READS_EVERYTHING]

    @property
    def key(self) -> str:
        return "operator"

    def still_lets(self, by: Actor) -> Verdict:
        """What one of the staff may is asked where the act is started, at each of them."""
        return ALLOWED

    def without_maker(self) -> Any:
        return self.applications().filter(maker__is_active=False)
