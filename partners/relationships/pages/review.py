"""Settings > Partner Relationships > Review: every delegated admin kept or ended, in one pass."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partners.models import PartnerRelationship
from partners.relationships.forms import END, KEEP, ReviewForm
from partners.relationships.pages.words import MAY_VIEW, breadcrumbs
from partners.relationships.review import due_review, review_relationships, to_review
from subscriptions.access import Permission
from subscriptions.base import formats
from subscriptions.db import idempotency
from subscriptions.db.idempotency import Sending
from subscriptions.web.forms import new_key, read_key
from subscriptions.web.page_access import TenantRequest, tenant_form
from subscriptions.web.responses import see_other


@tenant_form(Permission.REVIEW_RELATIONSHIPS, capability=MAY_VIEW)
def relationship_review(request: TenantRequest) -> HttpResponse:
    rows = to_review(request.tenant)
    uuids = [row.uuid for row in rows]
    if request.method != "POST":
        return _page(request, rows, ReviewForm(initial={"key": new_key()}, uuids=uuids))
    sending = _sending(request)
    if done := idempotency.earlier_answer(sending):
        return see_other(done)
    form = ReviewForm(request.POST, uuids=uuids)
    if not form.is_valid():
        return _page(request, rows, form)

    def review() -> str:
        done = review_relationships(
            tenant=request.tenant, keep=form.chosen(KEEP), end=form.chosen(END), by=request.actor
        )
        left = len(rows) - done.kept - done.ended
        messages.success(request, _done(done.kept, done.ended))
        if left:
            messages.warning(request, _left_open(left))
        return reverse(
            "partners:relationship-review" if left else "partners:relationship-list", args=[_slug(request)]
        )

    return see_other(idempotency.once(sending, review))


def _page(request: TenantRequest, rows: list[PartnerRelationship], form: ReviewForm) -> HttpResponse:
    context = {
        "form": form,
        "rows": [_row(request, row, form) for row in rows],
        "last": _last_reviewed(rows),
        "due": due_review(request.tenant),
        "months": settings.REVIEW_MONTHS,
        "list_url": reverse("partners:relationship-list", args=[_slug(request)]),
        "breadcrumbs": [*breadcrumbs(request), (_("Review"), None)],
    }
    return render(request, "partners/relationship_review.html", context, status=422 if form.errors else 200)


def _last_reviewed(rows: list[PartnerRelationship]) -> PartnerRelationship | None:
    reviews = [(row.reviewed_at, row.pk, row) for row in rows if row.reviewed_at]
    return max(reviews)[-1] if reviews else None


def _row(request: TenantRequest, row: PartnerRelationship, form: ReviewForm) -> dict:
    return {
        "relationship": row,
        "roles": row.get_roles_display(),
        "url": reverse("partners:relationship-detail", args=[_slug(request), row.uuid]),
        "choice": form[str(row.uuid)],
    }


def _sending(request: TenantRequest) -> Sending:
    content = {name: value for name, value in request.POST.items() if name not in ("csrfmiddlewaretoken", "key")}
    return Sending(
        tenant=request.tenant,
        user_id=request.user.pk,
        key=read_key(request.POST.get("key", "")),
        content={str(name): str(value) for name, value in content.items()} | {"path": request.path},
    )


def _done(kept: int, ended: int) -> str:
    return _("The review is stored: %(kept)s confirmed, %(ended)s ended.") % {
        "kept": formats.number(kept),
        "ended": formats.number(ended),
    }


def _left_open(left: int) -> str:
    return ngettext(
        "%(count)s relationship without a choice stays as it is and open for review.",
        "%(count)s relationships without a choice stay as they are and open for review.",
        left,
    ) % {"count": formats.number(left)}


def _slug(request: TenantRequest) -> str:
    return request.tenant.slug
