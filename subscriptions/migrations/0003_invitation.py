import datetime
import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
from django.db import migrations, models

import subscriptions.base.constraints
import subscriptions.base.names
import subscriptions.base.typed


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0001_initial"),
        ("subscriptions", "0002_audit_is_append_only"),
    ]

    operations = [
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
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="subscriptions.tenant",
                        verbose_name="organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation",
                "verbose_name_plural": "invitations",
            },
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(fields=("tenant", "id"), name="invitation_tenant_and_id"),
        ),
        migrations.AddField(
            model_name="mail",
            name="invitation",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="mails",
                to="subscriptions.invitation",
                verbose_name="invitation",
            ),
        ),
        migrations.AddConstraint(
            model_name="mail",
            constraint=subscriptions.base.constraints.SameTenant(
                field="invitation", name="mail_invitation_same_tenant"
            ),
        ),
        migrations.AddConstraint(
            model_name="mail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("invitation__isnull", True), ("to_company_mailbox", ""), ("to_user__isnull", False)),
                    models.Q(
                        ("invitation__isnull", True),
                        ("to_user__isnull", True),
                        models.Q(("to_company_mailbox", ""), _negated=True),
                    ),
                    models.Q(("invitation__isnull", False), ("to_company_mailbox", ""), ("to_user__isnull", True)),
                    _connector="OR",
                ),
                name="mail_one_receiver",
            ),
        ),
        migrations.AddIndex(
            model_name="invitation",
            index=models.Index(fields=["tenant", "-id"], name="invitation_of_tenant"),
        ),
        migrations.AddIndex(
            model_name="invitation",
            index=models.Index(
                condition=models.Q(("state", "pending"), models.Q(("email", ""), _negated=True)),
                fields=["expires_on"],
                name="invitation_by_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["member", "partner-person", "staff"])), name="invitation_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["pending", "accepted", "withdrawn", "replaced"])),
                name="invitation_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("invited_at__isnull", True), ("invited_by", "")),
                    models.Q(("invited_at__isnull", False), models.Q(("invited_by", ""), _negated=True)),
                    _connector="OR",
                ),
                name="invitation_who_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
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
                    models.Q(("kind", "staff"), ("partner__isnull", True), ("role", ""), ("tenant__isnull", True)),
                    _connector="OR",
                ),
                name="invitation_to_one_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "staff"), ("groups", []), _connector="XOR"),
                name="invitation_groups_of_staff",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended__isnull", True), ("state", "pending")),
                    models.Q(models.Q(("state", "pending"), _negated=True), ("email", ""), ("ended__isnull", False)),
                    _connector="OR",
                ),
                name="invitation_address_while_it_waits",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "pending"), models.Q(("email", ""), _negated=True)),
                fields=("kind", "tenant", "partner", "email"),
                name="invitation_once_per_address",
                nulls_distinct=False,
            ),
        ),
    ]
