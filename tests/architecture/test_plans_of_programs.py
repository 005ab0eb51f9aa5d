"""The lists of an organization's applications and webhooks find their rows by an index, among many of others."""

import pytest
from django.db import connection

from tests.architecture import test_plans
from tests.architecture.test_plans import scans, tables
from tests.database import as_owner
from tests.factories import make_application, make_webhook

LARGE = {
    "subscriptions_application",
    "subscriptions_applicationtoken",
    "subscriptions_webhookendpoint",
    "subscriptions_webhookdelivery",
}
SEEDS = """
    SET LOCAL session_replication_role = replica;
    CREATE TEMPORARY TABLE seeds ON COMMIT DROP AS
           SELECT number, CASE WHEN number <= 20 THEN %(alpha)s ELSE %(beta)s END AS tenant
             FROM generate_series(1, 10000) AS number;
    INSERT INTO subscriptions_application (uuid, tenant_id, name, role, scopes, made_by, reminded)
    SELECT gen_random_uuid(), tenant, 'Robot ' || number, 'billing-admin', '{subscriptions.read}', 'Alex', false
      FROM seeds;
    INSERT INTO subscriptions_applicationtoken (uuid, application_id, hash, hint, made_by, expires_on)
    SELECT gen_random_uuid(), id, md5(id::text), 'por_…', 'Alex', now() + interval '30 days'
      FROM subscriptions_application;
    INSERT INTO subscriptions_webhookendpoint
    SELECT w.* FROM seeds, subscriptions_webhookendpoint like_it, jsonb_populate_record(like_it, jsonb_build_object(
           'id', 100000 + number, 'uuid', gen_random_uuid(), 'tenant_id', tenant, 'label', 'Hook ' || number)) AS w
     WHERE like_it.id = %(webhook)s;
    INSERT INTO subscriptions_webhookdelivery
           (endpoint_id, uuid, message, kind, cause, attempt, tried, outcome, status, milliseconds)
    SELECT id, gen_random_uuid(), gen_random_uuid(), 'webhook.test', 'test', 1, now(), 'refused', 500, 9
      FROM subscriptions_webhookendpoint, generate_series(1, 3);
    ANALYZE subscriptions_application, subscriptions_applicationtoken, subscriptions_webhookendpoint,
            subscriptions_webhookdelivery
"""
# What a page reads, and by which index its first rows are found
PAGES = {
    "settings/applications/": "application_name_once",
    "settings/webhooks/": "subscriptions_webhookendpoint_tenant_id",
    "settings/webhooks/{webhook}/": "webhookdelivery_newest_first",
    "settings/applications/{application}/": "subscriptions_applicationtoken_application_id",
}


@pytest.fixture
def rows(alpha, beta):
    """One webhook and one application of alpha's, among 20 of its own and 10,000 of another organization."""
    webhook, application = make_webhook(tenant=alpha), make_application(tenant=alpha)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(SEEDS, {"alpha": alpha.pk, "beta": beta.pk, "webhook": webhook.pk})
        cursor.execute("SET LOCAL session_replication_role = origin")
    return {"webhook": webhook.uuid, "application": application.uuid}


def test_lists_of_programs_and_webhooks_are_read_by_an_index(alpha, rows, global_admin, sign_in, monkeypatch):
    monkeypatch.setattr(test_plans, "LARGE", LARGE)
    client = sign_in(global_admin)
    for page, index in PAGES.items():
        nodes = list(scans(client, alpha, page.format(**rows), seqscan="on"))
        found = {str(node.get("Index Name")) for node in nodes}
        assert any(name.startswith(index) for name in found), (page, found)
        assert tables(nodes, "Seq Scan") == set(), page
