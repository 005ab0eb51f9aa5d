"""The tables of organizations, what they buy and what was done."""

import datetime
import uuid

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.functions
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import django.db.models.lookups
import django.utils.timezone
import django_countries.fields
from django.conf import settings
from django.db import migrations, models

import subscriptions.base.constraints
import subscriptions.base.names
import subscriptions.base.search
import subscriptions.base.transactions
import subscriptions.base.typed
import subscriptions.models.audit_event
import subscriptions.models.subscription
import subscriptions.models.user

# The default of a column, so it comes before its table; the row that it reads comes with the triggers
EPOCH = """
CREATE FUNCTION portal_epoch() RETURNS integer LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT number FROM public.subscriptions_feedepoch);
END $$;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("partners", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(EPOCH, "DROP FUNCTION portal_epoch();"),
        migrations.CreateModel(
            name="CloudState",
            fields=[
                (
                    "cloud",
                    models.CharField(
                        choices=[
                            ("o365-worldwide", "Worldwide"),
                            ("o365-germany", "Germany"),
                            ("o365-21vianet", "Operated by 21Vianet"),
                        ],
                        max_length=20,
                        primary_key=True,
                        serialize=False,
                        verbose_name="cloud",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "open"), ("closing", "closing"), ("closed", "closed")],
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
            ],
            options={
                "verbose_name": "cloud status",
                "verbose_name_plural": "cloud statuses",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("cloud__in", ["o365-worldwide", "o365-germany", "o365-21vianet"])),
                        name="cloudstate_cloud_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["open", "closing", "closed"])),
                        name="cloudstate_status_known",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "email",
                    subscriptions.base.typed.MailboxField(max_length=254, unique=True, verbose_name="email address"),
                ),
                ("name", subscriptions.base.names.NameField(max_length=120, verbose_name="name")),
                ("name_key", subscriptions.base.names.SortKeyField(source="name")),
                (
                    "language",
                    models.CharField(
                        blank=True,
                        choices=[("en", "English"), ("de", "Deutsch"), ("zh-hans", "简体中文")],
                        max_length=10,
                        verbose_name="language",
                    ),
                ),
                (
                    "time_zone",
                    models.CharField(
                        blank=True,
                        max_length=60,
                        validators=[subscriptions.models.user.validate_time_zone],
                        verbose_name="time zone",
                    ),
                ),
                (
                    "theme",
                    models.CharField(
                        choices=[("system", "Same as device"), ("light", "Light"), ("dark", "Dark")],
                        default="system",
                        max_length=10,
                        verbose_name="theme",
                    ),
                ),
                (
                    "mails",
                    models.CharField(
                        choices=[("at-once", "At once"), ("daily", "Once a day, at 08:00")],
                        default="at-once",
                        max_length=10,
                        verbose_name="mails",
                    ),
                ),
                ("is_staff", models.BooleanField(default=False, verbose_name="staff")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("session_generation", models.PositiveIntegerField(default=0, editable=False)),
                ("erased", models.DateTimeField(editable=False, null=True, verbose_name="erased")),
                ("date_joined", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "account",
                "verbose_name_plural": "accounts",
                "indexes": [
                    models.Index(fields=["name_key", "id"], name="user_by_name"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["name_key"], name="user_by_words", opclasses=["gin_trgm_ops"]
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("theme__in", ["system", "light", "dark"])), name="user_theme_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mails__in", ["at-once", "daily"])), name="user_mails_known"
                    ),
                ],
            },
            managers=[
                ("objects", subscriptions.models.user.UserAccounts()),
            ],
        ),
        migrations.CreateModel(
            name="Tenant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("slug", models.SlugField(max_length=60, unique=True, verbose_name="address in the portal")),
                ("name", subscriptions.base.names.NameField(max_length=120, verbose_name="name")),
                ("name_key", subscriptions.base.names.SortKeyField(source="name")),
                ("search_text", subscriptions.base.search.SearchTextField(sources=("name", "slug", "uuid"))),
                (
                    "cloud",
                    models.CharField(
                        choices=[
                            ("o365-worldwide", "Worldwide"),
                            ("o365-germany", "Germany"),
                            ("o365-21vianet", "Operated by 21Vianet"),
                        ],
                        max_length=20,
                        verbose_name="cloud",
                    ),
                ),
                ("country", django_countries.fields.CountryField(max_length=2, verbose_name="country or region")),
                ("city", subscriptions.base.names.NameField(blank=True, max_length=80, verbose_name="city")),
                (
                    "time_zone",
                    models.CharField(
                        default="UTC",
                        max_length=60,
                        validators=[subscriptions.models.user.validate_time_zone],
                        verbose_name="time zone",
                    ),
                ),
                ("staff_may_view", models.BooleanField(default=True, verbose_name="staff may look at its pages")),
                (
                    "asks_off_list",
                    models.BooleanField(
                        default=False, verbose_name="partners off the approved list can be asked for"
                    ),
                ),
                (
                    "second_person",
                    models.BooleanField(
                        default=False, verbose_name="changes of a partner of record need a second person"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("active", "Active"),
                            ("suspended", "Suspended"),
                            ("closed", "Closed"),
                            ("deleted", "Deleted"),
                        ],
                        default="active",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("state_since", models.DateTimeField(editable=False, null=True)),
                ("kept_until", models.DateField(editable=False, null=True, verbose_name="kept until")),
            ],
            options={
                "verbose_name": "organization",
                "verbose_name_plural": "organizations",
                "ordering": ["name_key", "id"],
                "indexes": [
                    models.Index(fields=["name_key", "id"], name="tenant_by_name"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["search_text"], name="tenant_by_words", opclasses=["gin_trgm_ops"]
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("cloud__in", ["o365-worldwide", "o365-germany", "o365-21vianet"])),
                        name="tenant_cloud_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["active", "suspended", "closed", "deleted"])),
                        name="tenant_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kept_until__isnull", False), ("state__in", ("closed", "deleted"))),
                            models.Q(
                                models.Q(("state__in", ("closed", "deleted")), _negated=True),
                                ("kept_until__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="tenant_kept_once_closed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Approval",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "tenant",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="subscriptions.tenant",
                        verbose_name="organization",
                    ),
                ),
                ("of_staff", models.BooleanField(default=True, editable=False)),
                ("act", models.CharField(max_length=60, verbose_name="act")),
                ("row", models.BigIntegerField()),
                ("subject_name", models.CharField(max_length=200, verbose_name="to what")),
                ("wanted", models.JSONField(default=dict, verbose_name="what is wanted")),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("approved", "Approved"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                            ("expired", "Not decided in time"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
                (
                    "asker",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("application", models.UUIDField(editable=False, null=True)),
                (
                    "asked_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="asked"),
                ),
                ("asked_by", models.CharField(max_length=120, verbose_name="asked by")),
                ("proved", models.DateTimeField(editable=False, null=True)),
                (
                    "decider",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True, verbose_name="decided")),
                ("decided_by", models.CharField(blank=True, max_length=120, verbose_name="decided by")),
                (
                    "expires_on",
                    models.DateTimeField(
                        db_default=django.db.models.expressions.CombinedExpression(
                            django.db.models.functions.datetime.Now(), "+", models.Value(datetime.timedelta(days=7))
                        ),
                        verbose_name="expires",
                    ),
                ),
            ],
            options={
                "verbose_name": "approval",
                "verbose_name_plural": "approvals",
                "indexes": [
                    models.Index(fields=["outcome", "-id"], name="approval_of_outcome"),
                    models.Index(
                        condition=models.Q(("of_staff", False)),
                        fields=["tenant", "-id"],
                        name="approval_newest_first",
                    ),
                    models.Index(fields=["act", "row"], name="approval_of_row"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome__in", ["waiting", "approved", "refused", "withdrawn", "expired"])
                        ),
                        name="approval_outcome_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("asked_at__isnull", True), ("asked_by", "")),
                            models.Q(("asked_at__isnull", False), models.Q(("asked_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="approval_asked_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decided_by", "")),
                            models.Q(("decided_at__isnull", False), models.Q(("decided_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="approval_decided_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("asker__isnull", False), ("application__isnull", True)),
                            models.Q(("asker__isnull", True), ("application__isnull", False)),
                            _connector="OR",
                        ),
                        name="approval_of_one_asker",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decider__isnull", True),
                            models.Q(("decider", models.F("asker")), _negated=True),
                            _connector="OR",
                        ),
                        name="approval_by_another_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("outcome", "waiting")),
                            models.Q(models.Q(("outcome", "waiting"), _negated=True), ("decided_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="approval_decided_when_over",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("of_staff", True), ("proved__isnull", True)),
                            models.Q(("of_staff", False), ("proved__isnull", False), ("tenant__isnull", False)),
                            _connector="OR",
                        ),
                        name="approval_of_an_organization_or_staff",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("outcome", "waiting")), fields=("act", "row"), name="approval_one_waits"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditDigest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(unique=True, verbose_name="day")),
                ("rows", models.PositiveBigIntegerField(verbose_name="rows")),
                ("fingerprints", models.BinaryField()),
                ("digest", models.CharField(max_length=64, verbose_name="digest")),
                (
                    "made",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="made"),
                ),
            ],
            options={
                "verbose_name": "digest of the audit trail",
                "verbose_name_plural": "digests of the audit trail",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("digest__regex", "^[0-9a-f]{64}$")), name="auditdigest_is_sha256"
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="audit_events",
                        to="subscriptions.tenant",
                        verbose_name="organization",
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="when"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("partner-of-record.added", "Partner of record added"),
                            ("partner-of-record.changed", "Partner of record changed"),
                            ("partner-of-record.removed", "Partner of record deleted"),
                            ("partner-of-record.scheduled", "Change of partner of record scheduled"),
                            ("partner-of-record.schedule-canceled", "Scheduled change canceled"),
                            ("partner-of-record.not-applied", "Scheduled change not applied"),
                            ("partner-of-record.schedule-dismissed", "Scheduled change dismissed"),
                            ("partner-policy.default-set", "Default partner set"),
                            ("partner-policy.default-removed", "Default partner removed"),
                            ("partner-policy.approved", "Partner approved"),
                            ("partner-policy.taken-off", "Partner taken off the approved list"),
                            ("partner-policy.off-list", "Partners off the approved list: rule changed"),
                            ("partner-policy.exempted", "Subscription exempted from the policy"),
                            ("partner-policy.exemption-ended", "Exemption from the policy ended"),
                            ("partner-relationship.added", "Partner relationship added"),
                            ("partner-relationship.ended", "Partner relationship ended"),
                            ("partner-relationship.ends-soon", "Reminded that the relationship ends"),
                            ("partner-relationship.expired", "Partner relationship expired"),
                            ("partner-relationship.extended", "Partner relationship extended"),
                            ("partner-relationship.auto-extend", "Automatic extension switched"),
                            ("partner-relationship.roles-removed", "Partner's roles removed"),
                            ("partner-relationship.reviewed", "Partner relationship reviewed"),
                            ("offer.drafted", "Partner's offer drafted"),
                            ("offer.discarded", "Draft of a partner's offer discarded"),
                            ("offer.sent", "Partner's offer sent"),
                            ("offer.sent-again", "Partner's offer sent again"),
                            ("offer.changed", "Partner's offer changed"),
                            ("offer.withdrawn", "Partner's offer withdrawn"),
                            ("offer.accepted", "Partner's offer accepted"),
                            ("offer.declined", "Partner's offer declined"),
                            ("offer.expired", "Partner's offer expired"),
                            ("release-request.sent", "Reseller asked to end the relationship"),
                            ("release-request.acknowledged", "Release request acknowledged"),
                            ("release-request.reminded", "Reseller reminded of a release request"),
                            ("release-request.escalated", "Release request handed to staff"),
                            ("release-request.declined", "Release request declined"),
                            ("release-request.released", "Released by the reseller"),
                            ("release-request.taken-back", "Release request taken back"),
                            ("partner-person.added", "Partner's person added"),
                            ("partner-person.changed", "Partner's person changed"),
                            ("partner-person.removed", "Partner's person removed"),
                            ("partner-person.serving-changed", "Who serves a customer changed"),
                            ("member.sign-in-reset", "Member's sign-in reset"),
                            ("member.added", "Member added"),
                            ("member.changed", "Member's role changed"),
                            ("member.removed", "Member removed"),
                            ("invitation.sent", "Person invited"),
                            ("invitation.sent-again", "Invitation sent again"),
                            ("invitation.withdrawn", "Invitation withdrawn"),
                            ("organization.added", "Organization added"),
                            ("organization.changed", "Organization changed"),
                            ("organization.exported", "Organization exported"),
                            ("organization.suspended", "Organization suspended"),
                            ("organization.closed", "Organization closed"),
                            ("organization.reopened", "Organization open again"),
                            ("organization.deleted", "Organization deleted"),
                            ("organization-group.changed", "Group of organizations changed"),
                            ("organization.viewed-as", "Pages viewed by the operator's staff"),
                            ("subscription.added", "Subscription added"),
                            ("subscription.changed", "Subscription changed"),
                            ("order.placed", "Order placed"),
                            ("order.canceled", "Order canceled"),
                            ("subscription.trial-started", "Trial started"),
                            ("subscription.trial-ends-soon", "Reminded that the trial ends"),
                            ("subscription.trial-extended", "Trial extended"),
                            ("subscription.licenses-changed", "Licenses changed"),
                            ("subscription.frequency-changed", "Billing frequency changed"),
                            ("subscription.recurring-billing-changed", "Recurring billing changed"),
                            ("subscription.reseller-changed", "Reseller of a subscription changed"),
                            ("subscription.named", "Subscription named"),
                            ("subscription.canceled", "Subscription canceled"),
                            ("subscription.reactivated", "Subscription reactivated"),
                            ("subscription.renewed", "Subscription renewed"),
                            ("subscription.state-changed", "Subscription's state changed"),
                            ("match-request.sent", "Match with a partner requested"),
                            ("match-request.answered", "Match request answered"),
                            ("match-request.closed", "Match request closed"),
                            ("help-request.sent", "Help requested"),
                            ("help-request.answered", "Request for help answered"),
                            ("help-request.closed", "Request for help closed"),
                            ("partner.added", "Partner added"),
                            ("partner.changed", "Partner changed"),
                            ("catalog.changed", "Catalog changed"),
                            ("account.changed", "Account changed"),
                            ("account.exported", "Personal data exported"),
                            ("account.erased", "Account erased"),
                            ("application.made", "Application made"),
                            ("application.changed", "Application changed"),
                            ("application.deleted", "Application deleted"),
                            ("application.maker-gone", "Maker of an application gone"),
                            ("application.token-made", "Token of an application made"),
                            ("application.token-revoked", "Token of an application revoked"),
                            ("application.token-ends-soon", "Reminded that a token of an application ends"),
                            ("account.second-factor-reset", "Second factor taken off by staff"),
                            ("approval.asked", "Second person asked"),
                            ("approval.given", "Approved by a second person"),
                            ("approval.refused", "Refused by a second person"),
                            ("partner-of-record.asked", "Approval of a change asked for"),
                            ("partner-of-record.approved", "Change approved by a second person"),
                            ("partner-of-record.refused", "Change refused by a second person"),
                            ("partner-of-record.withdrawn", "Request for approval withdrawn"),
                            ("partner-of-record.not-decided", "Request for approval not decided in time"),
                            ("partner-policy.second-person", "Second person switched on or off"),
                            ("webhook.added", "Webhook added"),
                            ("webhook.changed", "Webhook changed"),
                            ("webhook.switched", "Webhook turned on or off"),
                            ("webhook.turned-off", "Webhook turned off by the portal"),
                            ("webhook.secret-changed", "Webhook's secret changed"),
                            ("webhook.replayed", "Events of a webhook sent once more"),
                            ("webhook.deleted", "Webhook deleted"),
                            ("installation.set-up", "Portal set up"),
                            ("brand.logo-changed", "Operator's logo changed"),
                            ("list.exported", "List exported"),
                            ("staff.why-asked", "Asked why somebody cannot do something"),
                            ("staff.roles-changed", "Roles of one of the staff changed"),
                            ("mail.sent-again", "Mail sent again"),
                            ("audit-trail.digest-made", "Digest of the audit trail made"),
                            ("audit-trail.differs", "Audit trail is not what it was"),
                            ("changes-on-many.begun", "Changes on many begun"),
                            ("changes-on-many.ended", "Changes on many ended"),
                            ("changes-on-many.told", "Partner told of changes on many"),
                            ("import.uploaded", "File of an import uploaded"),
                            ("import.applied", "Import applied"),
                            ("import.stopped", "Import stopped"),
                            ("import.set-aside", "Import set aside"),
                            ("import.ended", "Import ended"),
                        ],
                        max_length=40,
                        verbose_name="what",
                    ),
                ),
                (
                    "actor_kind",
                    models.CharField(
                        choices=[
                            ("member", "Member"),
                            ("staff", "Operator's staff"),
                            ("partner", "Partner's person"),
                            ("application", "Application"),
                            ("system", "The portal"),
                        ],
                        max_length=12,
                        verbose_name="kind of actor",
                    ),
                ),
                (
                    "actor",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("actor_name", models.CharField(max_length=120, verbose_name="who")),
                ("actor_partner", models.CharField(blank=True, max_length=140, verbose_name="for which partner")),
                ("actor_relationship", models.UUIDField(null=True, verbose_name="by which relationship")),
                ("actor_application", models.UUIDField(null=True, verbose_name="by which application")),
                ("subject_name", models.CharField(max_length=200, verbose_name="to what")),
                ("subject_uuid", models.UUIDField(null=True, verbose_name="its UUID")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                ("detail", models.JSONField(default=dict, verbose_name="details")),
                ("correlation", models.UUIDField(editable=False, null=True, verbose_name="part of")),
                (
                    "epoch",
                    models.IntegerField(db_default=subscriptions.models.audit_event.CurrentEpoch(), editable=False),
                ),
                (
                    "tx",
                    subscriptions.base.transactions.TransactionField(
                        db_default=subscriptions.base.transactions.CurrentTransaction(), editable=False
                    ),
                ),
            ],
            options={
                "verbose_name": "audit event",
                "verbose_name_plural": "audit events",
                "indexes": [
                    models.Index(fields=["tenant", "-at", "-id"], name="auditevent_newest_first"),
                    models.Index(fields=["tenant", "kind", "-at", "-id"], name="auditevent_by_kind"),
                    models.Index(fields=["tenant", "actor_name"], name="auditevent_by_actor_name"),
                    models.Index(fields=["actor", "tenant", "-at", "-id"], name="auditevent_by_actor"),
                    models.Index(fields=["subject_uuid"], name="auditevent_by_subject"),
                    models.Index(fields=["tenant", "epoch", "tx", "id"], name="auditevent_in_order"),
                    models.Index(fields=["at"], name="auditevent_by_time"),
                    models.Index(
                        condition=models.Q(("actor_relationship__isnull", False)),
                        fields=["actor_relationship", "actor", "-at"],
                        name="auditevent_on_behalf",
                    ),
                    models.Index(
                        condition=models.Q(("actor_relationship__isnull", False)),
                        fields=["actor_relationship", "-at"],
                        name="auditevent_last_on_behalf",
                    ),
                    models.Index(
                        condition=models.Q(("actor_application__isnull", False)),
                        fields=["actor_application", "-at", "-id"],
                        name="auditevent_by_application",
                    ),
                    models.Index(
                        condition=models.Q(("correlation__isnull", False)),
                        fields=["correlation", "-id"],
                        name="auditevent_by_correlation",
                    ),
                    models.Index(fields=["kind", "-id"], name="auditevent_of_kind"),
                    models.Index(
                        condition=models.Q(("actor_kind__in", ["staff", "partner"])),
                        fields=["actor_kind", "-id"],
                        name="auditevent_of_few",
                    ),
                    models.Index(
                        fields=["subject_name"], name="auditevent_by_subject_name", opclasses=["varchar_pattern_ops"]
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "id"), name="auditevent_tenant_and_id"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "partner-of-record.added",
                                    "partner-of-record.changed",
                                    "partner-of-record.removed",
                                    "partner-of-record.scheduled",
                                    "partner-of-record.schedule-canceled",
                                    "partner-of-record.not-applied",
                                    "partner-of-record.schedule-dismissed",
                                    "partner-policy.default-set",
                                    "partner-policy.default-removed",
                                    "partner-policy.approved",
                                    "partner-policy.taken-off",
                                    "partner-policy.off-list",
                                    "partner-policy.exempted",
                                    "partner-policy.exemption-ended",
                                    "partner-relationship.added",
                                    "partner-relationship.ended",
                                    "partner-relationship.ends-soon",
                                    "partner-relationship.expired",
                                    "partner-relationship.extended",
                                    "partner-relationship.auto-extend",
                                    "partner-relationship.roles-removed",
                                    "partner-relationship.reviewed",
                                    "offer.drafted",
                                    "offer.discarded",
                                    "offer.sent",
                                    "offer.sent-again",
                                    "offer.changed",
                                    "offer.withdrawn",
                                    "offer.accepted",
                                    "offer.declined",
                                    "offer.expired",
                                    "release-request.sent",
                                    "release-request.acknowledged",
                                    "release-request.reminded",
                                    "release-request.escalated",
                                    "release-request.declined",
                                    "release-request.released",
                                    "release-request.taken-back",
                                    "partner-person.added",
                                    "partner-person.changed",
                                    "partner-person.removed",
                                    "partner-person.serving-changed",
                                    "member.sign-in-reset",
                                    "member.added",
                                    "member.changed",
                                    "member.removed",
                                    "invitation.sent",
                                    "invitation.sent-again",
                                    "invitation.withdrawn",
                                    "organization.added",
                                    "organization.changed",
                                    "organization.exported",
                                    "organization.suspended",
                                    "organization.closed",
                                    "organization.reopened",
                                    "organization.deleted",
                                    "organization-group.changed",
                                    "organization.viewed-as",
                                    "subscription.added",
                                    "subscription.changed",
                                    "order.placed",
                                    "order.canceled",
                                    "subscription.trial-started",
                                    "subscription.trial-ends-soon",
                                    "subscription.trial-extended",
                                    "subscription.licenses-changed",
                                    "subscription.frequency-changed",
                                    "subscription.recurring-billing-changed",
                                    "subscription.reseller-changed",
                                    "subscription.named",
                                    "subscription.canceled",
                                    "subscription.reactivated",
                                    "subscription.renewed",
                                    "subscription.state-changed",
                                    "match-request.sent",
                                    "match-request.answered",
                                    "match-request.closed",
                                    "help-request.sent",
                                    "help-request.answered",
                                    "help-request.closed",
                                    "partner.added",
                                    "partner.changed",
                                    "catalog.changed",
                                    "account.changed",
                                    "account.exported",
                                    "account.erased",
                                    "application.made",
                                    "application.changed",
                                    "application.deleted",
                                    "application.maker-gone",
                                    "application.token-made",
                                    "application.token-revoked",
                                    "application.token-ends-soon",
                                    "account.second-factor-reset",
                                    "approval.asked",
                                    "approval.given",
                                    "approval.refused",
                                    "partner-of-record.asked",
                                    "partner-of-record.approved",
                                    "partner-of-record.refused",
                                    "partner-of-record.withdrawn",
                                    "partner-of-record.not-decided",
                                    "partner-policy.second-person",
                                    "webhook.added",
                                    "webhook.changed",
                                    "webhook.switched",
                                    "webhook.turned-off",
                                    "webhook.secret-changed",
                                    "webhook.replayed",
                                    "webhook.deleted",
                                    "installation.set-up",
                                    "brand.logo-changed",
                                    "list.exported",
                                    "staff.why-asked",
                                    "staff.roles-changed",
                                    "mail.sent-again",
                                    "audit-trail.digest-made",
                                    "audit-trail.differs",
                                    "changes-on-many.begun",
                                    "changes-on-many.ended",
                                    "changes-on-many.told",
                                    "import.uploaded",
                                    "import.applied",
                                    "import.stopped",
                                    "import.set-aside",
                                    "import.ended",
                                ],
                            )
                        ),
                        name="auditevent_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("actor_kind__in", ["member", "staff", "partner", "application", "system"])
                        ),
                        name="auditevent_actor_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("actor_kind", "partner"), models.Q(("actor_partner", ""), _negated=True)),
                            models.Q(
                                ("actor_kind", "application"),
                                models.Q(
                                    models.Q(("actor_partner", ""), _negated=True),
                                    ("actor_relationship__isnull", True),
                                    _connector="OR",
                                ),
                            ),
                            models.Q(
                                models.Q(("actor_kind__in", ["partner", "application"]), _negated=True),
                                ("actor_partner", ""),
                                ("actor_relationship__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="auditevent_partner_of_partners_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("actor__isnull", True),
                                ("actor_application__isnull", False),
                                ("actor_kind", "application"),
                            ),
                            models.Q(
                                models.Q(("actor_kind", "application"), _negated=True),
                                ("actor_application__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="auditevent_application_of_applications",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BrandLogo",
            fields=[
                (
                    "cloud",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("o365-worldwide", "Worldwide"),
                            ("o365-germany", "Germany"),
                            ("o365-21vianet", "Operated by 21Vianet"),
                        ],
                        max_length=20,
                        primary_key=True,
                        serialize=False,
                        verbose_name="cloud",
                    ),
                ),
                ("png", models.BinaryField()),
                ("digest", models.CharField(max_length=32)),
                ("width", models.PositiveSmallIntegerField()),
                ("height", models.PositiveSmallIntegerField()),
            ],
            options={
                "verbose_name": "logo",
                "verbose_name_plural": "logos",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("cloud__in", ["o365-worldwide", "o365-germany", "o365-21vianet", ""])),
                        name="brandlogo_cloud_known",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ProductFamily",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("code", models.SlugField(max_length=20, unique=True, verbose_name="code")),
                (
                    "name_en",
                    subscriptions.base.names.NameField(blank=True, max_length=60, verbose_name="name, English"),
                ),
                (
                    "name_de",
                    subscriptions.base.names.NameField(blank=True, max_length=60, verbose_name="name, German"),
                ),
                (
                    "name_zh_hans",
                    subscriptions.base.names.NameField(blank=True, max_length=60, verbose_name="name, Chinese"),
                ),
                (
                    "search_text",
                    subscriptions.base.search.SearchTextField(sources=("name_en", "name_de", "name_zh_hans")),
                ),
                (
                    "sentence_en",
                    subscriptions.base.names.NameField(blank=True, max_length=200, verbose_name="sentence, English"),
                ),
                (
                    "sentence_de",
                    subscriptions.base.names.NameField(blank=True, max_length=200, verbose_name="sentence, German"),
                ),
                (
                    "sentence_zh_hans",
                    subscriptions.base.names.NameField(blank=True, max_length=200, verbose_name="sentence, Chinese"),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="place in the shop")),
                ("is_retired", models.BooleanField(default=False, verbose_name="retired")),
            ],
            options={
                "verbose_name": "category",
                "verbose_name_plural": "categories",
                "ordering": ["position", "code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name_de", ""), ("name_en", ""), ("name_zh_hans", ""), _negated=True),
                        name="productfamily_named",
                        violation_error_message="Give the category a name in one language at least.",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Product",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "cloud",
                    models.CharField(
                        choices=[
                            ("o365-worldwide", "Worldwide"),
                            ("o365-germany", "Germany"),
                            ("o365-21vianet", "Operated by 21Vianet"),
                        ],
                        max_length=20,
                        verbose_name="cloud",
                    ),
                ),
                ("sku", subscriptions.base.names.NameField(max_length=60, verbose_name="SKU")),
                ("name", subscriptions.base.names.NameField(max_length=120, verbose_name="name")),
                ("name_key", subscriptions.base.names.SortKeyField(source="name")),
                ("search_text", subscriptions.base.search.SearchTextField(sources=("name", "sku"))),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="products",
                        to="subscriptions.productfamily",
                        to_field="code",
                        verbose_name="category",
                    ),
                ),
                (
                    "description_en",
                    subscriptions.base.names.NameField(
                        blank=True, max_length=300, verbose_name="description, English"
                    ),
                ),
                (
                    "description_de",
                    subscriptions.base.names.NameField(
                        blank=True, max_length=300, verbose_name="description, German"
                    ),
                ),
                (
                    "description_zh_hans",
                    subscriptions.base.names.NameField(
                        blank=True, max_length=300, verbose_name="description, Chinese"
                    ),
                ),
                (
                    "features_en",
                    subscriptions.base.names.NameField(blank=True, max_length=500, verbose_name="features, English"),
                ),
                (
                    "features_de",
                    subscriptions.base.names.NameField(blank=True, max_length=500, verbose_name="features, German"),
                ),
                (
                    "features_zh_hans",
                    subscriptions.base.names.NameField(blank=True, max_length=500, verbose_name="features, Chinese"),
                ),
                ("has_trial", models.BooleanField(default=False, verbose_name="can be tried")),
            ],
            options={
                "verbose_name": "product",
                "verbose_name_plural": "products",
                "ordering": ["name_key", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("cloud", "sku"), name="product_sku_once_per_cloud"),
                    models.CheckConstraint(
                        condition=models.Q(("cloud__in", ["o365-worldwide", "o365-germany", "o365-21vianet"])),
                        name="product_cloud_known",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ProductPrice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="prices",
                        to="subscriptions.product",
                        verbose_name="product",
                    ),
                ),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                (
                    "monthly",
                    models.DecimalField(
                        decimal_places=2, max_digits=10, verbose_name="per user and month, billed monthly"
                    ),
                ),
                (
                    "annual",
                    models.DecimalField(
                        decimal_places=2, max_digits=10, verbose_name="per user and month, billed annually"
                    ),
                ),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="valid")),
            ],
            options={
                "verbose_name": "price",
                "verbose_name_plural": "prices",
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("product_id", "="), ("valid", "&&")],
                        name="productprice_one_at_a_time",
                        violation_error_message="The product has another price in that time.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("annual__gte", 0), ("monthly__gte", 0)), name="productprice_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^[A-Z]{3}$")), name="productprice_currency_code"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid__isempty", False),
                            ("valid__lower_inc", True),
                            ("valid__lower_inf", False),
                            ("valid__upper_inc", False),
                        ),
                        name="productprice_half_open",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="FeedEpoch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.IntegerField(default=1)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("pk", 1)), name="feedepoch_one_row")],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="PartnerEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "event",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="subscriptions.auditevent",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="subscriptions.tenant",
                    ),
                ),
                ("organization", models.UUIDField(editable=False, null=True)),
                ("organization_slug", models.CharField(blank=True, max_length=60)),
                ("partner_number", models.CharField(max_length=10)),
                (
                    "side",
                    models.CharField(
                        choices=[("party", "Party"), ("gained", "Gained"), ("lost", "Lost")],
                        default="party",
                        max_length=10,
                    ),
                ),
                (
                    "epoch",
                    models.IntegerField(db_default=subscriptions.models.audit_event.CurrentEpoch(), editable=False),
                ),
                (
                    "tx",
                    subscriptions.base.transactions.TransactionField(
                        db_default=subscriptions.base.transactions.CurrentTransaction(), editable=False
                    ),
                ),
                ("message", models.UUIDField(editable=False)),
                ("kind", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                ("subject_name", models.CharField(max_length=200)),
                ("subject_uuid", models.UUIDField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["partner_number", "epoch", "tx", "event"], name="partnerevent_in_order"),
                    models.Index(fields=["message"], name="partnerevent_by_message"),
                ],
                "constraints": [
                    subscriptions.base.constraints.SameTenant(field="event", name="partnerevent_event_same_tenant"),
                    models.CheckConstraint(
                        condition=models.Q(("side__in", ["party", "gained", "lost"])), name="partnerevent_side_known"
                    ),
                    models.UniqueConstraint(fields=("event", "partner_number", "side"), name="partnerevent_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="HelpRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="subscriptions.tenant",
                        verbose_name="organization",
                    ),
                ),
                ("partner", models.CharField(blank=True, max_length=140, verbose_name="partner")),
                (
                    "topic",
                    models.CharField(
                        choices=[
                            ("partner-of-record", "Partner of record"),
                            ("relationship", "Partner relationship"),
                            ("order", "Order or payment"),
                            ("sign-in", "Sign-in"),
                            ("staff-may-look", "Staff may look at our pages"),
                            ("other", "Something else"),
                        ],
                        max_length=20,
                        verbose_name="topic",
                    ),
                ),
                ("text", models.CharField(max_length=1000, verbose_name="what is needed")),
                ("page", models.CharField(blank=True, max_length=1000, verbose_name="on which page")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("answered", "Answered"), ("closed", "Closed")],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("requested_at", models.DateTimeField(verbose_name="requested")),
                ("requested_by", models.CharField(max_length=120, verbose_name="requested by")),
                ("answer", models.CharField(blank=True, max_length=500, verbose_name="answer")),
                ("answered_at", models.DateTimeField(null=True, verbose_name="answered")),
                ("answered_by", models.CharField(blank=True, max_length=120, verbose_name="answered by")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="closed")),
                ("closed_by", models.CharField(blank=True, max_length=120, verbose_name="closed by")),
            ],
            options={
                "verbose_name": "request for help",
                "verbose_name_plural": "requests for help",
                "indexes": [
                    models.Index(fields=["user", "-id"], name="helprequest_newest_first"),
                    models.Index(
                        condition=models.Q(("state", "open")), fields=["requested_at"], name="helprequest_open"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "topic__in",
                                ["partner-of-record", "relationship", "order", "sign-in", "staff-may-look", "other"],
                            )
                        ),
                        name="helprequest_topic_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "answered", "closed"])),
                        name="helprequest_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("requested_at__isnull", True), ("requested_by", "")),
                            models.Q(("requested_at__isnull", False), models.Q(("requested_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="helprequest_requested_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at__isnull", True), ("answered_by", "")),
                            models.Q(("answered_at__isnull", False), models.Q(("answered_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="helprequest_answered_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at__isnull", True), ("answer", "")),
                            models.Q(("answered_at__isnull", False), models.Q(("answer", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="helprequest_answer_said",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("closed_by", "")),
                            models.Q(("closed_at__isnull", False), models.Q(("closed_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="helprequest_closed_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="helprequest_text_said"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "payment_method",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("card", "Card on file"),
                            ("invoice", "Invoice"),
                            ("fapiao-invoice", "Invoice with Fapiao"),
                        ],
                        max_length=20,
                        verbose_name="payment method",
                    ),
                ),
                (
                    "purchase_order_number",
                    models.CharField(blank=True, max_length=40, verbose_name="purchase order number"),
                ),
                ("fapiao_title", models.CharField(blank=True, max_length=120, verbose_name="Fapiao title")),
                ("fapiao_tax_number", models.CharField(blank=True, max_length=20, verbose_name="taxpayer number")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subscriptions",
                        to="subscriptions.tenant",
                        verbose_name="organization",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subscriptions",
                        to="subscriptions.product",
                        verbose_name="product",
                    ),
                ),
                ("name", subscriptions.base.names.NameField(max_length=120, verbose_name="name")),
                ("name_key", subscriptions.base.names.SortKeyField(source="name")),
                ("search_text", subscriptions.base.search.SearchTextField(sources=("name", "uuid"))),
                ("own_name", subscriptions.base.names.NameField(blank=True, max_length=80, verbose_name="own name")),
                (
                    "cost_center",
                    subscriptions.base.names.NameField(blank=True, max_length=40, verbose_name="cost center"),
                ),
                ("own_search_text", subscriptions.base.search.SearchTextField(sources=("own_name", "cost_center"))),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("trial", "Trial"),
                            ("active", "Active"),
                            ("expired", "Expired"),
                            ("disabled", "Disabled"),
                            ("deleted", "Deleted"),
                        ],
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("licenses_total", models.PositiveIntegerField(verbose_name="licenses")),
                ("licenses_assigned", models.PositiveIntegerField(default=0, verbose_name="assigned licenses")),
                (
                    "billing_frequency",
                    models.CharField(
                        choices=[("monthly", "Monthly"), ("annual", "Annual")],
                        max_length=10,
                        verbose_name="billing frequency",
                    ),
                ),
                (
                    "cost",
                    models.DecimalField(decimal_places=2, max_digits=12, verbose_name="cost per billing period"),
                ),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                (
                    "cost_per_month",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.expressions.CombinedExpression(
                            models.F("cost"),
                            "/",
                            models.Case(models.When(billing_frequency="annual", then=12), default=1),
                        ),
                        output_field=models.DecimalField(
                            decimal_places=4, max_digits=14, verbose_name="cost per month"
                        ),
                    ),
                ),
                ("started_on", models.DateField(verbose_name="started on")),
                ("term_ends_on", models.DateField(verbose_name="term ends on")),
                (
                    "lapses_on",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Case(
                            models.When(payment_method="", status="trial", then=models.F("term_ends_on")),
                            models.When(recurring_billing=False, status="active", then=models.F("term_ends_on")),
                            models.When(status__in=("expired", "disabled", "deleted"), then=models.F("term_ends_on")),
                        ),
                        output_field=models.DateField(null=True, verbose_name="lapses on"),
                    ),
                ),
                ("anchor_day", subscriptions.models.subscription.AnchorDayField(verbose_name="billing day")),
                (
                    "unit_price",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=10, verbose_name="per user and month"
                    ),
                ),
                ("began_as_trial", models.BooleanField(default=False, verbose_name="began as a trial")),
                ("trial_extended", models.BooleanField(default=False, verbose_name="trial was extended")),
                ("reminded_of_end", models.DateField(editable=False, null=True)),
                ("canceled_at", models.DateTimeField(editable=False, null=True, verbose_name="canceled")),
                (
                    "canceled_by",
                    models.CharField(blank=True, editable=False, max_length=120, verbose_name="canceled by"),
                ),
                (
                    "cancel_reason",
                    models.CharField(
                        blank=True, editable=False, max_length=500, verbose_name="reason of the cancellation"
                    ),
                ),
                ("paid_until", models.DateField(editable=False, null=True, verbose_name="paid until")),
                ("recurring_billing", models.BooleanField(default=True, verbose_name="recurring billing")),
                ("reseller_managed", models.BooleanField(default=False, verbose_name="managed by a reseller")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
            ],
            options={
                "verbose_name": "subscription",
                "verbose_name_plural": "subscriptions",
                "indexes": [
                    models.Index(fields=["tenant", "name_key", "id"], name="subscription_by_name"),
                    models.Index(fields=["tenant", "term_ends_on", "id"], name="subscription_by_term_end"),
                    models.Index(fields=["tenant", "cost_per_month", "id"], name="subscription_by_cost"),
                    models.Index(
                        condition=models.Q(("status__in", ("trial", "active", "expired"))),
                        fields=["tenant", "product", "status"],
                        name="subscription_by_product",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "id"), name="subscription_tenant_and_id"),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["trial", "active", "expired", "disabled", "deleted"])),
                        name="subscription_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("billing_frequency__in", ["monthly", "annual"])),
                        name="subscription_frequency_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("licenses_assigned__lte", models.F("licenses_total"))),
                        name="subscription_assigned_within_total",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("payment_method__in", ["card", "invoice", "fapiao-invoice", ""])),
                        name="subscription_payment_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("canceled_at__isnull", True), ("canceled_by", "")),
                            models.Q(("canceled_at__isnull", False), models.Q(("canceled_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="subscription_canceled_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("paid_until__isnull", True), ("canceled_at__isnull", False), _connector="OR"
                        ),
                        name="subscription_paid_until_when_canceled",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("began_as_trial", True)),
                        fields=("tenant", "product"),
                        name="subscription_one_trial_per_product",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("unit_price__gte", 0)), name="subscription_unit_price_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cost__gte", 0)), name="subscription_cost_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^[A-Z]{3}$")), name="subscription_currency_code"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("term_ends_on__gte", models.F("started_on"))),
                        name="subscription_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("anchor_day__gte", 1), ("anchor_day__lte", 31)),
                        name="subscription_anchor_is_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("own_name__regex", "^(\\S([^\\r\\n]*\\S)?)?$")),
                        name="subscription_own_name_trimmed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cost_center__regex", "^(\\S([^\\r\\n]*\\S)?)?$")),
                        name="subscription_cost_center_trimmed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            django.db.models.lookups.Exact(
                                django.db.models.functions.datetime.ExtractDay(
                                    django.db.models.functions.comparison.Coalesce("paid_until", "term_ends_on")
                                ),
                                models.F("anchor_day"),
                            ),
                            models.Q(
                                django.db.models.lookups.LessThan(
                                    django.db.models.functions.datetime.ExtractDay(
                                        django.db.models.functions.comparison.Coalesce("paid_until", "term_ends_on")
                                    ),
                                    models.F("anchor_day"),
                                ),
                                django.db.models.lookups.Exact(
                                    django.db.models.functions.datetime.ExtractDay(
                                        models.ExpressionWrapper(
                                            django.db.models.expressions.CombinedExpression(
                                                django.db.models.functions.comparison.Coalesce(
                                                    "paid_until", "term_ends_on"
                                                ),
                                                "+",
                                                models.Value(1),
                                            ),
                                            output_field=models.DateField(),
                                        )
                                    ),
                                    1,
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="subscription_ends_on_anchor_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BulkAct",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bulk_acts",
                        to="subscriptions.tenant",
                        verbose_name="organization",
                    ),
                ),
                ("kind", models.CharField(max_length=30, verbose_name="kind")),
                ("wanted", models.JSONField(default=dict)),
                ("file", models.JSONField(default=dict)),
                ("joint", models.UUIDField(editable=False, null=True)),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                ("selection", models.CharField(blank=True, max_length=500, verbose_name="chosen by")),
                (
                    "undo_of",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="undone_by",
                        to="subscriptions.bulkact",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("chosen", "Chosen"),
                            ("previewed", "Previewed"),
                            ("asked", "Waits for approval"),
                            ("queued", "Waiting to begin"),
                            ("running", "Running"),
                            ("paused", "Paused"),
                            ("done", "Done"),
                            ("canceled", "Stopped"),
                        ],
                        default="chosen",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("digest", models.CharField(blank=True, max_length=64)),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("application", models.UUIDField(editable=False, null=True)),
                (
                    "begun",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="chosen"),
                ),
                ("previewed", models.DateTimeField(null=True, verbose_name="previewed")),
                ("proved", models.DateTimeField(null=True, verbose_name="proved")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="decided")),
                ("decided_by", models.CharField(blank=True, max_length=120, verbose_name="decided by")),
                ("ended", models.DateTimeField(null=True, verbose_name="ended")),
                ("chosen", models.PositiveIntegerField(default=0)),
                ("planned", models.PositiveIntegerField(default=0)),
                ("changed", models.PositiveIntegerField(default=0)),
                ("not_changed", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name": "change on many",
                "verbose_name_plural": "changes on many",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ("chosen", "previewed")), _negated=True),
                        fields=["tenant", "-id"],
                        name="bulkact_newest_first",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ("chosen", "previewed"))),
                        fields=["begun"],
                        name="bulkact_undecided",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "id"), name="bulkact_tenant_and_id"),
                    subscriptions.base.constraints.SameTenant(field="undo_of", name="bulkact_undo_same_tenant"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["chosen", "previewed", "asked", "queued", "running", "paused", "done", "canceled"],
                            )
                        ),
                        name="bulkact_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decided_by", "")),
                            models.Q(("decided_at__isnull", False), models.Q(("decided_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="bulkact_decided_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("user__isnull", False), ("application__isnull", True)),
                            models.Q(("user__isnull", True), ("application__isnull", False)),
                            _connector="OR",
                        ),
                        name="bulkact_of_one_decider",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("state__in", ("chosen", "previewed"))),
                            models.Q(
                                models.Q(("state__in", ("chosen", "previewed")), _negated=True),
                                ("decided_at__isnull", False),
                                ("proved__isnull", False),
                                models.Q(("digest", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="bulkact_decided_before_it_is_done",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended__isnull", False), ("state__in", ("done", "canceled"))),
                            models.Q(
                                models.Q(("state__in", ("done", "canceled")), _negated=True), ("ended__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="bulkact_ended_when_over",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "planned__gte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("changed"), "+", models.F("not_changed")
                                ),
                            ),
                            ("planned__lte", models.F("chosen")),
                        ),
                        name="bulkact_each_row_counts_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("chosen", "previewed")), _negated=True),
                            models.Q(("changed", 0), ("state", "canceled"), _negated=True),
                        ),
                        fields=("undo_of",),
                        name="bulkact_undone_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BulkRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="subscriptions.tenant",
                    ),
                ),
                (
                    "act",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="subscriptions.bulkact",
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bulk_rows",
                        to="subscriptions.subscription",
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("wanted", models.JSONField(default=dict)),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
                ("planned", models.BooleanField(default=False)),
                ("outcome", models.CharField(blank=True, max_length=40, verbose_name="outcome")),
                (
                    "event",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="subscriptions.auditevent",
                    ),
                ),
                (
                    "takes_back",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="subscriptions.auditevent",
                    ),
                ),
            ],
            options={
                "verbose_name": "row of a change on many",
                "verbose_name_plural": "rows of changes on many",
                "indexes": [
                    models.Index(
                        condition=models.Q(("outcome", ""), ("planned", True)),
                        fields=["act", "subscription"],
                        name="bulkrow_waiting",
                    ),
                    models.Index(fields=["act", "outcome", "id"], name="bulkrow_by_outcome"),
                ],
                "constraints": [
                    subscriptions.base.constraints.SameTenant(field="act", name="bulkrow_act_same_tenant"),
                    subscriptions.base.constraints.SameTenant(
                        field="subscription", name="bulkrow_subscription_same_tenant"
                    ),
                    subscriptions.base.constraints.SameTenant(field="event", name="bulkrow_event_same_tenant"),
                    subscriptions.base.constraints.SameTenant(
                        field="takes_back", name="bulkrow_takes_back_same_tenant"
                    ),
                    models.UniqueConstraint(fields=("act", "subscription"), name="bulkrow_once_per_act"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("event__isnull", True), models.Q(("outcome", "changed"), _negated=True)),
                            models.Q(("event__isnull", False), ("outcome", "changed"), ("planned", True)),
                            _connector="OR",
                        ),
                        name="bulkrow_event_of_a_change",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BulkLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="subscriptions.tenant",
                    ),
                ),
                (
                    "act",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="subscriptions.bulkact",
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("cells", models.JSONField(default=list)),
                ("problems", models.JSONField(default=list)),
                (
                    "subscription",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="subscriptions.subscription",
                    ),
                ),
            ],
            options={
                "verbose_name": "line of a file of changes",
                "verbose_name_plural": "lines of files of changes",
                "constraints": [
                    subscriptions.base.constraints.SameTenant(field="act", name="bulkline_act_same_tenant"),
                    subscriptions.base.constraints.SameTenant(
                        field="subscription", name="bulkline_subscription_same_tenant"
                    ),
                    models.UniqueConstraint(fields=("act", "number"), name="bulkline_once_per_file"),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("kind", models.CharField(max_length=20, verbose_name="kind")),
                ("file_name", models.CharField(max_length=120, verbose_name="file")),
                ("size", models.PositiveBigIntegerField(verbose_name="bytes")),
                ("digest", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("language", models.CharField(max_length=10)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting for the dry run"),
                            ("checking", "Dry run"),
                            ("checked", "Checked"),
                            ("unreadable", "Not readable"),
                            ("applying", "Being applied"),
                            ("stopped", "Stopped"),
                            ("done", "Done"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("turn", models.PositiveIntegerField(default=1)),
                (
                    "uploaded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="uploaded"
                    ),
                ),
                ("uploaded_by", models.CharField(max_length=120, verbose_name="uploaded by")),
                ("applied_at", models.DateTimeField(null=True, verbose_name="applied")),
                ("applied_by", models.CharField(blank=True, max_length=120, verbose_name="applied by")),
                (
                    "applier",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                ("is_open", models.BooleanField(default=True, verbose_name="waits for staff")),
                ("ended", models.DateTimeField(null=True, verbose_name="ended")),
                ("fault", models.CharField(blank=True, max_length=40, verbose_name="why it cannot be read")),
                ("fault_facts", models.JSONField(default=dict)),
                ("encoding", models.CharField(blank=True, max_length=40, verbose_name="encoding")),
                ("separator", models.CharField(blank=True, max_length=1, verbose_name="separator")),
                (
                    "taken",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None, verbose_name="columns taken"
                    ),
                ),
                (
                    "not_taken",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None, verbose_name="columns not taken"
                    ),
                ),
                ("lines", models.PositiveIntegerField(default=0, verbose_name="lines")),
                ("fresh", models.PositiveIntegerField(default=0, verbose_name="to be made")),
                ("there", models.PositiveIntegerField(default=0, verbose_name="there already")),
                ("wrong", models.PositiveIntegerField(default=0, verbose_name="lines with errors")),
                ("done", models.PositiveIntegerField(default=0, verbose_name="made")),
                ("cursor", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name": "import",
                "verbose_name_plural": "imports",
                "indexes": [
                    models.Index(condition=models.Q(("is_open", True)), fields=["uploaded_at"], name="importrun_open")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["waiting", "checking", "checked", "unreadable", "applying", "stopped", "done"],
                            )
                        ),
                        name="importrun_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("uploaded_at__isnull", True), ("uploaded_by", "")),
                            models.Q(("uploaded_at__isnull", False), models.Q(("uploaded_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="importrun_uploaded_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("applied_at__isnull", True), ("applied_by", "")),
                            models.Q(("applied_at__isnull", False), models.Q(("applied_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="importrun_applied_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "lines__gte",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("fresh"), "+", models.F("there")
                                    ),
                                    "+",
                                    models.F("wrong"),
                                ),
                            )
                        ),
                        name="importrun_each_line_counts_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportChunk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="chunks",
                        to="subscriptions.importrun",
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
            ],
            options={
                "verbose_name": "part of a file",
                "verbose_name_plural": "parts of files",
                "constraints": [models.UniqueConstraint(fields=("run", "number"), name="importchunk_in_order")],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ImportProblem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="problems",
                        to="subscriptions.importrun",
                        verbose_name="import",
                    ),
                ),
                ("line", models.PositiveIntegerField(verbose_name="line")),
                ("column", models.CharField(blank=True, max_length=60, verbose_name="column")),
                ("value", models.CharField(blank=True, max_length=200, verbose_name="value")),
                ("code", models.CharField(max_length=40, verbose_name="kind of error")),
                ("facts", models.JSONField(default=dict)),
            ],
            options={
                "verbose_name": "error of an import",
                "verbose_name_plural": "errors of imports",
                "indexes": [
                    models.Index(fields=["run", "line", "id"], name="importproblem_by_line"),
                    models.Index(fields=["run", "code", "id"], name="importproblem_by_code"),
                ],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="JobFailure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("job", models.CharField(max_length=60, verbose_name="job")),
                ("subject_kind", models.CharField(max_length=60, verbose_name="kind of row")),
                ("subject_uuid", models.UUIDField(verbose_name="UUID of the row")),
                ("code", models.CharField(max_length=80, verbose_name="error")),
                ("times", models.PositiveIntegerField(default=1, verbose_name="times")),
                (
                    "since",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="first"),
                ),
                (
                    "at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="last"),
                ),
            ],
            options={
                "verbose_name": "failure of a job",
                "verbose_name_plural": "failures of jobs",
                "constraints": [
                    models.UniqueConstraint(fields=("job", "subject_uuid"), name="jobfailure_once_per_row"),
                    models.CheckConstraint(condition=models.Q(("times__gte", 1)), name="jobfailure_happened"),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="JointAct",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("kind", models.CharField(max_length=30)),
                ("wanted", models.JSONField(default=dict)),
                ("selection", models.CharField(blank=True, max_length=500)),
                ("parts", models.JSONField(default=list)),
                ("begun", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("decided", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["user", "-id"], name="jointact_newest_first"),
                    models.Index(
                        condition=models.Q(("decided__isnull", True)), fields=["begun"], name="jointact_undecided"
                    ),
                ],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("token_hash", models.CharField(editable=False, max_length=64, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("member", "Member of an organization"),
                            ("partner-person", "Partner's person"),
                            ("staff", "Operator's staff"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="subscriptions.tenant",
                        verbose_name="organization",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="partners.partner",
                        verbose_name="partner",
                    ),
                ),
                ("role", models.CharField(blank=True, max_length=20, verbose_name="role")),
                (
                    "groups",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("reads-everything", "Reads everything"),
                                ("helps-customers", "Helps customers"),
                                ("keeps-catalog", "Keeps the catalog"),
                                ("keeps-partners", "Keeps partners"),
                                ("makes-staff", "Makes staff"),
                            ],
                            max_length=20,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="staff roles",
                    ),
                ),
                ("place", models.CharField(max_length=140, verbose_name="to what")),
                ("name", subscriptions.base.names.NameField(max_length=120, verbose_name="name")),
                (
                    "email",
                    subscriptions.base.typed.MailboxField(blank=True, max_length=254, verbose_name="email address"),
                ),
                (
                    "language",
                    models.CharField(
                        blank=True,
                        choices=[("en", "English"), ("de", "Deutsch"), ("zh-hans", "简体中文")],
                        max_length=10,
                        verbose_name="language",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Invited"),
                            ("accepted", "Accepted"),
                            ("withdrawn", "Withdrawn"),
                            ("replaced", "Replaced by a newer one"),
                        ],
                        default="pending",
                        editable=False,
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "invited_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="invited"
                    ),
                ),
                ("invited_by", models.CharField(editable=False, max_length=120, verbose_name="by whom")),
                (
                    "expires_on",
                    models.DateTimeField(
                        db_default=django.db.models.expressions.CombinedExpression(
                            django.db.models.functions.datetime.Now(), "+", models.Value(datetime.timedelta(days=7))
                        ),
                        editable=False,
                        verbose_name="good until",
                    ),
                ),
                ("ended", models.DateTimeField(editable=False, null=True, verbose_name="ended")),
            ],
            options={
                "verbose_name": "invitation",
                "verbose_name_plural": "invitations",
                "indexes": [
                    models.Index(fields=["tenant", "-id"], name="invitation_of_tenant"),
                    models.Index(
                        condition=models.Q(("state", "pending"), models.Q(("email", ""), _negated=True)),
                        fields=["expires_on"],
                        name="invitation_by_end",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "id"), name="invitation_tenant_and_id"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["member", "partner-person", "staff"])),
                        name="invitation_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["pending", "accepted", "withdrawn", "replaced"])),
                        name="invitation_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("invited_at__isnull", True), ("invited_by", "")),
                            models.Q(("invited_at__isnull", False), models.Q(("invited_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="invitation_who_and_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", "member"),
                                ("partner__isnull", True),
                                ("role__in", ["global-admin", "billing-admin", "global-reader"]),
                                ("tenant__isnull", False),
                            ),
                            models.Q(
                                ("kind", "partner-person"),
                                ("partner__isnull", False),
                                ("role__in", ["admin-agent", "helpdesk-agent", "sales-agent"]),
                                ("tenant__isnull", True),
                            ),
                            models.Q(
                                ("kind", "staff"), ("partner__isnull", True), ("role", ""), ("tenant__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="invitation_to_one_place",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind", "staff"), ("groups", []), _connector="XOR"),
                        name="invitation_groups_of_staff",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended__isnull", True), ("state", "pending")),
                            models.Q(
                                models.Q(("state", "pending"), _negated=True), ("email", ""), ("ended__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="invitation_address_while_it_waits",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "pending"), models.Q(("email", ""), _negated=True)),
                        fields=("kind", "tenant", "partner", "email"),
                        name="invitation_once_per_address",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Mail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "tenant",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mails",
                        to="subscriptions.tenant",
                        verbose_name="organization",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mails",
                        to="subscriptions.auditevent",
                        verbose_name="audit event",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("partner-named", "You were named partner of record"),
                            ("partner-removed", "You are no longer partner of record"),
                            ("partner-of-record-receipt", "Receipt: partner of record"),
                            ("credits-changed", "Your credits changed"),
                            ("bulk-receipt", "Receipt: changes on many"),
                            ("change-not-applied", "Scheduled change not applied"),
                            ("relationship-ended", "Partner relationship ended"),
                            ("roles-removed", "Partner's roles removed"),
                            ("relationship-ends-soon", "Delegated administration ends soon"),
                            ("relationship-expired", "Delegated administration has ended"),
                            ("offer-received", "A partner asks for your permission"),
                            ("offer-answered", "Your offer was answered"),
                            ("offer-answer-receipt", "Receipt: partner's offer answered"),
                            ("offer-withdrawn", "Partner's offer withdrawn"),
                            ("offer-expired", "Partner's offer expired"),
                            ("release-requested", "A customer asks to be released"),
                            ("release-reminded", "Reminder: a customer asks to be released"),
                            ("release-answered", "The reseller has answered"),
                            ("release-taken-back", "Release request taken back"),
                            ("release-escalated", "Release request is overdue"),
                            ("sign-in-reset", "Set a new password"),
                            ("match-requested", "An organization asks for your help"),
                            ("match-to-arrange", "Staff: match with a partner requested"),
                            ("help-requested", "Staff: help requested"),
                            ("help-answered", "Your request was answered"),
                            ("approval-asked", "Staff: a second person is needed"),
                            ("approval-decided", "A second person has decided"),
                            ("change-asked", "Your approval is asked for"),
                            ("change-decided", "Your request was decided"),
                            ("second-person-switched", "Second person switched on or off"),
                            ("second-factor-reset-asked", "Staff are asked to take off your second factor"),
                            ("second-factor-reset", "Your second factor was taken off"),
                            ("organization-suspended", "Your organization is suspended"),
                            ("organization-closed", "Your organization is closed"),
                            ("organization-reopened", "Your organization is open again"),
                            ("viewed-as", "Staff look at your organization's pages"),
                            ("staff-roles-changed", "Roles among the staff changed"),
                            ("trial-ends-soon", "Trial ends soon"),
                            ("subscription-expired", "Subscription expired"),
                            ("subscription-disabled", "Subscription disabled"),
                            ("order-confirmation", "Order confirmation"),
                            ("password-forgotten", "Choose a new password"),
                            ("password-changed", "Your password was changed"),
                            ("sign-in-address-changed", "The address of your sign-in was changed"),
                            ("app-on", "Authenticator app turned on"),
                            ("app-off", "Authenticator app turned off"),
                            ("recovery-codes-new", "New recovery codes"),
                            ("invitation", "You are invited"),
                            ("members-changed", "Members have changed"),
                            ("own-role-changed", "Your role has changed"),
                            ("partner-people-changed", "Your company's people have changed"),
                            ("partner-mailbox-changed", "Your company's mailbox has changed"),
                            ("webhook-turned-off", "A webhook was turned off"),
                            ("applications-changed", "Applications have changed"),
                            ("application-token-ends-soon", "Token of an application ends soon"),
                            ("application-maker-gone", "Who made an application is gone"),
                            ("digest", "Mails of the day"),
                            ("audit-digest", "Staff: digest of the audit trail"),
                            ("audit-differs", "Staff: the audit trail is not what it was"),
                        ],
                        max_length=40,
                        verbose_name="kind",
                    ),
                ),
                (
                    "to_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("former_address", models.EmailField(blank=True, max_length=254, verbose_name="to former address")),
                ("to_company_name", models.CharField(blank=True, max_length=120, verbose_name="to company")),
                ("to_company_mailbox", models.EmailField(blank=True, max_length=254, verbose_name="to mailbox")),
                (
                    "invitation",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mails",
                        to="subscriptions.invitation",
                        verbose_name="invitation",
                    ),
                ),
                ("to_company_number", models.CharField(blank=True, max_length=10, verbose_name="partner ID")),
                ("language", models.CharField(blank=True, max_length=10)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("held", "Waits for the mails of the day"),
                            ("sent", "Sent"),
                            ("failed", "Failed"),
                        ],
                        default="queued",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0, verbose_name="attempts")),
                ("last_error", models.CharField(blank=True, max_length=500, verbose_name="last error")),
                (
                    "queued",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="queued"),
                ),
                ("sent", models.DateTimeField(null=True, verbose_name="sent")),
                ("digest_day", models.DateField(editable=False, null=True)),
                ("in_digest", models.UUIDField(editable=False, null=True)),
            ],
            options={
                "verbose_name": "mail",
                "verbose_name_plural": "mails",
                "indexes": [
                    models.Index(fields=["kind", "-id"], name="mail_of_kind"),
                    models.Index(fields=["queued"], name="mail_by_time"),
                    models.Index(
                        condition=models.Q(("state__in", ["queued", "failed"])),
                        fields=["state", "-id"],
                        name="mail_not_sent",
                    ),
                    models.Index(
                        fields=["to_company_mailbox"],
                        name="mail_by_company_mailbox",
                        opclasses=["varchar_pattern_ops"],
                    ),
                    models.Index(
                        condition=models.Q(("to_company_number", ""), _negated=True),
                        fields=["to_company_number", "-id"],
                        name="mail_of_partner",
                    ),
                    models.Index(fields=["tenant", "-id"], name="mail_of_tenant"),
                    models.Index(condition=models.Q(("state", "held")), fields=["to_user", "id"], name="mail_held"),
                    models.Index(
                        condition=models.Q(("in_digest__isnull", False)), fields=["in_digest"], name="mail_in_digest"
                    ),
                ],
                "constraints": [
                    subscriptions.base.constraints.SameTenant(field="event", name="mail_event_same_tenant"),
                    subscriptions.base.constraints.SameTenant(field="invitation", name="mail_invitation_same_tenant"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "partner-named",
                                    "partner-removed",
                                    "partner-of-record-receipt",
                                    "credits-changed",
                                    "bulk-receipt",
                                    "change-not-applied",
                                    "relationship-ended",
                                    "roles-removed",
                                    "relationship-ends-soon",
                                    "relationship-expired",
                                    "offer-received",
                                    "offer-answered",
                                    "offer-answer-receipt",
                                    "offer-withdrawn",
                                    "offer-expired",
                                    "release-requested",
                                    "release-reminded",
                                    "release-answered",
                                    "release-taken-back",
                                    "release-escalated",
                                    "sign-in-reset",
                                    "match-requested",
                                    "match-to-arrange",
                                    "help-requested",
                                    "help-answered",
                                    "approval-asked",
                                    "approval-decided",
                                    "change-asked",
                                    "change-decided",
                                    "second-person-switched",
                                    "second-factor-reset-asked",
                                    "second-factor-reset",
                                    "organization-suspended",
                                    "organization-closed",
                                    "organization-reopened",
                                    "viewed-as",
                                    "staff-roles-changed",
                                    "trial-ends-soon",
                                    "subscription-expired",
                                    "subscription-disabled",
                                    "order-confirmation",
                                    "password-forgotten",
                                    "password-changed",
                                    "sign-in-address-changed",
                                    "app-on",
                                    "app-off",
                                    "recovery-codes-new",
                                    "invitation",
                                    "members-changed",
                                    "own-role-changed",
                                    "partner-people-changed",
                                    "partner-mailbox-changed",
                                    "webhook-turned-off",
                                    "applications-changed",
                                    "application-token-ends-soon",
                                    "application-maker-gone",
                                    "digest",
                                    "audit-digest",
                                    "audit-differs",
                                ],
                            )
                        ),
                        name="mail_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["queued", "held", "sent", "failed"])),
                        name="mail_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("invitation__isnull", True), ("to_company_mailbox", ""), ("to_user__isnull", False)
                            ),
                            models.Q(
                                ("invitation__isnull", True),
                                ("to_user__isnull", True),
                                models.Q(("to_company_mailbox", ""), _negated=True),
                            ),
                            models.Q(
                                ("invitation__isnull", False), ("to_company_mailbox", ""), ("to_user__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="mail_one_receiver",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("former_address", ""),
                            models.Q(("kind", "sign-in-address-changed"), ("to_user__isnull", False)),
                            _connector="OR",
                        ),
                        name="mail_former_address_of_a_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("event__isnull", True),
                                (
                                    "kind__in",
                                    (
                                        "digest",
                                        "password-forgotten",
                                        "password-changed",
                                        "app-on",
                                        "app-off",
                                        "recovery-codes-new",
                                    ),
                                ),
                                ("tenant__isnull", True),
                                ("to_user__isnull", False),
                            ),
                            models.Q(
                                models.Q(
                                    (
                                        "kind__in",
                                        (
                                            "digest",
                                            "password-forgotten",
                                            "password-changed",
                                            "app-on",
                                            "app-off",
                                            "recovery-codes-new",
                                        ),
                                    ),
                                    _negated=True,
                                ),
                                ("event__isnull", False),
                                models.Q(
                                    ("tenant__isnull", False),
                                    (
                                        "kind__in",
                                        (
                                            "help-requested",
                                            "help-answered",
                                            "staff-roles-changed",
                                            "invitation",
                                            "own-role-changed",
                                            "partner-people-changed",
                                            "partner-mailbox-changed",
                                            "approval-asked",
                                            "approval-decided",
                                            "second-factor-reset-asked",
                                            "second-factor-reset",
                                            "sign-in-address-changed",
                                            "webhook-turned-off",
                                            "applications-changed",
                                            "application-token-ends-soon",
                                            "application-maker-gone",
                                            "audit-digest",
                                            "audit-differs",
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="mail_about_event_or_account",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent__isnull", False), ("state", "sent")),
                            models.Q(("state", "sent"), _negated=True),
                            _connector="OR",
                        ),
                        name="mail_sent_when_sent",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("event__isnull", False)),
                        fields=("event", "kind", "to_user", "to_company_mailbox"),
                        name="mail_once_per_receiver",
                        nulls_distinct=False,
                    ),
                    models.UniqueConstraint(fields=("to_user", "digest_day"), name="mail_one_digest_a_day"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("digest_day__isnull", False), ("kind", "digest")),
                            models.Q(models.Q(("kind", "digest"), _negated=True), ("digest_day__isnull", True)),
                            _connector="OR",
                        ),
                        name="mail_day_of_a_digest",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MailTry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "mail",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tries",
                        to="subscriptions.mail",
                        verbose_name="mail",
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="when"),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("taken", "Taken"),
                            ("later", "Try later"),
                            ("refused", "Refused for good"),
                            ("no-answer", "No answer"),
                            ("not-made", "Could not be made"),
                        ],
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
                ("answer", models.CharField(blank=True, max_length=300, verbose_name="answer of the mail server")),
                ("milliseconds", models.PositiveIntegerField(default=0, verbose_name="milliseconds")),
            ],
            options={
                "verbose_name": "try to send a mail",
                "verbose_name_plural": "tries to send a mail",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["taken", "later", "refused", "no-answer", "not-made"])),
                        name="mailtry_outcome_known",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "payment_method",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("card", "Card on file"),
                            ("invoice", "Invoice"),
                            ("fapiao-invoice", "Invoice with Fapiao"),
                        ],
                        max_length=20,
                        verbose_name="payment method",
                    ),
                ),
                (
                    "purchase_order_number",
                    models.CharField(blank=True, max_length=40, verbose_name="purchase order number"),
                ),
                ("fapiao_title", models.CharField(blank=True, max_length=120, verbose_name="Fapiao title")),
                ("fapiao_tax_number", models.CharField(blank=True, max_length=20, verbose_name="taxpayer number")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="subscriptions.tenant",
                        verbose_name="organization",
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=20, verbose_name="order number")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("placed", "Placed"),
                            ("canceled", "Canceled"),
                            ("expired", "Expired"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("partner_number", models.CharField(blank=True, max_length=10, verbose_name="partner ID")),
                ("partner_name", models.CharField(blank=True, max_length=120, verbose_name="partner")),
                (
                    "search_text",
                    subscriptions.base.search.SearchTextField(sources=("partner_name", "partner_number")),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("started_at", models.DateTimeField(verbose_name="started")),
                ("started_by", models.CharField(max_length=120, verbose_name="started by")),
                (
                    "started_by_user",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("placed_at", models.DateTimeField(null=True, verbose_name="placed")),
                ("placed_by", models.CharField(blank=True, max_length=120, verbose_name="placed by")),
                ("canceled_at", models.DateTimeField(null=True, verbose_name="canceled")),
                ("canceled_by", models.CharField(blank=True, max_length=120, verbose_name="canceled by")),
                ("cancel_reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                ("expires_on", models.DateField(verbose_name="draft kept until")),
            ],
            options={
                "verbose_name": "order",
                "verbose_name_plural": "orders",
                "indexes": [
                    models.Index(fields=["tenant", "-id"], name="order_newest_first"),
                    models.Index(fields=["number"], name="order_by_number", opclasses=["varchar_pattern_ops"]),
                    models.Index(
                        condition=models.Q(("partner_number", ""), _negated=True),
                        fields=["partner_number", "-id"],
                        name="order_of_partner",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "id"), name="order_tenant_and_id"),
                    models.UniqueConstraint(
                        condition=models.Q(("number", ""), _negated=True),
                        fields=("number",),
                        name="order_number_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["draft", "placed", "canceled", "expired"])),
                        name="order_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("payment_method__in", ["card", "invoice", "fapiao-invoice", ""])),
                        name="order_payment_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("started_at__isnull", True), ("started_by", "")),
                            models.Q(("started_at__isnull", False), models.Q(("started_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="order_started_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("placed_at__isnull", True), ("placed_by", "")),
                            models.Q(("placed_at__isnull", False), models.Q(("placed_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="order_placed_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("canceled_at__isnull", True), ("canceled_by", "")),
                            models.Q(("canceled_at__isnull", False), models.Q(("canceled_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="order_canceled_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["placed", "canceled"]), models.Q(("number", ""), _negated=True)),
                            models.Q(
                                ("number", ""), ("placed_at__isnull", True), ("state__in", ["draft", "expired"])
                            ),
                            _connector="OR",
                        ),
                        name="order_number_when_placed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("partner_name", ""), ("partner_number", "")),
                            models.Q(
                                models.Q(("partner_number", ""), _negated=True),
                                models.Q(("partner_name", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="order_partner_with_name",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="subscriptions.tenant"
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="subscriptions.order",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="subscriptions.product",
                        verbose_name="product",
                    ),
                ),
                ("licenses", models.PositiveIntegerField(verbose_name="licenses")),
                (
                    "billing_frequency",
                    models.CharField(
                        choices=[("monthly", "Monthly"), ("annual", "Annual")],
                        max_length=10,
                        verbose_name="billing frequency",
                    ),
                ),
                (
                    "unit_price",
                    models.DecimalField(decimal_places=2, max_digits=10, verbose_name="per user and month"),
                ),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                (
                    "trial",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="subscriptions.subscription",
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="order_lines",
                        to="subscriptions.subscription",
                    ),
                ),
            ],
            options={
                "verbose_name": "order line",
                "verbose_name_plural": "order lines",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "id"), name="orderline_tenant_and_id"),
                    subscriptions.base.constraints.SameTenant(field="order", name="orderline_order_same_tenant"),
                    subscriptions.base.constraints.SameTenant(field="trial", name="orderline_trial_same_tenant"),
                    subscriptions.base.constraints.SameTenant(
                        field="subscription", name="orderline_subscription_same_tenant"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("billing_frequency__in", ["monthly", "annual"])),
                        name="orderline_frequency_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("licenses__gte", 1)), name="orderline_licenses_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("unit_price__gte", 0)), name="orderline_price_not_negative"
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "uuid",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="subscriptions.tenant",
                        verbose_name="organization",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="account",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("global-admin", "Global admin"),
                            ("billing-admin", "Billing admin"),
                            ("global-reader", "Global reader"),
                        ],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                ("seen", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
            ],
            options={
                "verbose_name": "member",
                "verbose_name_plural": "members",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "user"), name="membership_once_per_tenant"),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["global-admin", "billing-admin", "global-reader"])),
                        name="membership_role_known",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Application",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "tenant",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="applications",
                        to="subscriptions.tenant",
                        verbose_name="organization",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="applications",
                        to="partners.partner",
                        verbose_name="partner",
                    ),
                ),
                ("name", subscriptions.base.names.NameField(max_length=60, verbose_name="name")),
                ("role", models.CharField(max_length=20, verbose_name="role")),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("subscriptions.read", "Read subscriptions and their partners of record"),
                                (
                                    "subscriptions.write",
                                    "Change subscriptions: licenses, names, billing, cancellation",
                                ),
                                ("partner-of-record.write", "Name, change and delete partners of record"),
                                ("orders.read", "Read orders"),
                                ("orders.write", "Buy, and cancel orders"),
                                ("relationships.read", "Read partner relationships"),
                                ("relationships.write", "Leave customers, and answer release requests"),
                                ("offers.read", "Read offers"),
                                ("offers.write", "Draft, send and withdraw offers"),
                                ("workspace.read", "Read customers and credits"),
                                ("members.read", "Read who belongs to the organization"),
                                ("events.read", "Read the audit log"),
                                ("webhooks.write", "Set up webhooks"),
                            ],
                            max_length=30,
                        ),
                        size=None,
                        verbose_name="scopes",
                    ),
                ),
                (
                    "made_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="made"
                    ),
                ),
                ("made_by", models.CharField(editable=False, max_length=120, verbose_name="made by")),
                (
                    "maker",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="account of who made it",
                    ),
                ),
                ("reminded", models.BooleanField(default=False, editable=False)),
            ],
            options={
                "verbose_name": "application",
                "verbose_name_plural": "applications",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "partner", "name"), name="application_name_once", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("made_at__isnull", True), ("made_by", "")),
                            models.Q(("made_at__isnull", False), models.Q(("made_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="application_who_and_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("partner__isnull", True),
                                ("role__in", ("billing-admin", "global-reader")),
                                ("tenant__isnull", False),
                            ),
                            models.Q(
                                ("partner__isnull", False),
                                ("role__in", ["admin-agent", "helpdesk-agent", "sales-agent"]),
                                ("tenant__isnull", True),
                            ),
                            models.Q(
                                ("partner__isnull", True), ("role", "reads-everything"), ("tenant__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="application_of_one_owner",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "scopes__contained_by",
                                [
                                    "subscriptions.read",
                                    "subscriptions.write",
                                    "partner-of-record.write",
                                    "orders.read",
                                    "orders.write",
                                    "relationships.read",
                                    "relationships.write",
                                    "offers.read",
                                    "offers.write",
                                    "workspace.read",
                                    "members.read",
                                    "events.read",
                                    "webhooks.write",
                                ],
                            ),
                            models.Q(("scopes", []), _negated=True),
                        ),
                        name="application_scopes_known",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ApplicationToken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tokens",
                        to="subscriptions.application",
                        verbose_name="application",
                    ),
                ),
                ("hash", models.CharField(editable=False, max_length=64, unique=True)),
                ("hint", models.CharField(editable=False, max_length=20, verbose_name="token")),
                (
                    "made_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="made"
                    ),
                ),
                ("made_by", models.CharField(editable=False, max_length=120, verbose_name="made by")),
                ("expires_on", models.DateTimeField(verbose_name="good until")),
                ("reminded", models.PositiveSmallIntegerField(editable=False, null=True, verbose_name="reminded")),
                ("last_used", models.DateTimeField(editable=False, null=True, verbose_name="last used")),
                ("last_address", models.GenericIPAddressField(editable=False, null=True, verbose_name="from")),
            ],
            options={
                "verbose_name": "token of an application",
                "verbose_name_plural": "tokens of applications",
                "indexes": [models.Index(fields=["expires_on"], name="applicationtoken_by_end")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("made_at__isnull", True), ("made_by", "")),
                            models.Q(("made_at__isnull", False), models.Q(("made_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="applicationtoken_who_and_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "expires_on__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("made_at"), "+", models.Value(datetime.timedelta(days=366))
                                ),
                            )
                        ),
                        name="applicationtoken_ends",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrganizationGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", subscriptions.base.names.NameField(max_length=120, verbose_name="name")),
                ("name_key", subscriptions.base.names.SortKeyField(source="name")),
            ],
            options={
                "verbose_name": "group of organizations",
                "verbose_name_plural": "groups of organizations",
                "constraints": [models.UniqueConstraint(fields=("name",), name="organizationgroup_name_once")],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="GroupedOrganization",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "group",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="subscriptions.organizationgroup",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="subscriptions.tenant"
                    ),
                ),
            ],
            options={
                "verbose_name": "organization in a group",
                "verbose_name_plural": "organizations in groups",
                "constraints": [models.UniqueConstraint(fields=("group", "tenant"), name="groupedorganization_once")],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="subscriptions.tenant",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("list", models.CharField(max_length=40)),
                ("name", subscriptions.base.names.NameField(max_length=60)),
                ("query", models.CharField(max_length=500)),
                ("is_default", models.BooleanField(default=False)),
                ("saved", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "user", "list", "name"), name="savedview_name_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)),
                        fields=("tenant", "user", "list"),
                        name="savedview_one_default",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), _negated=True), models.Q(("query", ""), _negated=True)
                        ),
                        name="savedview_of_something",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Snooze",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="subscriptions.tenant",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.partner",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("until", models.DateTimeField()),
                (
                    "rows",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("is_cut", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [models.Index(fields=["until"], name="snooze_by_end")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "partner", "user", "kind"), name="snooze_one_a_kind", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("tenant__isnull", True), ("partner__isnull", True), _connector="XOR"),
                        name="snooze_of_one_home",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Viewing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="subscriptions.tenant",
                        verbose_name="organization",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="as whom",
                    ),
                ),
                ("by_consent", models.BooleanField(default=False, verbose_name="asked for by the organization")),
                (
                    "since",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="started"
                    ),
                ),
                (
                    "until",
                    models.DateTimeField(
                        db_default=django.db.models.expressions.CombinedExpression(
                            django.db.models.functions.datetime.Now(),
                            "+",
                            models.Value(datetime.timedelta(seconds=1800)),
                        ),
                        verbose_name="ends",
                    ),
                ),
                ("stopped", models.DateTimeField(null=True, verbose_name="ended")),
            ],
            options={
                "verbose_name": "view as somebody",
                "verbose_name_plural": "views as somebody",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("stopped__isnull", True)), fields=("user",), name="viewing_one_at_a_time"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("user", models.F("person")), _negated=True), name="viewing_never_oneself"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "until__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("since"), "+", models.Value(datetime.timedelta(seconds=1800))
                                ),
                            )
                        ),
                        name="viewing_ends_in_time",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="IdempotencyKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "tenant",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="subscriptions.tenant",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("application", models.UUIDField(editable=False, null=True)),
                ("key", models.CharField(max_length=255)),
                ("digest", models.CharField(max_length=64)),
                ("location", models.TextField(blank=True)),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("body", models.TextField(blank=True, db_default="")),
                ("etag", models.CharField(blank=True, db_default="", max_length=80)),
                ("created", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "user", "application", "key"),
                        name="idempotencykey_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("application__isnull", True), ("user__isnull", False)),
                            models.Q(("application__isnull", False), ("user__isnull", True)),
                            _connector="OR",
                        ),
                        name="idempotencykey_of_one_sender",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="KeptForm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.CharField(max_length=64, unique=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("page", models.CharField(max_length=500)),
                ("content", models.BinaryField()),
                ("created", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "indexes": [models.Index(fields=["created"], name="keptform_by_created")],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="RefusalRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="when"),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="account",
                    ),
                ),
                ("method", models.CharField(max_length=10, verbose_name="method")),
                ("path", models.CharField(max_length=300, verbose_name="address")),
                ("status", models.PositiveSmallIntegerField(verbose_name="answer")),
                ("code", models.CharField(max_length=40, verbose_name="reason")),
            ],
            options={
                "verbose_name": "refused request",
                "verbose_name_plural": "refused requests",
                "indexes": [
                    models.Index(fields=["path"], name="refusal_by_path", opclasses=["varchar_pattern_ops"]),
                    models.Index(fields=["code"], name="refusal_by_code", opclasses=["varchar_pattern_ops"]),
                ],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="RequestCounter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=120, unique=True)),
                ("passed", django.contrib.postgres.fields.ArrayField(base_field=models.DateTimeField(), size=None)),
            ],
            options={
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="WebhookEndpoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "tenant",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="webhooks",
                        to="subscriptions.tenant",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="webhooks",
                        to="partners.partner",
                    ),
                ),
                ("label", subscriptions.base.names.NameField(max_length=60, verbose_name="name")),
                ("url", models.CharField(max_length=500, verbose_name="address")),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), blank=True, default=list, size=None
                    ),
                ),
                ("secret", models.CharField(max_length=300)),
                ("old_secret", models.CharField(blank=True, max_length=300)),
                ("old_secret_until", models.DateTimeField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("on", "On"), ("off", "Off")], default="on", max_length=10, verbose_name="state"
                    ),
                ),
                (
                    "why_off",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("by-person", "Turned off"),
                            ("gone", "Turned off: the receiver answered that it is gone (410)"),
                            ("silent", "Turned off: it took nothing for days"),
                        ],
                        max_length=10,
                    ),
                ),
                ("off_since", models.DateTimeField(null=True)),
                ("failing_since", models.DateTimeField(null=True)),
                ("is_slow", models.BooleanField(default=False)),
                ("held_until", models.DateTimeField(null=True)),
                ("busy_until", models.DateTimeField(null=True)),
                ("epoch", models.IntegerField(default=0)),
                ("tx", subscriptions.base.transactions.TransactionField(default=0)),
                ("last_event", models.BigIntegerField(default=0)),
                ("version", models.PositiveIntegerField(default=1)),
                ("added_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("added_by", models.CharField(max_length=120)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "id"), name="webhookendpoint_tenant_and_id"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["on", "off"])), name="webhookendpoint_state_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("why_off__in", ["by-person", "gone", "silent", ""])),
                        name="webhookendpoint_why_off_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("added_at__isnull", True), ("added_by", "")),
                            models.Q(("added_at__isnull", False), models.Q(("added_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="webhookendpoint_who_and_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("tenant__isnull", True), ("partner__isnull", True), _connector="XOR"),
                        name="webhookendpoint_one_owner",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("off_since__isnull", True), ("state", "on"), ("why_off", "")),
                            models.Q(
                                ("off_since__isnull", False),
                                ("state", "off"),
                                models.Q(("why_off", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="webhookendpoint_why_it_is_off",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("old_secret", ""), ("old_secret_until__isnull", True)),
                            models.Q(
                                models.Q(("old_secret", ""), _negated=True), ("old_secret_until__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="webhookendpoint_old_secret_ends",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="WebhookDelivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "endpoint",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="subscriptions.webhookendpoint",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="subscriptions.auditevent",
                    ),
                ),
                ("message", models.UUIDField()),
                ("kind", models.CharField(max_length=40)),
                (
                    "cause",
                    models.CharField(
                        choices=[("event", "Event"), ("redelivery", "Sent again"), ("test", "Test")],
                        default="event",
                        max_length=12,
                    ),
                ),
                ("attempt", models.PositiveSmallIntegerField(default=1)),
                ("due", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("tried", models.DateTimeField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("delivered", "Delivered"),
                            ("refused", "The receiver answered with an error"),
                            ("redirected", "The receiver leads elsewhere, which is not followed"),
                            ("timed-out", "No answer in time"),
                            ("unknown-host", "The name of the receiver is not known"),
                            ("unreachable", "No connection to the receiver"),
                            ("not-allowed", "The address leads into a private network, which is not allowed"),
                            ("insecure", "The receiver's certificate is not valid"),
                            ("broken", "The answer was not HTTP"),
                        ],
                        max_length=15,
                    ),
                ),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("milliseconds", models.PositiveIntegerField(default=0)),
                ("next_due", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["endpoint", "-id"], name="webhookdelivery_newest_first"),
                    models.Index(
                        condition=models.Q(("tried__isnull", True)),
                        fields=["endpoint", "due", "id"],
                        name="webhookdelivery_waiting",
                    ),
                    models.Index(fields=["due"], name="webhookdelivery_by_time"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("cause__in", ["event", "redelivery", "test"])),
                        name="webhookdelivery_cause_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "outcome__in",
                                [
                                    "delivered",
                                    "refused",
                                    "redirected",
                                    "timed-out",
                                    "unknown-host",
                                    "unreachable",
                                    "not-allowed",
                                    "insecure",
                                    "broken",
                                    "",
                                ],
                            )
                        ),
                        name="webhookdelivery_outcome_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", ""), ("tried__isnull", True)),
                            models.Q(("tried__isnull", False), models.Q(("outcome", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="webhookdelivery_outcome_once_tried",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cause", "test"), ("event__isnull", True)),
                            models.Q(models.Q(("cause", "test"), _negated=True), ("event__isnull", False)),
                            _connector="OR",
                        ),
                        name="webhookdelivery_of_an_event_or_a_test",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("event__isnull", False), ("tried__isnull", True)),
                        fields=("endpoint", "event"),
                        name="webhookdelivery_waits_once",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="OrganizationGroup",
            name="organizations",
            field=models.ManyToManyField(
                related_name="+",
                through="subscriptions.GroupedOrganization",
                to="subscriptions.tenant",
                verbose_name="organizations",
            ),
        ),
    ]
