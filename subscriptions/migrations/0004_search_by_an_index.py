"""A search of an organization goes by an index, and so does what is counted on its home."""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import BtreeGinExtension
from django.db import migrations, models

# LIKE is not leakproof, so behind a policy no index answers it. This one function asks as the owner, who is held by no
# policy, and so it must say by itself whose rows they are: those of the organization that the policy reads from the
# same setting, first, in the index and in the statement; none where it is not set. It tells ids and nothing else, and
# who is told an id still reads the row through the policy. Only the organization's scope may call it (grants.py). A NULL is
# no pattern. The plan is made for the words: a rare one goes by the index, of a common one a few are met at once.
SEARCH = r"""
CREATE FUNCTION subscriptions_with(word text, or_number text, or_uuid text, most integer) RETURNS bigint[]
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    of_tenant CONSTANT bigint := NULLIF(current_setting('app.tenant_id', true), '')::bigint;
    one CONSTANT text := '%' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%';
    two CONSTANT text := '%' || regexp_replace(or_number, '([\\%_])', '\\\1', 'g') || '%';
    three CONSTANT text := '%' || regexp_replace(or_uuid, '([\\%_])', '\\\1', 'g') || '%';
BEGIN
    IF of_tenant IS NULL THEN
        RETURN '{}';
    END IF;
    RETURN ARRAY(
        SELECT id FROM public.subscriptions_subscription
         WHERE tenant_id = of_tenant
           AND (search_text LIKE one OR search_text LIKE two OR search_text LIKE three
                OR own_search_text LIKE one OR own_search_text LIKE two OR own_search_text LIKE three)
         LIMIT most);
END $$;
REVOKE ALL ON FUNCTION subscriptions_with(text, text, text, integer) FROM PUBLIC;
"""
NO_SEARCH = "DROP FUNCTION subscriptions_with(text, text, text, integer);"


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0002_audit_is_append_only"), ("partners", "0001_initial")]
    operations = [
        BtreeGinExtension(),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(condition=models.Q(("state", "draft")), fields=["tenant", "id"], name="order_drafts"),
        ),
        migrations.AddIndex(
            model_name="subscription",
            index=models.Index(
                condition=models.Q(
                    ("status", "trial"),
                    models.Q(
                        ("status", "active"),
                        models.Q(("recurring_billing", False), ("billing_frequency", "annual"), _connector="OR"),
                    ),
                    _connector="OR",
                ),
                fields=["tenant", "term_ends_on", "id"],
                name="subscription_to_attend_to",
            ),
        ),
        migrations.AddIndex(
            model_name="subscription",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["tenant", "search_text", "own_search_text"],
                opclasses=["int8_ops", "gin_trgm_ops", "gin_trgm_ops"],
                name="subscription_by_words",
            ),
        ),
        migrations.RunSQL(SEARCH, NO_SEARCH),
    ]
