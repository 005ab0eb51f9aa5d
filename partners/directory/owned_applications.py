"""A partner as the owner of applications: the lower app's engine asks this of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from partners.directory.rules import mailbox_of
from partners.models import Partner, PartnerPerson
from subscriptions.access import Actor, Permission
from subscriptions.access.scopes import OF_PARTNERS
from subscriptions.applications.owners import Owner
from subscriptions.mails.acts import Company
from subscriptions.mails.receivers import Receiver
from subscriptions.models import Application
from subscriptions.models.audit_event import ActorKind
from subscriptions.models.delegated_role import AgentRole
from subscriptions.verdicts import Verdict


@dataclass(frozen=True)
class OfPartner(Owner):
    partner: Partner

    scopes = OF_PARTNERS
    receivers = (Receiver.PARTNER,)

    @property
    def name(self) -> str:  # type: ignore[override]
        return self.partner.name

    @property
    def company(self) -> Company:  # type: ignore[override]
        return mailbox_of(self.partner)

    @property
    def roles(self) -> Sequence[AgentRole]:
        return list(AgentRole)

    @property
    def columns(self) -> dict[str, Any]:
        return {"tenant": None, "partner": self.partner}

    @property
    def key(self) -> str:
        return f"partner-{self.partner.pk}"

    def still_lets(self, by: Actor) -> Verdict:
        if by.kind is ActorKind.PARTNER:
            now = PartnerPerson.objects.filter(partner=self.partner, user=by.user_id).first()
            by = replace(by, agent_role=AgentRole(now.role) if now else None)
        return by.may(Permission.KEEP_PARTNERS_APPLICATIONS)

    def without_maker(self) -> Any:
        there = PartnerPerson.objects.filter(partner=self.partner, user__is_active=True)
        return self.applications().filter(maker__isnull=False).exclude(maker__in=there.values("user"))


def owner_of_partners(application: Application) -> OfPartner:
    assert application.partner is not None  # noqa: S101 - who asks has looked
    return OfPartner(application.partner)
