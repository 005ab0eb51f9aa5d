"""Categories of products, as staff keep them. One that is used is retired instead of deleted."""

from collections.abc import Callable, Collection

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscriptions.access import Actor
from subscriptions.audit import acts as audit
from subscriptions.audit.changes import store
from subscriptions.base import formats
from subscriptions.base.languages import columns_of
from subscriptions.catalogue.events import CatalogChanged
from subscriptions.clouds import Text
from subscriptions.models import AuditEvent, Product, ProductFamily
from subscriptions.models.audit_event import AuditKind

FACTS = (*columns_of("name"), *columns_of("sentence"), "position", "is_retired")
# What may have a category, and the rows of it that do; upper apps enter theirs
USES: list[tuple[Text, Callable[[str], QuerySet]]] = [
    (gettext_lazy("products"), lambda code: Product.objects.filter(family__code=code)),
]


class FamilyInUse(Exception):
    """The category cannot be deleted; the text says what has it."""


class FamilyGone(Exception):
    """A category was deleted since it was chosen."""


@transaction.atomic
def save_family(*, family: ProductFamily, by: Actor, reason: str = "") -> AuditEvent | None:
    """A category's code is for good."""
    facts = ("code", *FACTS) if family._state.adding else FACTS
    kind = AuditKind.CATALOG_CHANGED
    return store(family, facts=facts, added=kind, changed=kind, by=by, tenant=None, reason=reason)


@transaction.atomic
def delete_family(*, family: ProductFamily, by: Actor, reason: str) -> AuditEvent:
    """Raises FamilyInUse."""
    family = ProductFamily.objects.select_for_update().get(pk=family.pk)
    users = [str(label) for label, rows in USES if rows(family.code).exists()]
    if users:
        raise FamilyInUse(
            _("It is still used by these: %(users)s. Retire it instead, then nothing new gets it.")
            % {"users": formats.join_list(users)}
        )
    event = audit.record(
        AuditKind.CATALOG_CHANGED,
        by=by,
        tenant=None,
        subject_name=family.name,
        subject_uuid=family.uuid,
        reason=reason,
        facts=CatalogChanged(changes={name: [getattr(family, name), None] for name in ("code", *FACTS)}),
    )
    family.delete()
    return event


def hold_families(codes: Collection[str]) -> None:
    """Keeps these from being deleted until the transaction ends. Raises FamilyGone."""
    rows = ProductFamily.objects.select_for_update().filter(code__in=codes).order_by("pk")
    if len(rows) < len(set(codes)):
        raise FamilyGone
