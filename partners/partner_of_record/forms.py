"""The *Partner information* page, and what Check ID takes of it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from partners.directory.forms import CheckedPartnerForm
from partners.partner_of_record.schedule.forms import Calendar, WhenForm
from subscriptions.access import Actor
from subscriptions.models import Subscription, Tenant
from subscriptions.web.forms import KeyForm, ReasonField


class PartnerOfRecordForm(KeyForm, WhenForm, CheckedPartnerForm):
    """Clearing the box asks for the deletion; a box that is missing is refused."""

    reason = ReasonField(
        help_text=_("Optional. It stands in the history of this subscription; the partner does not see it.")
    )
    field_order = ("partner_id", "when", "on", "waiting", "reason", "version", "key")

    def __init__(
        self,
        data: Any = None,
        *,
        tenant: Tenant,
        subscription: Subscription,
        current: str,
        calendar: Calendar,
        by: Actor,
        **kwargs: Any,
    ):
        """`current` is the ID of the partner of record now, empty where there is none."""
        self.current = current
        products, subject = [subscription.product], subscription.uuid
        super().__init__(data, tenant=tenant, products=products, subject=subject, by=by, **kwargs)
        self.set_days(calendar)

    @property
    def may_be_empty(self) -> bool:
        return bool(self.current)

    @property
    def asks_for_another_submit(self) -> bool:
        """Not for the partner that the page names already: nothing would change."""
        partner = self.cleaned_data["partner_id"]
        return super().asks_for_another_submit and partner.number != self.current


class CheckForm(PartnerOfRecordForm):
    """The same form to look an ID up, so there has to be one."""

    @property
    def may_be_empty(self) -> bool:
        return False
