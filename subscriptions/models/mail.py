from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from subscriptions.base.constraints import SameTenant, one_of
from subscriptions.models.audit_event import AuditEvent
from subscriptions.models.tenant import Tenant


class MailKind(models.TextChoices):
    """What a mail says; its text is `templates/mails/<value>.txt`."""

    PARTNER_NAMED = "partner-named", _("You were named partner of record")
    PARTNER_REMOVED = "partner-removed", _("You are no longer partner of record")
    PARTNER_OF_RECORD_RECEIPT = "partner-of-record-receipt", _("Receipt: partner of record")
    CREDITS_CHANGED = "credits-changed", _("Your credits changed")
    BULK_RECEIPT = "bulk-receipt", _("Receipt: changes on many")
    CHANGE_NOT_APPLIED = "change-not-applied", _("Scheduled change not applied")
    RELATIONSHIP_ENDED = "relationship-ended", _("Partner relationship ended")
    ROLES_REMOVED = "roles-removed", _("Partner's roles removed")
    RELATIONSHIP_ENDS_SOON = "relationship-ends-soon", _("Delegated administration ends soon")
    RELATIONSHIP_EXPIRED = "relationship-expired", _("Delegated administration has ended")
    OFFER_RECEIVED = "offer-received", _("A partner asks for your permission")
    OFFER_ANSWERED = "offer-answered", _("Your offer was answered")
    OFFER_ANSWER_RECEIPT = "offer-answer-receipt", _("Receipt: partner's offer answered")
    OFFER_WITHDRAWN = "offer-withdrawn", _("Partner's offer withdrawn")
    OFFER_EXPIRED = "offer-expired", _("Partner's offer expired")
    RELEASE_REQUESTED = "release-requested", _("A customer asks to be released")
    RELEASE_REMINDED = "release-reminded", _("Reminder: a customer asks to be released")
    RELEASE_ANSWERED = "release-answered", _("The reseller has answered")
    RELEASE_TAKEN_BACK = "release-taken-back", _("Release request taken back")
    RELEASE_ESCALATED = "release-escalated", _("Release request is overdue")
    SIGN_IN_RESET = "sign-in-reset", _("Set a new password")
    MATCH_REQUESTED = "match-requested", _("An organization asks for your help")
    MATCH_TO_ARRANGE = "match-to-arrange", _("Staff: match with a partner requested")
    HELP_REQUESTED = "help-requested", _("Staff: help requested")
    HELP_ANSWERED = "help-answered", _("Your request was answered")
    APPROVAL_ASKED = "approval-asked", _("Staff: a second person is needed")
    APPROVAL_DECIDED = "approval-decided", _("A second person has decided")
    CHANGE_ASKED = "change-asked", _("Your approval is asked for")
    CHANGE_DECIDED = "change-decided", _("Your request was decided")
    SECOND_PERSON_SWITCHED = "second-person-switched", _("Second person switched on or off")
    SECOND_FACTOR_RESET_ASKED = "second-factor-reset-asked", _("Staff are asked to take off your second factor")
    SECOND_FACTOR_RESET = "second-factor-reset", _("Your second factor was taken off")
    TENANT_SUSPENDED = "organization-suspended", _("Your organization is suspended")
    TENANT_CLOSED = "organization-closed", _("Your organization is closed")
    TENANT_REOPENED = "organization-reopened", _("Your organization is open again")
    VIEWED_AS = "viewed-as", _("Staff look at your organization's pages")
    STAFF_ROLES_CHANGED = "staff-roles-changed", _("Roles among the staff changed")
    TRIAL_ENDS_SOON = "trial-ends-soon", _("Trial ends soon")
    SUBSCRIPTION_EXPIRED = "subscription-expired", _("Subscription expired")
    SUBSCRIPTION_DISABLED = "subscription-disabled", _("Subscription disabled")
    ORDER_CONFIRMATION = "order-confirmation", _("Order confirmation")
    PASSWORD_FORGOTTEN = "password-forgotten", _("Choose a new password")
    PASSWORD_CHANGED = "password-changed", _("Your password was changed")
    ADDRESS_CHANGED = "sign-in-address-changed", _("The address of your sign-in was changed")
    APP_ON = "app-on", _("Authenticator app turned on")
    APP_OFF = "app-off", _("Authenticator app turned off")
    RECOVERY_CODES_NEW = "recovery-codes-new", _("New recovery codes")
    INVITATION = "invitation", _("You are invited")
    MEMBERS_CHANGED = "members-changed", _("Members have changed")
    OWN_ROLE_CHANGED = "own-role-changed", _("Your role has changed")
    PARTNER_PEOPLE_CHANGED = "partner-people-changed", _("Your company's people have changed")
    PARTNER_MAILBOX_CHANGED = "partner-mailbox-changed", _("Your company's mailbox has changed")
    DIGEST = "digest", _("Mails of the day")
    AUDIT_DIGEST = "audit-digest", _("Staff: digest of the audit trail")
    AUDIT_DIFFERS = "audit-differs", _("Staff: the audit trail is not what it was")


