"""What the portal keeps about one person: handed out whole, and erased but for the names in history."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import models, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from subscriptions.access import Actor, StaffPermission
from subscriptions.audit import acts as audit
from subscriptions.audit.events import NothingMore
from subscriptions.db import scopes
from subscriptions.models import AuditEvent, KeptForm, Mail, Membership, SavedView, Snooze, User
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.user import Theme
from subscriptions.tenants.accounts import hold_accounts, not_erased
from subscriptions.tenants.members import remove_member
from subscriptions.verdicts import ALLOWED, Verdict, VerdictCode, first_refusal

DOWNLOADED_WITHIN = timedelta(minutes=10)  # a recorded export can be downloaded by who asked for it
# What proves a person is no data that is handed out
SECRETS = frozenset({"password", "session_generation", "token", "content", "data"})
# Models with a person that are left out, and why
LEFT_OUT = {"subscriptions.IdempotencyKey": "That a form was sent, for a day; what it did stands elsewhere."}
# What the rooms above take from a person who is erased, for that reason; in the staff's scope
LEAVES: list[Callable[[User, Actor, str], None]] = []


def personal_fields() -> Iterator[tuple[type[models.Model], models.ForeignKey]]:
    """Each column anywhere that says which person it is."""
    for model in apps.get_models():
        if model._meta.label not in LEFT_OUT:
            for field in model._meta.concrete_fields:
                if isinstance(field, models.ForeignKey) and field.remote_field.model is User:
                    yield model, field


def collect(user: User) -> dict[str, Any]:
    """All that is kept about the person, by model and column. In the person's own scope."""
    with scopes.own(user.pk):
        found: dict[str, Any] = {"subscriptions.User": _rows(User, pk=user.pk)}
        for model, field in personal_fields():
            found[f"{model._meta.label}.{field.name}"] = _rows(model, **{field.attname: user.pk})
        return found


def _rows(model: type[models.Model], **which: Any) -> list[dict[str, Any]]:
    fields = [field.attname for field in model._meta.concrete_fields if field.attname not in SECRETS]
    return list(model._default_manager.filter(**which).order_by("pk").values(*fields))


def may_export(actor: Actor) -> Verdict:
    return actor.may_staff(StaffPermission.ERASE_PEOPLE)


def may_erase(actor: Actor, user: User) -> Verdict:
    return first_refusal(
        [actor.may_staff(StaffPermission.ERASE_PEOPLE), _not_own(actor, user), _none_of_staff(user), not_erased(user)]
    )


def _not_own(actor: Actor, user: User) -> Verdict:
    if actor.user_id != user.pk:
        return ALLOWED
    return Verdict(
        code=VerdictCode.OWN_ROLES,
        reason=_("This is your own account."),
        next_step=_("Ask somebody else of the staff."),
    )


def _none_of_staff(user: User) -> Verdict:
    if not user.is_staff:
        return ALLOWED
    return Verdict(
        code=VerdictCode.WRONG_STATE,
        reason=_("%(person)s is one of the operator's staff.") % {"person": user.name},
        next_step=_("Somebody who makes staff takes the roles first."),
    )


@transaction.atomic
def record_export(*, user: User, by: Actor, reason: str) -> AuditEvent:
    """That the data is handed out: it can be downloaded for a while. Needs the staff's scope. Raises Refused."""
    may_export(by).require()
    return _record(AuditKind.ACCOUNT_EXPORTED, user, by=by, reason=reason)


@transaction.atomic
def record_own_export(*, user: User, by: Actor) -> AuditEvent:
    """That a person takes the own data: it can be downloaded for a while. Needs the person's scope."""
    return _record(AuditKind.ACCOUNT_EXPORTED, user, by=by, reason="")


def is_taken(user: User) -> bool:
    """Whether this person has just asked for the own data."""
    with scopes.own(user.pk):
        taken = AuditEvent.objects.filter(kind=AuditKind.ACCOUNT_EXPORTED, actor=user.pk, subject_uuid=user.uuid)
        return taken.filter(at__gt=Now() - DOWNLOADED_WITHIN).exists()


def is_recorded(user: User, by: Actor) -> bool:
    """Whether this one of the staff has just said why the data is handed out."""
    said = AuditEvent.objects.filter(kind=AuditKind.ACCOUNT_EXPORTED, actor=by.user_id, subject_uuid=user.uuid)
    return said.filter(at__gt=Now() - DOWNLOADED_WITHIN).exists()


@transaction.atomic
def erase(*, user: User, by: Actor, reason: str) -> AuditEvent:
    """The account's data goes, and the person with it from each organization and partner; names in history stay.

    Needs the staff's scope. Raises Refused, also for the last Global admin of an organization.
    """
    now = hold_accounts(user, by)
    user = User.objects.get(pk=user.pk)
    may_erase(now, user).require()
    for membership in Membership.objects.filter(user=user).order_by("pk"):
        remove_member(membership=membership, by=by, reason=reason)
    for leave in LEAVES:
        leave(user, by, reason)
    for model in (KeptForm, SavedView, Snooze):
        model.objects.filter(user=user).delete()
    Mail.objects.filter(to_user=user).exclude(former_address="").update(former_address="")
    with scopes.nobody():
        EmailAddress.objects.filter(user=user).delete()
        Authenticator.objects.filter(user=user).delete()
    _empty(user)
    return _record(AuditKind.ACCOUNT_ERASED, user, by=by, reason=reason)


def _empty(user: User) -> None:
    """Sessions end with the next request, as of any account that is not active."""
    user.email = f"{user.uuid}@erased.invalid"
    user.set_unusable_password()
    user.is_active, user.last_login, user.erased = False, None, timezone.now()
    user.language, user.time_zone, user.theme = "", "", Theme.SYSTEM
    user.session_generation += 1
    user.save()


def _record(kind: AuditKind, user: User, *, by: Actor, reason: str) -> AuditEvent:
    return audit.record(
        kind,
        by=by,
        tenant=None,
        subject_name=user.name,
        subject_uuid=user.uuid,
        reason=reason,
        facts=NothingMore(),
    )
