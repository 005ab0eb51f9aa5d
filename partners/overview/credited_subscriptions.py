"""The subscriptions that credit a partner now, as its workspace lists and exports them. Never what they cost."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.models import Partner, PartnerCustomer
from partners.models.partner_of_record import PartnerOfRecordQuerySet
from partners.overview.customers import credited
from subscriptions.base.days import today_by_zone, today_in
from subscriptions.base.formats import with_figures
from subscriptions.base.search import Word, find_words, word_in
from subscriptions.clouds import Text
from subscriptions.models import Product, Tenant
from subscriptions.models.state_by_date import in_state, may_have_lapsed, status_in
from subscriptions.models.subscription import SubscriptionStatus
from subscriptions.subscriptions.reads import ends_within

COLUMNS = (
    "id", "began", "tenant__name", "tenant__slug", "tenant__uuid", "tenant__country", "subscription__uuid",
    "subscription__name", "subscription__product__name", "subscription__status", "subscription__licenses_assigned",
    "subscription__licenses_total", "subscription__term_ends_on", "subscription__lapses_on", "tenant__time_zone",
    "tenant__state", "product_id", "status", "licenses",
)  # fmt: skip


def credits_listed(partner: Partner, *, customer: Tenant | None = None) -> PartnerOfRecordQuerySet:
    rows = credited(partner).with_bounds()
    return rows.filter(tenant=customer) if customer else rows


def filtered(rows: PartnerOfRecordQuerySet, wanted: dict) -> PartnerOfRecordQuerySet:
    """By the key of a product, status, country and end: all of them copies that the credit holds."""
    if wanted["product"]:
        rows = rows.filter(product=wanted["product"])
    if wanted["status"]:
        rows = rows.filter(in_state(wanted["status"], today_by_zone("time_zone")))
    if wanted["country"]:
        rows = rows.filter(country=wanted["country"])
    if wanted["ends"]:
        rows = rows.filter(ENDS[wanted["ends"]].condition())
    return rows


@dataclass(frozen=True)
class End:
    """Within so many days of the reader's; `column` is the end of any term, or of one that no other follows."""

    text: Text
    column: str
    days: int

    @property
    def label(self) -> Text:
        return with_figures(self.text, {"days": self.days})

    def condition(self) -> Q:
        return ends_within(timedelta(days=self.days), timezone.localdate(), self.column)


RUNS_OUT = "runs-out-30"
RUNS_OUT_WITHIN, TERM_ENDS_WITHIN = _("Runs out within %(days)s days"), _("Term ends within %(days)s days")
ENDS = {
    RUNS_OUT: End(RUNS_OUT_WITHIN, "lapses_on", 30),
    "runs-out-90": End(RUNS_OUT_WITHIN, "lapses_on", 90),
    "term-30": End(TERM_ENDS_WITHIN, "term_ends_on", 30),
    "term-90": End(TERM_ENDS_WITHIN, "term_ends_on", 90),
}


def matching(rows: PartnerOfRecordQuerySet, text: str, *, partner: Partner) -> PartnerOfRecordQuerySet:
    """`text` is words of the names of organization, subscription and product, or of their IDs."""
    return rows.filter(find_words(text, _has_word(partner)))


def _has_word(partner: Partner) -> Callable[[Word], Q]:
    """Names of organizations and products are looked for among these, which are fewer than what is credited."""
    own = PartnerCustomer.objects.of_partner(partner)

    def has_word(word: Word) -> Q:
        tenants = own.filter(word_in(word, "search_text")).values("tenant")
        products = Product.objects.filter(word_in(word, "search_text")).values("pk")
        return word_in(word, "search_text") | Q(tenant__in=tenants) | Q(product__in=products)

    return has_word


def facts(partner: Partner, ids: list[int]) -> list[dict]:
    """What is shown of these credits of the partner, in the order of the ids."""
    found = {row["id"]: row for row in credited(partner).with_bounds().filter(pk__in=ids).values(*COLUMNS)}
    return list(existing(found[pk] for pk in ids if pk in found))


def existing(rows: Iterable[dict]) -> Iterator[dict]:
    """Without what is deleted by its date, while the hourly job has not written it."""
    state = states_there()
    return (row for row in rows if state(row) != SubscriptionStatus.DELETED)


def without_deleted(rows: QuerySet) -> QuerySet:
    """The same of a query; one without a day on which it lapses is in no other state than is stored."""
    deleted = in_state(SubscriptionStatus.DELETED, today_by_zone("tenant__time_zone"), "subscription__")
    stays = Q(subscription__lapses_on=None) & ~Q(subscription__status=SubscriptionStatus.DELETED)
    lapses = Q(subscription__lapses_on__isnull=False) & ~(may_have_lapsed("subscription__") & deleted)
    return rows.filter(stays | lapses)


def states_there() -> Callable[[Mapping[str, Any]], SubscriptionStatus]:
    """The state of a row by the day that it is now in its organization."""
    now = timezone.now()
    today_there = cache(lambda zone: today_in(zone, now))

    def state(row: Mapping[str, Any]) -> SubscriptionStatus:
        return status_in(row, today_there(row["tenant__time_zone"]), "subscription__")

    return state
