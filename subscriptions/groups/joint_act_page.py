"""What the pages of a joint act have in common: whose it is, its parts, and where it leads."""

from functools import cached_property, partial
from typing import Any, ClassVar

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from subscriptions.bulk.kinds import KINDS, Kind
from subscriptions.groups.forms import FORMS_OF_SEVERAL
from subscriptions.groups.joint_reads import Part, find_joint, parts_of
from subscriptions.groups.reads import Seat, seats_of
from subscriptions.models import JointAct
from subscriptions.web.acts import Answer, Crumb
from subscriptions.web.forms import SealedForm
from subscriptions.web.responses import see_other
from subscriptions.web.tenant_acts import PersonAct

LIST, RECEIPT, WHAT, PREVIEW = "organizations", "several", "several-what", "several-preview"


class JointPage(PersonAct):
    """An act on a joint act of one's own; `find` sets `joint` and its `parts`."""

    form_class: ClassVar[type[forms.Form]] = SealedForm
    joint: JointAct
    parts: list[Part]

    @cached_property
    def seats(self) -> list[Seat]:
        return seats_of(self.request.user, self.request.memberships)

    def find(self) -> None:
        joint = find_joint(self.request.user.pk, self.address["uuid"])
        if joint is None:
            raise Http404
        self.joint, self.parts = joint, parts_of(joint, self.seats)

    @property
    def kind(self) -> type[Kind]:
        return KINDS[self.joint.kind]

    @property
    def acting(self) -> list[Part]:
        """Where it can be done, as far as rows allow it."""
        return [part for part in self.parts if part.can_be_decided]

    @property
    def asks(self) -> bool:
        """Whether something has to be typed for it before there is a preview."""
        return self.joint.kind in FORMS_OF_SEVERAL and bool(self.acting)

    @property
    def back_url(self) -> str:
        return self.list_url

    @property
    def list_url(self) -> str:
        return reverse(LIST)

    def breadcrumbs(self) -> list[Crumb]:
        return [(_("All organizations"), self.list_url), (self.title, None)]

    def to(self, name: str, joint: JointAct) -> str:
        return self.url_of(name, uuid=joint.uuid)

    def over(self) -> Answer | None:
        """Once it is decided its receipt is the place."""
        return partial(see_other, self.to(RECEIPT, self.joint)) if self.joint.decided else None

    def announce(self, outcome: Any) -> None:
        """The next page says it."""