# What a person may get together with others once a day; any other kind goes at once
MAY_WAIT = frozenset(
    {
        MailKind.PARTNER_OF_RECORD_RECEIPT,
        MailKind.BULK_RECEIPT,
        MailKind.RELATIONSHIP_ENDED,
        MailKind.ROLES_REMOVED,
        MailKind.RELATIONSHIP_ENDS_SOON,
        MailKind.RELATIONSHIP_EXPIRED,
        MailKind.OFFER_RECEIVED,
        MailKind.OFFER_ANSWER_RECEIPT,
        MailKind.OFFER_WITHDRAWN,
        MailKind.OFFER_EXPIRED,
        MailKind.RELEASE_ANSWERED,
        MailKind.RELEASE_ESCALATED,
        MailKind.HELP_ANSWERED,
        MailKind.TRIAL_ENDS_SOON,
        MailKind.SUBSCRIPTION_EXPIRED,
        MailKind.SUBSCRIPTION_DISABLED,
        MailKind.ORDER_CONFIRMATION,
    }
)
# Of a person, and of no event; a digest is of many
ABOUT_AN_ACCOUNT = (
    MailKind.DIGEST,
    MailKind.PASSWORD_FORGOTTEN,
    MailKind.PASSWORD_CHANGED,
    MailKind.APP_ON,
    MailKind.APP_OFF,
    MailKind.RECOVERY_CODES_NEW,
)


# Of what concerns no organization
FOR_ANYBODY = (
    MailKind.HELP_REQUESTED,
    MailKind.HELP_ANSWERED,
    MailKind.STAFF_ROLES_CHANGED,
    MailKind.INVITATION,
    MailKind.OWN_ROLE_CHANGED,
    MailKind.PARTNER_PEOPLE_CHANGED,
    MailKind.PARTNER_MAILBOX_CHANGED,
    MailKind.APPROVAL_ASKED,
    MailKind.APPROVAL_DECIDED,
    MailKind.SECOND_FACTOR_RESET_ASKED,
    MailKind.SECOND_FACTOR_RESET,
    MailKind.ADDRESS_CHANGED,
    MailKind.AUDIT_DIGEST,
    MailKind.AUDIT_DIFFERS,
)


class MailState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    HELD = "held", _("Waits for the mails of the day")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")


