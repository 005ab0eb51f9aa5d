"""The acts on a policy, each with a page of its own."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.models import ApprovedPartner, PolicyExemption, PolicyPartner
from partners.partner_of_record.acts import named
from partners.partner_of_record.policy import acts as policy
from partners.partner_of_record.policy.forms import (
    ASKED_FOR,
    REFUSED,
    DefaultForm,
    ExemptForm,
    OffListForm,
    PolicyPartnerForm,
)
from partners.partner_of_record.policy.pages import (
    ADD_DEFAULT,
    APPROVE,
    END_EXEMPTION,
    EXEMPT,
    OFF_LIST,
    POLICY,
    REMOVE_DEFAULT,
    TAKE_OFF,
    TITLE,
)
from partners.partner_of_record.policy.reads import why
from partners.partner_of_record.policy.rules import may_keep_policy, may_set_default
from subscriptions.access import Decision, Permission
from subscriptions.approvals.rules import count_deciders, may_switch_on
from subscriptions.base import formats
from subscriptions.clouds import Capability
from subscriptions.db.limits import Limit, limits_of
from subscriptions.models import Subscription
from subscriptions.verdicts import Verdict
from subscriptions.web.acts import Crumb, Facts
from subscriptions.web.tenant_acts import TenantAct


class PolicyAct(TenantAct):
    """An act on the policy of an organization."""

    permission: ClassVar[Permission] = Permission.KEEP_POLICY
    decision: ClassVar[Decision | None] = Decision.KEEP_POLICY

    def may(self) -> Verdict:
        return may_keep_policy(self.by)

    def limits(self) -> list[Limit]:
        return limits_of("change-partner", person=self.by.counted_as)

    @property
    def back_url(self) -> str:
        return self.url_of(POLICY, slug=self.tenant.slug)

    def breadcrumbs(self) -> list[Crumb]:
        return [(_("Settings"), None), (TITLE, self.back_url), (self.title, None)]


class NamesPartner(PolicyAct):
    """Pressed twice: first it shows whose ID it is, then it does it."""

    template = "partners/policy_partner.html"
    form_class: ClassVar[type[forms.Form]] = PolicyPartnerForm
    uncompared = frozenset({"seen"})

    def form_arguments(self) -> dict[str, Any]:
        return {"tenant": self.tenant, "by": self.by}

    def preview(self, form: Any) -> Mapping[str, Any] | None:
        partner = form.cleaned_data["partner_id"]
        self.filled = form
        return None if self.request.POST.get("seen") == partner.number else {"found": partner}


class AddDefault(NamesPartner):
    name = ADD_DEFAULT
    capability = Capability.ADD_PARTNER_OF_RECORD
    title = button = gettext_lazy("Set a default partner")
    form_class: ClassVar[type[forms.Form]] = DefaultForm

    def may(self) -> Verdict:
        return may_set_default(self.by, self.tenant)

    def sentences(self) -> list[str]:
        return [
            _("New subscriptions then get this partner of record, unless another one is named when they are bought."),
            _("Subscriptions that are there already stay as they are; the policy's page counts those that differ."),
        ]

    def do(self, wanted: Mapping[str, Any]) -> Any:
        return policy.set_default(tenant=self.tenant, partner=wanted["partner_id"], by=self.by, **self.filled.of())

    def done(self, outcome: Any) -> str:
        return _("%(partner)s is the default partner now.") % {"partner": outcome.subject_name}


class Approve(NamesPartner):
    name = APPROVE
    title = button = gettext_lazy("Approve a partner")

    def sentences(self) -> list[str]:
        return [
            _("As soon as one partner is approved, no other partner can be named in your organization."),
            _("Whom subscriptions credit already stays; the policy's page counts those that differ."),
        ]

    def do(self, wanted: Mapping[str, Any]) -> Any:
        return policy.approve_partner(tenant=self.tenant, partner=wanted["partner_id"], by=self.by)

    def done(self, outcome: Any) -> str:
        return _("%(partner)s is approved.") % {"partner": outcome.subject_name}


class OffList(PolicyAct):
    name = OFF_LIST
    title = gettext_lazy("Partners off the approved list")
    button = gettext_lazy("Save")
    form_class: ClassVar[type[forms.Form]] = OffListForm

    def initial(self) -> dict[str, Any]:
        return {"off_list": ASKED_FOR if self.tenant.asks_off_list else REFUSED}

    def facts(self) -> Facts:
        return [(_("People who can approve"), formats.number(count_deciders(self.tenant)))]

    def sentences(self) -> list[str]:
        return [
            _(
                "It holds wherever a partner is named: on one subscription or many, from a file, for a day to come "
                "and for an undo. A change on many that names one is one request, for all of it."
            ),
            _("At a purchase nobody can be asked: there such a partner is refused."),
        ]

    def may_typed(self, wanted: Mapping[str, Any]) -> Verdict:
        is_new = wanted["off_list"] == ASKED_FOR and not self.tenant.asks_off_list
        return may_switch_on(self.tenant) if is_new else super().may_typed(wanted)

    def do(self, wanted: Mapping[str, Any]) -> Any:
        return policy.set_off_list(tenant=self.tenant, asks=wanted["off_list"] == ASKED_FOR, by=self.by)

    def done(self, outcome: Any) -> str:
        if self.tenant.asks_off_list:
            return _("Partners that are not on the approved list can be asked for from now on.")
        return _("Partners that are not on the approved list cannot be named.")


class RemoveDefault(PolicyAct):
    name = REMOVE_DEFAULT
    title = button = gettext_lazy("Remove the default partner")
    default: PolicyPartner

    def find(self) -> None:
        rows = PolicyPartner.objects.filter(tenant=self.tenant).select_related("partner", "product", "family")
        self.default = get_object_or_404(rows, uuid=self.address["uuid"])
        self.default.tenant = self.tenant

    def facts(self) -> Facts:
        return [(_("Partner"), str(named(self.default.partner))), (_("Default"), why(self.default))]

    def sentences(self) -> list[str]:
        return [_("Subscriptions that have this partner keep it.")]

    def do(self, wanted: Mapping[str, Any]) -> Any:
        return policy.remove_default(tenant=self.tenant, default=self.default, by=self.by)

    def done(self, outcome: Any) -> str:
        return _("The default partner is removed.")


class TakeOff(PolicyAct):
    name = TAKE_OFF
    title = button = gettext_lazy("Take the partner off the list")
    approved: ApprovedPartner

    def find(self) -> None:
        rows = ApprovedPartner.objects.filter(tenant=self.tenant).select_related("partner")
        self.approved = get_object_or_404(rows, uuid=self.address["uuid"])
        self.approved.tenant = self.tenant

    def facts(self) -> Facts:
        return [(_("Partner"), str(named(self.approved.partner)))]

    def sentences(self) -> list[str]:
        return [
            _("It then cannot be named any more; subscriptions that have it keep it."),
            _("Without any approved partner each partner can be named again."),
        ]

    def do(self, wanted: Mapping[str, Any]) -> Any:
        return policy.take_off_list(tenant=self.tenant, approved=self.approved, by=self.by)

    def done(self, outcome: Any) -> str:
        return _("%(partner)s is no longer approved.") % {"partner": outcome.subject_name}


class Exempt(PolicyAct):
    """By the subscription's own UUID; another exemption of it ends."""

    name = EXEMPT
    title = gettext_lazy("Exempt from the policy")
    button = gettext_lazy("Exempt")
    form_class: ClassVar[type[forms.Form]] = ExemptForm
    subscription: Subscription

    def find(self) -> None:
        rows = Subscription.objects.of_tenant(self.tenant).filter(uuid=self.address["uuid"])
        self.subscription = get_object_or_404(rows)

    @property
    def subtitle(self) -> str:
        return self.subscription.full_name

    def form_arguments(self) -> dict[str, Any]:
        return {"tenant": self.tenant}

    def sentences(self) -> list[str]:
        return [_("Until that day this subscription does not count as one that differs from the policy.")]

    def do(self, wanted: Mapping[str, Any]) -> Any:
        typed = {name: wanted[name] for name in ("reason", "ends_on")}
        return policy.exempt(tenant=self.tenant, subscription=self.subscription, by=self.by, **typed)

    def done(self, outcome: Any) -> str:
        return _("%(subscription)s is exempted from the policy.") % {"subscription": self.subscription.full_name}


class EndExemption(PolicyAct):
    name = END_EXEMPTION
    title = button = gettext_lazy("End the exemption")
    exemption: PolicyExemption

    def find(self) -> None:
        rows = PolicyExemption.objects.filter(tenant=self.tenant, ended_at__isnull=True)
        self.exemption = get_object_or_404(rows.select_related("subscription"), uuid=self.address["uuid"])

    @property
    def subtitle(self) -> str:
        return self.exemption.subscription.full_name

    def facts(self) -> Facts:
        return [(_("Reason"), self.exemption.reason), (_("Until"), formats.day(self.exemption.ends_on))]

    def do(self, wanted: Mapping[str, Any]) -> Any:
        return policy.end_exemption(tenant=self.tenant, exemption=self.exemption, by=self.by)

    def done(self, outcome: Any) -> str:
        return _("The exemption has ended.")
