"""Partners' people, offers and release requests; what was said in them stays."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import subscriptions.models.constraints

GUARD = """
CREATE FUNCTION partnerrelationship_guard_roles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT NEW.roles <@ OLD.roles AND NOT portal_is_owner(TG_RELID::regclass) THEN
        RAISE EXCEPTION 'roles are only taken away' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION partneroffer_guard_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state NOT IN ('draft', 'sent') AND OLD IS DISTINCT FROM NEW
            AND NOT portal_is_owner(TG_RELID::regclass) THEN
        RAISE EXCEPTION 'an offer that was answered, withdrawn or expired is history'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF OLD.state <> 'draft' AND NOT portal_is_owner(TG_RELID::regclass) AND (NEW.state = 'draft'
            OR (OLD.uuid, OLD.tenant_id, OLD.partner_id, OLD.name, OLD.roles, OLD.days, OLD.credit, OLD.purchase)
            IS DISTINCT FROM
            (NEW.uuid, NEW.tenant_id, NEW.partner_id, NEW.name, NEW.roles, NEW.days, NEW.credit, NEW.purchase)) THEN
        RAISE EXCEPTION 'what an offer asks for is fixed once it is sent' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION partneroffer_guard_content() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    row_before jsonb := CASE WHEN TG_OP = 'INSERT' THEN NULL ELSE to_jsonb(OLD) - 'line_id' - 'created_id' END;
    row_after jsonb := CASE WHEN TG_OP = 'DELETE' THEN NULL ELSE to_jsonb(NEW) - 'line_id' - 'created_id' END;
BEGIN
    IF row_before IS DISTINCT FROM row_after AND NOT portal_is_owner(TG_RELID::regclass) AND EXISTS (
            SELECT FROM partners_partneroffer WHERE state <> 'draft'
                AND id IN ((row_before ->> 'offer_id')::bigint, (row_after ->> 'offer_id')::bigint)) THEN
        RAISE EXCEPTION 'what an offer asks for is fixed once it is sent' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;

CREATE FUNCTION partneroffer_guard_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'draft' THEN
        RAISE EXCEPTION 'an offer that was sent is history' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN OLD;
END $$;

CREATE FUNCTION offerterms_guard_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM partners_partneroffer WHERE id = OLD.offer_id AND state = 'draft') THEN
        RAISE EXCEPTION 'the terms of an offer that was sent are history' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN OLD;
END $$;

CREATE TRIGGER partnerrelationship_guard_roles BEFORE UPDATE ON partners_partnerrelationship
    FOR EACH ROW EXECUTE FUNCTION partnerrelationship_guard_roles();
CREATE TRIGGER partneroffer_guard_update BEFORE UPDATE ON partners_partneroffer
    FOR EACH ROW EXECUTE FUNCTION partneroffer_guard_update();
CREATE TRIGGER partneroffer_guard_delete BEFORE DELETE ON partners_partneroffer
    FOR EACH ROW EXECUTE FUNCTION partneroffer_guard_delete();
CREATE TRIGGER offeredsubscription_guard BEFORE INSERT OR UPDATE OR DELETE ON partners_offeredsubscription
    FOR EACH ROW EXECUTE FUNCTION partneroffer_guard_content();
CREATE TRIGGER offeredproduct_guard BEFORE INSERT OR UPDATE OR DELETE ON partners_offeredproduct
    FOR EACH ROW EXECUTE FUNCTION partneroffer_guard_content();
CREATE TRIGGER offerterms_append_only BEFORE UPDATE ON partners_offerterms
    FOR EACH ROW EXECUTE FUNCTION portal_append_only();
CREATE TRIGGER offerterms_guard_delete BEFORE DELETE ON partners_offerterms
    FOR EACH ROW EXECUTE FUNCTION offerterms_guard_delete();
CREATE TRIGGER releasestep_append_only BEFORE UPDATE OR DELETE ON partners_releasestep
    FOR EACH ROW EXECUTE FUNCTION portal_append_only();
