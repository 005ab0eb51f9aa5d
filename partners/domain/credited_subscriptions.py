"""The subscriptions that credit a partner now, as its workspace lists and exports them. Never what they cost."""

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q

from partners.domain.customers import credited
from partners.models import Partner
from partners.models.partner_of_record import PartnerOfRecordQuerySet
from subscriptions import scopes
from subscriptions.models import Tenant
from subscriptions.names import sort_key

COLUMNS = (
    "id", "began", "tenant__name", "tenant__uuid", "tenant__country", "subscription__uuid", "subscription__name",
    "subscription__product__name", "subscription__status", "subscription__licenses_assigned",
    "subscription__licenses_total", "subscription__term_ends_on",
)  # fmt: skip
ROWS_A_FETCH = 2000
# For each fetch, and for the time that a slow reader leaves between two.
EXPORT_LIMITS = "SET LOCAL statement_timeout = '60s'; SET LOCAL idle_in_transaction_session_timeout = '10min'"


def matching(partner: Partner, *, text: str = "", customer: Tenant | None = None) -> PartnerOfRecordQuerySet:
    """`text` is a part of the name of the organisation, the subscription or the product."""
    rows = credited(partner).with_bounds()
    if customer:
        rows = rows.filter(tenant=customer)
    if text:
        key = sort_key(text)
        rows = rows.filter(
            Q(tenant__name_key__contains=key)
            | Q(subscription__name_key__contains=key)
            | Q(subscription__product__name__icontains=text)
        )
    return rows


def facts(periods: PartnerOfRecordQuerySet, ids: list[int]) -> list[dict]:
    """What is shown of these periods, in the order of the ids."""
    found = {row["id"]: row for row in periods.filter(pk__in=ids).values(*COLUMNS)}
    return [found[pk] for pk in ids if pk in found]


def exported(partner: Partner, *, text: str, customer: Tenant | None, zone: str) -> Iterator[tuple]:
    """A row each, the newest credit first, read while it is sent: in a scope and a transaction of its own."""
    with scopes.partner(partner.pk):
        with connection.cursor() as cursor:
            cursor.execute(EXPORT_LIMITS)
        newest = matching(partner, text=text, customer=customer).order_by("-began", "-id").values(*COLUMNS)
        for row in newest.iterator(chunk_size=ROWS_A_FETCH):
            yield _exported(row, zone)


def _exported(row: dict, zone: str) -> tuple[str | int | date, ...]:
    began: datetime = row["began"]
    return (
        row["tenant__name"],
        row["tenant__country"],
        row["subscription__name"],
        str(row["subscription__uuid"]),
        row["subscription__product__name"],
        row["subscription__status"],
        row["subscription__licenses_assigned"],
        row["subscription__licenses_total"],
        began.astimezone(ZoneInfo(zone)).date(),
        row["subscription__term_ends_on"],
    )
