"""Partners' people with access to an organization."""

from partners.models import Partner
from subscriptions.models import Tenant, User
from subscriptions.models.delegated_role import AgentRole, DelegatedRole
from tests.factories import make_partner_person, make_relationship


def make_delegate(
    *,
    tenant: Tenant,
    partner: Partner,
    roles: tuple[DelegatedRole, ...],
    role=AgentRole.ADMIN_AGENT,
    email="agent@tailspin.example",
    name="Agatha Agent",
    **relationship,
) -> User:
    """A person of the partner, and a relationship that gives the partner these roles."""
    make_relationship(tenant=tenant, partner=partner, roles=roles, **relationship)
    return make_partner_person(partner=partner, role=role, email=email, name=name)
