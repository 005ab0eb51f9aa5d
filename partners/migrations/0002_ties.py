"""What ties partners to organizations."""

import uuid

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
import django_countries.fields
from django.conf import settings
from django.db import migrations, models

import subscriptions.base.constraints
import subscriptions.base.names


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("partners", "0001_initial"),
        ("subscriptions", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ManagedSubscription",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                    "subscription",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="managed",
                        to="subscriptions.subscription",
                        verbose_name="subscription",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.partner",
                        verbose_name="reseller",
                    ),
                ),
            ],
            options={
                "verbose_name": "subscription of a reseller",
                "verbose_name_plural": "subscriptions of resellers",
                "constraints": [
                    subscriptions.base.constraints.SameTenant(
                        field="subscription", name="managedsubscription_subscription_same_tenant"
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="MatchRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="subscriptions.tenant",
                        verbose_name="organization",
                    ),
                ),
                ("wish", models.CharField(max_length=1000, verbose_name="what help is needed")),
                ("country", django_countries.fields.CountryField(max_length=2, verbose_name="country or region")),
                (
                    "family",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="subscriptions.productfamily",
                        to_field="code",
                        verbose_name="service",
                    ),
                ),
                ("language", models.CharField(blank=True, max_length=10, verbose_name="language")),
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
                ("closed_at", models.DateTimeField(null=True, verbose_name="closed")),
                ("closed_by", models.CharField(blank=True, max_length=120, verbose_name="closed by")),
            ],
            options={
                "verbose_name": "partner match request",
                "verbose_name_plural": "partner match requests",
                "indexes": [
                    models.Index(fields=["tenant", "-id"], name="matchrequest_newest_first"),
                    models.Index(
                        condition=models.Q(("state", "open")), fields=["requested_at"], name="matchrequest_open"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "id"), name="matchrequest_tenant_and_id"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "answered", "closed"])),
                        name="matchrequest_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("requested_at__isnull", True), ("requested_by", "")),
                            models.Q(("requested_at__isnull", False), models.Q(("requested_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="matchrequest_requested_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("closed_by", "")),
                            models.Q(("closed_at__isnull", False), models.Q(("closed_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="matchrequest_closed_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("wish", ""), _negated=True), name="matchrequest_wish_said"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MatchedPartner",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="subscriptions.tenant"
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="asked",
                        to="partners.matchrequest",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.partner"
                    ),
                ),
            ],
            options={
                "constraints": [
                    subscriptions.base.constraints.SameTenant(
                        field="request", name="matchedpartner_request_same_tenant"
                    ),
                    models.UniqueConstraint(fields=("request", "partner"), name="matchedpartner_once"),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="PartnerRelationship",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
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
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="relationships",
                        to="partners.partner",
                        verbose_name="partner",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("reseller", "Reseller"), ("delegated-admin", "Delegated administrator")],
                        max_length=20,
                        verbose_name="type",
                    ),
                ),
                (
                    "name",
                    subscriptions.base.names.NameField(
                        blank=True, max_length=50, verbose_name="name of the relationship"
                    ),
                ),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("global-administrator", "Global administrator"),
                                ("billing-administrator", "Billing administrator"),
                                ("license-administrator", "License administrator"),
                                ("helpdesk-administrator", "Helpdesk administrator"),
                                ("global-reader", "Global reader"),
                                ("service-support-administrator", "Service support administrator"),
                            ],
                            max_length=40,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="roles",
                    ),
                ),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="since")),
                ("started_by", models.CharField(max_length=120, verbose_name="started by")),
                ("expires_on", models.DateTimeField(blank=True, null=True, verbose_name="ends")),
                ("auto_extend", models.BooleanField(default=False, verbose_name="extended by itself")),
                ("reminded_days", models.PositiveSmallIntegerField(editable=False, null=True)),
                ("reviewed_at", models.DateTimeField(editable=False, null=True, verbose_name="reviewed")),
                (
                    "reviewed_by",
                    models.CharField(blank=True, editable=False, max_length=120, verbose_name="reviewed by"),
                ),
                ("ended_at", models.DateTimeField(editable=False, null=True, verbose_name="ended")),
                ("ended_by", models.CharField(blank=True, editable=False, max_length=120, verbose_name="ended by")),
                ("end_reason", models.CharField(blank=True, max_length=500, verbose_name="reason for the end")),
            ],
            options={
                "verbose_name": "partner relationship",
                "verbose_name_plural": "partner relationships",
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["partner", "tenant"],
                        name="relationship_of_partner",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("ended_at__isnull", True),
                            ("expires_on__isnull", False),
                            models.Q(
                                ("reminded_days__isnull", True),
                                models.Q(("reminded_days", 0), _negated=True),
                                _connector="OR",
                            ),
                        ),
                        fields=["expires_on"],
                        name="relationship_by_end",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "id"), name="relationship_tenant_and_id"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["reseller", "delegated-admin"])),
                        name="relationship_kind_stored",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_by", "")),
                            models.Q(("ended_at__isnull", False), models.Q(("ended_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="relationship_ended_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("started_at__isnull", True), ("started_by", "")),
                            models.Q(("started_at__isnull", False), models.Q(("started_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="relationship_started_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reviewed_at__isnull", True), ("reviewed_by", "")),
                            models.Q(("reviewed_at__isnull", False), models.Q(("reviewed_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="relationship_reviewed_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("auto_extend", False),
                            models.Q(
                                ("expires_on__isnull", False),
                                ("kind", "delegated-admin"),
                                models.Q(("roles__contains", ["global-administrator"]), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="relationship_no_extension_of_global_administrator",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("expires_on__isnull", True), ("expires_on__gt", models.F("started_at")), _connector="OR"
                        ),
                        name="relationship_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "reseller"), ("roles__len", 0)),
                            models.Q(("kind", "delegated-admin"), models.Q(("roles__len", 0), _negated=True)),
                            _connector="OR",
                        ),
                        name="relationship_roles_of_delegated_admin",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True), ("kind", "reseller")),
                        fields=("tenant", "partner"),
                        name="relationship_one_reseller_row",
                        violation_error_message="This partner is a reseller of the organization already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OfferRound",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.partner",
                        verbose_name="partner",
                    ),
                ),
                ("name", subscriptions.base.names.NameField(max_length=50, verbose_name="name")),
                ("facts", models.JSONField(verbose_name="content")),
                ("file", models.JSONField(verbose_name="file")),
                ("lines", models.JSONField(verbose_name="lines")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "read_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="read"),
                ),
                ("read_by", models.CharField(max_length=120, verbose_name="read by")),
                ("made_at", models.DateTimeField(null=True, verbose_name="made")),
                ("made_by", models.CharField(blank=True, max_length=120, verbose_name="made by")),
            ],
            options={
                "verbose_name": "offers to many",
                "verbose_name_plural": "offers to many",
                "indexes": [models.Index(fields=["partner", "-id"], name="offerround_of_partner")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("read_at__isnull", True), ("read_by", "")),
                            models.Q(("read_at__isnull", False), models.Q(("read_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="offerround_read_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("made_at__isnull", True), ("made_by", "")),
                            models.Q(("made_at__isnull", False), models.Q(("made_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="offerround_made_by_somebody",
                    ),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="offerround_named"),
                ],
            },
        ),
        migrations.CreateModel(
            name="OfferTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.partner",
                        verbose_name="partner",
                    ),
                ),
                ("name", subscriptions.base.names.NameField(max_length=50, verbose_name="name")),
                ("facts", models.JSONField(verbose_name="content")),
                (
                    "kept_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="kept"),
                ),
                ("kept_by", models.CharField(max_length=120, verbose_name="kept by")),
            ],
            options={
                "verbose_name": "template of offers",
                "verbose_name_plural": "templates of offers",
                "indexes": [models.Index(fields=["partner", "-id"], name="offertemplate_of_partner")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("partner", "name"),
                        name="offertemplate_name_once",
                        violation_error_message="You have a template of that name already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kept_at__isnull", True), ("kept_by", "")),
                            models.Q(("kept_at__isnull", False), models.Q(("kept_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="offertemplate_kept_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PartnerCustomer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "partner",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.partner",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="subscriptions.tenant",
                    ),
                ),
                ("name_key", models.CharField(db_collation="C", editable=False, max_length=300)),
                ("search_text", models.TextField(db_collation="C", editable=False)),
                ("credits", models.IntegerField(editable=False)),
                ("ties", models.IntegerField(editable=False)),
            ],
            options={
                "verbose_name": "customer of a partner",
                "verbose_name_plural": "customers of partners",
                "indexes": [
                    models.Index(
                        fields=["partner", "name_key", "tenant"],
                        include=("credits", "ties"),
                        name="partnercustomer_by_name",
                    ),
                    models.Index(fields=["tenant", "partner"], name="partnercustomer_of_tenant"),
                ],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="PartnerOfRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
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
                    "subscription",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="partners_of_record",
                        to="subscriptions.subscription",
                        verbose_name="subscription",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="partners_of_record",
                        to="partners.partner",
                        verbose_name="partner",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="subscriptions.product",
                    ),
                ),
                ("search_text", models.TextField(blank=True, db_collation="C", editable=False)),
                ("of_deleted", models.BooleanField(default=False, editable=False)),
                (
                    "status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("trial", "Trial"),
                            ("active", "Active"),
                            ("expired", "Expired"),
                            ("disabled", "Disabled"),
                            ("deleted", "Deleted"),
                        ],
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("licenses", models.PositiveIntegerField(default=0, editable=False)),
                ("lapses_on", models.DateField(editable=False, null=True)),
                ("term_ends_on", models.DateField(editable=False, null=True)),
                ("country", models.CharField(blank=True, editable=False, max_length=2)),
                ("time_zone", models.CharField(blank=True, editable=False, max_length=60)),
                (
                    "valid",
                    django.contrib.postgres.fields.ranges.DateTimeRangeField(
                        help_text="From, and until; no end while the partner is credited.", verbose_name="credited"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("purchase", "Purchase"),
                            ("tenant", "By the organization"),
                            ("offer", "Partner's offer"),
                            ("policy", "Policy"),
                            ("staff", "Operator's staff"),
                            ("undo", "Undone"),
                            ("import", "Import"),
                            ("schedule", "Scheduled change"),
                            ("api", "Application (API)"),
                        ],
                        max_length=10,
                        verbose_name="began with",
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("set_by_name", models.CharField(max_length=120, verbose_name="set by")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                (
                    "end_source",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("purchase", "Purchase"),
                            ("tenant", "By the organization"),
                            ("offer", "Partner's offer"),
                            ("policy", "Policy"),
                            ("staff", "Operator's staff"),
                            ("undo", "Undone"),
                            ("import", "Import"),
                            ("schedule", "Scheduled change"),
                            ("api", "Application (API)"),
                        ],
                        max_length=10,
                        verbose_name="ended with",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("ended_by_name", models.CharField(blank=True, max_length=120, verbose_name="ended by")),
                ("end_reason", models.CharField(blank=True, max_length=500, verbose_name="reason for the end")),
            ],
            options={
                "verbose_name": "partner of record",
                "verbose_name_plural": "partners of record",
                "indexes": [
                    models.Index(
                        models.F("subscription"),
                        models.OrderBy(models.Func(models.F("valid"), function="lower"), descending=True),
                        name="partnerofrecord_history",
                    ),
                    models.Index(
                        models.F("tenant"),
                        models.F("partner"),
                        models.OrderBy(models.Func(models.F("valid"), function="lower"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("valid__upper_inf", True)),
                        include=("subscription",),
                        name="partnerofrecord_by_partner",
                    ),
                    models.Index(
                        condition=models.Q(("of_deleted", False), ("valid__upper_inf", True)),
                        fields=["partner", "tenant", "id"],
                        name="partnerofrecord_of_partner",
                    ),
                    models.Index(
                        models.F("partner"),
                        models.OrderBy(models.Func(models.F("valid"), function="lower"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("of_deleted", False), ("valid__upper_inf", True)),
                        name="partnerofrecord_newest",
                    ),
                    models.Index(
                        condition=models.Q(("of_deleted", False), ("valid__upper_inf", True)),
                        fields=["partner", "id"],
                        include=("tenant", "subscription", "product", "search_text"),
                        name="partnerofrecord_by_words",
                    ),
                    models.Index(
                        condition=models.Q(("of_deleted", False), ("valid__upper_inf", True)),
                        fields=["partner", "id"],
                        include=(
                            "tenant",
                            "product",
                            "status",
                            "licenses",
                            "lapses_on",
                            "term_ends_on",
                            "country",
                            "time_zone",
                        ),
                        name="partnerofrecord_by_facts",
                    ),
                    models.Index(
                        condition=models.Q(("of_deleted", False), ("valid__upper_inf", True)),
                        fields=["partner", "term_ends_on", "id"],
                        name="partnerofrecord_by_term_end",
                    ),
                    models.Index(
                        models.F("partner"),
                        models.Func(models.F("valid"), function="lower"),
                        name="partnerofrecord_began",
                    ),
                    models.Index(
                        models.F("partner"),
                        models.Func(models.F("valid"), function="upper"),
                        condition=models.Q(("valid__upper_inf", False)),
                        name="partnerofrecord_ended",
                    ),
                ],
                "constraints": [
                    subscriptions.base.constraints.SameTenant(
                        field="subscription", name="partnerofrecord_subscription_same_tenant"
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("subscription_id", "="), ("valid", "&&")],
                        name="partnerofrecord_one_at_a_time",
                        violation_error_message="This subscription has another partner of record in that time.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("valid__upper_inf", True)),
                        fields=("subscription",),
                        name="partnerofrecord_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid__isempty", False),
                            ("valid__lower_inf", False),
                            ("valid__lower_inc", True),
                            ("valid__upper_inc", False),
                        ),
                        name="partnerofrecord_half_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("end_source", ""),
                                ("ended_by__isnull", True),
                                ("ended_by_name", ""),
                                ("valid__upper_inf", True),
                            ),
                            models.Q(
                                ("valid__upper_inf", False),
                                models.Q(("ended_by_name", ""), _negated=True),
                                models.Q(("end_source", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="partnerofrecord_ended_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("set_by_name", ""), _negated=True), name="partnerofrecord_set_by_somebody"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "source__in",
                                [
                                    "purchase",
                                    "tenant",
                                    "offer",
                                    "policy",
                                    "staff",
                                    "undo",
                                    "import",
                                    "schedule",
                                    "api",
                                ],
                            )
                        ),
                        name="partnerofrecord_source_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "end_source__in",
                                [
                                    "purchase",
                                    "tenant",
                                    "offer",
                                    "policy",
                                    "staff",
                                    "undo",
                                    "import",
                                    "schedule",
                                    "api",
                                    "",
                                ],
                            )
                        ),
                        name="partnerofrecord_end_source_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["trial", "active", "expired", "disabled", "deleted", ""])),
                        name="partnerofrecord_status_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PartnerOffer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
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
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offers",
                        to="partners.partner",
                        verbose_name="partner",
                    ),
                ),
                ("name", subscriptions.base.names.NameField(max_length=50, verbose_name="name")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("sent", "Waiting for an answer"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                            ("expired", "Expired"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("full", "Offer"), ("roles-only", "Request for delegated administration")],
                        default="full",
                        editable=False,
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("generation", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "credit",
                    models.CharField(
                        choices=[
                            ("nothing", "On nothing"),
                            ("named", "On subscriptions that the offer names"),
                            ("bought", "On what is created from the offer"),
                        ],
                        default="nothing",
                        max_length=10,
                        verbose_name="partner of record",
                    ),
                ),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("global-administrator", "Global administrator"),
                                ("billing-administrator", "Billing administrator"),
                                ("license-administrator", "License administrator"),
                                ("helpdesk-administrator", "Helpdesk administrator"),
                                ("global-reader", "Global reader"),
                                ("service-support-administrator", "Service support administrator"),
                            ],
                            max_length=40,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="roles",
                    ),
                ),
                ("days", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="days")),
                (
                    "purchase",
                    models.CharField(
                        choices=[
                            ("none", "Nothing to buy or try"),
                            ("trial", "A free trial"),
                            ("purchase", "A purchase"),
                        ],
                        default="none",
                        max_length=10,
                        verbose_name="to buy or try",
                    ),
                ),
                (
                    "drafted_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="drafted"
                    ),
                ),
                ("drafted_by", models.CharField(max_length=120, verbose_name="drafted by")),
                ("sent_at", models.DateTimeField(null=True, verbose_name="sent")),
                ("sent_by", models.CharField(blank=True, max_length=120, verbose_name="sent by")),
                ("expires_on", models.DateTimeField(null=True, verbose_name="can be answered until")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="answered")),
                ("decided_by", models.CharField(blank=True, max_length=120, verbose_name="answered by")),
                (
                    "decided_terms",
                    models.CharField(blank=True, max_length=64, verbose_name="terms that were shown (SHA-256)"),
                ),
                ("decision_reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                (
                    "granted_roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("global-administrator", "Global administrator"),
                                ("billing-administrator", "Billing administrator"),
                                ("license-administrator", "License administrator"),
                                ("helpdesk-administrator", "Helpdesk administrator"),
                                ("global-reader", "Global reader"),
                                ("service-support-administrator", "Service support administrator"),
                            ],
                            max_length=40,
                        ),
                        default=list,
                        size=None,
                        verbose_name="roles granted",
                    ),
                ),
                ("granted_days", models.PositiveSmallIntegerField(null=True, verbose_name="days granted")),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="withdrawn")),
                ("withdrawn_by", models.CharField(blank=True, max_length=120, verbose_name="withdrawn by")),
                (
                    "relationship",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offers",
                        to="partners.partnerrelationship",
                    ),
                ),
            ],
            options={
                "verbose_name": "partner's offer",
                "verbose_name_plural": "partners' offers",
                "indexes": [
                    models.Index(fields=["tenant", "-id"], name="offer_of_tenant"),
                    models.Index(fields=["partner", "-id"], name="offer_of_partner"),
                    models.Index(
                        condition=models.Q(("state", "sent")), fields=["expires_on"], name="offer_waiting_by_end"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "id"), name="offer_tenant_and_id"),
                    models.UniqueConstraint(
                        fields=("partner", "name"),
                        name="offer_name_once",
                        violation_error_message="You have an offer of that name already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "sent", "accepted", "declined", "withdrawn", "expired"])
                        ),
                        name="offer_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["full", "roles-only"])), name="offer_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("credit__in", ["nothing", "named", "bought"])), name="offer_credit_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("purchase__in", ["none", "trial", "purchase"])),
                        name="offer_purchase_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("drafted_at__isnull", True), ("drafted_by", "")),
                            models.Q(("drafted_at__isnull", False), models.Q(("drafted_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="offer_drafted_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", True), ("sent_by", "")),
                            models.Q(("sent_at__isnull", False), models.Q(("sent_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="offer_sent_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decided_by", "")),
                            models.Q(("decided_at__isnull", False), models.Q(("decided_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="offer_decided_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_by", "")),
                            models.Q(("withdrawn_at__isnull", False), models.Q(("withdrawn_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="offer_withdrawn_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("days__isnull", True), ("roles__len", 0)),
                            models.Q(
                                models.Q(("roles__len", 0), _negated=True), ("days__gte", 1), ("days__lte", 730)
                            ),
                            _connector="OR",
                        ),
                        name="offer_days_with_roles",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "roles-only"), _negated=True),
                            models.Q(
                                ("credit", "nothing"),
                                ("purchase", "none"),
                                models.Q(("roles__len", 0), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="offer_of_roles_only_has_nothing_else",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("granted_days__isnull", True), ("granted_roles__len", 0)),
                            models.Q(
                                ("granted_roles__contained_by", models.F("roles")),
                                ("state", "accepted"),
                                models.Q(("granted_roles__len", 0), _negated=True),
                                ("granted_days__gte", 1),
                                ("granted_days__lte", models.F("days")),
                            ),
                            _connector="OR",
                        ),
                        name="offer_grants_what_was_asked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("expires_on__isnull", True), ("sent_at__isnull", True), ("state", "draft")),
                            models.Q(
                                models.Q(("state", "draft"), _negated=True),
                                ("expires_on__isnull", False),
                                ("sent_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="offer_sent_has_an_end",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at__isnull", False),
                                ("state__in", ["accepted", "declined"]),
                                models.Q(("decided_terms", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("state__in", ["accepted", "declined"]), _negated=True),
                                ("decided_at__isnull", True),
                                ("decided_terms", ""),
                            ),
                            _connector="OR",
                        ),
                        name="offer_decided_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "withdrawn"), ("withdrawn_at__isnull", False)),
                            models.Q(models.Q(("state", "withdrawn"), _negated=True), ("withdrawn_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="offer_withdrawn_is_a_state",
                    ),
                    subscriptions.base.constraints.SameTenant(
                        field="relationship", name="offer_relationship_same_tenant"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OfferTerms",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="subscriptions.tenant"
                    ),
                ),
                (
                    "offer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="terms",
                        to="partners.partneroffer",
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="version")),
                ("html", models.TextField(verbose_name="terms")),
                ("digest", models.CharField(max_length=64, verbose_name="SHA-256")),
                (
                    "written_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="written"
                    ),
                ),
                ("written_by", models.CharField(max_length=120, verbose_name="written by")),
            ],
            options={
                "verbose_name": "offer's terms",
                "verbose_name_plural": "offer's terms",
                "constraints": [
                    subscriptions.base.constraints.SameTenant(field="offer", name="offerterms_offer_same_tenant"),
                    models.UniqueConstraint(fields=("offer", "number"), name="offerterms_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("written_at__isnull", True), ("written_by", "")),
                            models.Q(("written_at__isnull", False), models.Q(("written_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="offerterms_written_by_somebody",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="OfferedSubscription",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="subscriptions.tenant"
                    ),
                ),
                (
                    "offer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="named",
                        to="partners.partneroffer",
                    ),
                ),
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
            ],
            options={
                "constraints": [
                    subscriptions.base.constraints.SameTenant(
                        field="offer", name="offeredsubscription_offer_same_tenant"
                    ),
                    subscriptions.base.constraints.SameTenant(
                        field="subscription", name="offeredsubscription_subscription_same_tenant"
                    ),
                    models.UniqueConstraint(fields=("offer", "subscription"), name="offeredsubscription_once"),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="OfferedProduct",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="subscriptions.tenant"
                    ),
                ),
                (
                    "offer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="products",
                        to="partners.partneroffer",
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
                        default="monthly",
                        max_length=10,
                        verbose_name="billing frequency",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="subscriptions.orderline",
                    ),
                ),
                (
                    "created",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="subscriptions.subscription",
                    ),
                ),
            ],
            options={
                "constraints": [
                    subscriptions.base.constraints.SameTenant(field="offer", name="offeredproduct_offer_same_tenant"),
                    subscriptions.base.constraints.SameTenant(
                        field="created", name="offeredproduct_created_same_tenant"
                    ),
                    subscriptions.base.constraints.SameTenant(field="line", name="offeredproduct_line_same_tenant"),
                    models.UniqueConstraint(fields=("offer", "product"), name="offeredproduct_once"),
                    models.CheckConstraint(
                        condition=models.Q(("licenses__gte", 1)), name="offeredproduct_licenses_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("billing_frequency__in", ["monthly", "annual"])),
                        name="offeredproduct_frequency_known",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="PartnerPerson",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "uuid",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="people",
                        to="partners.partner",
                        verbose_name="partner",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="works_for",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="account",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("admin-agent", "Admin agent"),
                            ("helpdesk-agent", "Helpdesk agent"),
                            ("sales-agent", "Sales agent"),
                        ],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                (
                    "since",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="since"
                    ),
                ),
            ],
            options={
                "verbose_name": "partner's person",
                "verbose_name_plural": "partners' people",
                "constraints": [
                    models.UniqueConstraint(fields=("partner", "user"), name="partnerperson_once_per_partner"),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["admin-agent", "helpdesk-agent", "sales-agent"])),
                        name="partnerperson_role_known",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="PolicyPartner",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
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
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ApprovedPartner",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
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
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="PolicyExemption",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
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
                    "added_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="added"),
                ),
                ("added_by", models.CharField(max_length=120, verbose_name="added by")),
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
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                ("ends_on", models.DateField(verbose_name="until")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
                ("ended_by", models.CharField(blank=True, max_length=120, verbose_name="ended by")),
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
            name="ReleaseRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
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
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.partner",
                        verbose_name="reseller",
                    ),
                ),
                (
                    "relationship",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="release_requests",
                        to="partners.partnerrelationship",
                        verbose_name="relationship",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("sent", "Sent"),
                            ("acknowledged", "Acknowledged"),
                            ("released", "Released"),
                            ("declined", "Declined"),
                            ("taken-back", "Taken back"),
                        ],
                        default="sent",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                ("due_on", models.DateField(verbose_name="due")),
                (
                    "sent_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="sent"),
                ),
                ("sent_by", models.CharField(max_length=120, verbose_name="sent by")),
                ("escalated_on", models.DateTimeField(editable=False, null=True, verbose_name="handed to staff")),
                ("reminded_on", models.DateField(editable=False, null=True)),
                ("closed_at", models.DateTimeField(null=True, verbose_name="closed")),
                ("closed_by", models.CharField(blank=True, max_length=120, verbose_name="closed by")),
                ("decline_reason", models.CharField(blank=True, max_length=500, verbose_name="why it was declined")),
            ],
            options={
                "verbose_name": "release request",
                "verbose_name_plural": "release requests",
                "indexes": [
                    models.Index(fields=["tenant", "-id"], name="release_of_tenant"),
                    models.Index(fields=["partner", "-id"], name="release_of_partner"),
                    models.Index(
                        condition=models.Q(("state__in", ["sent", "acknowledged"])),
                        fields=["due_on"],
                        name="release_open_by_due",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "id"), name="release_tenant_and_id"),
                    subscriptions.base.constraints.SameTenant(
                        field="relationship", name="release_relationship_same_tenant"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["sent", "acknowledged", "released", "declined", "taken-back"])
                        ),
                        name="release_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", True), ("sent_by", "")),
                            models.Q(("sent_at__isnull", False), models.Q(("sent_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="release_sent_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("closed_by", "")),
                            models.Q(("closed_at__isnull", False), models.Q(("closed_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="release_closed_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="release_reason_said"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("state__in", ["sent", "acknowledged"])),
                            models.Q(
                                models.Q(("state__in", ["sent", "acknowledged"]), _negated=True),
                                ("closed_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="release_closed_is_a_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "declined"), models.Q(("decline_reason", ""), _negated=True)),
                            models.Q(models.Q(("state", "declined"), _negated=True), ("decline_reason", "")),
                            _connector="OR",
                        ),
                        name="release_declined_with_reason",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["sent", "acknowledged"])),
                        fields=("relationship",),
                        name="release_one_open",
                        violation_error_message="The reseller was asked already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReleaseStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="subscriptions.tenant"
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="partners.releaserequest",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("sent", "Sent to the reseller"),
                            ("acknowledged", "Acknowledged by the reseller"),
                            ("reminded", "The reseller was reminded"),
                            ("escalated", "Handed to the operator's staff"),
                            ("declined", "Declined by the reseller"),
                            ("released", "Released: the relationship has ended"),
                            ("taken-back", "Taken back by the organization"),
                        ],
                        max_length=12,
                        verbose_name="what",
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="when"),
                ),
                ("by", models.CharField(max_length=120, verbose_name="who")),
                ("by_staff", models.BooleanField(default=False, verbose_name="by staff on the reseller's behalf")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
            ],
            options={
                "verbose_name": "step",
                "verbose_name_plural": "steps",
                "ordering": ["id"],
                "constraints": [
                    subscriptions.base.constraints.SameTenant(
                        field="request", name="releasestep_request_same_tenant"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "sent",
                                    "acknowledged",
                                    "reminded",
                                    "escalated",
                                    "declined",
                                    "released",
                                    "taken-back",
                                ],
                            )
                        ),
                        name="releasestep_kind_known",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ScheduledChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
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
                    "partner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.partner",
                        verbose_name="partner",
                    ),
                ),
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
                    "many",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scheduled",
                        to="subscriptions.bulkact",
                    ),
                ),
                ("agreed", models.BooleanField(default=False)),
                ("is_told", models.BooleanField(default=True)),
            ],
            options={
                "verbose_name": "scheduled change",
                "verbose_name_plural": "scheduled changes",
                "indexes": [
                    models.Index(fields=["tenant", "state", "day", "id"], name="scheduledchange_by_day"),
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["day", "id"], name="scheduledchange_waiting"
                    ),
                    models.Index(
                        condition=models.Q(("many__isnull", False)),
                        fields=["many", "day", "id"],
                        name="scheduledchange_of_many",
                    ),
                    models.Index(
                        condition=models.Q(("is_told", False)), fields=["id"], name="scheduledchange_untold"
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
                    subscriptions.base.constraints.SameTenant(field="many", name="scheduledchange_many_same_tenant"),
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
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("user__isnull", False), ("application__isnull", True)),
                            models.Q(("user__isnull", True), ("application__isnull", False)),
                            _connector="OR",
                        ),
                        name="scheduledchange_of_one_decider",
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
                    models.CheckConstraint(
                        condition=models.Q(
                            ("many__isnull", False), models.Q(("agreed", False), ("is_told", True)), _connector="OR"
                        ),
                        name="scheduledchange_told_together_of_many",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ServedCustomer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="serves",
                        to="partners.partnerperson",
                        verbose_name="partner's person",
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
            ],
            options={
                "verbose_name": "customer served by a person",
                "verbose_name_plural": "customers served by people",
                "constraints": [models.UniqueConstraint(fields=("person", "tenant"), name="servedcustomer_once")],
                "indexes": [],
            },
        ),
    ]
