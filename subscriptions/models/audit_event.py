from collections.abc import Collection
from typing import Any
from uuid import UUID, uuid4

from django.db import models
from django.db.models import Func, Q
from django.db.models.functions import Now
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from subscriptions.base import formats
from subscriptions.base.constraints import one_of
from subscriptions.base.transactions import CurrentTransaction, TransactionField
from subscriptions.models.tenant import Tenant


class AuditKind(models.TextChoices):
    PARTNER_OF_RECORD_ADDED = "partner-of-record.added", _("Partner of record added")
    PARTNER_OF_RECORD_CHANGED = "partner-of-record.changed", _("Partner of record changed")
    PARTNER_OF_RECORD_REMOVED = "partner-of-record.removed", _("Partner of record deleted")
    CHANGE_SCHEDULED = "partner-of-record.scheduled", _("Change of partner of record scheduled")
    SCHEDULE_CANCELED = "partner-of-record.schedule-canceled", _("Scheduled change canceled")
    SCHEDULE_NOT_APPLIED = "partner-of-record.not-applied", _("Scheduled change not applied")
    SCHEDULE_DISMISSED = "partner-of-record.schedule-dismissed", _("Scheduled change dismissed")
    POLICY_DEFAULT_SET = "partner-policy.default-set", _("Default partner set")
    POLICY_DEFAULT_REMOVED = "partner-policy.default-removed", _("Default partner removed")
    POLICY_PARTNER_APPROVED = "partner-policy.approved", _("Partner approved")
    POLICY_PARTNER_TAKEN_OFF = "partner-policy.taken-off", _("Partner taken off the approved list")
    POLICY_OFF_LIST_SET = "partner-policy.off-list", _("Partners off the approved list: rule changed")
    POLICY_EXEMPTED = "partner-policy.exempted", _("Subscription exempted from the policy")
    POLICY_EXEMPTION_ENDED = "partner-policy.exemption-ended", _("Exemption from the policy ended")
    RELATIONSHIP_ADDED = "partner-relationship.added", _("Partner relationship added")
    RELATIONSHIP_ENDED = "partner-relationship.ended", _("Partner relationship ended")
    RELATIONSHIP_ENDS_SOON = "partner-relationship.ends-soon", _("Reminded that the relationship ends")
    RELATIONSHIP_EXPIRED = "partner-relationship.expired", _("Partner relationship expired")
    RELATIONSHIP_EXTENDED = "partner-relationship.extended", _("Partner relationship extended")
    RELATIONSHIP_AUTO_EXTEND = "partner-relationship.auto-extend", _("Automatic extension switched")
    ROLES_REMOVED = "partner-relationship.roles-removed", _("Partner's roles removed")
    RELATIONSHIP_REVIEWED = "partner-relationship.reviewed", _("Partner relationship reviewed")
    OFFER_DRAFTED = "offer.drafted", _("Partner's offer drafted")
    OFFER_DISCARDED = "offer.discarded", _("Draft of a partner's offer discarded")
    OFFER_SENT = "offer.sent", _("Partner's offer sent")
    OFFER_SENT_AGAIN = "offer.sent-again", _("Partner's offer sent again")
    OFFER_CHANGED = "offer.changed", _("Partner's offer changed")
    OFFER_WITHDRAWN = "offer.withdrawn", _("Partner's offer withdrawn")
    OFFER_ACCEPTED = "offer.accepted", _("Partner's offer accepted")
    OFFER_DECLINED = "offer.declined", _("Partner's offer declined")
    OFFER_EXPIRED = "offer.expired", _("Partner's offer expired")
    RELEASE_REQUESTED = "release-request.sent", _("Reseller asked to end the relationship")
    RELEASE_ACKNOWLEDGED = "release-request.acknowledged", _("Release request acknowledged")
    RELEASE_REMINDED = "release-request.reminded", _("Reseller reminded of a release request")
    RELEASE_ESCALATED = "release-request.escalated", _("Release request handed to staff")
    RELEASE_DECLINED = "release-request.declined", _("Release request declined")
    RELEASE_GRANTED = "release-request.released", _("Released by the reseller")
    RELEASE_TAKEN_BACK = "release-request.taken-back", _("Release request taken back")
    PARTNER_PERSON_ADDED = "partner-person.added", _("Partner's person added")
    PARTNER_PERSON_CHANGED = "partner-person.changed", _("Partner's person changed")
    PARTNER_PERSON_REMOVED = "partner-person.removed", _("Partner's person removed")
    SERVING_CHANGED = "partner-person.serving-changed", _("Who serves a customer changed")
    SIGN_IN_RESET = "member.sign-in-reset", _("Member's sign-in reset")
    MEMBER_ADDED = "member.added", _("Member added")
    MEMBER_CHANGED = "member.changed", _("Member's role changed")
    MEMBER_REMOVED = "member.removed", _("Member removed")
    INVITATION_SENT = "invitation.sent", _("Person invited")
    INVITATION_SENT_AGAIN = "invitation.sent-again", _("Invitation sent again")
    INVITATION_WITHDRAWN = "invitation.withdrawn", _("Invitation withdrawn")
    TENANT_ADDED = "organization.added", _("Organization added")
    TENANT_CHANGED = "organization.changed", _("Organization changed")
    TENANT_EXPORTED = "organization.exported", _("Organization exported")
    TENANT_SUSPENDED = "organization.suspended", _("Organization suspended")
    TENANT_CLOSED = "organization.closed", _("Organization closed")
    TENANT_REOPENED = "organization.reopened", _("Organization open again")
    TENANT_DELETED = "organization.deleted", _("Organization deleted")
    GROUP_CHANGED = "organization-group.changed", _("Group of organizations changed")
    VIEWED_AS = "organization.viewed-as", _("Pages viewed by the operator's staff")
    SUBSCRIPTION_ADDED = "subscription.added", _("Subscription added")
    SUBSCRIPTION_CHANGED = "subscription.changed", _("Subscription changed")
    ORDER_PLACED = "order.placed", _("Order placed")
    ORDER_CANCELED = "order.canceled", _("Order canceled")
    TRIAL_STARTED = "subscription.trial-started", _("Trial started")
    TRIAL_ENDS_SOON = "subscription.trial-ends-soon", _("Reminded that the trial ends")
    TRIAL_EXTENDED = "subscription.trial-extended", _("Trial extended")
    LICENSES_CHANGED = "subscription.licenses-changed", _("Licenses changed")
    FREQUENCY_CHANGED = "subscription.frequency-changed", _("Billing frequency changed")
    RECURRING_BILLING_CHANGED = "subscription.recurring-billing-changed", _("Recurring billing changed")
    SUBSCRIPTION_RESELLER_CHANGED = "subscription.reseller-changed", _("Reseller of a subscription changed")
    SUBSCRIPTION_NAMED = "subscription.named", _("Subscription named")
    SUBSCRIPTION_CANCELED = "subscription.canceled", _("Subscription canceled")
    SUBSCRIPTION_REACTIVATED = "subscription.reactivated", _("Subscription reactivated")
    SUBSCRIPTION_RENEWED = "subscription.renewed", _("Subscription renewed")
    SUBSCRIPTION_STATE_CHANGED = "subscription.state-changed", _("Subscription's state changed")
    MATCH_REQUESTED = "match-request.sent", _("Match with a partner requested")
    MATCH_ANSWERED = "match-request.answered", _("Match request answered")
    MATCH_CLOSED = "match-request.closed", _("Match request closed")
    HELP_REQUESTED = "help-request.sent", _("Help requested")
    HELP_ANSWERED = "help-request.answered", _("Request for help answered")
    HELP_CLOSED = "help-request.closed", _("Request for help closed")
    PARTNER_ADDED = "partner.added", _("Partner added")
    PARTNER_CHANGED = "partner.changed", _("Partner changed")
    CATALOG_CHANGED = "catalog.changed", _("Catalog changed")
    ACCOUNT_CHANGED = "account.changed", _("Account changed")
    ACCOUNT_EXPORTED = "account.exported", _("Personal data exported")
    ACCOUNT_ERASED = "account.erased", _("Account erased")
    APPLICATION_MADE = "application.made", _("Application made")
    APPLICATION_CHANGED = "application.changed", _("Application changed")
    APPLICATION_DELETED = "application.deleted", _("Application deleted")
    APPLICATION_MAKER_GONE = "application.maker-gone", _("Maker of an application gone")
    APPLICATION_TOKEN_MADE = "application.token-made", _("Token of an application made")
    APPLICATION_TOKEN_REVOKED = "application.token-revoked", _("Token of an application revoked")
    APPLICATION_TOKEN_ENDS_SOON = "application.token-ends-soon", _("Reminded that a token of an application ends")
    SECOND_FACTOR_RESET = "account.second-factor-reset", _("Second factor taken off by staff")
    APPROVAL_ASKED = "approval.asked", _("Second person asked")
    APPROVAL_GIVEN = "approval.given", _("Approved by a second person")
    APPROVAL_REFUSED = "approval.refused", _("Refused by a second person")
    CHANGE_ASKED = "partner-of-record.asked", _("Approval of a change asked for")
    CHANGE_APPROVED = "partner-of-record.approved", _("Change approved by a second person")
    CHANGE_REFUSED = "partner-of-record.refused", _("Change refused by a second person")
    CHANGE_WITHDRAWN = "partner-of-record.withdrawn", _("Request for approval withdrawn")
    CHANGE_NOT_DECIDED = "partner-of-record.not-decided", _("Request for approval not decided in time")
    SECOND_PERSON_SWITCHED = "partner-policy.second-person", _("Second person switched on or off")
    WEBHOOK_ADDED = "webhook.added", _("Webhook added")
    WEBHOOK_CHANGED = "webhook.changed", _("Webhook changed")
    WEBHOOK_SWITCHED = "webhook.switched", _("Webhook turned on or off")
    WEBHOOK_TURNED_OFF = "webhook.turned-off", _("Webhook turned off by the portal")
    WEBHOOK_SECRET_CHANGED = "webhook.secret-changed", _("Webhook's secret changed")
    WEBHOOK_REPLAYED = "webhook.replayed", _("Events of a webhook sent once more")
    WEBHOOK_DELETED = "webhook.deleted", _("Webhook deleted")
    INSTALLATION = "installation.set-up", _("Portal set up")
    LOGO_CHANGED = "brand.logo-changed", _("Operator's logo changed")
    LIST_EXPORTED = "list.exported", _("List exported")
    WHY_ASKED = "staff.why-asked", _("Asked why somebody cannot do something")
    STAFF_ROLES_CHANGED = "staff.roles-changed", _("Roles of one of the staff changed")
    MAIL_SENT_AGAIN = "mail.sent-again", _("Mail sent again")
    DIGEST_MADE = "audit-trail.digest-made", _("Digest of the audit trail made")
    DIGEST_DIFFERS = "audit-trail.differs", _("Audit trail is not what it was")
    BULK_BEGUN = "changes-on-many.begun", _("Changes on many begun")
    BULK_ENDED = "changes-on-many.ended", _("Changes on many ended")
    BULK_TOLD = "changes-on-many.told", _("Partner told of changes on many")
    IMPORT_UPLOADED = "import.uploaded", _("File of an import uploaded")
    IMPORT_APPLIED = "import.applied", _("Import applied")
    IMPORT_STOPPED = "import.stopped", _("Import stopped")
    IMPORT_SET_ASIDE = "import.set-aside", _("Import set aside")
    IMPORT_ENDED = "import.ended", _("Import ended")


