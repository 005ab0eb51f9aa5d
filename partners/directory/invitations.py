"""Where an invitation of a partner's person leads: the lower app's engine asks this of it."""

from dataclasses import dataclass
from typing import Any, Self

from partners.delegation import partners_person
from partners.directory import acts as directory
from partners.directory.people import still_manages
from partners.models import Partner, PartnerPerson
from subscriptions.access import Actor
from subscriptions.db import scopes
from subscriptions.invitations.places import Place
from subscriptions.models import Invitation, User
from subscriptions.models.delegated_role import AgentRole
from subscriptions.models.people.invitation import InvitationKind, InvitationQuerySet
from subscriptions.verdicts import Verdict


@dataclass(frozen=True)
class AtPartner(Place):
    partner: Partner
    role: str

    kind = InvitationKind.PARTNER_PERSON

    @classmethod
    def of(cls, invitation: Invitation) -> Self:
        assert invitation.partner is not None  # noqa: S101 - the database says so of this kind
        return cls(invitation.partner, invitation.role)

    @property
    def name(self) -> str:  # type: ignore[override]
        return self.partner.name

    @property
    def language(self) -> str:  # type: ignore[override]
        return self.partner.language

    def columns(self) -> dict[str, Any]:
        return {"partner": self.partner, "role": self.role}

    @property
    def key(self) -> str:
        return f"partner-{self.partner.pk}"

    def invitations(self) -> InvitationQuerySet:
        return InvitationQuerySet(Invitation).filter(kind=self.kind, partner=self.partner)

    def still_lets(self, by: Actor) -> Verdict:
        return still_manages(self.partner.pk, by)

    def has(self, email: str) -> bool:
        with scopes.people_of_partner(self.partner.pk):
            return User.objects.filter(works_for__partner=self.partner, email=email).exists()

    def actor(self, user: User) -> Actor:
        return partners_person(user, self.partner, agent_role=AgentRole(self.role))

    def join(self, user: User, *, by: Actor) -> None:
        with scopes.partner(self.partner.pk):
            is_there = PartnerPerson.objects.filter(partner=self.partner, user=user).exists()
        if not is_there:
            directory.add_person(partner=self.partner, user=user, role=self.role, by=by)
