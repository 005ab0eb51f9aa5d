"""An application as the actor that acts, reads and is refused like everybody else."""

from subscriptions.access import ActingApplication, Actor, held_back
from subscriptions.applications.callers import Caller
from subscriptions.models import Tenant
from subscriptions.models.audit_event import ActorKind
from subscriptions.models.people.membership import Role


def acting(caller: Caller, *, owner: str, place: str) -> ActingApplication:
    """`owner` is the name of whose it is, `place` the slug or number of the address under which it acts."""
    return ActingApplication(
        key=caller.key, uuid=caller.uuid, owner=owner, place=place, role=caller.role, scopes=caller.scopes
    )


def tenant_actor(caller: Caller, tenant: Tenant) -> Actor:
    """An application of this organization, with the role that it has there."""
    if caller.tenant_id != tenant.pk:
        raise ValueError("This application is not of the organization.")
    return Actor(
        kind=ActorKind.APPLICATION,
        name=caller.name,
        role=Role(caller.role),
        held_back=held_back(tenant),
        application=acting(caller, owner=tenant.name, place=tenant.slug),
    )


def operators_actor(caller: Caller, *, operator: str, place: str, tenant: Tenant | None = None) -> Actor:
    """An application of the operator, which reads in any organization and any workspace."""
    if not caller.is_operators:
        raise ValueError("This application is not of the operator.")
    return Actor(
        kind=ActorKind.APPLICATION,
        name=caller.name,
        held_back=held_back(tenant) if tenant else None,
        application=acting(caller, owner=operator, place=place),
    )