"""

UNGUARD = """
DROP TRIGGER releasestep_append_only ON partners_releasestep;
DROP TRIGGER offerterms_guard_delete ON partners_offerterms;
DROP TRIGGER offerterms_append_only ON partners_offerterms;
DROP TRIGGER offeredproduct_guard ON partners_offeredproduct;
DROP TRIGGER offeredsubscription_guard ON partners_offeredsubscription;
DROP TRIGGER partneroffer_guard_delete ON partners_partneroffer;
DROP TRIGGER partneroffer_guard_update ON partners_partneroffer;
DROP TRIGGER partnerrelationship_guard_roles ON partners_partnerrelationship;
DROP FUNCTION offerterms_guard_delete();
DROP FUNCTION partneroffer_guard_delete();
DROP FUNCTION partneroffer_guard_content();
DROP FUNCTION partneroffer_guard_update();
DROP FUNCTION partnerrelationship_guard_roles();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0003_match_requests"),
        ("subscriptions", "0004_partners_who_act"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OfferedProduct",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("licenses__gte", 1)), name="offeredproduct_licenses_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("billing_frequency__in", ["monthly", "annual"])),
                        name="offeredproduct_frequency_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OfferedSubscription",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ],
        ),
        migrations.CreateModel(
            name="OfferTerms",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("written_at__isnull", True), ("written_by", "")),
                            models.Q(("written_at__isnull", False), models.Q(("written_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="offerterms_written_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PartnerOffer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=50, verbose_name="name")),
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
            ],
            options={
                "verbose_name": "partner's offer",
                "verbose_name_plural": "partners' offers",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "sent")), fields=["expires_on"], name="offer_waiting_by_end"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "sent", "accepted", "declined", "withdrawn", "expired"])
                        ),
                        name="offer_state_known",
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
                ],
            },
        ),
        migrations.CreateModel(
            name="PartnerPerson",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["admin-agent", "helpdesk-agent", "sales-agent"])),
                        name="partnerperson_role_known",
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
                    models.Index(
                        condition=models.Q(("state__in", ["sent", "acknowledged"])),
                        fields=["due_on"],
                        name="release_open_by_due",
                    ),
                ],
                "constraints": [
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
                ],
            },
        ),
        migrations.CreateModel(
            name="ReleaseStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
            },
        ),
        migrations.AddField(
            model_name="partnerrelationship",
            name="auto_extend",
            field=models.BooleanField(default=False, verbose_name="extended by itself"),
        ),
        migrations.AddField(
            model_name="partnerrelationship",
            name="name",
            field=models.CharField(blank=True, max_length=50, verbose_name="name of the relationship"),
        ),
        migrations.AddField(
            model_name="partnerrelationship",
            name="reminded_days",
            field=models.PositiveSmallIntegerField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="partnerrelationship",
            name="reviewed_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="reviewed"),
        ),
        migrations.AddField(
            model_name="partnerrelationship",
            name="reviewed_by",
            field=models.CharField(blank=True, editable=False, max_length=120, verbose_name="reviewed by"),
        ),
        migrations.AddIndex(
            model_name="partnerofrecord",
            index=models.Index(
                condition=models.Q(("valid__upper_inf", True)),
                fields=["partner", "tenant"],
                name="partnerofrecord_of_partner",
            ),
        ),
        migrations.AddIndex(
            model_name="partnerofrecord",
            index=models.Index(
                models.F("partner"),
                models.OrderBy(models.Func(models.F("valid"), function="lower"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("valid__upper_inf", True)),
                name="partnerofrecord_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="partnerofrecord",
            index=models.Index(
                models.F("partner"),
                models.Func(models.F("valid"), function="lower"),
                name="partnerofrecord_began",
            ),
        ),
        migrations.AddIndex(
            model_name="partnerofrecord",
            index=models.Index(
                models.F("partner"),
                models.Func(models.F("valid"), function="upper"),
                condition=models.Q(("valid__upper_inf", False)),
                name="partnerofrecord_ended",
            ),
        ),
        migrations.AddIndex(
            model_name="partnerrelationship",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True)),
                fields=["partner", "tenant"],
                name="relationship_of_partner",
            ),
        ),
        migrations.AddIndex(
            model_name="partnerrelationship",
            index=models.Index(
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
        ),
        migrations.AddConstraint(
            model_name="partnerrelationship",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reviewed_at__isnull", True), ("reviewed_by", "")),
                    models.Q(("reviewed_at__isnull", False), models.Q(("reviewed_by", ""), _negated=True)),
                    _connector="OR",
                ),
                name="relationship_reviewed_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="partnerrelationship",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddField(
            model_name="offeredproduct",
            name="created",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="subscriptions.subscription",
            ),
        ),
        migrations.AddField(
            model_name="offeredproduct",
            name="product",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="subscriptions.product",
                verbose_name="product",
            ),
        ),
        migrations.AddField(
            model_name="offeredproduct",
            name="tenant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="subscriptions.tenant"
            ),
        ),
        migrations.AddField(
            model_name="offeredsubscription",
            name="subscription",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="subscriptions.subscription",
                verbose_name="subscription",
            ),
        ),
        migrations.AddField(
            model_name="offeredsubscription",
            name="tenant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="subscriptions.tenant"
            ),
        ),
        migrations.AddField(
            model_name="offerterms",
            name="tenant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="subscriptions.tenant"
            ),
        ),
        migrations.AddField(
            model_name="partneroffer",
            name="partner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="offers",
                to="partners.partner",
                verbose_name="partner",
            ),
        ),
        migrations.AddField(
            model_name="partneroffer",
            name="relationship",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="offers",
                to="partners.partnerrelationship",
            ),
        ),
        migrations.AddField(
            model_name="partneroffer",
            name="tenant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="subscriptions.tenant",
                verbose_name="organization",
            ),
        ),
        migrations.AddField(
            model_name="offerterms",
            name="offer",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="terms",
                to="partners.partneroffer",
            ),
        ),
        migrations.AddField(
            model_name="offeredsubscription",
            name="offer",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="named",
                to="partners.partneroffer",
            ),
        ),
        migrations.AddField(
            model_name="offeredproduct",
            name="line",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="subscriptions.orderline",
            ),
        ),
        migrations.AddField(
            model_name="offeredproduct",
            name="offer",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="products",
                to="partners.partneroffer",
            ),
        ),
        migrations.AddField(
            model_name="partnerperson",
            name="partner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="people",
                to="partners.partner",
                verbose_name="partner",
            ),
        ),
        migrations.AddField(
            model_name="partnerperson",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="works_for",
                to=settings.AUTH_USER_MODEL,
                verbose_name="account",
            ),
        ),
        migrations.AddField(
            model_name="releaserequest",
            name="partner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="partners.partner",
                verbose_name="reseller",
            ),
        ),
        migrations.AddField(
            model_name="releaserequest",
            name="relationship",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="release_requests",
                to="partners.partnerrelationship",
                verbose_name="relationship",
            ),
        ),
        migrations.AddField(
            model_name="releaserequest",
            name="tenant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="subscriptions.tenant",
                verbose_name="organization",
            ),
        ),
        migrations.AddField(
            model_name="releasestep",
            name="request",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="steps",
                to="partners.releaserequest",
            ),
        ),
        migrations.AddField(
            model_name="releasestep",
            name="tenant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="subscriptions.tenant"
            ),
        ),
        migrations.AddIndex(
            model_name="partneroffer",
            index=models.Index(fields=["tenant", "-id"], name="offer_of_tenant"),
        ),
        migrations.AddIndex(
            model_name="partneroffer",
            index=models.Index(fields=["partner", "-id"], name="offer_of_partner"),
        ),
        migrations.AddConstraint(
            model_name="partneroffer",
            constraint=models.UniqueConstraint(fields=("tenant", "id"), name="offer_tenant_and_id"),
        ),
        migrations.AddConstraint(
            model_name="partneroffer",
            constraint=models.UniqueConstraint(
                fields=("partner", "name"),
                name="offer_name_once",
                violation_error_message="You have an offer of that name already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="offerterms",
            constraint=models.UniqueConstraint(fields=("offer", "number"), name="offerterms_number_once"),
        ),
        migrations.AddConstraint(
            model_name="offeredsubscription",
            constraint=models.UniqueConstraint(fields=("offer", "subscription"), name="offeredsubscription_once"),
        ),
        migrations.AddConstraint(
            model_name="offeredproduct",
            constraint=models.UniqueConstraint(fields=("offer", "product"), name="offeredproduct_once"),
        ),
        migrations.AddConstraint(
            model_name="partnerperson",
            constraint=models.UniqueConstraint(fields=("partner", "user"), name="partnerperson_once_per_partner"),
        ),
        migrations.AddIndex(
            model_name="releaserequest",
            index=models.Index(fields=["tenant", "-id"], name="release_of_tenant"),
        ),
        migrations.AddIndex(
            model_name="releaserequest",
            index=models.Index(fields=["partner", "-id"], name="release_of_partner"),
        ),
        migrations.AddConstraint(
            model_name="releaserequest",
            constraint=models.UniqueConstraint(fields=("tenant", "id"), name="release_tenant_and_id"),
        ),
        migrations.AddConstraint(
            model_name="releaserequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["sent", "acknowledged"])),
                fields=("relationship",),
                name="release_one_open",
                violation_error_message="The reseller was asked already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="partneroffer",
            constraint=subscriptions.models.constraints.SameTenant(
                field="relationship", name="offer_relationship_same_tenant"
            ),
        ),
        migrations.AddConstraint(
            model_name="offerterms",
            constraint=subscriptions.models.constraints.SameTenant(
                field="offer", name="offerterms_offer_same_tenant"
            ),
        ),
        migrations.AddConstraint(
            model_name="offeredsubscription",
            constraint=subscriptions.models.constraints.SameTenant(
                field="offer", name="offeredsubscription_offer_same_tenant"
            ),
        ),
        migrations.AddConstraint(
            model_name="offeredsubscription",
            constraint=subscriptions.models.constraints.SameTenant(
                field="subscription", name="offeredsubscription_subscription_same_tenant"
            ),
        ),
        migrations.AddConstraint(
            model_name="offeredproduct",
            constraint=subscriptions.models.constraints.SameTenant(
                field="offer", name="offeredproduct_offer_same_tenant"
            ),
        ),
        migrations.AddConstraint(
            model_name="offeredproduct",
            constraint=subscriptions.models.constraints.SameTenant(
                field="created", name="offeredproduct_created_same_tenant"
            ),
        ),
        migrations.AddConstraint(
            model_name="offeredproduct",
            constraint=subscriptions.models.constraints.SameTenant(
                field="line", name="offeredproduct_line_same_tenant"
            ),
        ),
        migrations.AddConstraint(
            model_name="releaserequest",
            constraint=subscriptions.models.constraints.SameTenant(
                field="relationship", name="release_relationship_same_tenant"
            ),
        ),
        migrations.AddConstraint(
            model_name="releasestep",
            constraint=subscriptions.models.constraints.SameTenant(
                field="request", name="releasestep_request_same_tenant"
            ),
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
