"""What happened stays: periods are opened now and closed once, relationships end once, what was sent is fixed."""

from django.db import migrations

from subscriptions.db.scopes import ScopeRole

GUARD = """
CREATE FUNCTION partnerofrecord_copy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT product_id, search_text, status = 'deleted', status, licenses_total, lapses_on, term_ends_on
      INTO NEW.product_id, NEW.search_text, NEW.of_deleted, NEW.status, NEW.licenses, NEW.lapses_on, NEW.term_ends_on
      FROM subscriptions_subscription WHERE id = NEW.subscription_id;
    SELECT country, time_zone INTO NEW.country, NEW.time_zone FROM subscriptions_tenant WHERE id = NEW.tenant_id;
    RETURN NEW;
END $$;

CREATE TRIGGER partnerofrecord_copy BEFORE INSERT ON partners_partnerofrecord
    FOR EACH ROW EXECUTE FUNCTION partnerofrecord_copy();

CREATE FUNCTION subscription_pass_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE partners_partnerofrecord
       SET product_id = NEW.product_id, search_text = NEW.search_text, of_deleted = (NEW.status = 'deleted'),
           status = NEW.status, licenses = NEW.licenses_total, lapses_on = NEW.lapses_on,
           term_ends_on = NEW.term_ends_on
     WHERE subscription_id = NEW.id AND upper_inf(valid);
    RETURN NULL;
END $$;

CREATE TRIGGER subscription_pass_on AFTER UPDATE ON subscriptions_subscription
    FOR EACH ROW WHEN ((OLD.product_id, OLD.search_text, OLD.status, OLD.licenses_total, OLD.lapses_on,
                        OLD.term_ends_on)
                       IS DISTINCT FROM (NEW.product_id, NEW.search_text, NEW.status, NEW.licenses_total,
                        NEW.lapses_on, NEW.term_ends_on))
    EXECUTE FUNCTION subscription_pass_on();

CREATE FUNCTION tenant_pass_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE partners_partnerofrecord SET country = NEW.country, time_zone = NEW.time_zone
     WHERE tenant_id = NEW.id AND upper_inf(valid);
    RETURN NULL;
END $$;

CREATE TRIGGER tenant_pass_on AFTER UPDATE OF country, time_zone ON subscriptions_tenant
    FOR EACH ROW WHEN ((OLD.country, OLD.time_zone) IS DISTINCT FROM (NEW.country, NEW.time_zone))
    EXECUTE FUNCTION tenant_pass_on();

CREATE FUNCTION partnerofrecord_guard_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF portal_is_owner(TG_RELID::regclass) OR current_user = 'portal_import' THEN
        RETURN NEW;  -- an import brings in what was before today
    END IF;
    IF lower(NEW.valid) < now() THEN
        RAISE EXCEPTION 'a partner of record cannot be backdated' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT upper_inf(NEW.valid) OR (lower(NEW.valid) > clock_timestamp() + interval '1 minute' AND NOT EXISTS (
        SELECT 1 FROM partners_partnerofrecord before
         WHERE before.subscription_id = NEW.subscription_id AND upper(before.valid) = lower(NEW.valid))) THEN
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
    IF upper_inf(OLD.valid) THEN
        SELECT product_id, search_text, status = 'deleted', status, licenses_total, lapses_on, term_ends_on
          INTO closed.product_id, closed.search_text, closed.of_deleted, closed.status, closed.licenses,
               closed.lapses_on, closed.term_ends_on
          FROM subscriptions_subscription WHERE id = OLD.subscription_id;
        SELECT country, time_zone INTO closed.country, closed.time_zone
          FROM subscriptions_tenant WHERE id = OLD.tenant_id;
        IF closed IS NOT DISTINCT FROM NEW THEN
            RETURN NEW;  -- nothing but what the subscription says
        END IF;
        closed := OLD;
    END IF;
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
            OR (OLD.uuid, OLD.tenant_id, OLD.partner_id, OLD.kind, OLD.name, OLD.roles, OLD.days, OLD.credit,
                OLD.purchase)
            IS DISTINCT FROM
            (NEW.uuid, NEW.tenant_id, NEW.partner_id, NEW.kind, NEW.name, NEW.roles, NEW.days, NEW.credit,
                NEW.purchase)) THEN
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
DROP TRIGGER partnerrelationship_guard_end ON partners_partnerrelationship;
DROP FUNCTION partnerrelationship_guard_end();
DROP TRIGGER partnerofrecord_no_truncate ON partners_partnerofrecord;
DROP TRIGGER partnerofrecord_no_delete ON partners_partnerofrecord;
DROP TRIGGER partnerofrecord_guard_update ON partners_partnerofrecord;
DROP TRIGGER partnerofrecord_guard_insert ON partners_partnerofrecord;
DROP FUNCTION partnerofrecord_guard_update();
DROP FUNCTION partnerofrecord_guard_insert();
DROP TRIGGER tenant_pass_on ON subscriptions_tenant;
DROP TRIGGER subscription_pass_on ON subscriptions_subscription;
DROP TRIGGER partnerofrecord_copy ON partners_partnerofrecord;
DROP FUNCTION tenant_pass_on();
DROP FUNCTION subscription_pass_on();
DROP FUNCTION partnerofrecord_copy();
"""


class Migration(migrations.Migration):
    dependencies = [("partners", "0002_ties"), ("subscriptions", "0002_audit_is_append_only")]
    operations = [migrations.RunSQL(GUARD.replace("'portal_import'", f"'{ScopeRole.IMPORT}'"), UNGUARD)]
