"""Workspace > People: who works for the partner in which role, and who is invited."""

from functools import cached_property

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from partners.access import PartnerRequest, partner_page
from partners.directory import people, serving
from partners.directory.invitations import AtPartner
from partners.models import PartnerPerson
from subscriptions.access import Permission
from subscriptions.base import formats
from subscriptions.models import Invitation
from subscriptions.models.delegated_role import AgentRole
from subscriptions.tenants.waiting_tables import waiting_table
from subscriptions.verdicts import Verdict
from subscriptions.web import cells
from subscriptions.web.lists import List
from subscriptions.web.tables import Column, Place


class ColleagueList(List[PartnerRequest]):
    title = gettext_lazy("People")
    subtitle = gettext_lazy("Who works for your company in the portal, in which role, and who is invited.")
    caption = gettext_lazy("People of your company")
    template = "workspace/people.html"
    values = ("uuid", "role", "since", "user_id", "user__name", "user__is_active")
    order = "user__name_key"

    def found(self, wanted: dict) -> QuerySet:
        return PartnerPerson.objects.filter(partner=self.request.partner)

    @cached_property
    def may_manage(self) -> Verdict:
        return self.request.actor.may(Permission.MANAGE_PEOPLE)

    @cached_property
    def only_manager(self) -> int | None:
        return people.only_manager_of(self.request.partner)

    def described(self, rows: list[dict]) -> list[dict]:
        serves = serving.count_customers(row["id"] for row in rows)
        rows = [row | {"customers": serves.get(row["id"], 0)} for row in rows]
        if not self.may_manage.allowed:
            return rows
        found = people.addresses_of(self.request.actor, self.request.partner, [row["user_id"] for row in rows])
        return [row | {"address": found[row["user_id"]]} for row in rows if row["user_id"] in found]

    @property
    def columns(self) -> list[Column]:
        states = {True: cells.tag("ok", pgettext("person", "Active")), False: cells.tag("neutral", _("Not active"))}
        acts = [Column(_("Action"), self._acts, place=Place.LINE)] if self.may_manage.allowed else []
        return [
            Column(pgettext("person", "Name"), self._whom),
            Column(_("Role"), lambda row: AgentRole(row["role"]).label, place=Place.WHOM),
            Column(_("Serves"), lambda row: formats.number(row["customers"]), css="num", more=_("customers")),
            Column(_("Since"), lambda row: formats.day(row["since"].date()), css="day", place=Place.DAY),
            Column(_("Status"), lambda row: states[row["user__is_active"]], place=Place.STATE),
            *acts,
        ]

    def _whom(self, row: dict) -> SafeString:
        return cells.together(cells.name(row["user__name"]), cells.below(row.get("address", "")))

    def _acts(self, row: dict) -> SafeString:
        here = [self.request.partner.number, row["uuid"]]
        return cells.part(
            "_manage_person.html",
            person=row,
            role_url=reverse("workspace:person-role", args=here),
            remove_url=reverse("workspace:person-remove", args=here),
            may_lose=people.may_go(row["role"], has_others=row["id"] != self.only_manager),
        )

    def _waiting(self, row: Invitation) -> dict[str, str]:
        here = [self.request.partner.number, row.uuid]
        return {
            "send_again_url": reverse("workspace:invitation-send-again", args=here),
            "withdraw_url": reverse("workspace:invitation-withdraw", args=here),
        }

    def context(self) -> dict:
        partner = self.request.partner
        waiting = waiting_table(AtPartner(partner, ""), self._waiting) if self.may_manage.allowed else None
        return {
            "may_manage": self.may_manage,
            "invite_url": reverse("workspace:person-invite", args=[partner.number]),
            "waiting": waiting,
        }


people_list = partner_page(Permission.READ_WORKSPACE)(ColleagueList.view)
