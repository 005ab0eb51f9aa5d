"""A file of subscriptions that comes back."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from partners.partner_of_record.schedule.many_forms import MaybeDayForm
from subscriptions.models import Tenant
from subscriptions.subscriptions.lifecycle import today_of
from subscriptions.web.files.file_acts import FileForm
from subscriptions.web.forms import ReasonField


class ChangesFileForm(MaybeDayForm, FileForm):
    reason = ReasonField(
        help_text=_("Optional. It stands in the history of each subscription; the partner does not see it.")
    )

    field_order = ("file", "when", "on", "reason", "seal")

    def __init__(self, data: Any = None, *, tenant: Tenant, **kwargs: Any):
        super().__init__(data, **kwargs)
        self.tenant = tenant

    @property
    def today(self) -> date:  # type: ignore[override]
        return today_of(self.tenant)
