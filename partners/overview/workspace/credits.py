"""Workspace > Partner of record: the subscriptions that credit the partner now."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from partners.access import PartnerRequest, partner_page
from partners.models.partner_of_record import PartnerOfRecordQuerySet
from partners.overview.credited_subscriptions import COLUMNS, credits_listed, existing, facts, matching
from partners.overview.forms import CreditFilterForm
from partners.overview.words import PARTNER_OF_RECORD
from partners.overview.workspace.months import list_months
from partners.overview.workspace.rows import credit_columns
from subscriptions.access import Permission
from subscriptions.models import Tenant
from subscriptions.web.lists import NOTHING, Empty, List
from subscriptions.web.paging import found_first, subscription_count
from subscriptions.web.tables import Column


class CreditList(List[PartnerRequest]):
    title = PARTNER_OF_RECORD
    subtitle = _("The subscriptions that credit your company now.")
    caption = _("Subscriptions that credit your company")
    template = "workspace/partner_of_record.html"
    filter_label = _("Filter subscriptions")
    values = COLUMNS
    page_values = ()
    sorts = {"since": "began", "organization": "tenant__name_key"}
    order = "-since"
    none_matches = Empty(
        _("No subscription matches these filters."), why=_("Remove a filter above, or clear all of them.")
    )
    nothing_yet = Empty(
        NOTHING.sentence,
        why=_("No subscription credits your company now."),
        who=_("Give your partner ID to an organization: its admins name your company on a subscription."),
    )

    def filters(self) -> CreditFilterForm:
        """An organization that is not seen here is an invalid choice."""
        self.customer = None
        if wanted := self.request.GET.get("customer"):
            try:
                self.customer = Tenant.objects.filter(uuid=UUID(wanted)).first()
            except ValueError:
                pass
        return CreditFilterForm(self.request.GET, customer=self.customer)

    @property
    def columns(self) -> list[Column]:
        return credit_columns(self.request)

    def found(self, wanted: dict) -> PartnerOfRecordQuerySet:
        partner = self.request.partner
        rows = credits_listed(partner, customer=self.customer)
        return found_first(rows, matching(rows, wanted["q"], partner=partner)) if wanted["q"] else rows

    def described(self, rows: list[dict]) -> list[dict]:
        """The facts of a page are read by its keys."""
        return facts(self.request.partner, [row["id"] for row in rows])

    def filled(self, rows: list[dict]) -> Iterable[dict]:
        return existing(rows)

    def counted(self, total: int) -> str:
        return subscription_count(total)

    def context(self) -> dict:
        """Months are of all credits: they stand below these alone."""
        return {"has_changes": False} if self.active else list_months(self.request)

    @property
    def file_name(self) -> str:  # type: ignore[override]
        return f"partner-of-record-{self.request.partner.number}"


partner_of_record = partner_page(Permission.READ_WORKSPACE)(CreditList.view)
