"""Programs that act, and what they show to be it."""

from datetime import timedelta

from django.utils import timezone

from partners.models import Partner
from subscriptions.applications.tokens import hash_of, hint_of, new_token
from subscriptions.models import Application, ApplicationToken, Tenant
from subscriptions.models.delegated_role import AgentRole
from subscriptions.models.people.membership import Role
from subscriptions.models.people.staff_role import StaffRole
from tests.database import as_owner


@as_owner()
def make_application(
    *,
    tenant: Tenant | None = None,
    partner: Partner | None = None,
    name="Billing sync",
    scopes=("subscriptions.read",),
    **fields,
) -> Application:
    """Of the organization, of the partner, or of the operator; with the highest role that there is for it."""
    role = Role.BILLING_ADMIN if tenant else AgentRole.ADMIN_AGENT if partner else StaffRole.READS_EVERYTHING
    usual = {"role": role, "scopes": list(scopes), "made_by": "Gloria Admin"}
    return Application.objects.create(tenant=tenant, partner=partner, name=name, **usual | fields)


@as_owner()
def make_token(application: Application, *, days=30.0, **fields) -> str:
    """What the application shows to be it, good for so many days."""
    token = new_token()
    expires_on = timezone.now() + timedelta(days=days)
    usual = {"hash": hash_of(token), "hint": hint_of(token), "made_by": "Gloria Admin", "expires_on": expires_on}
    ApplicationToken.objects.create(application=application, **usual | fields)
    return token
