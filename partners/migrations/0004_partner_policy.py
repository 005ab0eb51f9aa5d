import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import subscriptions.base.constraints


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0003_scheduled_change"),
        ("subscriptions", "0003_invitation"),
    ]

    operations = [
        migrations.CreateModel(
            name="ApprovedPartner",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "added_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="added"),
                ),
                ("added_by", models.CharField(max_length=120, verbose_name="added by")),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.partner",
                        verbose_name="partner",
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
            ],
            options={
                "verbose_name": "approved partner",
                "verbose_name_plural": "approved partners",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "partner"), name="approvedpartner_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("added_at__isnull", True), ("added_by", "")),
                            models.Q(("added_at__isnull", False), models.Q(("added_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="approvedpartner_added_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PolicyExemption",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                ("ends_on", models.DateField(verbose_name="until")),
                (
                    "added_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="added"),
                ),
                ("added_by", models.CharField(max_length=120, verbose_name="added by")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
                ("ended_by", models.CharField(blank=True, max_length=120, verbose_name="ended by")),
                (
                    "subscription",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
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
            ],
            options={
                "verbose_name": "exemption",
                "verbose_name_plural": "exemptions",
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["tenant", "subscription", "ends_on"],
                        name="policyexemption_in_force",
                    )
                ],
                "constraints": [
                    subscriptions.base.constraints.SameTenant(
                        field="subscription", name="policyexemption_subscription_same_tenant"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="policyexemption_reason_said"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("added_at__isnull", True), ("added_by", "")),
                            models.Q(("added_at__isnull", False), models.Q(("added_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="policyexemption_added_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_by", "")),
                            models.Q(("ended_at__isnull", False), models.Q(("ended_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="policyexemption_ended_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PolicyPartner",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "added_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="added"),
                ),
                ("added_by", models.CharField(max_length=120, verbose_name="added by")),
                (
                    "family",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="subscriptions.productfamily",
                        to_field="code",
                        verbose_name="category",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.partner",
                        verbose_name="partner",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="subscriptions.product",
                        verbose_name="product",
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
            ],
            options={
                "verbose_name": "default partner",
                "verbose_name_plural": "default partners",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "product", "family"), name="policypartner_once", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("product__isnull", True), ("family__isnull", True), _connector="OR"),
                        name="policypartner_of_product_or_category",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("added_at__isnull", True), ("added_by", "")),
                            models.Q(("added_at__isnull", False), models.Q(("added_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="policypartner_added_by_somebody",
                    ),
                ],
            },
        ),
    ]
