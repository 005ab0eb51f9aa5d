"""Workspace > Partner of record > CSV: the list as a file, with the same filters and all pages."""

from functools import wraps

from django.http import HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from partners.access import PartnerRequest, partner_page
from partners.overview.credited_subscriptions import exported
from partners.overview.workspace.credits import CreditList
from subscriptions.access import Permission
from subscriptions.db.limits import TooManyRequests
from subscriptions.exports.acts import record_list
from subscriptions.web.csv_rows import CONTENT_TYPE, csv_chunks
from subscriptions.web.page_access import View
from subscriptions.web.responses import begun, too_many_requests


def _begun(view: View) -> View:
    """Outside the scope of the page, which ends before the file's own begins."""

    @wraps(view)
    def inner(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        try:
            return begun(response) if isinstance(response, StreamingHttpResponse) else response
        except TooManyRequests as refusal:
            return too_many_requests(request, refusal)

    return inner


@_begun
@partner_page(Permission.READ_WORKSPACE)
def partner_of_record_csv(request: PartnerRequest) -> HttpResponseBase:
    """It is read while it is sent, in a scope of its own and when this request's language and time zone are over; a
    filter that is none leads to the list, which says so.
    """
    listed, number = CreditList(request), request.partner.number
    if not listed.is_valid:
        return redirect(f"{reverse('workspace:partner-of-record', args=[number])}?{request.GET.urlencode()}")
    record_list(
        name=str(CreditList.title),
        rows=listed.all_rows().count(),
        filters=request.GET.urlencode(),
        by=request.actor,
        of=request.partner.uuid,
    )
    rows = exported(listed.all_rows(), partner=request.partner, person_id=request.user.pk)
    response = StreamingHttpResponse(
        csv_chunks(listed.file.header(), listed.file.plain(rows)), content_type=CONTENT_TYPE
    )
    name = f"partner-of-record-{number}-{timezone.localdate():%Y-%m-%d}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
