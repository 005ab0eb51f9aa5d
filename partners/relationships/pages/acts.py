"""What a Global admin does with a partner relationship, each act on a page of its own."""

from typing import Any

from django.contrib import messages
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.models import PartnerRelationship
from partners.relationships import acts as relationships
from partners.relationships import reads as relationship_facts
from partners.relationships import roles as relationship_roles
from partners.relationships.forms import AutoExtendForm, EndRelationshipForm, RemoveRolesForm
from partners.relationships.pages.words import MAY_VIEW, breadcrumbs, find_relationship, in_words
from subscriptions.access import Decision, Permission
from subscriptions.base import formats
from subscriptions.clouds import Text
from subscriptions.models import AuditEvent
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.delegated_role import DelegatedRole
from subscriptions.verdicts import Verdict
from subscriptions.web.tenant_acts import TenantAct


class RelationshipAct(TenantAct):
    """An act on one relationship of the organization."""

    permission = Permission.END_RELATIONSHIP
    capability = MAY_VIEW
    short_title: Text = gettext_lazy("Delete")
    leave: Text = gettext_lazy("Keep it")
    dangerous = True
    relationship: PartnerRelationship

    def find(self) -> None:
        self.relationship = find_relationship(self.request, self.address["uuid"])

    @property
    def names(self) -> dict[str, str]:
        return {"name": self.relationship.partner.name, "partner": self.relationship.partner.name}

    @property
    def common(self) -> dict[str, Any]:
        return {"tenant": self.tenant, "relationship": self.relationship, "by": self.by}

    @property
    def back_url(self) -> str:
        return self.url_of("partners:relationship-detail", uuid=self.address["uuid"])

    @property
    def list_url(self) -> str:
        return self.url_of("partners:relationship-list", slug=self.tenant.slug)

    def breadcrumbs(self):
        here = (self.relationship.partner.name, self.back_url)
        return [*breadcrumbs(self.request), here, (self.short_title, None)]

    def ended(self) -> str:
        return _("The relationship with %(partner)s has ended. Its roles ended with it.") % self.names


class End(RelationshipAct):
    name = "partners:relationship-end"
    button = gettext_lazy("End relationship")
    form_class = EndRelationshipForm
    template = "partners/relationship_end.html"
    uncompared = frozenset({"reason"})  # ended is ended, whatever a second send gives as reason

    @property
    def title(self):  # type: ignore[override]
        return _("End the relationship with %(name)s?") % self.names

    def may(self) -> Verdict:
        row = self.relationship
        return relationships.may_end(self.by, self.tenant, row.kind, status=row.status)

    def context(self, form):
        return {
            "roles": self.relationship.get_roles_display(),
            "sells_too": relationship_facts.sells_too(self.relationship),
        }

    def do(self, wanted):
        return relationships.end_relationship(**self.common, reason=wanted["reason"])

    def done(self, outcome):
        return self.ended()

    def destination(self, outcome):
        return self.list_url


class RemoveRoles(RelationshipAct):
    """Takes away the roles that were ticked; all of them end the relationship."""

    name = "partners:relationship-remove-roles"
    short_title = gettext_lazy("Remove roles")
    button = gettext_lazy("Yes, remove roles")
    form_class = RemoveRolesForm
    template = "partners/relationship_remove_roles.html"
    uncompared = frozenset({"reason"})

    @property
    def title(self):  # type: ignore[override]
        return _("Remove roles of %(name)s?") % self.names

    def may(self) -> Verdict:
        return relationship_roles.may_remove_roles(self.by, self.tenant, self.relationship)

    def form_arguments(self):
        return {"roles": self.relationship.roles}

    def context(self, form):
        return {
            "described": [in_words(DelegatedRole(role)) for role in self.relationship.roles],
            "sells_too": relationship_facts.sells_too(self.relationship),
        }

    def do(self, wanted):
        return relationship_roles.remove_roles(**self.common, roles=wanted["roles"], reason=wanted["reason"])

    def announce(self, outcome: AuditEvent | None) -> None:
        if outcome is None:
            messages.info(self.request, _("No change: the partner had none of these roles any more."))
        else:
            super().announce(outcome)

    def done(self, outcome):
        if outcome.kind == AuditKind.RELATIONSHIP_ENDED:
            return self.ended()
        removed = formats.join_list(map(DelegatedRole, outcome.detail["removed"]))
        return _("%(partner)s no longer has these roles: %(roles)s.") % {**self.names, "roles": removed}

    def destination(self, outcome):
        return self.list_url if outcome and outcome.kind == AuditKind.RELATIONSHIP_ENDED else self.back_url


class AutoExtend(RelationshipAct):
    """Switches on or off that it is extended at its end. On prolongs access, so it needs a recent sign-in."""

    name = "partners:relationship-auto-extend"
    short_title = called = gettext_lazy("Automatic extension")
    leave = ""
    dangerous = False
    form_class = AutoExtendForm

    @property
    def extends(self) -> bool:
        return self.relationship.auto_extend

    @property
    def title(self):  # type: ignore[override]
        if self.extends:
            return _("Stop extending the relationship with %(name)s?") % self.names
        return _("Extend the relationship with %(name)s automatically?") % self.names

    @property
    def button(self):  # type: ignore[override]
        return _("Stop extending") if self.extends else _("Extend automatically")

    def sentences(self):
        row = self.relationship
        facts = {
            "day": formats.day(row.expires_on) if row.expires_on else "",
            "days": relationship_roles.EXTENSION_DAYS,
        }
        if self.extends and row.has_passed:
            told = _(
                "Its end came on %(day)s and it is about to be extended. If you stop that now, the relationship ends "
                "at once."
            )
            return [told % facts]
        if self.extends:
            told = _(
                "The relationship then ends on %(day)s. You and the partner are reminded 30, 7 and 1 days before."
            )
            return [told % facts]
        told = _(
            "It ends on %(day)s as it is. Extended automatically, it goes on for %(days)s days from there with the "
            "same roles, and again each time after that, until somebody ends it or switches this off."
        )
        reminded = _(
            "Nobody is reminded of the end then. The review of your delegated administrators still asks about it."
        )
        return [told % facts, reminded]

    def may(self) -> Verdict:
        """As the page offers it; what the form wants is asked once it is known."""
        return self._may_switch(not self.extends) if self.request.method != "POST" else super().may()

    def may_typed(self, wanted) -> Verdict:
        return self._may_switch(wanted["extend"])

    def _may_switch(self, extend: bool) -> Verdict:
        rule = relationship_roles.may_extend if extend else relationship_roles.may_stop_extending
        return rule(self.by, self.tenant, self.relationship)

    def decision_of(self, wanted):
        return Decision.EXTEND_ACCESS if wanted["extend"] else None

    def initial(self):
        return {"extend": "no" if self.extends else "yes"}

    def do(self, wanted):
        return relationship_roles.set_auto_extend(**self.common, extend=wanted["extend"])

    def done(self, outcome):
        row, extend = self.relationship, outcome.detail.get("auto_extend")
        if row.has_passed and not extend:
            return _("The relationship with %(partner)s has ended: its end had come already.") % self.names
        text = (
            _("On %(day)s the relationship with %(partner)s is extended by %(days)s days, and again after that.")
            if extend
            else _("The relationship with %(partner)s ends on %(day)s and is not extended any more.")
        )
        return text % {
            **self.names,
            "day": formats.day(row.expires_on) if row.expires_on else "",
            "days": formats.number(relationship_roles.EXTENSION_DAYS),
        }
