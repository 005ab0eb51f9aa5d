"""What a second person sees and decides of an act on many."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscriptions.access import Actor
from subscriptions.approvals.wanted import Wanted, entered
from subscriptions.base import formats
from subscriptions.bulk import acts as bulk
from subscriptions.bulk import runs
from subscriptions.bulk.asking import MANY, hold_back, needs_second_person
from subscriptions.bulk.rules import may_approve
from subscriptions.bulk.states import become, defer
from subscriptions.bulk.states import held as held_act
from subscriptions.clouds import Text
from subscriptions.models import BulkAct, Tenant
from subscriptions.models.jobs.bulk_act import OPEN, BulkState
from subscriptions.tenants.deciders import who_asked
from subscriptions.verdicts import Page, Verdict


@entered
class ManyWanted(Wanted):
    """One approval, whatever the number. Rows that moved on since the preview are named, and left alone."""

    act = MANY
    label = gettext_lazy("Change on many")

    def find(self, *, held: bool = False) -> None:
        acts = BulkAct.objects.filter(tenant=self.tenant)
        self.bulk = held_act(acts.get(pk=self.approval.row)) if held else acts.get(pk=self.approval.row)
        self.bulk.tenant = self.tenant

    @cached_property
    def moved(self) -> int:
        """How many were changed by somebody else after the preview."""
        waiting = self.bulk.rows.filter(planned=True, outcome="")
        return waiting.exclude(subscription__version=F("version")).count()

    @property
    def seen(self) -> str:
        return f"{self.bulk.digest}-{self.bulk.waiting}-{self.moved}"

    def may(self) -> Verdict:
        return may_approve(self.bulk, moved=self.moved)

    def facts(self) -> Sequence[tuple[Text, Any]]:
        facts: list[tuple[Text, Any]] = [(_("Subscriptions to change"), formats.number(self.bulk.waiting))]
        if self.bulk.selection:
            facts.append((_("Chosen by"), self.bulk.selection))
        if self.moved:
            facts.append((_("Changed by somebody else since, and left alone"), formats.number(self.moved)))
        if self.approval.wanted.get("is_begun"):
            facts.append((_("Done already"), formats.number(self.bulk.changed)))
        return facts

    @property
    def page(self) -> Page:
        return Page("subscriptions:bulk", of=(self.tenant.slug, self.bulk.uuid))

    def perform(self) -> None:
        asker = who_asked(self.approval, self.permission)
        become(self.bulk, BulkState.QUEUED)
        if self.approval.wanted.get("is_begun"):
            defer(self.bulk)
        else:
            bulk.begin(self.bulk, asker)

    def drop(self, by: Actor) -> None:
        if self.bulk.state == BulkState.ASKED:
            runs.end(self.bulk, by, as_state=BulkState.CANCELED)

    @classmethod
    def adopt(cls, tenant: Tenant, by: Actor) -> None:
        """Those that wait, run or are paused, each after the batch that runs."""
        acts = BulkAct.objects.select_for_update(of=("self",)).filter(tenant=tenant, state__in=OPEN)
        for act in acts.order_by("pk"):
            act.tenant = tenant
            if needs_second_person(act):
                hold_back(act, by=by)
