"""A row that staff enter or correct: stored together with one audit event that says what is different now."""

from collections.abc import Callable, Collection
from typing import Any, TypeVar

from django.db import models, transaction

from subscriptions.access import Actor
from subscriptions.audit import acts as audit
from subscriptions.audit.facts import KINDS
from subscriptions.db.inserts import insert_all
from subscriptions.models import AuditEvent, Tenant
from subscriptions.models.audit_event import AuditKind

WITHHELD = "…"
AnyModel = TypeVar("AnyModel", bound=models.Model)


@transaction.atomic
def store(
    row: models.Model,
    *,
    facts: Collection[str],
    added: AuditKind,
    changed: AuditKind,
    by: Actor,
    tenant: Tenant | None,
    reason: str = "",
    withheld: Collection[str] = (),
) -> AuditEvent | None:
    """Saves a new row, or those of its `facts` that differ from what is stored; None where none does.

    The event keeps the old and the new value of each, but for the facts `withheld`, of which it only says that they
    changed: mail addresses live in accounts alone.
    """
    before = None if row._state.adding else type(row)._default_manager.select_for_update().get(pk=row.pk)
    differences = _differences(before, row, facts)
    if before is None:
        row.save(force_insert=True)
    elif differences:
        row.save(update_fields=[*differences, *derived(row, differences)])
    else:
        return None
    kind = changed if before else added
    changes = {name: [WITHHELD] * 2 if name in withheld else _values(before, row, name) for name in differences}
    event = _event(kind, row, changes, by=by, tenant=tenant, reason=reason)
    event.save(force_insert=True)
    return event


def store_new(
    rows: Collection[AnyModel],
    *,
    facts: Collection[str],
    added: AuditKind,
    by: Actor,
    tenant_of: Callable[[AnyModel], Tenant | None],
    reason: str = "",
) -> None:
    """The same of many new rows of one model, in a few statements. Raises IntegrityError for all of them."""
    insert_all(rows)
    changes = [{name: _values(None, row, name) for name in facts if getattr(row, name) is not None} for row in rows]
    audit.record_all(
        _event(added, row, each, by=by, tenant=tenant_of(row), reason=reason)
        for row, each in zip(rows, changes, strict=True)
    )


def _differences(before: models.Model | None, row: models.Model, facts: Collection[str]) -> list[str]:
    return [name for name in facts if getattr(before, name, None) != getattr(row, name)]


def _event(
    kind: AuditKind, row: models.Model, changes: dict[str, Any], *, by: Actor, tenant: Tenant | None, reason: str
) -> AuditEvent:
    return audit.event_of(
        kind,
        by=by,
        tenant=tenant,
        subject_name=getattr(row, "name", None) or str(row),
        subject_uuid=getattr(row, "uuid", None),
        reason=reason,
        facts=KINDS[kind].from_detail({"changes": changes}),
    )


def derived(row: models.Model, changed: Collection[str]) -> list[str]:
    """What follows from the changed facts, such as the sort key of a name."""
    return [
        field.name
        for field in row._meta.concrete_fields
        if not getattr(field, "derived_from", frozenset()).isdisjoint(changed)
    ]


def _values(before: models.Model | None, row: models.Model, name: str) -> list[Any]:
    return [_value(before, name), _value(row, name)]


def _value(row: models.Model | None, name: str) -> Any:
    """As JSON keeps it."""
    value = getattr(row, name, None)
    if isinstance(value, list):
        return [str(item) for item in value]
    return value if value is None or isinstance(value, (bool, int)) else str(value)
