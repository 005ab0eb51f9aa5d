"""An event that says by itself what the server would stamp on it is left alone, without asking whose the table is.

The server's own defaults say it: when the statement began, in which transaction, after how many restores. Whatever
differs is stamped as before, and nobody but the owner can keep it.
"""

from django.db import migrations

STAMPED = """
(NEW.at IS NULL OR NEW.at NOT BETWEEN statement_timestamp() AND clock_timestamp()
  OR NEW.tx IS DISTINCT FROM pg_current_xact_id() OR NEW.epoch IS DISTINCT FROM portal_epoch())
"""
TIE_STAMPED = "(NEW.tx IS DISTINCT FROM pg_current_xact_id() OR NEW.epoch IS DISTINCT FROM portal_epoch())"
STAMP = f"""
CREATE OR REPLACE FUNCTION auditevent_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_kept CONSTANT boolean := portal_is_owner(TG_RELID::regclass);
BEGIN
    IF NEW.at IS NULL OR NOT is_kept THEN
        NEW.at := clock_timestamp();
    END IF;
    IF NOT is_kept THEN
        NEW.tx := pg_current_xact_id();
        NEW.epoch := portal_epoch();
    END IF;
    RETURN NEW;
END $$;

DROP TRIGGER auditevent_stamp ON subscriptions_auditevent;
CREATE TRIGGER auditevent_stamp BEFORE INSERT ON subscriptions_auditevent
    FOR EACH ROW WHEN {STAMPED} EXECUTE FUNCTION auditevent_stamp();

DROP TRIGGER partnerevent_stamp ON subscriptions_partnerevent;
CREATE TRIGGER partnerevent_stamp BEFORE INSERT ON subscriptions_partnerevent
    FOR EACH ROW WHEN {TIE_STAMPED} EXECUTE FUNCTION partnerevent_stamp();
"""
ALWAYS = """
DROP TRIGGER partnerevent_stamp ON subscriptions_partnerevent;
CREATE TRIGGER partnerevent_stamp BEFORE INSERT ON subscriptions_partnerevent
    FOR EACH ROW EXECUTE FUNCTION partnerevent_stamp();

DROP TRIGGER auditevent_stamp ON subscriptions_auditevent;
CREATE TRIGGER auditevent_stamp BEFORE INSERT ON subscriptions_auditevent
    FOR EACH ROW EXECUTE FUNCTION auditevent_stamp();
"""


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0004_search_by_an_index")]
    operations = [migrations.RunSQL(STAMP, ALWAYS)]