class Mail(models.Model):
    """One message to one receiver about one audit event, queued in its transaction, or about the person's account.

    A person's address is looked up when the mail is sent; a company's mailbox is kept here. The text is made from
    the event, so it reads the same however often it is sent.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    tenant = models.ForeignKey(
        Tenant, on_delete=models.PROTECT, null=True, related_name="mails", verbose_name=_("organization")
    )
    event = models.ForeignKey(
        AuditEvent,
        on_delete=models.PROTECT,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="mails",
        verbose_name=_("audit event"),
    )
    kind = models.CharField(_("kind"), max_length=40, choices=MailKind)
    to_user = models.ForeignKey("subscriptions.User", on_delete=models.PROTECT, null=True, related_name="+")
    # That the person had until then; it goes when the mail is sent
    former_address = models.EmailField(_("to former address"), blank=True)
    to_company_name = models.CharField(_("to company"), max_length=120, blank=True)
    to_company_mailbox = models.EmailField(_("to mailbox"), blank=True)
    # Of somebody who has perhaps no account yet; the address stands there alone, for as long as it is needed
    invitation = models.ForeignKey(
        "subscriptions.Invitation",
        on_delete=models.PROTECT,
        null=True,
        db_constraint=False,
        related_name="mails",
        verbose_name=_("invitation"),
    )
    # The partner's, which reads by it that a mail did not reach it; empty for staff
    to_company_number = models.CharField(_("partner ID"), max_length=10, blank=True)
    # The company's, or that in which a person asked whose account has none
    language = models.CharField(max_length=10, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=MailState, default=MailState.QUEUED)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    last_error = models.CharField(_("last error"), max_length=500, blank=True)
    queued = models.DateTimeField(_("queued"), db_default=Now())
    sent = models.DateTimeField(_("sent"), null=True)
    # Of a digest, whose it is only one a day; of what waits, the digest that brings it
    digest_day = models.DateField(null=True, editable=False)
    in_digest = models.UUIDField(null=True, editable=False)

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        constraints = [
            SameTenant(field="event", name="mail_event_same_tenant"),
            SameTenant(field="invitation", name="mail_invitation_same_tenant"),
            one_of("kind", MailKind, name="mail_kind_known"),
            one_of("state", MailState, name="mail_state_known"),
            models.CheckConstraint(
                name="mail_one_receiver",
                condition=Q(to_user__isnull=False, to_company_mailbox="", invitation__isnull=True)
                | (Q(to_user__isnull=True, invitation__isnull=True) & ~Q(to_company_mailbox=""))
                | Q(to_user__isnull=True, to_company_mailbox="", invitation__isnull=False),
            ),
            models.CheckConstraint(
                name="mail_former_address_of_a_person",
                condition=Q(former_address="") | Q(kind=MailKind.ADDRESS_CHANGED, to_user__isnull=False),
            ),
            models.CheckConstraint(
                name="mail_about_event_or_account",
                condition=Q(kind__in=ABOUT_AN_ACCOUNT, tenant__isnull=True, event__isnull=True, to_user__isnull=False)
                | (
                    ~Q(kind__in=ABOUT_AN_ACCOUNT)
                    & Q(event__isnull=False)
                    & (Q(tenant__isnull=False) | Q(kind__in=FOR_ANYBODY))
                ),
            ),
            models.CheckConstraint(
                name="mail_sent_when_sent",
                condition=Q(state=MailState.SENT, sent__isnull=False) | ~Q(state=MailState.SENT),
            ),
            models.UniqueConstraint(
                fields=["event", "kind", "to_user", "to_company_mailbox"],
                condition=Q(event__isnull=False),
                nulls_distinct=False,
                name="mail_once_per_receiver",
            ),
            models.UniqueConstraint(fields=["to_user", "digest_day"], name="mail_one_digest_a_day"),
            models.CheckConstraint(
                name="mail_day_of_a_digest",
                condition=Q(kind=MailKind.DIGEST, digest_day__isnull=False)
                | (~Q(kind=MailKind.DIGEST) & Q(digest_day__isnull=True)),
            ),
        ]
        # What staff look for among all that was ever sent, newest first
        indexes = [
            models.Index(fields=["kind", "-id"], name="mail_of_kind"),
            models.Index(fields=["queued"], name="mail_by_time"),
            models.Index(
                fields=["state", "-id"],
                condition=Q(state__in=[MailState.QUEUED, MailState.FAILED]),
                name="mail_not_sent",
            ),
            models.Index(
                fields=["to_company_mailbox"], opclasses=["varchar_pattern_ops"], name="mail_by_company_mailbox"
            ),
            models.Index(
                fields=["to_company_number", "-id"], condition=~Q(to_company_number=""), name="mail_of_partner"
            ),
            models.Index(fields=["tenant", "-id"], name="mail_of_tenant"),
            models.Index(fields=["to_user", "id"], condition=Q(state=MailState.HELD), name="mail_held"),
            models.Index(fields=["in_digest"], condition=Q(in_digest__isnull=False), name="mail_in_digest"),
        ]

    def __str__(self) -> str:
        about = self.event.subject_name if self.event else self.to_user
        return f"{self.get_kind_display()} · {about}"

    @property
    def receiver_name(self) -> str:
        person = self.to_user or self.invitation
        return person.name if person else self.to_company_name
