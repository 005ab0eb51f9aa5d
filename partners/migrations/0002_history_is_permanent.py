"""What happened stays: periods are opened now and closed once, relationships end once."""

from django.db import migrations

GUARD = """
CREATE FUNCTION partnerofrecord_guard_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF portal_is_owner(TG_RELID::regclass) THEN
        RETURN NEW;  -- imports of old history
    END IF;
    IF lower(NEW.valid) < now() THEN
        RAISE EXCEPTION 'a partner of record cannot be backdated' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT upper_inf(NEW.valid) OR lower(NEW.valid) > clock_timestamp() + interval '1 minute' THEN
        RAISE EXCEPTION 'a partner of record begins now, and is open' USING ERRCODE = 'insufficient_privilege';
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
    IF NOT portal_is_owner(TG_RELID::regclass) THEN
        IF upper(NEW.valid) < now() THEN
            RAISE EXCEPTION 'the end of a partner of record cannot be backdated'
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        -- a clock that stepped back may put the end a little after the start, not further into the future
        IF upper(NEW.valid) > GREATEST(clock_timestamp(), lower(OLD.valid)) + interval '1 minute' THEN
            RAISE EXCEPTION 'a partner of record ends now' USING ERRCODE = 'insufficient_privilege';
        END IF;
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

CREATE FUNCTION partnerrelationship_guard_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF portal_is_owner(TG_RELID::regclass) THEN
        RETURN NEW;
    END IF;
    IF OLD.ended_at IS NOT NULL AND OLD IS DISTINCT FROM NEW THEN
        RAISE EXCEPTION 'an ended relationship is history' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.ended_at NOT BETWEEN now() AND clock_timestamp() + interval '1 minute' THEN
        RAISE EXCEPTION 'a relationship ends now' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER partnerrelationship_guard_end BEFORE UPDATE ON partners_partnerrelationship
    FOR EACH ROW EXECUTE FUNCTION partnerrelationship_guard_end();
"""

UNGUARD = """
DROP TRIGGER partnerrelationship_guard_end ON partners_partnerrelationship;
DROP FUNCTION partnerrelationship_guard_end();
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
