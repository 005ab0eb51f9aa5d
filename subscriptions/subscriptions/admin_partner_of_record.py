"""Staff change the partner of record of chosen subscriptions: same domain function, same mails, same history."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.directory import reads as directory
from partners.models import Partner
from partners.models.partner_of_record import Source
from partners.partner_of_record.acts import set_partner_of_record
from subscriptions.access import StaffPermission
from subscriptions.base import formats
from subscriptions.base.partner_id import NumberBox
from subscriptions.models import Subscription, Tenant
from subscriptions.staff.acts import NotDone, ReasonForm, StaffAct
from subscriptions.subscriptions.changes import StaleVersion
from subscriptions.web import cells
from subscriptions.web.tables import Column, Table

CHOSEN = [
    Column(gettext_lazy("Subscription"), lambda row: cells.name(row.full_name)),
    Column(gettext_lazy("Organization"), lambda row: cells.name(row.tenant.name)),
    Column(gettext_lazy("Status"), lambda row: row.get_status_display()),
    Column(gettext_lazy("Partner of record now"), lambda row: _credited(row)),
]


def _credited(row: Any) -> object:
    return cells.partner(row.partner_number, row.partner_name) if row.partner_number else _("None")


class PartnerOfRecordForm(ReasonForm):
    """`seen` is the partner ID of which the name has been shown."""

    partner_id = NumberBox(label=gettext_lazy("Partner ID"), required=False)
    delete = forms.BooleanField(
        label=gettext_lazy("Delete the partner of record of these subscriptions"), required=False
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    field_order = ("partner_id", "delete", "reason")

    def __init__(self, data: Any = None, **kwargs: Any):
        super().__init__(data, **kwargs)
        self.partner: Partner | None = None
        self.problems: dict[int, str] = {}

    @property
    def each_says_why(self) -> bool:
        """One problem of all of them stands at the partner ID; else each stands at its subscription."""
        return bool(self.problems) and (self.partner is not None or len(set(self.problems.values())) > 1)

    @property
    def table(self) -> Table:
        """The chosen subscriptions, with whom each credits, and why the partner cannot be named on it."""
        problem = Column(_("Problem"), lambda row: self.problems.get(row.pk, ""))
        columns = [*CHOSEN, problem] if self.each_says_why else CHOSEN
        return Table(_("Chosen subscriptions"), columns, self.rows, css="", shows_caption=True)

    def clean(self) -> dict:
        wanted = super().clean() or self.cleaned_data
        if "partner_id" in wanted:
            self._look_up(wanted["partner_id"], delete=wanted["delete"])
        return {**wanted, "partner": self.partner}

    def _look_up(self, number: str, *, delete: bool) -> None:
        if bool(number) == delete:
            raise ValidationError(_("Enter a partner ID, or tick that the partner of record is to be deleted."))
        if delete:
            return
        for row in self.rows:
            try:
                self.partner = directory.find_partner(number, tenant=row.tenant, product=row.product)
            except directory.PartnerUnusable as unusable:
                self.problems[row.pk] = formats.sentences(unusable.sentence, unusable.next_step)
        if self.partner is None:
            problem = _("No partner with this ID can be named on any of these subscriptions: each says why.")
            self.add_error("partner_id", problem if self.each_says_why else next(iter(self.problems.values())))

    def show_partner(self) -> None:
        self.data = {**cast(QueryDict, self.data).dict(), "seen": self.cleaned_data["partner_id"]}


class ChangePartnerOfRecord(StaffAct):
    """Asks again until the partner's name has been shown: no company is named unseen."""

    name = "admin:change-partner-of-record"
    model = Subscription
    staff_permission = StaffPermission.CORRECT_CREDIT
    second_person = "partner-of-record"
    label = gettext_lazy("Change partner of record…")
    title = gettext_lazy("Change partner of record")
    button = gettext_lazy("Check and apply")
    form_class = PartnerOfRecordForm
    template = "admin/subscriptions/subscription/change_partner_of_record.html"

    def queryset(self):
        tenants = Prefetch("tenant", queryset=Tenant.objects.with_cloud_status())
        return super().queryset().select_related(None).select_related("product").prefetch_related(tenants)

    def preview(self, form: Any) -> Mapping[str, Any] | None:
        if form.partner is None or form.cleaned_data["seen"] == form.cleaned_data["partner_id"]:
            return None
        form.show_partner()
        return {"found": form.partner}

    def act_on(self, row: Subscription, wanted: Mapping[str, Any]) -> None:
        try:
            change = set_partner_of_record(
                tenant=row.tenant,
                subscription=row,
                partner=wanted["partner"],
                version=row.version,
                by=self.by,
                reason=wanted["reason"],
                source=Source.STAFF,
            )
        except StaleVersion as stale:
            raise NotDone(_("It was changed meanwhile. Look at it again before you change it.")) from stale
        except directory.PartnerUnusable as unusable:
            raise NotDone(formats.sentences(unusable.sentence, unusable.next_step)) from unusable
        if change.event is None:
            raise NotDone(_("No change: the partner of record stays as it was."))
