"""The demo's programs, each with a token that nobody was told: to call the API, a person makes another one."""

from datetime import timedelta

from partners.models import Partner
from portal.demo.history import ago
from subscriptions.applications.tokens import hash_of, hint_of, new_token
from subscriptions.models import Application, ApplicationToken, Tenant, User

DEMO_TOKEN_LASTS = timedelta(days=90)


def add_application(
    owner: Tenant | Partner | None, *, name: str, role: str, scopes: tuple[str, ...], maker: User, days_ago: int
) -> Application:
    """Of an organization, of a partner or, where neither is named, of the operator."""
    made_at = ago(days_ago)
    application = Application.objects.create(
        tenant=owner if isinstance(owner, Tenant) else None,
        partner=owner if isinstance(owner, Partner) else None,
        name=name,
        role=role,
        scopes=list(scopes),
        maker=maker,
        made_at=made_at,
        made_by=maker.name,
    )
    token = new_token()
    ApplicationToken.objects.create(
        application=application,
        hash=hash_of(token),
        hint=hint_of(token),
        made_at=made_at,
        made_by=maker.name,
        expires_on=made_at + DEMO_TOKEN_LASTS,
    )
    return application
