"""Microsoft.ManagementPartner/partners below one subscription: its partner of record, by the ID in the address.

The client sends no version. What it means is said by method and ID: PUT credits where nobody is credited, PATCH
another one instead, DELETE takes off the one that it names. If-Match is taken where it is sent.
"""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from partners.partner_of_record.pages import EditPartnerOfRecord
from portal.api.access import READS, WRITES, access
from portal.api.acts import perform
from portal.api.answers import ApiRequest
from portal.api.kinds import INVALID, Kind
from portal.api.problems import Problem, Wrong
from portal.api.tenants.numbers import number_sent
from portal.api.tenants.partner_of_record import NameOfPartner
from portal.api.tenants.subscription_shapes import credited_as_of
from portal.graph.bodies import require_empty
from portal.graph.formats import moment
from portal.graph.headers import version_seen
from portal.graph.operations import takes
from subscriptions.access import Permission
from subscriptions.models import Approval, Subscription

VERSION, VERSIONS = "api-version", ("2018-02-01",)
TYPE = "Microsoft.ManagementPartner/partners"
TAKEN = Kind("partner-taken", 409, _("Another partner is credited"))


@access(Permission.READ_SUBSCRIPTIONS, kind=READS)
@takes(VERSION)
def read_any(request: ApiRequest, uuid: UUID) -> dict[str, Any]:
    """Whoever is credited."""
    row, period = _found(request, uuid)
    if period is None:
        raise Http404
    return _written(request, row, period)


@access(Permission.READ_SUBSCRIPTIONS, kind=READS)
@takes(VERSION)
def read(request: ApiRequest, uuid: UUID, number: str) -> dict[str, Any]:
    row, period = _found(request, uuid)
    if period is None or period.partner.number != _number(number):
        raise Http404
    return _written(request, row, period)


@access(Permission.SET_PARTNER_OF_RECORD, kind=WRITES)
@takes(VERSION)
def create(request: ApiRequest, uuid: UUID, number: str) -> Any:
    row, period = _found(request, uuid)
    if period is not None and period.partner.number != _number(number):
        told = _("This subscription credits %(id)s.") % {"id": period.partner.number}
        raise Problem(TAKEN, told, next_step=_("Change it by PATCH, or take it off by DELETE of that ID first."))
    return _named(request, row, number)


@access(Permission.SET_PARTNER_OF_RECORD, kind=WRITES)
@takes(VERSION)
def update(request: ApiRequest, uuid: UUID, number: str) -> Any:
    row, period = _found(request, uuid)
    if period is None:
        raise Http404
    return _named(request, row, number)


@access(Permission.SET_PARTNER_OF_RECORD, kind=WRITES)
@takes(VERSION)
def delete(request: ApiRequest, uuid: UUID, number: str) -> Any:
    row, period = _found(request, uuid)
    if period is None or period.partner.number != _number(number):
        raise Http404
    require_empty(request)
    request.seen = _seen(request, row)
    act = EditPartnerOfRecord(request, slug=request.tenant.slug, uuid=row.uuid)
    return _answer(request, uuid, perform(request, act, {"partner_id": "", "when": "now"}))


def _named(request: ApiRequest, row: Subscription, number: str) -> Any:
    require_empty(request)
    request.seen = _seen(request, row)
    act = NameOfPartner(request, slug=request.tenant.slug, uuid=row.uuid)
    return _answer(request, row.uuid, perform(request, act, {"partner_id": _number(number), "when": "now"}))


def _answer(request: ApiRequest, uuid: UUID, outcome: Any) -> Any:
    if isinstance(outcome, Approval):
        return 202, {"waitsForApproval": True, "approvalId": str(outcome.uuid)}
    row, period = _found(request, uuid)
    return (200, None) if period is None else _written(request, row, period)


def _found(request: ApiRequest, uuid: UUID) -> tuple[Subscription, Any]:
    """The subscription and whom it credits now. Raises Http404, and Problem for another version of the address."""
    if request.GET.get(VERSION) not in VERSIONS:
        told = _("Say one of these versions: %(versions)s.") % {"versions": ", ".join(VERSIONS)}
        raise Problem(INVALID, errors=[Wrong(told, "invalid-api-version", parameter=VERSION)])
    row = Subscription.objects.of_tenant(request.tenant).filter(uuid=uuid).first()
    if row is None:
        raise Http404
    return row, credited_as_of(request.tenant, [row], None).get(row.pk)


def _number(text: str) -> str:
    return number_sent(text, parameter="partnerId")


def _seen(request: ApiRequest, row: Subscription) -> str:
    return version_seen(request) if "If-Match" in request.headers else str(row.version)


def _written(request: ApiRequest, row: Subscription, period: Any) -> dict[str, Any]:
    request.answered.version = row.version
    since = moment(period.valid.lower)
    return {
        "etag": row.version,
        "id": f"/subscriptions/{row.uuid}/providers/{TYPE}/{period.partner.number}",
        "name": period.partner.number,
        "type": TYPE,
        "properties": {
            "partnerId": period.partner.number,
            "partnerName": period.partner.name,
            "tenantId": str(request.tenant.uuid),
            "objectId": str(row.uuid),
            "version": row.version,
            "createdTime": since,
            "updatedTime": since,
            "state": "Active",
        },
    }
