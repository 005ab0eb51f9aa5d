"""One content offered to many: read from a file, looked at, then a draft for each or each sent as its own offer."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from partners.models import OfferRound, OfferTemplate, Partner, PartnerOffer
from partners.offers import acts as offers
from partners.offers.checks import NotOfferable, check
from partners.offers.many_lines import Reader, read_lines
from partners.offers.reads import OfferFacts
from partners.offers.renewal import reason_of
from partners.offers.templates import facts_of_template, read_stored
from subscriptions.access import Actor, Permission
from subscriptions.db import scopes
from subscriptions.db.limits import MINUTE, TooManyRequests, count_request, limits_of
from subscriptions.db.locks import lock_row
from subscriptions.imports.csv_reader import CsvFile
from subscriptions.imports.encodings import Chunks
from subscriptions.models import Tenant
from subscriptions.verdicts import Refused, Stale

UNMADE_KEPT = timedelta(days=1)
DRAFTED, SENT, LEFT, FAILED = "drafted", "sent", "left", "failed"  # what came of a line


@transaction.atomic
def read_round(*, template: OfferTemplate, chunks: Chunks, file_name: str, by: Actor) -> OfferRound:
    """What the file would do, and all that is wrong. Raises Unreadable, Refused, and NotOfferable of the content."""
    by.may(Permission.MAKE_OFFERS).require()
    file = CsvFile(chunks, Reader.headers())
    partner, layout = template.partner, file.layout
    _forget_unmade(partner)
    lines = read_lines(file, partner=partner, name=template.name, by=by)
    _check_content(partner, facts_of_template(template), lines)
    return OfferRound.objects.create(
        partner=partner,
        name=template.name,
        facts=template.facts,
        file={"name": file_name, "encoding": layout.encoding.label, "not_taken": layout.not_taken},
        lines=lines,
        read_by=by.name,
    )


def _forget_unmade(partner: Partner) -> None:
    """What somebody looked at and left goes when the next file comes."""
    OfferRound.objects.filter(partner=partner, made_at=None, read_at__lt=Now() - UNMADE_KEPT).delete()


def _check_content(partner: Partner, facts: OfferFacts, lines: list[dict[str, Any]]) -> None:
    """All are of one cloud, so what cannot be offered to the first can be offered to none."""
    first = next((line for line in lines if not line["problems"]), None)
    if first:
        tenant = Tenant.objects.with_cloud_status().get(pk=first["tenant"])
        with scopes.tenant(tenant.pk):
            check(tenant=tenant, partner=partner, facts=facts)


@transaction.atomic
def make_round(*, offered: OfferRound, version: int, send: bool, by: Actor) -> OfferRound:
    """Each line in the scope of its organization, by the acts, rules and limits of one offer; what is done stays.

    Raises Refused, and Stale where it is not in that version any more.
    """
    by.may(Permission.MAKE_OFFERS).require()
    rows = OfferRound.objects.filter(partner=offered.partner_id)
    lock_row(rows, offered.pk)
    held = rows.select_related("partner").get(pk=offered.pk)
    if held.version != version:
        raise Stale
    waiting = [line for line in held.lines if not line["problems"] and line["outcome"] not in (SENT, FAILED)]
    tenants = Tenant.objects.with_cloud_status().in_bulk([line["tenant"] for line in waiting])
    for line in waiting:
        _make_line(held, line, tenants.get(line["tenant"]), send=send, by=by)
    rows.filter(pk=held.pk).update(
        lines=held.lines, version=held.version + 1, made_at=held.made_at or Now(), made_by=held.made_by or by.name
    )
    held.refresh_from_db()
    return held


def _make_line(held: OfferRound, line: dict[str, Any], tenant: Tenant | None, *, send: bool, by: Actor) -> None:
    if tenant is None:
        line |= {"outcome": FAILED, "reason": _("None of your customers has this address.")}
        return
    try:
        with scopes.tenant(tenant.pk):
            draft = _draft(held, line, tenant, by)
        line |= {"outcome": DRAFTED, "offer": str(draft.uuid), "version": draft.version, "reason": ""}
        if send:
            _send(held.partner, tenant, draft, line, by)
    except (NotOfferable, Refused, offers.OfferChanged) as problem:
        line |= {"outcome": FAILED, "reason": _reason(problem)}


def _draft(held: OfferRound, line: dict[str, Any], tenant: Tenant, by: Actor) -> PartnerOffer:
    """The one that was made of this line before and says what it said then, or a new one."""
    if made := line.get("offer"):
        row = PartnerOffer.objects.filter(tenant=tenant, partner=held.partner, uuid=made).first()
        if row is None or row.version != line["version"]:
            raise offers.OfferChanged
        return row
    facts = replace(read_stored(held.facts, held.name), name=line["name"])
    return offers.save_draft(tenant=tenant, partner=held.partner, facts=facts, by=by)


def _send(partner: Partner, tenant: Tenant, draft: PartnerOffer, line: dict[str, Any], by: Actor) -> None:
    """As often as one person may send; what is beyond that stays a draft, and can be sent later."""
    draft.partner = partner
    try:
        count_request(*limits_of("send-offer", person=by.counted_as, tenant=tenant.pk, partner=partner.pk))
    except TooManyRequests as refusal:
        line |= {"outcome": LEFT, "reason": _not_today() if refusal.retry_after > MINUTE else ""}
        return
    with scopes.tenant(tenant.pk):
        offers.send(tenant=tenant, offer=draft, version=draft.version, by=by)
    line["outcome"] = SENT


def _not_today() -> str:
    return _("You have sent this organization as many offers as it gets of one partner in a day. Send it tomorrow.")


def _reason(problem: Exception) -> str:
    if isinstance(problem, offers.OfferChanged):
        return _("The draft was changed, sent or discarded meanwhile.")
    return reason_of(problem)  # type: ignore[arg-type]
