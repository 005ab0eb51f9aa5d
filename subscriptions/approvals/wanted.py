"""What members ask each other to approve: a class a kind of act, which the rooms of these acts register."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from subscriptions.access import Actor, Permission
from subscriptions.approvals.events import ChangeWanted
from subscriptions.clouds import Text
from subscriptions.models import Approval, Tenant
from subscriptions.verdicts import Page, Verdict


class Wanted:
    """One request: what it is about, and what is done about it. `find` comes before all else."""

    act: ClassVar[str]
    label: ClassVar[Text]
    permission: ClassVar[Permission] = Permission.SET_PARTNER_OF_RECORD  # of who asks and of who decides
    button: ClassVar[Text] = _("Approve, and do it now")
    approved: ClassVar[Text] = _("Approved. What was asked for is done, or begins now.")

    def __init__(self, approval: Approval):
        self.approval = approval
        self.tenant: Tenant = approval.tenant  # type: ignore[assignment]  # a member's request has one
        self.asked = ChangeWanted.from_detail(approval.wanted)

    def find(self, *, held: bool = False) -> None:
        """Looks up what it is about, and keeps it as it is until the transaction ends where it is held."""
        raise NotImplementedError

    @property
    def seen(self) -> str:
        """Of what the page shows: another text where it is not true any more."""
        raise NotImplementedError

    def may(self) -> Verdict:
        """Is what it is about still as it was when it was asked for?"""
        raise NotImplementedError

    def facts(self) -> Sequence[tuple[Text, Any]]:
        """Label and value: what it is now, and what is wanted."""
        raise NotImplementedError

    def sentences(self) -> Sequence[str]:
        """What whoever decides has to know beside."""
        return ()

    @property
    def page(self) -> Page:
        """Where what it is about is shown."""
        raise NotImplementedError

    def perform(self) -> None:
        """Does it in the place of who asked, with all verdicts asked again. Raises Refused."""
        raise NotImplementedError

    def drop(self, by: Actor) -> None:
        """What becomes of it where nobody agrees: nothing, unless something waits."""

    @classmethod
    def adopt(cls, tenant: Tenant, by: Actor) -> None:
        """Asks for the approval of what was decided without one and is not done yet."""


WANTED: dict[str, type[Wanted]] = {}


def entered(wanted: type[Wanted]) -> type[Wanted]:
    WANTED[wanted.act] = wanted
    return wanted


def wanted_of(approval: Approval, *, held: bool = False) -> Wanted:
    wanted = WANTED[approval.act](approval)
    wanted.find(held=held)
    return wanted
