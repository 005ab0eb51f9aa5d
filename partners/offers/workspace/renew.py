"""Workspace > Offers > Renew what ends soon: a draft for each, several at once."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django import forms
from django.contrib import messages
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from partners.models.partner_relationship import ENDS_SOON
from partners.offers.renewal import Renewal, Renewed, list_renewals, renew
from partners.offers.workspace.acts import MakingOffers
from partners.offers.workspace.draft import offer_like_path
from subscriptions.base import formats
from subscriptions.base.markup import markup
from subscriptions.models.delegated_role import DelegatedRole
from subscriptions.verdicts import Verdict
from subscriptions.web import cells
from subscriptions.web.forms import KeyForm
from subscriptions.web.tables import Column, Place, Table

BOX = '<label><input type="checkbox" name="relationships" value="{0}" aria-label="{1}"{2}></label>'


class RenewForm(KeyForm):
    """`uuids` are of those for which a draft can be made."""

    relationships = forms.MultipleChoiceField(
        label=gettext_lazy("Delegated administration that ends soon"),
        error_messages={"required": gettext_lazy("Choose at least one.")},
    )

    def __init__(self, *args: Any, uuids: list[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["relationships"].choices = [(uuid, uuid) for uuid in uuids]  # type: ignore[attr-defined]


class Renew(MakingOffers):
    name = "workspace:offer-renew"
    title = gettext_lazy("Renew what ends soon")
    button = gettext_lazy("Make the drafts")
    template = "workspace/offer_renew.html"
    form_class = RenewForm
    knows_home = True  # the partner's own: it concerns many organizations
    is_read_too = True

    def may(self) -> Verdict:
        return self.by.may(self.permission)

    @cached_property
    def rows(self) -> list[Renewal]:
        return list_renewals(self.partner, self.by)

    def form_arguments(self) -> dict[str, Any]:
        return {"uuids": [str(row.relationship.uuid) for row in self.rows if row.is_ready]}

    def context(self, form: forms.Form) -> dict[str, Any]:
        table = Table(_("Delegated administration that ends soon"), self._columns(form), self.rows)
        return {"table": table, "days": ENDS_SOON.days}

    def _columns(self, form: forms.Form) -> tuple[Column, ...]:
        chosen = set(form["relationships"].value() or [])
        return (
            Column(_("Choose"), lambda row: self._choice(row, chosen)),
            Column(_("Organization"), self._organization, place=Place.WHOM),
            Column(_("Roles"), lambda row: formats.join_list(map(DelegatedRole, row.facts.roles)), place=Place.LINE),
            Column(_("Ends"), lambda row: formats.day(row.relationship.expires_on), css="day", place=Place.DAY),
            Column(_("Written after"), self._source, place=Place.LINE),
        )

    def _choice(self, row: Renewal, chosen: set[str]) -> SafeString | str:
        if not row.is_ready:
            return formats.DASH
        uuid = str(row.relationship.uuid)
        checked = " checked" if uuid in chosen or not self.request.POST else ""
        label = _("Renew for %(organization)s") % {"organization": row.tenant.name}
        return markup(BOX, uuid, label, checked)

    def _organization(self, row: Renewal) -> object:
        url = reverse("workspace:customer", args=[self.partner.number, row.tenant.uuid])
        return cells.link(url, cells.name(row.tenant.name))

    def _source(self, row: Renewal) -> object:
        """The offer that it came of; else why not, and the way to write one."""
        if not row.may.allowed:
            return row.may.reason
        if row.source:
            url = reverse("workspace:offer-detail", args=[self.partner.number, row.source.uuid])
            return cells.link(url, cells.name(row.source.name))
        url = offer_like_path(self.partner, row.relationship.uuid, row.tenant)
        return cells.link(url, _("It came of no offer: write its terms"))

    def do(self, wanted: Mapping[str, Any]) -> Renewed:
        chosen = [row for row in self.rows if str(row.relationship.uuid) in wanted["relationships"]]
        return renew(partner=self.partner, chosen=chosen, by=self.by)

    def announce(self, outcome: Renewed) -> None:
        for tenant, reason in outcome.failed:
            told = _("No draft for %(organization)s: %(reason)s")
            messages.warning(self.request, told % {"organization": tenant.name, "reason": reason})
        if outcome.drafts:
            super().announce(outcome)

    def done(self, outcome: Renewed) -> str:
        number = len(outcome.drafts)
        told = ngettext(
            "%(count)s draft is made. Look at it, then send it.",
            "%(count)s drafts are made. Look at each, then send it.",
            number,
        )
        return told % {"count": formats.number(number)}

    def destination(self, outcome: Renewed) -> str:
        return f"{self.list_url}?state=draft" if outcome.drafts else self.page_url