# By the first word of a kind, in the order in which people look for them; what stands in no line is the last one's
KIND_GROUPS = {
    "partner-of-record": _("Partner of record"),
    "partner-policy": _("Partner policy"),
    "partner-relationship": _("Partner Relationships"),
    "offer": _("Offers"),
    "release-request": _("Release requests"),
    "match-request": _("Match requests"),
    "subscription": _("Subscriptions"),
    "order": _("Orders"),
    "member": _("Members"),
    "invitation": _("Invitations"),
    "application": _("Applications"),
    "": _("Other"),
}


def grouped_kinds(kinds: Collection[str] = tuple(AuditKind)) -> list:
    """Choices of a form, one below the other in their groups."""
    groups: dict[str, list[tuple[str, Promise]]] = {group: [] for group in KIND_GROUPS}
    for kind in AuditKind:
        first = kind.partition(".")[0]
        if kind in kinds:
            groups[first if first in groups else ""].append((kind.value, kind.label))
    return [(KIND_GROUPS[group], choices) for group, choices in groups.items() if choices]


class ActorKind(models.TextChoices):
    MEMBER = "member", _("Member")
    STAFF = "staff", _("Operator's staff")
    PARTNER = "partner", _("Partner's person")
    APPLICATION = "application", _("Application")
    SYSTEM = "system", _("The portal")


