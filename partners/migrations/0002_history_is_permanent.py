"""A period of a partner of record is opened now, closed once, and never changed or removed."""

from django.db import migrations

GUARD = """
CREATE FUNCTION partnerofrecord_guard_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF lower(NEW.valid) < now() AND NOT portal_is_owner(TG_RELID::regclass) THEN
        RAISE EXCEPTION 'a partner of record cannot be backdated' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER partnerofrecord_guard_insert BEFORE INSERT ON partners_partnerofrecord
    FOR EACH ROW EXECUTE FUNCTION partnerofrecord_guard_insert();

CREATE FUNCTION partnerofrecord_guard_update() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    closed partners_partnerofrecord := OLD;
BEGIN
    IF NOT upper_inf(OLD.valid) OR upper_inf(NEW.valid) OR lower(NEW.valid) <> lower(OLD.valid) THEN
        RAISE EXCEPTION 'a partner of record can only be closed, and only once'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF upper(NEW.valid) < now() AND NOT portal_is_owner(TG_RELID::regclass) THEN
        RAISE EXCEPTION 'the end of a partner of record cannot be backdated'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    closed.valid := NEW.valid;
    closed.end_source := NEW.end_source;
    closed.ended_by_id := NEW.ended_by_id;
    closed.ended_by_name := NEW.ended_by_name;
    closed.end_reason := NEW.end_reason;
    IF closed IS DISTINCT FROM NEW THEN
        RAISE EXCEPTION 'the facts of a partner of record cannot be changed'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER partnerofrecord_guard_update BEFORE UPDATE ON partners_partnerofrecord
    FOR EACH ROW EXECUTE FUNCTION partnerofrecord_guard_update();
CREATE TRIGGER partnerofrecord_no_delete BEFORE DELETE ON partners_partnerofrecord
    FOR EACH ROW EXECUTE FUNCTION portal_append_only();
CREATE TRIGGER partnerofrecord_no_truncate BEFORE TRUNCATE ON partners_partnerofrecord
    FOR EACH STATEMENT EXECUTE FUNCTION portal_append_only();
"""

UNGUARD = """
DROP TRIGGER partnerofrecord_no_truncate ON partners_partnerofrecord;
DROP TRIGGER partnerofrecord_no_delete ON partners_partnerofrecord;
DROP TRIGGER partnerofrecord_guard_update ON partners_partnerofrecord;
DROP TRIGGER partnerofrecord_guard_insert ON partners_partnerofrecord;
DROP FUNCTION partnerofrecord_guard_update();
DROP FUNCTION partnerofrecord_guard_insert();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0001_initial"),
        ("subscriptions", "0002_audit_is_append_only"),
    ]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
