"""One person's organizations, each with who acts there, and what is read of several of them.

Each organization is read in its own scope, so that row-level security stays what it is for one: there is no scope
that sees the rows of several organizations to a person.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Count, Q, Sum

from subscriptions.access import Actor, Permission, held_back
from subscriptions.db import scopes
from subscriptions.models import GroupedOrganization, Membership, OrganizationGroup, Tenant, User
from subscriptions.models.audit_event import ActorKind
from subscriptions.models.people.membership import Role
from subscriptions.models.state_by_date import in_state
from subscriptions.models.subscription import SubscriptionStatus
from subscriptions.subscriptions.lifecycle import today_of

Found = TypeVar("Found")


@dataclass(frozen=True)
class Seat:
    """An organization that a person reads, and who the person is there."""

    tenant: Tenant
    actor: Actor

    @cached_property
    def today(self) -> Any:
        return today_of(self.tenant)


def seats_of(user: User, memberships: Iterable[Membership]) -> list[Seat]:
    """Of those that open at all, by name: a closed one does not, and a partner's customers are not its own."""
    seats = [Seat(each.tenant, _actor(user, each)) for each in memberships]
    return [seat for seat in seats if seat.actor.can(Permission.READ_SUBSCRIPTIONS)]


def _actor(user: User, membership: Membership) -> Actor:
    return Actor(
        kind=ActorKind.MEMBER,
        name=user.name,
        user_id=user.pk,
        role=Role(membership.role),
        held_back=held_back(membership.tenant),
    )


def groups_of(seats: Sequence[Seat]) -> list[OrganizationGroup]:
    """Those that have one of these organizations. Needs the person's scope, which knows of no other."""
    grouped = GroupedOrganization.objects.filter(tenant__in=[seat.tenant.pk for seat in seats])
    return list(OrganizationGroup.objects.filter(pk__in=grouped.values("group")).order_by("name_key", "pk"))


def narrow(seats: Sequence[Seat], *, group: UUID | str | None = None, organization: str = "") -> list[Seat]:
    """The seats in the group, and that of the organization. Needs the person's scope."""
    if group:
        members = GroupedOrganization.objects.filter(group__uuid=group).values_list("tenant_id", flat=True)
        inside = set(members)
        seats = [seat for seat in seats if seat.tenant.pk in inside]
    return [seat for seat in seats if organization in ("", seat.tenant.slug)]


def read_each(seats: Sequence[Seat], user_id: int, read: Callable[[Seat], Found]) -> list[Found]:
    """What `read` finds in each of them, in its own scope: one statement more for each, and one at the end."""
    found = []
    with scopes.reading_person(user_id) as scope:
        for seat in seats:
            scope.become_tenant(seat.tenant.pk)
            found.append(read(seat))
    return found


@dataclass(frozen=True)
class Summary:
    """Of one organization: its subscriptions, those without partner of record, and a month's cost by currency."""

    seat: Seat
    subscriptions: int
    without_partner: int
    costs: tuple[tuple[str, Decimal], ...]


def summary_of(seat: Seat, rows: Any) -> Summary:
    """In one statement. What it costs is of active ones, as on the organization's home. Needs its scope."""
    active = Q(in_state(SubscriptionStatus.ACTIVE, seat.today))
    found = list(
        rows.order_by("currency")
        .values("currency")
        .annotate(
            many=Count("pk"),
            without=Count("pk", filter=Q(current__isnull=True)),
            month=Sum("cost_per_month", filter=active),
        )
    )
    costs = tuple((row["currency"], row["month"]) for row in found if row["month"])
    return Summary(seat, sum(row["many"] for row in found), sum(row["without"] for row in found), costs)
