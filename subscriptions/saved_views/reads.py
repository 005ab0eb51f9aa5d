"""The views that a person has saved in an organization."""

from uuid import UUID

from django.db.models import QuerySet

from subscriptions.access import Actor
from subscriptions.models import SavedView, Tenant


def views_of(tenant: Tenant, actor: Actor) -> QuerySet[SavedView]:
    """The person's own, by name; who looks at the pages as somebody else has none there."""
    if actor.viewing_as:
        return SavedView.objects.none()
    return SavedView.objects.filter(tenant=tenant, user=actor.user_id).order_by("name", "pk")


def find_view(tenant: Tenant, actor: Actor, uuid: UUID) -> SavedView | None:
    return views_of(tenant, actor).filter(uuid=uuid).first()
