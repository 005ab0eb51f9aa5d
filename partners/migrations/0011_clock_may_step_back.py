"""A database's clock that was set back: the next period begins where the one before ended, however far ahead that is."""

from django.db import migrations

from subscriptions.db.scopes import ScopeRole

GUARD = """
CREATE OR REPLACE FUNCTION partnerofrecord_guard_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF portal_is_owner(TG_RELID::regclass) OR current_user = '{role}' THEN
        RETURN NEW;  -- an import brings in what was before today
    END IF;
    IF lower(NEW.valid) < now() THEN
        RAISE EXCEPTION 'a partner of record cannot be backdated' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT upper_inf(NEW.valid) OR (lower(NEW.valid) > clock_timestamp() + interval '1 minute'{unless}) THEN
        RAISE EXCEPTION 'a partner of record begins now, and is open' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$
"""
UNLESS = """ AND NOT EXISTS (
        SELECT 1 FROM partners_partnerofrecord before
         WHERE before.subscription_id = NEW.subscription_id AND upper(before.valid) = lower(NEW.valid))"""


class Migration(migrations.Migration):
    dependencies = [("partners", "0010_partner_customer")]
    operations = [
        migrations.RunSQL(
            GUARD.format(role=ScopeRole.IMPORT, unless=UNLESS), GUARD.format(role=ScopeRole.IMPORT, unless="")
        )
    ]
