"""A tenant asks to be matched with a partner: staff learn of it, and up to three partners by mail."""

from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import JSONObject, Now

from partners.directory.rules import mailbox_of
from partners.matching.events import MatchRequested
from partners.matching.rules import MOST_ASKED, may_answer, may_close, may_request
from partners.models import MatchedPartner, MatchRequest, Partner
from partners.models.match_request import MatchState
from partners.partner_of_record.acts import named
from subscriptions.access import Actor
from subscriptions.audit import acts as audit
from subscriptions.audit.facts import CountryCode, FamilyCode
from subscriptions.mails.acts import Company
from subscriptions.mails.receivers import tell
from subscriptions.models import AuditEvent, Tenant
from subscriptions.models.audit_event import AuditKind


class PartnerGone(Exception):
    """A chosen partner is not in the directory any more, or not for that country."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What help is needed, in which country, for which service and in which language; the last two may be empty.

    The service is the code of a category.
    """

    text: str
    country: str
    family: str = ""
    language: str = ""


@transaction.atomic
def request_match(*, tenant: Tenant, wish: Wish, partners: Collection[Partner], by: Actor) -> MatchRequest:
    """The request as stored; without partners it goes to staff alone.

    Raises Refused, and PartnerGone where a partner left the directory since it was chosen.
    """
    may_request(by, tenant).require()
    if len(partners) > MOST_ASKED:
        raise ValueError("A request goes to three partners at most.")
    asked = _still_findable(tenant, wish, partners)
    request = MatchRequest.objects.create(
        tenant=tenant,
        wish=wish.text,
        country=wish.country,
        family_id=wish.family or None,
        language=wish.language,
        requested_at=Now(),
        requested_by=by.name,
    )
    MatchedPartner.objects.bulk_create(
        MatchedPartner(tenant=tenant, request=request, partner=partner) for partner in asked
    )
    tell(_record_request(tenant, request, asked, by=by), partner=_mailboxes(asked))
    return request


def _still_findable(tenant: Tenant, wish: Wish, partners: Collection[Partner]) -> list[Partner]:
    wanted = {partner.pk for partner in partners}
    found = Partner.objects.findable(cloud=tenant.cloud, country=wish.country).filter(pk__in=wanted)
    asked = list(found.order_by("name_key", "id"))
    if len(asked) < len(wanted):
        raise PartnerGone
    return asked


def _record_request(tenant: Tenant, request: MatchRequest, asked: list[Partner], *, by: Actor) -> AuditEvent:
    return audit.record(
        AuditKind.MATCH_REQUESTED,
        by=by,
        tenant=tenant,
        subject_name=str(request),
        subject_uuid=request.uuid,
        facts=MatchRequested(
            wish=request.wish,
            country=CountryCode(request.country),
            service=FamilyCode(request.family_id) if request.family_id else None,
            language=request.language,
            partners=tuple(map(named, asked)),
            request=request.pk,
        ),
    )


def _mailboxes(asked: list[Partner]) -> list[Company]:
    """One mail to each: locations of one company may share theirs."""
    by_mailbox: dict[str, Partner] = {}
    for partner in asked:
        by_mailbox.setdefault(partner.mailbox, partner)
    return list(map(mailbox_of, by_mailbox.values()))


def requests_of(tenant: Tenant) -> QuerySet[MatchRequest]:
    """The tenant's requests, each with the partners that it was sent to as `partners`."""
    asked = MatchedPartner.objects.filter(tenant=tenant, request=OuterRef("pk"))
    named = asked.order_by("partner__name_key", "partner_id").values(
        json=JSONObject(id=F("partner__number"), name=F("partner__name"))
    )
    return MatchRequest.objects.filter(tenant=tenant).annotate(partners=ArraySubquery(named))


@transaction.atomic
def mark_answered(*, request: MatchRequest, by: Actor, reason: str) -> AuditEvent:
    """A partner or staff have answered the organization. Raises Refused unless it is open."""
    request = _lock_request(request)
    may_answer(request).require()
    request.state = MatchState.ANSWERED
    request.save(update_fields=["state"])
    return _record_step(AuditKind.MATCH_ANSWERED, request, by=by, reason=reason)


@transaction.atomic
def close(*, request: MatchRequest, by: Actor, reason: str) -> AuditEvent:
    """Nothing more will be done about it. Raises Refused where it is closed already."""
    request = _lock_request(request)
    may_close(request).require()
    request.state, request.closed_at, request.closed_by = MatchState.CLOSED, Now(), by.name
    request.save(update_fields=["state", "closed_at", "closed_by"])
    return _record_step(AuditKind.MATCH_CLOSED, request, by=by, reason=reason)


def _lock_request(request: MatchRequest) -> MatchRequest:
    return MatchRequest.objects.select_for_update(of=("self",)).select_related("tenant").get(pk=request.pk)


def _record_step(kind: AuditKind, request: MatchRequest, *, by: Actor, reason: str) -> AuditEvent:
    return audit.record(
        kind,
        by=by,
        tenant=request.tenant,
        subject_name=str(request),
        subject_uuid=request.uuid,
        reason=reason,
    )
