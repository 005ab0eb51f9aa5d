"""Settings > Partner policy > Second person: the switch that asks for one."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscriptions.access import Decision, Permission
from subscriptions.approvals.rules import count_deciders, may_switch_on
from subscriptions.approvals.switch import switch_second_person
from subscriptions.base import formats
from subscriptions.db.limits import Limit, limits_of
from subscriptions.models.approval import MEMBERS_WAIT_FOR
from subscriptions.verdicts import Verdict
from subscriptions.web.acts import Crumb, Facts
from subscriptions.web.forms import KeyForm
from subscriptions.web.tenant_acts import TenantAct

SECOND_PERSON = "subscriptions:second-person"
POLICY = "partners:policy"
YES, NO = "yes", "no"


class SecondPersonForm(KeyForm):
    needed = forms.ChoiceField(
        label=gettext_lazy("Does a change of a partner of record need a second person?"),
        widget=forms.RadioSelect,
        choices=[
            (YES, gettext_lazy("Yes: another Global or Billing admin approves it before it is done")),
            (NO, gettext_lazy("No: one person is enough")),
        ],
    )


class SwitchSecondPerson(TenantAct):
    name = SECOND_PERSON
    permission = Permission.KEEP_POLICY
    decision = Decision.SWITCH_SECOND_PERSON
    title = gettext_lazy("Second person for partners of record")
    button = gettext_lazy("Save")
    form_class: ClassVar[type[forms.Form]] = SecondPersonForm

    def initial(self) -> dict[str, Any]:
        return {"needed": YES if self.tenant.second_person else NO}

    def facts(self) -> Facts:
        return [(_("People who can approve"), formats.number(count_deciders(self.tenant)))]

    def sentences(self) -> list[str]:
        return [
            _(
                "It holds for every change: on one subscription or many, from a file, for a day to come, by the "
                "policy and for an undo. A change on many is one request. Nobody approves what they asked for "
                "themselves."
            ),
            _(
                "Switched on, what waits for its day or has not ended yet needs it too. Switched off, what was asked "
                "for until then still waits for its approval."
            ),
            _(
                "What is not decided within %(days)s days is over. A partner that is named at a purchase or by an "
                "accepted offer needs no second person. All Global and Billing admins are mailed that you switched "
                "it."
            )
            % {"days": formats.number(MEMBERS_WAIT_FOR.days)},
        ]

    def may_typed(self, wanted: Mapping[str, Any]) -> Verdict:
        is_new = wanted["needed"] == YES and not self.tenant.second_person
        return may_switch_on(self.tenant) if is_new else super().may_typed(wanted)

    def limits(self) -> list[Limit]:
        return limits_of("change-partner", person=self.by.counted_as)

    def do(self, wanted: Mapping[str, Any]) -> Any:
        return switch_second_person(tenant=self.tenant, on=wanted["needed"] == YES, by=self.by)

    def done(self, outcome: Any) -> str:
        if self.tenant.second_person:
            return _("Changes of a partner of record need a second person from now on.")
        return _("Changes of a partner of record need no second person any more. What waits still does.")

    @property
    def back_url(self) -> str:
        return self.url_of(POLICY, slug=self.tenant.slug)

    def breadcrumbs(self) -> list[Crumb]:
        return [(_("Settings"), None), (_("Partner policy"), self.back_url), (self.title, None)]
