"""One request for approval: what is wanted, and its acts."""

from collections.abc import Mapping, Sequence
from functools import cached_property, partial
from typing import Any, ClassVar

from django import forms
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscriptions.access import Decision, Permission
from subscriptions.approvals import requests
from subscriptions.approvals.reads import find_request
from subscriptions.approvals.rules import may_approve_here, may_decide_here, may_withdraw
from subscriptions.approvals.wanted import Wanted, wanted_of
from subscriptions.base import formats
from subscriptions.db.limits import Limit, limits_of
from subscriptions.models import Approval, AuditEvent
from subscriptions.models.approval import ApprovalOutcome
from subscriptions.models.subscription import full_name
from subscriptions.tenants.deciders import asker_of, may_ask
from subscriptions.verdicts import Verdict, first_refusal
from subscriptions.web.acts import Answer, Crumb, Facts
from subscriptions.web.forms import KeyForm, ReasonField
from subscriptions.web.tenant_acts import TenantAct

LIST, APPROVE, REFUSE, WITHDRAW = (
    "subscriptions:approval-list",
    "subscriptions:approval",
    "subscriptions:approval-refuse",
    "subscriptions:approval-withdraw",
)
TITLE = gettext_lazy("Approvals")
TAGS = {
    ApprovalOutcome.WAITING: "info",
    ApprovalOutcome.APPROVED: "ok",
    ApprovalOutcome.REFUSED: "bad",
    ApprovalOutcome.WITHDRAWN: "neutral",
    ApprovalOutcome.EXPIRED: "neutral",
}


class SeenForm(KeyForm):
    """Of what the page showed."""

    version = forms.CharField(widget=forms.HiddenInput, max_length=120)


class RefuseForm(KeyForm):
    reason = ReasonField(required=True, help_text=gettext_lazy("It stands in the audit log, and who asked reads it."))
    field_order = ("reason", "key")


class OnRequest(TenantAct):
    """An act on one request; what it is about may have gone on."""

    permission: ClassVar[Permission] = Permission.SET_PARTNER_OF_RECORD
    approval: Approval
    wanted: Wanted

    def find(self) -> None:
        found = find_request(self.tenant, self.address["uuid"])
        if found is None:
            raise Http404
        self.approval, self.wanted = found, wanted_of(found)

    @property
    def is_open(self) -> bool:
        return self.approval.outcome == ApprovalOutcome.WAITING

    @property
    def subtitle(self) -> str:
        return full_name(self.approval.subject_name, self.wanted.asked.own_name)

    def limits(self) -> list[Limit]:
        return limits_of("change-partner", person=self.by.counted_as)

    def facts(self) -> Facts:
        row = self.approval
        facts = [
            *(self.wanted.facts() if self.is_open else self._wanted_once()),
            (_("Asked by"), formats.join_facts(row.asked_by, formats.moment(row.asked_at))),
            (_("Reason"), row.reason or formats.DASH),
        ]
        if self.is_open:
            return [*facts, (_("Decided until"), formats.moment(row.expires_on))]
        assert row.decided_at is not None  # noqa: S101 - the database refuses it
        return [
            *facts,
            (row.get_outcome_display(), formats.join_facts(row.decided_by, formats.moment(row.decided_at))),
        ]

    def _wanted_once(self) -> Facts:
        """Of what is over, only what it was about."""
        return list(self.wanted.asked.say(self.tenant.cloud_profile.currency))

    def facts_now(self) -> Facts:
        return [*self.facts(), (_("State"), self.approval.get_outcome_display())]

    def over(self) -> Answer | None:
        """What was decided, on its page; who still sends a form is told that it is too late."""
        if self.is_open:
            return None
        return partial(self.shown, self.form(), status=409 if self.request.method == "POST" else 200)

    @property
    def back_url(self) -> str:
        return self.url_of(APPROVE, uuid=self.address["uuid"])

    @property
    def about_url(self) -> str:
        return self.url_of(self.wanted.page.name, uuid=self.wanted.page.of[1])

    def breadcrumbs(self) -> list[Crumb]:
        return [(_("Billing"), None), (TITLE, self.url_of(LIST, slug=self.tenant.slug)), (self.subtitle, None)]


