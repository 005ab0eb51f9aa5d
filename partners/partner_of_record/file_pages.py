"""Billing > Changes on many > From a file: upload it, then the preview of what it changes."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.partner_of_record.file_forms import ChangesFileForm
from partners.partner_of_record.file_lines import CLEAR, COLUMNS, MOST_LINES, MOST_NEW_PARTNERS, preview_file
from partners.partner_of_record.from_file import FromFile
from partners.partner_of_record.schedule.forms import NOW
from partners.partner_of_record.schedule.many_forms import day_of
from subscriptions.access import Permission
from subscriptions.base import formats
from subscriptions.bulk.rules import SEES_MANY, may_begin
from subscriptions.clouds import Capability
from subscriptions.models import BulkAct
from subscriptions.verdicts import Verdict
from subscriptions.web.acts import Crumb
from subscriptions.web.files.file_acts import FileAct, chunks_of, name_of
from subscriptions.web.files.uploads import UPLOADS
from subscriptions.web.tenant_acts import TenantAct

MOST_BYTES_OF_CHANGES = 30 * 1024 * 1024
UPLOADS["partners:many-from-file"] = MOST_BYTES_OF_CHANGES


class UploadFile(FileAct, TenantAct):
    """Nothing is changed: what the file would change is shown next, with all errors by line and column."""

    name = "partners:many-from-file"
    permission: ClassVar[Permission] = SEES_MANY
    title = gettext_lazy("Change many by a file")
    template = "partners/many_from_file.html"
    form_class: ClassVar[type[forms.Form]] = ChangesFileForm

    @property
    def back_url(self) -> str:
        return self.url_of("subscriptions:bulk-list")

    def breadcrumbs(self) -> list[Crumb]:
        return [(_("Billing"), None), (_("Changes on many"), self.back_url), (self.title, None)]

    def may(self) -> Verdict:
        return may_begin(self.by, FromFile.code)

    def sentences(self) -> list[str]:
        told = [
            _("Export the list of subscriptions, change it in a spreadsheet, and bring the file back here."),
            _("Nothing changes before you have seen what would change and what is wrong, line by line."),
        ]
        if not self.tenant.cloud_profile.allows(Capability.ADD_PARTNER_OF_RECORD):
            told.append(
                _(
                    "In this cloud the partner starts it by email: a line that would add a partner of record is "
                    "refused. Others are changed and deleted."
                )
            )
        return told

    def context(self, form: forms.Form) -> Mapping[str, Any]:
        return {
            "columns": COLUMNS,
            "clear": CLEAR,
            "most": formats.number(MOST_LINES),
            "most_partners": formats.number(MOST_NEW_PARTNERS),
            "export_url": f"{self.url_of('subscriptions:list')}?file=csv&order=name",
        }

    def form_arguments(self) -> dict[str, Any]:
        return {**super().form_arguments(), "tenant": self.tenant}

    def do(self, wanted: Mapping[str, Any]) -> BulkAct:
        file = wanted["file"]
        day = None if wanted["when"] == NOW else day_of(wanted)
        about = {"tenant": self.tenant, "by": self.by, "reason": wanted["reason"], "day": day}
        return preview_file(chunks=chunks_of(file), file_name=name_of(file), **about)

    def destination(self, outcome: BulkAct) -> str:
        return self.url_of("subscriptions:bulk-preview", slug=self.tenant.slug, uuid=outcome.uuid)
