"""Billing > Approvals: what waits for a second person, and what became of what was asked for."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from subscriptions.access import Permission
from subscriptions.approvals.act_pages import APPROVE, LIST, TAGS, TITLE
from subscriptions.approvals.events import ChangeWanted
from subscriptions.approvals.reads import requests_of, waiting_requests
from subscriptions.approvals.switch_page import SECOND_PERSON
from subscriptions.approvals.wanted import WANTED
from subscriptions.attention.kinds import AttentionKind, Urgency, add_attention
from subscriptions.base import formats
from subscriptions.models.approval import ApprovalOutcome
from subscriptions.models.subscription import full_name
from subscriptions.saved_views.lists import ALL as ALL_ROWS
from subscriptions.saved_views.lists import APPROVALS
from subscriptions.web import cells
from subscriptions.web.lists import Empty, List
from subscriptions.web.page_access import TenantRequest, tenant_page
from subscriptions.web.tables import Column, Place

add_attention(
    AttentionKind(
        name="approvals-waiting",
        urgency=Urgency.NOW,
        told=ngettext_lazy("change waits for approval", "changes wait for approval", "count"),
        rows=waiting_requests,
        day="expires_on",
        when=gettext_lazy("Another person than who asked decides; the first one until %(day)s"),
        list_name=LIST,
        filters=f"state={ApprovalOutcome.WAITING}",
        permission=Permission.SET_PARTNER_OF_RECORD,
        verb=gettext_lazy("Decide"),
    )
)


class ApprovalFilterForm(forms.Form):
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", gettext_lazy("All states")), *ApprovalOutcome.choices],
    )


class ApprovalList(List[TenantRequest]):
    title, section = TITLE, gettext_lazy("Billing")
    caption = gettext_lazy("Changes that were asked for in your organization")
    template = "subscriptions/approval_list.html"
    form_class = ApprovalFilterForm
    views_of, clear_url = APPROVALS, ALL_ROWS
    filter_label = gettext_lazy("Filter approvals")
    values = ("uuid", "act", "subject_name", "wanted", "outcome", "asked_by", "asked_at", "expires_on", "decided_by")
    none_matches = Empty(gettext_lazy("No request is in this state."))
    nothing_yet = Empty(
        gettext_lazy("We didn't find anything to show here."),
        why=gettext_lazy("Nobody has asked for the approval of a change of a partner of record."),
        icon="checkmark",
    )

    def found(self, wanted: dict) -> QuerySet:
        if wanted["state"] == ApprovalOutcome.WAITING:
            return waiting_requests(self.request.tenant)
        rows = requests_of(self.request.tenant)
        return rows.filter(outcome=wanted["state"]) if wanted["state"] else rows

    @property
    def columns(self) -> list[Column]:
        return [
            Column(_("Change"), self._name),
            Column(_("State"), _state, place=Place.STATE),
            Column(_("Asked by"), lambda row: cells.name(row["asked_by"]), place=Place.WHOM),
            Column(_("Asked"), lambda row: formats.moment(row["asked_at"]), css="day", place=Place.DAY),
            Column(_("Decided until"), lambda row: formats.moment(row["expires_on"]), css="day"),
            Column(_("Decided by"), lambda row: cells.name(row["decided_by"]) if row["decided_by"] else formats.DASH),
        ]

    def _name(self, row: dict) -> object:
        asked = ChangeWanted.from_detail(row["wanted"])
        url = reverse(APPROVE, args=[self.request.tenant.slug, row["uuid"]])
        told = formats.join_facts(
            str(WANTED[row["act"]].label), *asked.tell(self.request.tenant.cloud_profile.currency)
        )
        return cells.together(cells.link(url, full_name(row["subject_name"], asked.own_name)), cells.below(told))

    def context(self) -> dict[str, Any]:
        tenant = self.request.tenant
        return {
            "is_on": tenant.second_person,
            "may_switch": self.request.actor.may(Permission.KEEP_POLICY),
            "switch_url": reverse(SECOND_PERSON, args=[tenant.slug]),
        }


def _state(row: dict) -> object:
    state = ApprovalOutcome(row["outcome"])
    return cells.tag(TAGS[state], state.label)


approval_list = tenant_page(Permission.SET_PARTNER_OF_RECORD)(ApprovalList.view)
