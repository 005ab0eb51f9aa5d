"""The views that a person has saved in an organization."""

from uuid import UUID

from django.db.models import BigIntegerField, CharField, QuerySet

from subscriptions.access import Actor
from subscriptions.base.known_queries import Argument, KnownQuery
from subscriptions.models import SavedView, Tenant


def views_of(tenant: Tenant, actor: Actor) -> QuerySet[SavedView]:
    """The person's own, by name; who looks at the pages as somebody else has none there."""
    if actor.viewing_as:
        return SavedView.objects.none()
    return SavedView.objects.filter(tenant=tenant, user=actor.user_id).order_by("name", "pk")


def views_in(tenant: Tenant, actor: Actor, list_name: str) -> list[SavedView]:
    """The same of one list."""
    if actor.viewing_as:
        return []
    return OF_LIST.rows(tenant=tenant.pk, user=actor.user_id, list=list_name)


def _of_list() -> QuerySet[SavedView]:
    tenant, user = (Argument(name, BigIntegerField()) for name in ("tenant", "user"))
    rows = SavedView.objects.filter(tenant=tenant, user=user, list=Argument("list", CharField()))
    return rows.order_by("name", "pk")


OF_LIST = KnownQuery(_of_list)


def find_view(tenant: Tenant, actor: Actor, uuid: UUID) -> SavedView | None:
    return views_of(tenant, actor).filter(uuid=uuid).first()
