"""The preview of a joint act: what will change and what stays in each organization, and the one decision."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from subscriptions.access import Decision
from subscriptions.base import formats
from subscriptions.bulk import acts as bulk
from subscriptions.bulk.asking import needs_second_person
from subscriptions.bulk.preview_page import PreviewPage, receipts_said
from subscriptions.bulk.rules import PREVIEW_KEPT
from subscriptions.groups import acts as joints
from subscriptions.groups.choice_pages import count_said, organizations_said
from subscriptions.groups.joint_act_page import PREVIEW, RECEIPT, WHAT, JointPage
from subscriptions.groups.joint_reads import Part, Shown, are_current, digest_of, is_previewed, parts_of, preview_of
from subscriptions.groups.reads import Seat, read_each
from subscriptions.groups.rows_page import place_cell
from subscriptions.models import JointAct
from subscriptions.verdicts import ALLOWED, Verdict, VerdictCode
from subscriptions.web.acts import Answer
from subscriptions.web.recent_sign_in import last_proof
from subscriptions.web.responses import see_other


@dataclass(frozen=True)
class Section:
    """One organization in the preview, as the template shows it; `why` is what keeps the person from acting there."""

    part: Part
    place: Any
    shown: Shown | None
    told: list[str]
    rows_url: str
    why: Verdict | None

    @property
    def stay(self) -> int:
        return self.part.chosen - self.part.planned

    @property
    def is_cut(self) -> bool:
        """Whether more would change there than its largest groups, which alone are shown."""
        return self.shown is not None and sum(group.count for group in self.shown.changing) < self.part.planned


class PreviewOfSeveral(PreviewPage, JointPage):
    name = PREVIEW
    template = "subscriptions/several_preview.html"

    @property
    def planned(self) -> int:
        return sum(part.planned for part in self.parts)

    @property
    def title(self) -> str:  # type: ignore[override]
        if not self.planned:
            return _("Nothing would change")
        told = ngettext("Change %(count)s subscription?", "Change %(count)s subscriptions?", self.planned)
        return told % {"count": formats.number(self.planned)}

    @property
    def button(self) -> str:  # type: ignore[override]
        if self.asks_everywhere:
            told = ngettext(
                "Ask to change %(count)s subscription in %(places)s",
                "Ask to change %(count)s subscriptions in %(places)s",
                self.planned,
            )
        else:
            told = ngettext(
                "Change %(count)s subscription in %(places)s",
                "Change %(count)s subscriptions in %(places)s",
                self.planned,
            )
        places = organizations_said(sum(part.planned > 0 for part in self.parts))
        return told % {"count": formats.number(self.planned), "places": places}

    @property
    def asks_everywhere(self) -> bool:
        """Whether a second person has to approve it in each organization where something would change."""
        return all(needs_second_person(part.act) for part in self.parts if part.planned and part.act)

    @property
    def subtitle(self) -> str:
        return self.kind.title(self.joint.wanted) if self.joint.wanted else str(self.kind.label)

    def over(self) -> Answer | None:
        over = super().over()
        if over is None and not is_previewed(self.parts):
            return partial(see_other, self.to(WHAT, self.joint))
        return over

    @property
    def decision(self) -> Decision | None:  # type: ignore[override]
        return self.kind.decision

    @property
    def digest(self) -> str:
        return digest_of(self.parts)

    @property
    def is_current(self) -> bool:
        return are_current(self.parts)

    def decision_of(self, wanted: Mapping[str, Any]) -> None:
        """It is asked in each organization, when its act is decided there."""

    @property
    def must_confirm(self) -> bool:
        if self.decision is None or not self.planned:
            return False
        by = replace(self.acting[0].seat.actor, proved_at=last_proof(self.request))
        return not by.is_proved(self.decision)

    def may(self) -> Verdict:
        if self.planned:
            return ALLOWED
        return Verdict(
            code=VerdictCode.WRONG_STATE,
            reason=_("None of the subscriptions that you chose would change."),
            next_step=_("Look at it as it is now."),
        )

    def do(self, wanted: Mapping[str, Any]) -> JointAct:
        proved_at = last_proof(self.request)
        return joints.decide(joint=self.joint, parts=self.parts, digest=wanted["version"], proved_at=proved_at)

    def destination(self, outcome: JointAct) -> str:
        return self.to(RECEIPT, outcome)

    def conflict(self) -> HttpResponse:
        """The same subscriptions as they are now."""
        self.find()
        if over := self.over():
            return over()
        joint = joints.preview_again(joint=self.joint, parts=self.parts)
        self.joint, self.parts, self.is_renewed = joint, parts_of(joint, self.seats), True
        return self.shown(self.form(), status=409)

    def context(self, form: forms.Form) -> Mapping[str, Any]:
        previews = [part.act.previewed for part in self.acting if part.act and part.act.previewed]
        return {
            "sections": self._sections(),
            "counted": count_said(self.parts),
            "chosen": sum(part.chosen for part in self.parts),
            "stay": sum(part.chosen for part in self.parts) - self.planned,
            "gone": len(self.joint.parts) - len(self.parts),
            "until": min(previews) + PREVIEW_KEPT if previews else None,
            "verdict": self.may(),
        }

    def _sections(self) -> list[Section]:
        by_tenant = {part.seat.tenant.pk: part for part in self.parts}

        def read(seat: Seat) -> Section:
            return self._section(by_tenant[seat.tenant.pk])

        return read_each([part.seat for part in self.parts], self.request.user.pk, read)

    def _section(self, part: Part) -> Section:
        """Needs the organization's scope."""
        place = place_cell(part.seat)
        if not part.can_be_decided or part.act is None:
            return Section(part, place, None, [], "", part.may if not part.may.allowed else _chosen_before())
        shown = preview_of(part.act)
        rows_url = reverse("subscriptions:bulk-rows", args=[part.seat.tenant.slug, part.act.uuid])
        told = bulk.kind_of(part.act, part.seat.actor).told(shown.told)
        if needs_second_person(part.act):
            told.insert(0, _("A second person is asked to approve it there first."))
        return Section(part, place, shown, [*told, receipts_said(shown.admins)], rows_url, None)


def _chosen_before() -> Verdict:
    return Verdict(
        code=VerdictCode.WRONG_STATE,
        reason=_("When you chose these you could not change them, or they are decided already."),
        next_step=_("Choose them again if they are to change."),
    )
