"""The near limit: a WSGI function without a framework, one prepared query, the list's rows as HTML by formatting.

Served as the portal is: gunicorn -c python:portal.web_server bench.bare
"""

import os
import threading
from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path

import psycopg

from bench.seeds import LARGE

QUERY = f"""
    SELECT s.uuid, s.name, s.status, s.licenses_assigned, s.licenses_total, s.cost, s.currency, s.term_ends_on,
           p.number, p.name
      FROM (SELECT * FROM subscriptions_subscription WHERE tenant_id = {LARGE} AND status <> 'deleted'
             ORDER BY name_key, id LIMIT 26) s
      LEFT JOIN partners_partnerofrecord r ON r.subscription_id = s.id AND upper_inf(r.valid)
      LEFT JOIN partners_partner p ON p.id = r.partner_id
     ORDER BY s.name_key, s.id
"""
ROW = (
    '<tr><td><a href="/t/bench-1/billing/subscriptions/%s/">%s</a></td><td>%s</td><td class="num">%s / %s</td>'
    '<td class="num">%s %s</td><td>%s</td><td>%s %s</td></tr>'
)
PAGE = Path(os.environ.get("BENCH_PAGE", ""))  # the portal's own page, which the rows stand in
own = threading.local()


def application(environ: dict, start_response: Callable) -> Iterable[bytes]:
    if not hasattr(own, "connection"):
        own.connection = psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True, prepare_threshold=1)
        own.frame = PAGE.read_text().partition("<tbody>") if PAGE.is_file() else ("", "", "")
    rows = own.connection.execute(QUERY).fetchall()
    text = "".join([ROW % tuple(escape(str(value)) for value in row) for row in rows[:25]])
    before, mark, after = own.frame
    body = f"{before}{mark}{text}{after.partition('</tbody>')[2]}".encode()
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))])
    return [body]
