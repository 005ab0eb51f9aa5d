"""Workspace > Customers: a partner gives up its access, or releases an organization, unasked."""

from dataclasses import replace
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.access import PartnerRequest
from partners.models import PartnerRelationship
from partners.models.partner_relationship import RelationshipKind
from partners.relationships import acts as relationships
from partners.relationships.forms import GiveUpAccessForm
from partners.relationships.managed import blocking
from partners.relationships.releases import acts as release_requests
from partners.relationships.releases import rules as release_verdicts
from partners.relationships.releases.workspace import describe_end
from partners.workspace_act import WorkspaceAct
from subscriptions.access import Permission
from subscriptions.db import scopes
from subscriptions.verdicts import Verdict


class CustomerAct(WorkspaceAct):
    """An act on one relationship of this partner, done in the scope of the organization, whose log keeps it."""

    kind: RelationshipKind
    form_class = GiveUpAccessForm
    dangerous = True
    relationship: PartnerRelationship

    def find(self) -> None:
        rows = PartnerRelationship.objects.of_partner(self.partner).filter(kind=self.kind).with_status()
        self.relationship = get_object_or_404(rows.select_related("tenant"), uuid=self.address["uuid"])
        self.tenant = self.relationship.tenant

    @property
    def names(self) -> dict[str, str]:
        return {"name": self.relationship.tenant.name, "organization": self.relationship.tenant.name}

    @property
    def common(self) -> dict[str, Any]:
        return {"tenant": self.relationship.tenant, "relationship": self.relationship}

    @property
    def back_url(self) -> str:
        return self.url_of("workspace:customer", uuid=self.relationship.tenant.uuid)

    @property
    def list_url(self) -> str:
        return self.url_of("workspace:customers", number=self.partner.number)

    def breadcrumbs(self):
        return [(_("Customers"), self.list_url), (self.names["name"], self.back_url), (self.button, None)]


class GiveUpAccess(CustomerAct):
    name = "workspace:give-up-access"
    permission = Permission.GIVE_UP_ACCESS
    kind = RelationshipKind.DELEGATED_ADMIN
    button = gettext_lazy("Give up access")
    leave = gettext_lazy("Keep it")
    template = "workspace/give_up_access.html"
    uncompared = frozenset({"reason"})  # given up is given up, whatever a second send gives as reason

    @property
    def title(self):  # type: ignore[override]
        return _("Give up access to %(name)s?") % self.names

    def context(self, form):
        return {"roles": self.relationship.get_roles_display()}

    def may(self) -> Verdict:
        row = self.relationship
        return relationships.may_end(self.by, row.tenant, row.kind, status=row.status, partner=row.partner_id)

    def do(self, wanted):
        by = replace(self.by, relationship=self.relationship.uuid)
        return relationships.end_relationship(**self.common, by=by, reason=wanted["reason"])

    def done(self, outcome):
        return _("Your company's access to %(organization)s has ended, and its Global admins are told.") % self.names


class Leave(CustomerAct):
    name = "workspace:leave-customer"
    permission = Permission.ANSWER_RELEASE_REQUESTS
    kind = RelationshipKind.RESELLER
    button = gettext_lazy("Release")
    leave = gettext_lazy("Keep the relationship")

    @property
    def title(self):  # type: ignore[override]
        return _("Release %(name)s?") % self.names

    def sentences(self):
        return describe_end()

    def may(self) -> Verdict:
        return may_leave(self.request, self.relationship)

    def do(self, wanted):
        return release_requests.leave(**self.common, by=self.by, reason=wanted["reason"])

    def done(self, outcome):
        return _("%(organization)s is released: the relationship has ended.") % self.names

    def breadcrumbs(self):
        return [*super().breadcrumbs()[:-1], (_("Release the organization"), None)]


def may_leave(request: PartnerRequest, relationship: Any) -> Verdict:
    """What blocks it only the organization's own scope can count, so that is asked last."""
    verdict = release_verdicts.may_leave(request.actor, status=relationship.status)
    if not verdict.allowed:
        return verdict
    with scopes.tenant(relationship.tenant_id):
        blocks = blocking(relationship.tenant, request.partner)
    return release_verdicts.may_leave(request.actor, status=relationship.status, blocks=blocks)