class ApproveChange(OnRequest):
    """The page of the request, which anybody reads who may change partners of record. Opening it does nothing."""

    name = APPROVE
    called = gettext_lazy("Approve")
    leave = gettext_lazy("Back to the list")
    template = "subscriptions/approval.html"
    form_class: ClassVar[type[forms.Form]] = SeenForm
    decision = Decision.CREDIT_PARTNER
    is_read_too = True

    @property
    def title(self):  # type: ignore[override]
        return self.wanted.label

    @property
    def button(self):  # type: ignore[override]
        return self.wanted.button

    @property
    def version(self) -> str:  # type: ignore[override]
        return self.wanted.seen

    @property
    def tag(self) -> str:
        return TAGS[ApprovalOutcome(self.approval.outcome)]

    @property
    def back_url(self) -> str:
        return self.url_of(LIST, slug=self.tenant.slug)

    @property
    def must_confirm(self) -> bool:
        return super().must_confirm and self.is_open and self.may().allowed

    @cached_property
    def may_decide(self) -> Verdict:
        return may_decide_here(self.by, self.approval, now=timezone.now(), permission=self.wanted.permission)

    def may(self) -> Verdict:
        return first_refusal([self.may_approve, self.may_ask, self.wanted.may()])

    @cached_property
    def may_approve(self) -> Verdict:
        return may_approve_here(self.by, self.approval, now=timezone.now(), permission=self.wanted.permission)

    @cached_property
    def may_ask(self) -> Verdict:
        return may_ask(asker_of(self.approval), self.wanted.permission)

    def context(self, form: forms.Form) -> Mapping[str, Any]:
        return {
            "verdict": self.may() if self.is_open else None,
            "refuse_url": self.url_of(REFUSE) if self.is_open and self.may_decide.allowed else "",
            "withdraw_url": self.url_of(WITHDRAW) if self.is_open and self._may_withdraw.allowed else "",
        }

    @property
    def _may_withdraw(self) -> Verdict:
        return may_withdraw(self.by, self.approval, now=timezone.now())

    def sentences(self) -> Sequence[str]:
        return self.wanted.sentences() if self.is_open else ()

    def do(self, wanted: Mapping[str, Any]) -> AuditEvent:
        return requests.approve(approval=self.approval, seen=wanted["version"], by=self.by)

    def done(self, outcome: AuditEvent) -> str:
        return str(self.wanted.approved)


class RefuseChange(OnRequest):
    name = REFUSE
    title = gettext_lazy("Refuse the change")
    button = gettext_lazy("Refuse")
    form_class: ClassVar[type[forms.Form]] = RefuseForm

    def may(self) -> Verdict:
        return may_decide_here(self.by, self.approval, now=timezone.now(), permission=self.wanted.permission)

    def sentences(self) -> list[str]:
        return [_("Nothing changes then. Who asked for it is mailed the reason.")]

    def do(self, wanted: Mapping[str, Any]) -> AuditEvent:
        return requests.refuse(approval=self.approval, by=self.by, reason=wanted["reason"])

    def done(self, outcome: AuditEvent) -> str:
        return _("Refused. Nothing was changed.")


class WithdrawChange(OnRequest):
    name = WITHDRAW
    title = gettext_lazy("Withdraw the request")
    button = gettext_lazy("Withdraw")

    def may(self) -> Verdict:
        return may_withdraw(self.by, self.approval, now=timezone.now())

    def sentences(self) -> list[str]:
        return [_("Nothing changes then, and nobody has to decide it any more.")]

    def do(self, wanted: Mapping[str, Any]) -> AuditEvent:
        return requests.withdraw(approval=self.approval, by=self.by)

    def done(self, outcome: AuditEvent) -> str:
        return _("Withdrawn. Nothing was changed.")
