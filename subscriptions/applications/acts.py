"""Applications are made, changed and deleted, their tokens made and revoked; each with an audit row and mails.

Needs a scope in which the owner's applications are written: the organization's, the partner's or the staff's.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now

from subscriptions.access import Actor, Decision
from subscriptions.applications.events import ApplicationFacts, TokenFacts
from subscriptions.applications.owners import Owner
from subscriptions.applications.rules import may_make, may_make_token
from subscriptions.applications.tokens import hash_of, hint_of, new_token
from subscriptions.audit import acts as audit
from subscriptions.audit.facts import Facts
from subscriptions.db.locks import lock_name
from subscriptions.mails.receivers import tell
from subscriptions.models import Application, ApplicationToken, AuditEvent
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.people.application import ApplicationScope


class NameTaken(Exception):
    """Another application of the same owner is called so."""


@dataclass(frozen=True)
class Made:
    """A token as it was told, once."""

    application: Application
    row: ApplicationToken
    token: str

    @property
    def header(self) -> str:
        """As a program sends it, with the token left out."""
        return "Authorization: Bearer …"


@transaction.atomic
def make_application(
    *, owner: Owner, name: str, role: str, scopes: Collection[str], days: int, by: Actor, reason: str = ""
) -> Made:
    """With its first token, good for so many days. Raises Refused, SignInTooOld and NameTaken."""
    _begin(owner, by)
    may_make(owner).require()
    if owner.applications().filter(name=name).exists():
        raise NameTaken
    facts = {"role": role, "scopes": _in_order(scopes), "made_by": by.name, "maker_id": by.user_id}
    application = Application.objects.create(**owner.columns, name=name, **facts)
    _record(AuditKind.APPLICATION_MADE, application, owner, _facts_of(application), by=by, reason=reason)
    return _make_token(application, owner, days=days, by=by, reason=reason, tells=False)


@transaction.atomic
def change_application(
    *, owner: Owner, application: Application, role: str, scopes: Collection[str], by: Actor, reason: str = ""
) -> AuditEvent | None:
    """It holds from the next request on; None where nothing differs. Raises Refused and SignInTooOld."""
    _begin(owner, by)
    held = _held(owner, application)
    if (held.role, held.scopes) == (role, _in_order(scopes)):
        return None
    held.role, held.scopes = role, _in_order(scopes)
    held.save(update_fields=["role", "scopes"])
    return _record(AuditKind.APPLICATION_CHANGED, held, owner, _facts_of(held), by=by, reason=reason)


@transaction.atomic
def delete_application(*, owner: Owner, application: Application, by: Actor, reason: str = "") -> AuditEvent:
    """With its tokens, which open nothing any more. Raises Refused and SignInTooOld."""
    _begin(owner, by)
    held = _held(owner, application)
    event = _record(AuditKind.APPLICATION_DELETED, held, owner, _facts_of(held), by=by, reason=reason)
    held.delete()
    return event


@transaction.atomic
def make_token(*, owner: Owner, application: Application, days: int, by: Actor, reason: str = "") -> Made:
    """Beside one that is still in use, so that nothing stands still. Raises Refused and SignInTooOld."""
    _begin(owner, by)
    held = _held(owner, application)
    may_make_token(held).require()
    return _make_token(held, owner, days=days, by=by, reason=reason)


@transaction.atomic
def revoke_token(*, owner: Owner, row: ApplicationToken, by: Actor, reason: str = "") -> AuditEvent:
    """It opens nothing any more. Raises Refused and SignInTooOld, and DoesNotExist where it is revoked already."""
    _begin(owner, by)
    held = ApplicationToken.objects.select_related("application").get(pk=row.pk, application__in=owner.applications())
    event = _record(
        AuditKind.APPLICATION_TOKEN_REVOKED, held.application, owner, _of_token(held), by=by, reason=reason
    )
    held.delete()
    return event


def _begin(owner: Owner, by: Actor) -> None:
    """One act on the owner's applications at a time, and the right to it asked under the lock."""
    by.require_proof(Decision.KEEP_APPLICATIONS)
    lock_name("applications", owner.key)
    owner.still_lets(by).require()


def _held(owner: Owner, application: Application) -> Application:
    return owner.applications().get(pk=application.pk)


def _make_token(
    application: Application, owner: Owner, *, days: int, by: Actor, reason: str = "", tells: bool = True
) -> Made:
    token = new_token()
    row = ApplicationToken.objects.create(
        application=application,
        hash=hash_of(token),
        hint=hint_of(token),
        made_by=by.name,
        expires_on=Now() + timedelta(days=days),
    )
    row.refresh_from_db(fields=["expires_on", "made_at"])
    kind = AuditKind.APPLICATION_TOKEN_MADE
    _record(kind, application, owner, _of_token(row), by=by, reason=reason, tells=tells)
    return Made(application, row, token)


def _record(
    kind: AuditKind,
    application: Application,
    owner: Owner,
    facts: Facts,
    *,
    by: Actor,
    reason: str = "",
    tells: bool = True,
) -> AuditEvent:
    event = audit.record(
        kind,
        by=by,
        tenant=owner.tenant,
        subject_name=application.name,
        subject_uuid=application.uuid,
        reason=reason,
        facts=facts,
    )
    if tells:
        tell(event, only=owner.receivers, partner=owner.company)
    return event


def _facts_of(application: Application) -> ApplicationFacts:
    scopes = tuple(map(ApplicationScope, application.scopes))
    return ApplicationFacts(role=application.role_label, scopes=scopes)


def _of_token(row: ApplicationToken) -> TokenFacts:
    return TokenFacts(token=row.hint, until=row.expires_on)


def _in_order(scopes: Collection[str]) -> list[str]:
    return [scope.value for scope in ApplicationScope if scope in scopes]
