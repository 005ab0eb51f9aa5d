"""A new partner of record takes what its subscription and its organization say in one look at both; and the guard
against backdating is not asked where an import may backdate.
"""

from django.db import migrations

from subscriptions.db.scopes import ScopeRole

ONE_LOOK = """
CREATE OR REPLACE FUNCTION partnerofrecord_copy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT s.product_id, s.search_text, s.status = 'deleted', s.status, s.licenses_total, s.lapses_on, s.term_ends_on,
           t.country, t.time_zone
      INTO NEW.product_id, NEW.search_text, NEW.of_deleted, NEW.status, NEW.licenses, NEW.lapses_on, NEW.term_ends_on,
           NEW.country, NEW.time_zone
      FROM subscriptions_subscription s, subscriptions_tenant t
     WHERE s.id = NEW.subscription_id AND t.id = NEW.tenant_id;
    RETURN NEW;
END $$;

DROP TRIGGER partnerofrecord_guard_insert ON partners_partnerofrecord;
CREATE TRIGGER partnerofrecord_guard_insert BEFORE INSERT ON partners_partnerofrecord
    FOR EACH ROW WHEN (current_user <> 'portal_import') EXECUTE FUNCTION partnerofrecord_guard_insert();
"""
TWO_LOOKS = """
DROP TRIGGER partnerofrecord_guard_insert ON partners_partnerofrecord;
CREATE TRIGGER partnerofrecord_guard_insert BEFORE INSERT ON partners_partnerofrecord
    FOR EACH ROW EXECUTE FUNCTION partnerofrecord_guard_insert();

CREATE OR REPLACE FUNCTION partnerofrecord_copy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT product_id, search_text, status = 'deleted', status, licenses_total, lapses_on, term_ends_on
      INTO NEW.product_id, NEW.search_text, NEW.of_deleted, NEW.status, NEW.licenses, NEW.lapses_on, NEW.term_ends_on
      FROM subscriptions_subscription WHERE id = NEW.subscription_id;
    SELECT country, time_zone INTO NEW.country, NEW.time_zone FROM subscriptions_tenant WHERE id = NEW.tenant_id;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("partners", "0005_whom_a_row_credits_by_its_index")]
    operations = [migrations.RunSQL(ONE_LOOK.replace("'portal_import'", f"'{ScopeRole.IMPORT}'"), TWO_LOOKS)]
