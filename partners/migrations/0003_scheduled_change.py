import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import subscriptions.base.constraints


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0002_history_is_permanent"),
        ("subscriptions", "0003_invitation"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ScheduledChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("day", models.DateField(verbose_name="day")),
                ("at_renewal", models.BooleanField(default=False, verbose_name="at the renewal")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Scheduled"),
                            ("applied", "Applied"),
                            ("not-applied", "Not applied"),
                            ("canceled", "Canceled"),
                            ("dismissed", "Dismissed"),
                        ],
                        default="waiting",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                (
                    "scheduled_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="scheduled"
                    ),
                ),
                ("scheduled_by", models.CharField(max_length=120, verbose_name="scheduled by")),
                ("proved", models.DateTimeField(verbose_name="proved")),
                ("outcome", models.CharField(blank=True, max_length=40, verbose_name="outcome")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
                ("ended_by", models.CharField(blank=True, max_length=120, verbose_name="ended by")),
                (
                    "event",
                    models.OneToOneField(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="subscriptions.auditevent",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.partner",
                        verbose_name="partner",
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scheduled_changes",
                        to="subscriptions.subscription",
                        verbose_name="subscription",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="subscriptions.tenant",
                        verbose_name="organization",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "scheduled change",
                "verbose_name_plural": "scheduled changes",
                "indexes": [
                    models.Index(fields=["tenant", "state", "day", "id"], name="scheduledchange_by_day"),
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["day", "id"], name="scheduledchange_waiting"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "id"), name="scheduledchange_tenant_and_id"),
                    subscriptions.base.constraints.SameTenant(
                        field="subscription", name="scheduledchange_subscription_same_tenant"
                    ),
                    subscriptions.base.constraints.SameTenant(
                        field="event", name="scheduledchange_event_same_tenant"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["waiting", "applied", "not-applied", "canceled", "dismissed"])
                        ),
                        name="scheduledchange_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("scheduled_at__isnull", True), ("scheduled_by", "")),
                            models.Q(("scheduled_at__isnull", False), models.Q(("scheduled_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="scheduledchange_scheduled_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_by", "")),
                            models.Q(("ended_at__isnull", False), models.Q(("ended_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="scheduledchange_ended_by_somebody",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("subscription",),
                        name="scheduledchange_one_waits",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("event__isnull", True), ("state", "waiting")),
                            models.Q(models.Q(("state", "waiting"), _negated=True), ("ended_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="scheduledchange_ended_unless_it_waits",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("event__isnull", True), ("state", "applied"), _connector="OR"),
                        name="scheduledchange_event_of_a_change",
                    ),
                ],
            },
        ),
    ]