class CurrentEpoch(Func):
    """How often the database was restored into another cluster: `FeedEpoch`, by a function of the database."""

    function = "portal_epoch"
    output_field = models.IntegerField()


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    def of_tenant(self, tenant: Tenant):
        return self.filter(tenant=tenant)

    def of_person(self, user_id: int | None):
        """What this person did."""
        return self.filter(actor=user_id)

    def of_application(self, uuid: UUID):
        """What this application did, also since it is deleted."""
        return self.filter(actor_application=uuid)

    def of_others(self, user_id):
        """What anybody else did, the portal too."""
        return self.filter(Q(actor__isnull=True) | ~Q(actor=user_id))


# Of these the subject is something of the portal's own, stored in the language of the source
CALLED_BY_THE_PORTAL = frozenset({AuditKind.LIST_EXPORTED, AuditKind.DIGEST_MADE, AuditKind.DIGEST_DIFFERS})


def said_of(kind: str, subject_name: str) -> str:
    """By its own name, or as the portal calls it in the reader's language."""
    if not subject_name or kind not in CALLED_BY_THE_PORTAL:
        return subject_name
    said = gettext(subject_name)
    # A list of staff is called as its rows are, which begin small in the source
    return capfirst(gettext(subject_name[0].lower() + subject_name[1:])) if said == subject_name else said


