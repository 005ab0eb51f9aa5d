"""The subscriptions that credit a partner now, as its workspace lists and exports them. Never what they cost."""

from collections.abc import Iterator
from time import monotonic

from django.db import connection
from django.db.models import QuerySet

from partners.models import Partner
from partners.models.partner_of_record import PartnerOfRecordQuerySet
from partners.overview.customers import credited
from subscriptions.base.search import find_in
from subscriptions.db import scopes
from subscriptions.db.limits import TooManyRequests
from subscriptions.db.locks import try_name
from subscriptions.models import Tenant

COLUMNS = (
    "id", "began", "tenant__name", "tenant__slug", "tenant__uuid", "tenant__country", "subscription__uuid",
    "subscription__name", "subscription__product__name", "subscription__status", "subscription__licenses_assigned",
    "subscription__licenses_total", "subscription__term_ends_on", "subscription__lapses_on", "tenant__time_zone",
    "tenant__state",
)  # fmt: skip
SEARCHED = ("tenant__search_text", "subscription__search_text", "subscription__product__search_text")
ROWS_A_FETCH = 2000
# For each fetch, and for the time that a slow reader leaves between two.
EXPORT_LIMITS = "SET LOCAL statement_timeout = '60s'; SET LOCAL idle_in_transaction_session_timeout = '60s'"
EXPORT_SECONDS = 300  # for the whole of it
RETRY_SECONDS = 30


class ExportTookTooLong(Exception):
    """The file ends unfinished, which its reader sees by the broken connection."""


def matching(partner: Partner, *, text: str = "", customer: Tenant | None = None) -> PartnerOfRecordQuerySet:
    """`text` is words of the names of organization, subscription and product, or of their IDs."""
    rows = credited(partner).with_bounds()
    if customer:
        rows = rows.filter(tenant=customer)
    if text:
        rows = rows.filter(find_in(text, *SEARCHED))
    return rows


def facts(periods: PartnerOfRecordQuerySet, ids: list[int]) -> list[dict]:
    """What is shown of these periods, in the order of the ids."""
    found = {row["id"]: row for row in periods.filter(pk__in=ids).values(*COLUMNS)}
    return [found[pk] for pk in ids if pk in found]


def _require_no_export(*, person_id: int) -> None:
    """A person's exports run one after the other, as each holds a thread and a connection while it is sent."""
    if not try_name("export", person_id):
        raise TooManyRequests(RETRY_SECONDS)


def exported(rows: QuerySet, *, partner: Partner, person_id: int) -> Iterator[dict]:
    """These rows, read while they are sent: in a scope and a transaction of their own.

    Raises ExportTookTooLong, and TooManyRequests before the first row.
    """
    deadline = monotonic() + EXPORT_SECONDS
    with scopes.partner(partner.pk):
        _require_no_export(person_id=person_id)
        with connection.cursor() as cursor:
            cursor.execute(EXPORT_LIMITS)
        for row in rows.iterator(chunk_size=ROWS_A_FETCH):
            if monotonic() > deadline:
                raise ExportTookTooLong
            yield row
