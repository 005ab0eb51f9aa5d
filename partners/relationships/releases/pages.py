"""Settings > Partner Relationships > a reseller: asking it to end the relationship, and what became of that."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.models import Partner, PartnerRelationship, ReleaseRequest
from partners.models.partner import PartnerState
from partners.models.partner_relationship import RelationshipKind
from partners.relationships.managed import Managed, blocking, unknown
from partners.relationships.pages.words import MAY_VIEW, breadcrumbs
from partners.relationships.releases import acts as release_requests
from partners.relationships.releases import rules as release_verdicts
from partners.relationships.releases.forms import ReleaseRequestForm, TakeBackForm
from partners.relationships.releases.page_parts import CUSTOMER_READS, steps_of, with_steps
from subscriptions.access import Permission
from subscriptions.base import formats
from subscriptions.db.limits import Limit, limits_of
from subscriptions.models import Tenant
from subscriptions.verdicts import Verdict
from subscriptions.web import cells
from subscriptions.web.paging import capped
from subscriptions.web.tables import Column, Table
from subscriptions.web.tenant_acts import TenantAct


class ResellerAct(TenantAct):
    """An act about one reseller of the organization."""

    capability = MAY_VIEW
    relationship: PartnerRelationship

    def find(self) -> None:
        rows = PartnerRelationship.objects.of_tenant(self.tenant).filter(kind=RelationshipKind.RESELLER)
        rows = rows.with_status().select_related("partner")
        self.relationship = get_object_or_404(rows, uuid=self.address["uuid"])


class AskForRelease(ResellerAct):
    """All members read its page, the form is for those who may ask. No other partner learns of it."""

    name = "partners:release-request"
    permission = Permission.READ_RELATIONSHIPS
    is_read_too = True
    button = gettext_lazy("Send request")
    form_class = ReleaseRequestForm
    template = "partners/release_request.html"

    @property
    def title(self):  # type: ignore[override]
        return _("Ask %(name)s to remove the relationship") % {"name": self.relationship.partner.name}

    def find(self) -> None:
        super().find()
        if self.by.is_partner:
            self.by.may(Permission.END_RELATIONSHIP).require()

    def may(self) -> Verdict:
        is_open = ReleaseRequest.objects.of_tenant(self.tenant).open().filter(relationship=self.relationship).exists()
        return self._may_ask(is_open)

    def _may_ask(self, is_open: bool) -> Verdict:
        return release_verdicts.may_request(self.by, status=self.relationship.status, is_open=is_open)

    def form_arguments(self):
        return {"days": release_requests.due_days(self.tenant)}

    def initial(self):
        return {"due_on": release_requests.due_days(self.tenant).usual}

    def limits(self) -> list[Limit]:
        return limits_of("release-request", person=self.by.counted_as, relationship=self.relationship.pk)

    def do(self, wanted):
        return release_requests.request_release(
            tenant=self.tenant,
            relationship=self.relationship,
            reason=wanted["reason"],
            due_on=wanted["due_on"],
            by=self.by,
        )

    def done(self, outcome):
        return _("Your reseller was asked. This page shows what becomes of it.")

    def destination(self, outcome):
        return self.page_url

    @property
    def back_url(self):
        return self.url_of("partners:relationship-detail", uuid=self.address["uuid"])

    def breadcrumbs(self):
        here = (self.relationship.partner.name, self.back_url)
        return [*breadcrumbs(self.request), here, (_("Ask for removal"), None)]

    def context(self, form):
        relationship = self.relationship
        found = with_steps(steps_of(tenant=self.tenant, relationship=relationship), CUSTOMER_READS)
        current = found[0] if found and found[0]["is_open"] else None
        may_ask = self._may_ask(current is not None)
        return {
            "partner_acts": relationship.partner.state == PartnerState.ACTIVE,
            "is_over": relationship.ended_at is not None,
            "current": current,
            "earlier": [*([] if current else found[:1]), *[was | {"who_acts": ""} for was in found[1:]]],
            "may_ask": may_ask,
            "form": form if may_ask.allowed or form.is_bound else None,
            **(self._take_back(current["request"]) if current else {}),
            **({} if relationship.ended_at else _blocking(self.tenant, relationship.partner)),
        }

    def _take_back(self, current: ReleaseRequest) -> dict[str, Any]:
        act = TakeBack(self.request, **self.address)
        return {
            "may_take_back": release_verdicts.may_take_back(self.by, current),
            "take_back_form": act.form(typed={"request": current.uuid}, as_sent=True),
            "take_back_url": act.url,
        }


class TakeBack(ResellerAct):
    name = "partners:release-take-back"
    page = "partners:release-request"
    permission = Permission.END_RELATIONSHIP
    title = button = gettext_lazy("Take back")
    form_class = TakeBackForm

    def _meant(self, wanted) -> ReleaseRequest:
        rows = ReleaseRequest.objects.of_tenant(self.tenant)
        return get_object_or_404(rows, relationship=self.relationship, uuid=wanted["request"])

    def may_typed(self, wanted) -> Verdict:
        return release_verdicts.may_take_back(self.by, self._meant(wanted))

    def do(self, wanted):
        return release_requests.take_back(tenant=self.tenant, request=self._meant(wanted), by=self.by)

    def done(self, outcome):
        return _("The request was taken back. The reseller is told.")


def _blocking(tenant: Tenant, partner: Partner) -> dict[str, Any]:
    """What keeps the reseller from leaving: those that end last; and what nobody knows the reseller of."""
    blocks = blocking(tenant, partner)
    return {
        "blocks": blocks,
        "blocking": _managed_table(tenant, _("Subscriptions that the reseller manages"), blocks),
        "blocking_total": capped(blocks.total),
        "more_blocking": blocks.total > len(blocks.rows),
        "unknown": _managed_table(
            tenant, _("Subscriptions of a reseller that is not known"), unknown(tenant, partner)
        ),
    }


def _managed_table(tenant: Tenant, caption: str, managed: Managed) -> Table:
    prefix = reverse("subscriptions:list", args=[tenant.slug])
    columns = (
        Column(_("Name"), lambda row: cells.link(f"{prefix}{row.uuid}/", row.full_name)),
        Column(_("Recurring billing"), lambda row: _("On") if row.recurring_billing else _("Off")),
        Column(_("Term ends"), lambda row: formats.day(row.term_ends_on), css="day"),
    )
    return Table(caption, columns, managed.rows)
