"""Settings > Partner Relationships > Review: every delegated admin, to keep or to end."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from partners.models import PartnerRelationship
from partners.relationships.forms import END, KEEP, ReviewForm
from partners.relationships.pages.tables import review_table
from partners.relationships.pages.words import MAY_VIEW, breadcrumbs
from partners.relationships.review import Reviewed, due_review, review_relationships, to_review
from subscriptions.access import Permission
from subscriptions.base import formats
from subscriptions.web.tenant_acts import TenantAct


class Review(TenantAct):
    name = "partners:relationship-review"
    permission = Permission.REVIEW_RELATIONSHIPS
    capability = MAY_VIEW
    title = gettext_lazy("Review delegated administrators")
    template = "partners/relationship_review.html"
    form_class = ReviewForm
    rows: list[PartnerRelationship]

    def find(self) -> None:
        self.rows = to_review(self.tenant)

    def form_arguments(self):
        return {"uuids": [row.uuid for row in self.rows]}

    def context(self, form):
        return {
            "table": review_table([self._row(row, form) for row in self.rows]),
            "last": self._last_reviewed(),
            "due": due_review(self.tenant),
            "months": settings.REVIEW_MONTHS,
            "list_url": self.list_url,
        }

    def _row(self, row: PartnerRelationship, form: Any) -> dict[str, Any]:
        return {
            "relationship": row,
            "roles": row.get_roles_display(),
            "url": reverse("partners:relationship-detail", args=[self.tenant.slug, row.uuid]),
            "choice": form[str(row.uuid)],
        }

    def _last_reviewed(self) -> PartnerRelationship | None:
        reviews = [(row.reviewed_at, row.pk, row) for row in self.rows if row.reviewed_at]
        return max(reviews)[-1] if reviews else None

    def breadcrumbs(self):
        return [*breadcrumbs(self.request), (pgettext("relationships", "Review"), None)]

    def do(self, wanted):
        chosen = {
            choice: [row.uuid for row in self.rows if wanted.get(str(row.uuid)) == choice] for choice in (KEEP, END)
        }
        return review_relationships(tenant=self.tenant, keep=chosen[KEEP], end=chosen[END], by=self.by)

    def _left(self, outcome: Reviewed) -> int:
        return len(self.rows) - outcome.kept - outcome.ended

    def announce(self, outcome: Reviewed) -> None:
        super().announce(outcome)
        left = self._left(outcome)
        if left:
            sentence = ngettext(
                "%(count)s relationship without a choice stays as it is and open for review.",
                "%(count)s relationships without a choice stay as they are and open for review.",
                left,
            )
            messages.warning(self.request, sentence % {"count": formats.number(left)})

    def done(self, outcome):
        return _("The review is stored: %(kept)s confirmed, %(ended)s ended.") % {
            "kept": formats.number(outcome.kept),
            "ended": formats.number(outcome.ended),
        }

    def destination(self, outcome):
        return self.page_url if self._left(outcome) else self.list_url

    @property
    def list_url(self):
        return self.url_of("partners:relationship-list", slug=self.tenant.slug)