class AuditEvent(models.Model):
    """Who did what to what, when and why. Append-only: neither the portal's logins nor the owner can change a row.

    `detail` holds the facts as they were (names, IDs), so that history reads the same when they change later.
    A partner's person acts for `actor_partner`, inside an organization by the relationship `actor_relationship`; an
    application of a partner does too. `actor_application` is the application's UUID, which outlives it.
    `tenant` is empty for what concerns no organization, such as a change in the partner directory.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    tenant = models.ForeignKey(
        Tenant,
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        related_name="audit_events",
        verbose_name=_("organization"),
    )
    at = models.DateTimeField(_("when"), db_default=Now())
    kind = models.CharField(_("what"), max_length=40, choices=AuditKind)
    actor_kind = models.CharField(_("kind of actor"), max_length=12, choices=ActorKind)
    actor = models.ForeignKey(
        "subscriptions.User", on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    actor_name = models.CharField(_("who"), max_length=120)
    actor_partner = models.CharField(_("for which partner"), max_length=140, blank=True)
    actor_relationship = models.UUIDField(_("by which relationship"), null=True)
    actor_application = models.UUIDField(_("by which application"), null=True)
    subject_name = models.CharField(_("to what"), max_length=200)
    subject_uuid = models.UUIDField(_("its UUID"), null=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    detail = models.JSONField(_("details"), default=dict)
    # Of what belongs together, such as all that one import has made
    correlation = models.UUIDField(_("part of"), null=True, editable=False)
    # In which order it is handed on: ids are given before a commit, so a smaller one may come later
    epoch = models.IntegerField(db_default=CurrentEpoch(), editable=False)
    tx = TransactionField(db_default=CurrentTransaction(), editable=False)

    objects = AuditEventQuerySet.as_manager()
    facts: Any = None  # what `detail` was made of, of an event that was just made

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="auditevent_tenant_and_id"),
            one_of("kind", AuditKind, name="auditevent_kind_known"),
            one_of("actor_kind", ActorKind, name="auditevent_actor_kind_known"),
            models.CheckConstraint(
                name="auditevent_partner_of_partners_person",
                condition=Q(actor_kind="partner") & ~Q(actor_partner="")
                | Q(actor_kind="application") & (~Q(actor_partner="") | Q(actor_relationship__isnull=True))
                | ~Q(actor_kind__in=["partner", "application"])
                & Q(actor_partner="", actor_relationship__isnull=True),
            ),
            models.CheckConstraint(
                name="auditevent_application_of_applications",
                condition=Q(actor_kind="application", actor_application__isnull=False, actor__isnull=True)
                | ~Q(actor_kind="application") & Q(actor_application__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "-at", "-id"], name="auditevent_newest_first"),
            models.Index(fields=["tenant", "kind", "-at", "-id"], name="auditevent_by_kind"),
            models.Index(fields=["tenant", "actor_name"], name="auditevent_by_actor_name"),
            # The person first, as what it did is asked for in all organizations too
            models.Index(fields=["actor", "tenant", "-at", "-id"], name="auditevent_by_actor"),
            models.Index(fields=["subject_uuid"], name="auditevent_by_subject"),
            models.Index(fields=["tenant", "epoch", "tx", "id"], name="auditevent_in_order"),
            models.Index(fields=["at"], name="auditevent_by_time"),
            models.Index(
                fields=["actor_relationship", "actor", "-at"],
                condition=Q(actor_relationship__isnull=False),
                name="auditevent_on_behalf",
            ),
            models.Index(
                fields=["actor_relationship", "-at"],
                condition=Q(actor_relationship__isnull=False),
                name="auditevent_last_on_behalf",
            ),
            models.Index(
                fields=["actor_application", "-at", "-id"],
                condition=Q(actor_application__isnull=False),
                name="auditevent_by_application",
            ),
            models.Index(
                fields=["correlation", "-id"],
                condition=Q(correlation__isnull=False),
                name="auditevent_by_correlation",
            ),
            # For the operator's staff, who read those of all organizations; most are a member's or the portal's
            models.Index(fields=["kind", "-id"], name="auditevent_of_kind"),
            models.Index(
                fields=["actor_kind", "-id"],
                condition=Q(actor_kind__in=["staff", "partner"]),
                name="auditevent_of_few",
            ),
            models.Index(
                fields=["subject_name"], opclasses=["varchar_pattern_ops"], name="auditevent_by_subject_name"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}{formats.mark(': ')}{said_of(self.kind, self.subject_name)}"

    @property
    def who(self) -> str:
        """Who did it, in a sentence: a person by name, a program as the application that it is, and the portal."""
        if self.actor_kind == ActorKind.SYSTEM:
            return str(ActorKind.SYSTEM.label)
        if self.actor_kind == ActorKind.APPLICATION:
            return str(_("Application %(name)s") % {"name": self.actor_name})
        return self.actor_name
