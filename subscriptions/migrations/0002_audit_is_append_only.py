"""Events are stamped by the server, in the order of commits, and never changed: not by the portal's logins, not by
the owner. The digests of their days stay too.
"""

from django.db import migrations

STAMP = """
CREATE FUNCTION portal_is_owner(relation regclass) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT pg_has_role(current_user, relowner, 'MEMBER') FROM pg_class WHERE oid = relation
$$;

CREATE FUNCTION auditevent_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
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

CREATE TRIGGER auditevent_stamp BEFORE INSERT ON subscriptions_auditevent
    FOR EACH ROW EXECUTE FUNCTION auditevent_stamp();

CREATE FUNCTION portal_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is not allowed: its rows are permanent', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER auditevent_append_only BEFORE UPDATE OR DELETE ON subscriptions_auditevent
    FOR EACH ROW EXECUTE FUNCTION portal_append_only();
CREATE TRIGGER auditevent_no_truncate BEFORE TRUNCATE ON subscriptions_auditevent
    FOR EACH STATEMENT EXECUTE FUNCTION portal_append_only();

CREATE TRIGGER auditdigest_append_only BEFORE UPDATE OR DELETE ON subscriptions_auditdigest
    FOR EACH ROW EXECUTE FUNCTION portal_append_only();
CREATE TRIGGER auditdigest_no_truncate BEFORE TRUNCATE ON subscriptions_auditdigest
    FOR EACH STATEMENT EXECUTE FUNCTION portal_append_only();

INSERT INTO subscriptions_feedepoch (id, number) VALUES (1, 1);

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

DROP TRIGGER auditdigest_no_truncate ON subscriptions_auditdigest;
DROP TRIGGER auditdigest_append_only ON subscriptions_auditdigest;

DROP TRIGGER auditevent_no_truncate ON subscriptions_auditevent;
DROP TRIGGER auditevent_append_only ON subscriptions_auditevent;
DROP TRIGGER auditevent_stamp ON subscriptions_auditevent;
DROP FUNCTION portal_append_only();
DROP FUNCTION auditevent_stamp();
DROP FUNCTION portal_is_owner(regclass);
"""


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0001_initial")]
    operations = [migrations.RunSQL(STAMP, UNSTAMP)]
