"""Settings > Partner Relationships as data: stored ties and derived advisors in one list."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from types import SimpleNamespace

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, F, Min, QuerySet, Sum, Value
from django.db.models.functions import Cast
from django.http import QueryDict

from partners.models import PartnerCustomer, PartnerRelationship, ReleaseRequest
from partners.models.partner_relationship import (
    PartnerRelationshipQuerySet,
    RelationshipKind,
    RelationshipStatus,
    ends_soon_now,
)
from partners.partner_of_record.reads import has_advisors, open_credits, partners_with_credits
from partners.relationships.review import due_for_review
from partners.relationships.rows import RelationshipRow, advisor_row
from subscriptions.base.known_queries import IsAmong, KnownQuery, stand_in
from subscriptions.base.search import find_in
from subscriptions.models import Tenant
from subscriptions.models.delegated_role import DelegatedRole
from subscriptions.web.paging import PAGE_SIZE, Page, Sort, is_beyond_first, page_by_key, page_fetched, total_of

BY_PARTNER = Sort("name_key")
MOST_ROWS = 500  # of the partners of a page
PARTNER_COLUMNS = {
    "partner_name": F("partner__name"),
    "partner_key": F("partner__name_key"),
    "partner_number": F("partner__number"),
    "partner_uuid": F("partner__uuid"),
    "partner_state": F("partner__state"),
}
# As a union has them: a column of a model's own name cannot be annotated.
RENAMED = {
    "kind_": "kind",
    "name_": "name",
    "uuid_": "uuid",
    "roles_": "roles",
    "since": "started_at",
    "expires": "expires_on",
    "auto_extend_": "auto_extend",
    "ended": "ended_at",
    "ended_by_": "ended_by",
    "end_reason_": "end_reason",
}
COLUMNS = (*PARTNER_COLUMNS, *RENAMED, "ends_soon", "unused", "subscriptions", "status", "is_asked")


def ending_soon(tenant: Tenant) -> PartnerRelationshipQuerySet:
    return PartnerRelationship.objects.of_tenant(tenant).filter(ends_soon_now())


def asked_to_end(tenant: Tenant) -> PartnerRelationshipQuerySet:
    """Those of which the reseller was asked to release the organization and has not answered."""
    requests = ReleaseRequest.objects.of_tenant(tenant).open()
    return PartnerRelationship.objects.of_tenant(tenant).filter(pk__in=requests.values("relationship"))


# What waits, by the filter that leaves it
WAITING: dict[str, Callable[[Tenant], PartnerRelationshipQuerySet]] = {
    "ends-soon": ending_soon,
    "review-due": due_for_review,
    "asked": asked_to_end,
    "offers": lambda tenant: PartnerRelationship.objects.none(),  # no relationships yet
}


@dataclass(frozen=True)
class RelationshipPage:
    """A page of partners with all that ties them to the organization; `total` relationships match, up to COUNT_CAP.

    `is_cut` where one of these partners has so many relationships that not all are among the rows.
    """

    page: Page
    rows: list[RelationshipRow]
    total: int
    is_cut: bool


def page_of_relationships(tenant: Tenant, query: QueryDict, *, text: str = "", status: str = "") -> RelationshipPage:
    """The tenant's relationships by partner, and those of a page of partners only.

    `status` is a RelationshipStatus, a key of WAITING, or empty for all.
    """
    page = _page_of_partners(tenant, query, text, status)
    shown = {partner["id"]: partner for partner in page.rows}
    if status not in OF_PARTNERS:
        newest = _newest(_narrowed(_stored(tenant), tenant, "", status).filter(partner__in=shown))
        found = list(newest[: MOST_ROWS + 1])
    else:
        found = OF_PARTNERS[status].values(place=tenant.pk, partners=list(shown)) if shown else []
    rows: dict[int, list[RelationshipRow]] = {pk: [] for pk in shown}
    for values in found[:MOST_ROWS]:
        rows[values["partner"]].append(row_of_values(values))
    for pk, partner in shown.items():
        rows[pk].sort(key=lambda row: row.kind)
        if status in ("", RelationshipStatus.ACTIVE) and partner["subscriptions"]:
            rows[pk].append(advisor_row(SimpleNamespace(**partner)))
    totals = [partner["stored"] + partner["advised"] for partner in page.rows[:1]]
    return RelationshipPage(page, [row for pk in shown for row in rows[pk]], sum(totals), len(found) > MOST_ROWS)


def _page_of_partners(tenant: Tenant, query: QueryDict, text: str, status: str) -> Page:
    """The first page without a search, which is asked most, is a known query, one for each status."""
    if text or status not in FIRST_PARTNERS or is_beyond_first(query):
        return page_by_key(_tied_partners(tenant, text, status), BY_PARTNER, query)
    return page_fetched(lambda *_: FIRST_PARTNERS[status].values(place=tenant.pk), BY_PARTNER, query)


def _tied_partners(tenant: Tenant, text: str, status: str) -> QuerySet:
    stored, advised = _narrowed(_ties(tenant), tenant, text, status), _advised(tenant, text, status)
    return (
        partners_with_credits(tenant)
        .filter(pk__in=stored.values("partner").union(advised))
        .annotate(stored=total_of(stored.values("pk")), advised=total_of(advised))
        .values("id", "name_key", "name", "number", "uuid", "state", "since", "subscriptions", "stored", "advised")
    )


def _newest(ties: QuerySet) -> QuerySet:
    return ties.order_by("-started_at", "-pk").values("partner", *COLUMNS)


def _first_partners(status: str) -> QuerySet:
    return BY_PARTNER.apply(_tied_partners(stand_in(Tenant), "", status))[: PAGE_SIZE + 1]


def _of_partners(status: str) -> QuerySet:
    """Ties of the organization with these partners, the newest of them where they are very many."""
    tenant = stand_in(Tenant)
    ties = _narrowed(_stored(tenant), tenant, "", status).filter(IsAmong("partner", "partners"))
    return _newest(ties)[: MOST_ROWS + 1]


STATUSES = ("", *RelationshipStatus.values)
FIRST_PARTNERS = {status: KnownQuery(partial(_first_partners, status)) for status in STATUSES}
OF_PARTNERS = {status: KnownQuery(partial(_of_partners, status)) for status in STATUSES}


def _narrowed(
    stored: PartnerRelationshipQuerySet, tenant: Tenant, text: str, status: str
) -> PartnerRelationshipQuerySet:
    if text:
        stored = stored.filter(find_in(text, "partner__search_text"))
    if status in WAITING:
        waiting = WAITING[status](tenant)
        return stored.none() if waiting.query.is_empty() else stored.filter(pk__in=waiting.values("pk"))
    return stored.with_status().filter(status=status) if status else stored


def _advised(tenant: Tenant, text: str, status: str) -> QuerySet:
    """The keys of the partners of record of today, from the counts that are kept."""
    if status not in ("", RelationshipStatus.ACTIVE):
        return PartnerCustomer.objects.none().values("partner")
    kept = PartnerCustomer.objects.filter(tenant=tenant)
    if text:
        kept = kept.filter(find_in(text, "partner__search_text"))
    return kept.values("partner").annotate(credited=Sum("credits")).filter(credited__gt=0).values("partner")


def ordered_relationships(tenant: Tenant, *, text: str = "", status: str = "") -> QuerySet:
    """All of them by partner, as values that `row_of_values` reads."""
    columns = _narrowed(_stored(tenant), tenant, text, status).values(*COLUMNS)
    if status in ("", RelationshipStatus.ACTIVE):
        advisors = _advisors(tenant)
        found = advisors.filter(find_in(text, "partner__search_text")) if text else advisors
        columns = columns.union(found.values(*COLUMNS), all=True)
    return columns.order_by("partner_key", "partner_number", "kind_", "-since")


def has_relationships(tenant: Tenant) -> bool:
    """Whether there is any, in force or over."""
    return PartnerRelationship.objects.of_tenant(tenant).exists() or has_advisors(tenant)


def _ties(tenant: Tenant) -> PartnerRelationshipQuerySet:
    return PartnerRelationship.objects.of_tenant(tenant)


def _stored(tenant: Tenant) -> PartnerRelationshipQuerySet:
    """With all that their rows show."""
    return (
        _ties(tenant)
        .with_status()
        .with_use()
        .with_asked()
        .annotate(
            **PARTNER_COLUMNS,
            **{name: F(column) for name, column in RENAMED.items()},
            subscriptions=Value(0),
        )
    )


def _advisors(tenant: Tenant):
    """The partners of record of today, each once."""
    none_yet = Cast(Value(None), models.DateTimeField())
    return (
        open_credits(tenant)
        .values("partner")
        .annotate(
            **PARTNER_COLUMNS,
            kind_=Value(RelationshipKind.SUBSCRIPTION_ADVISOR.value),
            name_=Value(""),
            uuid_=Cast(Value(None), models.UUIDField()),
            roles_=Cast(Value("{}"), ArrayField(models.CharField(max_length=40))),
            since=Min("began"),
            expires=none_yet,
            auto_extend_=Value(False),
            ended=none_yet,
            ended_by_=Value(""),
            end_reason_=Value(""),
            ends_soon=Value(False),
            unused=Value(False),
            subscriptions=Count("pk"),
            status=Value(RelationshipStatus.ACTIVE.value),
            is_asked=Value(False),
        )
    )


def row_of_values(values: dict) -> RelationshipRow:
    return RelationshipRow(
        partner_name=values["partner_name"],
        partner_number=values["partner_number"],
        partner_uuid=values["partner_uuid"],
        partner_state=values["partner_state"],
        kind=RelationshipKind(values["kind_"]),
        status=RelationshipStatus(values["status"]),
        since=values["since"],
        name=values["name_"],
        expires=values["expires"],
        auto_extend=values["auto_extend_"],
        ends_soon=values["ends_soon"],
        unused=values["unused"],
        ended=values["ended"],
        ended_by=values["ended_by_"],
        end_reason=values["end_reason_"],
        roles=[DelegatedRole(role) for role in values["roles_"]],
        subscriptions=values["subscriptions"],
        uuid=values["uuid_"],
        is_asked=values["is_asked"],
    )
