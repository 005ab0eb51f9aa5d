"""Workspace > Match requests: what organizations asked this partner for, and how to answer."""

from functools import cached_property
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.access import PartnerRequest, partner_page
from partners.matching.page_parts import STATE_TAGS, wish
from partners.matching.reads import sent_to
from partners.models import MatchRequest
from partners.models.match_request import MatchState
from subscriptions.access import Permission
from subscriptions.base import formats
from subscriptions.clouds import Capability, Text
from subscriptions.models import ProductFamily
from subscriptions.web import cells
from subscriptions.web.lists import NOTHING, Empty, List
from subscriptions.web.tables import Column, Place

WHO_ACTS = {
    MatchState.OPEN: gettext_lazy("You, if you want to help: answer to staff."),
    MatchState.ANSWERED: gettext_lazy("The organization: it has an answer."),
    MatchState.CLOSED: gettext_lazy("Nobody: nothing more will be done."),
}


class MatchFilterForm(forms.Form):
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", gettext_lazy("All states")), *MatchState.choices],
    )


class MatchRequestList(List[PartnerRequest]):
    title = gettext_lazy("Match requests")
    form_class = MatchFilterForm
    filter_label = gettext_lazy("Filter match requests")
    values = ("uuid", "tenant__name", "wish", "family", "language", "country", "state", "requested_at")
    none_matches = Empty(gettext_lazy("No match request is in this state."))
    nothing_yet = Empty(
        NOTHING.sentence, why=gettext_lazy("No organization has asked for your help by Find a partner."), icon="mail"
    )
    columns = (
        Column(gettext_lazy("Organization"), lambda row: cells.name(row["tenant__name"])),
        Column(gettext_lazy("What help is needed"), wish, place=Place.LINE),
        Column(gettext_lazy("State"), cells.state_and_who, place=Place.LINE),
        Column(gettext_lazy("When"), lambda row: formats.moment(row["requested_at"]), css="day"),
        Column(gettext_lazy("Number"), lambda row: cells.code(row["uuid"]), place=Place.LINE),
    )

    @property
    def subtitle(self) -> Text:
        told = _(
            "Organizations found you and ask for help. If you want to help, answer to %(mailbox)s, with the number."
        )
        return told % {"mailbox": settings.STAFF_MAILBOX}

    @cached_property
    def services(self) -> dict[str, str]:
        return ProductFamily.objects.labels()

    def found(self, wanted: dict[str, Any]) -> QuerySet[MatchRequest]:
        rows = sent_to(self.request.partner)
        return rows.filter(state=wanted["state"]) if wanted["state"] else rows

    def describe(self, row: dict) -> dict:
        state = MatchState(row["state"])
        service = self.services.get(row["family"], "")
        return row | {"service": service, "state": state.label, "tag": STATE_TAGS[state], "who_acts": WHO_ACTS[state]}


match_request_list = partner_page(Permission.READ_WORKSPACE, capability=Capability.FIND_PARTNER)(
    MatchRequestList.view
)
