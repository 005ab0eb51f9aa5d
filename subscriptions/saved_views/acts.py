"""A person gives the filters of a list a name, changes it, or takes it away.

It is personal and leaves no audit event: nobody else sees less or more of anything.
"""

from django.db import transaction

from subscriptions.access import Actor
from subscriptions.db.locks import lock_name
from subscriptions.models import SavedView, Tenant
from subscriptions.saved_views.reads import views_of
from subscriptions.saved_views.rules import may_save


class NameTaken(Exception):
    """Another of the person's views of this list is called so."""


@transaction.atomic
def save_view(*, tenant: Tenant, list_name: str, name: str, query: str, is_default: bool, by: Actor) -> SavedView:
    """`query` is what of the list's address a view keeps. Raises Refused and NameTaken."""
    lock_name("saved-views", tenant.pk, by.user_id or 0)
    may_save(by, tenant, list_name).require()
    assert by.user_id is not None  # noqa: S101 - who has views is a person
    _require_free(tenant, by, list_name, name)
    if is_default:
        _no_default(tenant, by, list_name)
    return SavedView.objects.create(
        tenant=tenant, user_id=by.user_id, list=list_name, name=name, query=query, is_default=is_default
    )


@transaction.atomic
def change_view(*, tenant: Tenant, view: SavedView, name: str, is_default: bool, by: Actor) -> SavedView:
    """Its name, and whether the list opens with it. Raises NameTaken."""
    lock_name("saved-views", tenant.pk, by.user_id or 0)
    _require_free(tenant, by, view.list, name, but=view.pk)
    if is_default:
        _no_default(tenant, by, view.list)
    views_of(tenant, by).filter(pk=view.pk).update(name=name, is_default=is_default)
    return view


@transaction.atomic
def delete_view(*, tenant: Tenant, view: SavedView, by: Actor) -> bool:
    """Whether it was there."""
    return bool(views_of(tenant, by).filter(pk=view.pk).delete()[0])


def _require_free(tenant: Tenant, by: Actor, list_name: str, name: str, *, but: int = 0) -> None:
    if views_of(tenant, by).filter(list=list_name, name=name).exclude(pk=but).exists():
        raise NameTaken


def _no_default(tenant: Tenant, by: Actor, list_name: str) -> None:
    views_of(tenant, by).filter(list=list_name, is_default=True).update(is_default=False)
