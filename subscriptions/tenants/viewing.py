"""Staff look at an organization's pages as one of its people see them. They change nothing, and both sides know."""

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from subscriptions.access import Actor, Permission, StaffPermission
from subscriptions.audit import acts as audit
from subscriptions.audit.changes import store
from subscriptions.audit.events import ViewedAs
from subscriptions.mails.receivers import tell
from subscriptions.models import AuditEvent, HelpRequest, Membership, Tenant, User, Viewing
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.help_request import HelpState, HelpTopic
from subscriptions.models.people.membership import Role
from subscriptions.verdicts import ALLOWED, Verdict, VerdictCode, first_refusal


def may_view(actor: Actor, membership: Membership) -> Verdict:
    """May one of the staff look at the organization as this person?"""
    return first_refusal(
        [actor.may_staff(StaffPermission.VIEW_AS), _may_be_viewed(membership.user), _lets_view(membership.tenant)]
    )


def _may_be_viewed(person: User) -> Verdict:
    if person.is_staff:
        reason = _("%(person)s is one of the operator's staff, whom nobody views as.")
    elif not person.is_active:
        reason = _("%(person)s cannot sign in, so there is nothing to see.")
    else:
        return ALLOWED
    return Verdict(
        code=VerdictCode.NOT_VIEWED_AS,
        reason=reason % {"person": person.name},
        next_step=_("Choose somebody else of the organization."),
    )


def _lets_view(tenant: Tenant) -> Verdict:
    """Where the organization has switched it off, a Global admin lets staff look by an open request for help."""
    if tenant.staff_may_view:
        return ALLOWED
    admins = Membership.objects.active().filter(tenant=tenant, role=Role.GLOBAL_ADMIN)
    asked = HelpRequest.objects.filter(tenant=tenant, topic=HelpTopic.STAFF_MAY_LOOK, state=HelpState.OPEN)
    if asked.filter(user__in=admins.values("user_id")).exists():
        return ALLOWED
    return Verdict(
        code=VerdictCode.VIEWING_OFF,
        reason=_("%(tenant)s does not let staff look at its pages.") % {"tenant": tenant.name},
        who=_("One of its Global admins can let you: under Help, with the topic “Staff may look at our pages”."),
        next_step=_("Ask for that request. It is good until it is answered or closed."),
    )


@transaction.atomic
def start_viewing(*, membership: Membership, by: Actor, reason: str) -> Viewing:
    """Ends what the same person looked at before. Needs the staff's scope. Raises Refused."""
    held = Membership.objects.select_for_update(of=("self",)).select_related("user", "tenant")
    membership = held.get(pk=membership.pk)
    may_view(by, membership).require()
    if by.user_id is None:
        raise ValueError("Only a person looks at pages.")
    end_viewing(by.user_id)
    viewing = Viewing.objects.create(
        user_id=by.user_id,
        tenant=membership.tenant,
        person=membership.user,
        by_consent=not membership.tenant.staff_may_view,
    )
    viewing.refresh_from_db(fields=["until"])
    event = audit.record(
        AuditKind.VIEWED_AS,
        by=by,
        tenant=membership.tenant,
        subject_name=membership.user.name,
        subject_uuid=membership.uuid,
        reason=reason,
        facts=ViewedAs(Role(membership.role), viewing.until),
    )
    tell(event)
    return viewing


def end_viewing(user_id: int | None) -> None:
    """Of what this one of the staff looks at; in the staff's scope or the person's own."""
    Viewing.objects.filter(user=user_id, stopped__isnull=True).update(stopped=Now())


@transaction.atomic
def let_staff_view(*, tenant: Tenant, allowed: bool, by: Actor) -> AuditEvent | None:
    """The organization lets staff look at its pages, or does not; None where it is so already. Who looks without
    having been asked for help sees nothing from then on.

    Needs the organization's scope. Raises Refused.
    """
    by.may(Permission.LET_STAFF_VIEW).require()
    tenant.staff_may_view = allowed
    return store(
        tenant,
        facts=("staff_may_view",),
        added=AuditKind.TENANT_ADDED,
        changed=AuditKind.TENANT_CHANGED,
        by=by,
        tenant=tenant,
    )
