"""The customers of a partner are kept, so that a page of them reads no more than it shows."""

from django.db import migrations

KEEP = """
CREATE FUNCTION partnercustomer_add(of_partner bigint, of_tenant bigint, more_credits integer, more_ties integer)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    part bigint;
BEGIN
    -- a part that nobody else is writing, so that two acts never wait for each other here
    SELECT id INTO part FROM partners_partnercustomer
     WHERE tenant_id = of_tenant AND partner_id = of_partner ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED;
    IF part IS NULL THEN
        INSERT INTO partners_partnercustomer (partner_id, tenant_id, name_key, search_text, credits, ties)
        SELECT of_partner, id, name_key, search_text, more_credits, more_ties
          FROM subscriptions_tenant WHERE id = of_tenant;
    ELSE
        UPDATE partners_partnercustomer SET credits = credits + more_credits, ties = ties + more_ties WHERE id = part;
        DELETE FROM partners_partnercustomer WHERE id = part AND credits = 0 AND ties = 0;
    END IF;
END $$;

CREATE FUNCTION partnerofrecord_count() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    change record;
BEGIN
    IF TG_OP = 'INSERT' THEN
        FOR change IN
            SELECT partner_id, tenant_id, count(*)::integer AS credits FROM new_rows
             WHERE upper_inf(valid) AND NOT of_deleted GROUP BY 1, 2 ORDER BY 1, 2
        LOOP
            PERFORM partnercustomer_add(change.partner_id, change.tenant_id, change.credits, 0);
        END LOOP;
    ELSIF TG_OP = 'DELETE' THEN
        FOR change IN
            SELECT partner_id, tenant_id, -count(*)::integer AS credits FROM old_rows
             WHERE upper_inf(valid) AND NOT of_deleted GROUP BY 1, 2 ORDER BY 1, 2
        LOOP
            PERFORM partnercustomer_add(change.partner_id, change.tenant_id, change.credits, 0);
        END LOOP;
    ELSE
        FOR change IN
            SELECT partner_id, tenant_id, sum(step)::integer AS credits
              FROM (SELECT partner_id, tenant_id, -1 AS step FROM old_rows WHERE upper_inf(valid) AND NOT of_deleted
                     UNION ALL
                    SELECT partner_id, tenant_id, 1 FROM new_rows WHERE upper_inf(valid) AND NOT of_deleted) steps
             GROUP BY 1, 2 HAVING sum(step) <> 0 ORDER BY 1, 2
        LOOP
            PERFORM partnercustomer_add(change.partner_id, change.tenant_id, change.credits, 0);
        END LOOP;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION partnerrelationship_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.ended_at IS NULL THEN
        PERFORM partnercustomer_add(OLD.partner_id, OLD.tenant_id, 0, -1);
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.ended_at IS NULL THEN
        PERFORM partnercustomer_add(NEW.partner_id, NEW.tenant_id, 0, 1);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION tenant_pass_on_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE partners_partnercustomer SET name_key = NEW.name_key, search_text = NEW.search_text
     WHERE tenant_id = NEW.id;
    RETURN NULL;
END $$;

CREATE TRIGGER partnerofrecord_count_new AFTER INSERT ON partners_partnerofrecord
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION partnerofrecord_count();
CREATE TRIGGER partnerofrecord_count_changed AFTER UPDATE ON partners_partnerofrecord
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT
    EXECUTE FUNCTION partnerofrecord_count();
CREATE TRIGGER partnerofrecord_count_gone AFTER DELETE ON partners_partnerofrecord
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION partnerofrecord_count();
CREATE TRIGGER partnerrelationship_count AFTER INSERT OR DELETE ON partners_partnerrelationship
    FOR EACH ROW EXECUTE FUNCTION partnerrelationship_count();
CREATE TRIGGER partnerrelationship_count_ended AFTER UPDATE OF ended_at ON partners_partnerrelationship
    FOR EACH ROW WHEN ((OLD.ended_at IS NULL) <> (NEW.ended_at IS NULL))
    EXECUTE FUNCTION partnerrelationship_count();
CREATE TRIGGER tenant_pass_on_name AFTER UPDATE OF name_key, search_text ON subscriptions_tenant
    FOR EACH ROW WHEN ((OLD.name_key, OLD.search_text) IS DISTINCT FROM (NEW.name_key, NEW.search_text))
    EXECUTE FUNCTION tenant_pass_on_name();
"""
STOP = """
DROP TRIGGER tenant_pass_on_name ON subscriptions_tenant;
DROP TRIGGER partnerrelationship_count_ended ON partners_partnerrelationship;
DROP TRIGGER partnerrelationship_count ON partners_partnerrelationship;
DROP TRIGGER partnerofrecord_count_gone ON partners_partnerofrecord;
DROP TRIGGER partnerofrecord_count_changed ON partners_partnerofrecord;
DROP TRIGGER partnerofrecord_count_new ON partners_partnerofrecord;
DROP FUNCTION tenant_pass_on_name();
DROP FUNCTION partnerrelationship_count();
DROP FUNCTION partnerofrecord_count();
DROP FUNCTION partnercustomer_add(bigint, bigint, integer, integer);
"""


class Migration(migrations.Migration):
    dependencies = [("partners", "0003_history_is_permanent")]
    operations = [migrations.RunSQL(KEEP, STOP)]
