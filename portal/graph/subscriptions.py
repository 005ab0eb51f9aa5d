"""directory/subscriptions: the organization's subscriptions, each with its partner of record, which PATCH changes."""

from typing import Any
from uuid import UUID

from django.http import Http404

from partners.partner_of_record.pages import EditPartnerOfRecord
from portal.api.access import WRITES, access
from portal.api.acts import perform
from portal.api.answers import ApiRequest
from portal.api.tenants.numbers import number_sent
from portal.api.tenants.partner_of_record import NameOfPartner, expect_name
from portal.graph import bodies, options
from portal.graph.headers import version_seen
from portal.graph.operations import takes
from portal.graph.options import LISTED, ONE
from portal.graph.paging import Source, list_page
from portal.graph.subscription_shapes import NAMED, PROPERTIES, describe, find_all
from subscriptions.access import Permission
from subscriptions.models import Approval, Subscription
from subscriptions.web.paging import Sort

NAMES = {"partner_id": f"{NAMED}/partnerId"}
SORTS = {"displayName": "name_key", "nextLifecycleDateTime": "term_ends_on"}


class Named(bodies.Body):
    """Whom to credit; the name that was read is compared, so that nobody is credited by mistake."""

    partnerId: str
    displayName: str | None = None


class Change(bodies.Body):
    """What a subscription takes; null clears it, and leaving it out is an error."""

    partnerOfRecord: Named | None


@access(Permission.READ_SUBSCRIPTIONS)
@takes(*LISTED)
def list_subscriptions(request: ApiRequest) -> dict[str, Any]:
    order = options.read_order(request, SORTS)
    sort = Sort(SORTS[order.name], order.descending) if order else Sort("name_key")
    rows = find_all(request).select_related("product")
    return list_page(request, [Source(rows)], sort, lambda rows: describe(request, rows), PROPERTIES)


@access(Permission.READ_SUBSCRIPTIONS)
@takes(*ONE)
def read_subscription(request: ApiRequest, uuid: str) -> dict[str, Any]:
    row = find(request, uuid)
    (told,) = options.select(request, describe(request, [row]), PROPERTIES)
    request.answered.version = row.version
    return told


@access(Permission.SET_PARTNER_OF_RECORD, kind=WRITES)
def change_subscription(request: ApiRequest, uuid: str) -> Any:
    """Names, changes or clears the partner of record, by the act of its page."""
    row = find(request, uuid)
    change = bodies.read(request, Change)
    request.seen = version_seen(request)
    address = {"slug": request.tenant.slug, "uuid": row.uuid}
    if change.partnerOfRecord is None:
        outcome = perform(request, EditPartnerOfRecord(request, **address), {"partner_id": "", "when": "now"})
    else:
        named = change.partnerOfRecord
        number_sent(named.partnerId, pointer=f"/{NAMED}/partnerId")
        fields = {"partner_id": named.partnerId, "when": "now"}
        expected = expect_name(named.displayName)
        outcome = perform(request, NameOfPartner(request, **address), fields, names=NAMES, expects=expected)
    row = find(request, uuid)
    request.answered.version = row.version
    (told,) = describe(request, [row])
    if isinstance(outcome, Approval):
        return 202, told | {"waitsForApproval": True, "approvalId": str(outcome.uuid)}
    return told


def find(request: ApiRequest, uuid: str) -> Subscription:
    """By the one ID that it has, which is the key of each spelling. Raises Http404."""
    try:
        key = UUID(uuid)
    except ValueError as error:
        raise Http404 from error
    found = Subscription.objects.of_tenant(request.tenant).filter(uuid=key).select_related("product").first()
    if found is None:
        raise Http404
    return found
