"""The goal of the act: a Submit over HTTP beside the same rows written by SQL alone, one lock and one statement."""

import html
import re
import statistics
import threading
import time
from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

import psycopg

from bench.load import Sample, answer, get, load, post
from bench.seeds import LARGE
from bench.table import Row
from bench.world import LIST, World

SECRET = "benchbenchbenchbenchbenchbench01"  # of the CSRF cookie, which the form repeats
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?')
LOCK = "SELECT id, tenant_id, product_id FROM subscriptions_subscription WHERE uuid = %s FOR UPDATE"
ACT = """
    WITH ended AS (
        UPDATE partners_partnerofrecord SET valid = tstzrange(lower(valid), clock_timestamp()), end_source = 'tenant',
               ended_by_name = 'Alex Wilber' WHERE subscription_id = %(id)s AND upper_inf(valid)
     RETURNING tenant_id, upper(valid) AS at),
    begun AS (
        INSERT INTO partners_partnerofrecord (uuid, tenant_id, subscription_id, product_id, partner_id, valid, source,
               set_by_name, reason, end_source, ended_by_name, end_reason, search_text, of_deleted, status, licenses,
               country, time_zone)
        SELECT gen_random_uuid(), tenant_id, %(id)s, %(product)s, %(partner)s, tstzrange(at, NULL), 'tenant',
               'Alex Wilber', '', '', '', '', '', false, '', 0, '', '' FROM ended
     RETURNING tenant_id),
    told AS (
        INSERT INTO subscriptions_auditevent (uuid, tenant_id, kind, actor_kind, actor_name, actor_partner,
               subject_name, reason, detail)
        SELECT gen_random_uuid(), tenant_id, 'partner-of-record.changed', 'member', 'Alex Wilber', '', 'Bench',
               '', '{}'
          FROM begun
     RETURNING id, tenant_id)
    INSERT INTO subscriptions_mail (uuid, kind, former_address, to_company_name, to_company_mailbox,
           to_company_number, language, state, attempts, last_error, event_id, to_user_id, tenant_id)
    SELECT gen_random_uuid(), 'partner-of-record-receipt', '', '', '', '', 'en', 'queued', 0, '', id, %(user)s,
           tenant_id
      FROM told
"""


def submitted(portal: World, *, rounds: int, submits: int) -> Iterator[Row]:
    """Each on a subscription of its own, the form fetched and the ID checked before."""
    uuids = iter(portal.subscriptions(4 * rounds * submits))
    for connections in (1, 8):
        pairs = []
        for number in range(rounds):
            some = [next(uuids) for _each in range(submits)]
            bodies = [_checked(portal, uuid, f"50000{10 + number}") for uuid in some]
            over_http = load(portal.port, iter(bodies), connections=connections)
            raw = _raw([next(uuids) for _each in range(submits)], portal.url, connections)
            pairs.append((over_http, raw))
        ratios = [sample.per_second / raw for sample, raw in pairs]
        note = f"{statistics.median(sample.per_second for sample, _raw in pairs):,.0f} and"
        note += f" {statistics.median(raw for _sample, raw in pairs):,.0f} a second"
        yield Row(f"P5 Submit beside SQL alone, {connections} at once", ratios, 0.25, is_least=True, note=note)
        yield _tail(connections, [sample for sample, _raw in pairs])
    yield Row("P5 subscriptions with two open partners", [_doubled(portal)], 0)


def _tail(connections: int, samples: Sequence[Sample]) -> Row:
    found = [sample.percentile(0.99) / sample.median for sample in samples]
    statuses = sum(sample.statuses.get(303, 0) for sample in samples)
    refused = sum(len(sample.times) for sample in samples) - statuses
    return Row(f"P5 slowest of 100 beside the median, {connections} at once", found, 3, note=f"{refused} not done")


def _checked(portal: World, uuid: str, number: str) -> bytes:
    """The request of a Submit whose ID has been checked: a first one shows whose it is, and asks again."""
    path = f"{LIST}{uuid}/partner-of-record/"
    cookie = f"{portal.sessions['large']}; csrf={SECRET}"
    page = answer(portal.port, get(portal.port, path, cookie))
    for _time in range(2):
        fields = {name: html.unescape(value) for name, value in HIDDEN.findall(_form(page.decode()))}
        body = urlencode({**fields, "csrfmiddlewaretoken": SECRET, "partner_id": number, "when": "now"})
        request = post(portal.port, path, cookie, body)
        if _time == 0:
            page = answer(portal.port, request)
    return request


def _form(page: str) -> str:
    """The one in which the ID is typed."""
    return next(part for part in page.split("<form") if 'name="partner_id"' in part)


def _raw(uuids: Sequence[str], url: str, connections: int) -> float:
    """Acts a second, each in a transaction of its own."""

    def act(own: Sequence[str]) -> None:
        with psycopg.connect(url, autocommit=True, prepare_threshold=1) as session:
            for uuid in own:
                with session.transaction():
                    pk, _tenant, product = session.execute(LOCK, [uuid]).fetchone() or (0, 0, 0)
                    session.execute(ACT, {"id": pk, "product": product, "partner": LARGE + 3, "user": LARGE})

    threads = [threading.Thread(target=act, args=[uuids[number::connections]]) for number in range(connections)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(uuids) / (time.perf_counter() - began)


def _doubled(portal: World) -> int:
    query = """
        SELECT count(*) FROM (SELECT 1 FROM partners_partnerofrecord WHERE upper_inf(valid)
         GROUP BY subscription_id HAVING count(*) > 1) twice
    """
    with psycopg.connect(portal.url) as owner:
        (found,) = owner.execute(query).fetchone() or (0,)
    return found
