"""Events are handed on in the order in which they were committed, and a partner those about its own ties."""

import django.db.models.deletion
from django.db import migrations, models

import subscriptions.base.constraints
import subscriptions.base.transactions
import subscriptions.models.audit_event

EPOCH = """
INSERT INTO subscriptions_feedepoch (id, number) VALUES (1, 1);

CREATE FUNCTION portal_epoch() RETURNS integer LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT number FROM public.subscriptions_feedepoch);
END $$;
"""
STAMP = """
CREATE OR REPLACE FUNCTION auditevent_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.at IS NULL OR NOT portal_is_owner(TG_RELID::regclass) THEN
        NEW.at := clock_timestamp();
    END IF;
    IF NOT portal_is_owner(TG_RELID::regclass) THEN
        NEW.tx := pg_current_xact_id();
        NEW.epoch := portal_epoch();
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION partnerevent_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT portal_is_owner(TG_RELID::regclass) THEN
        NEW.tx := pg_current_xact_id();
        NEW.epoch := portal_epoch();
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER partnerevent_stamp BEFORE INSERT ON subscriptions_partnerevent
    FOR EACH ROW EXECUTE FUNCTION partnerevent_stamp();
CREATE TRIGGER partnerevent_append_only BEFORE UPDATE OR DELETE ON subscriptions_partnerevent
    FOR EACH ROW EXECUTE FUNCTION portal_append_only();
CREATE TRIGGER partnerevent_no_truncate BEFORE TRUNCATE ON subscriptions_partnerevent
    FOR EACH STATEMENT EXECUTE FUNCTION portal_append_only();
"""
UNSTAMP = """
DROP TRIGGER partnerevent_no_truncate ON subscriptions_partnerevent;
DROP TRIGGER partnerevent_append_only ON subscriptions_partnerevent;
DROP TRIGGER partnerevent_stamp ON subscriptions_partnerevent;
DROP FUNCTION partnerevent_stamp();

CREATE OR REPLACE FUNCTION auditevent_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.at IS NULL OR NOT portal_is_owner(TG_RELID::regclass) THEN
        NEW.at := clock_timestamp();
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("subscriptions", "0013_application_maker_gone"),
    ]

    operations = [
        migrations.CreateModel(
            name="FeedEpoch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.IntegerField(default=1)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="feedepoch_one_row"),
                ],
            },
        ),
        migrations.RunSQL(EPOCH, "DROP FUNCTION portal_epoch();"),
        migrations.AddField(
            model_name="auditevent",
            name="epoch",
            field=models.IntegerField(db_default=subscriptions.models.audit_event.CurrentEpoch(), editable=False),
        ),
        migrations.AddField(
            model_name="auditevent",
            name="tx",
            field=subscriptions.base.transactions.TransactionField(
                db_default=subscriptions.base.transactions.CurrentTransaction(), editable=False
            ),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["tenant", "epoch", "tx", "id"], name="auditevent_in_order"),
        ),
        migrations.CreateModel(
            name="PartnerEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
            ],
            options={
                "constraints": [
                    subscriptions.base.constraints.SameTenant(field="event", name="partnerevent_event_same_tenant"),
                    models.CheckConstraint(
                        condition=models.Q(("side__in", ["party", "gained", "lost"])), name="partnerevent_side_known"
                    ),
                    models.UniqueConstraint(fields=("event", "partner_number", "side"), name="partnerevent_once"),
                ],
                "indexes": [
                    models.Index(fields=["partner_number", "epoch", "tx", "event"], name="partnerevent_in_order"),
                    models.Index(fields=["message"], name="partnerevent_by_message"),
                ],
            },
        ),
        migrations.RunSQL(STAMP, UNSTAMP),
    ]
