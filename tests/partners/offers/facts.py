"""A partner's person, an organization of the same cloud, the offers between them, and how they are answered."""

from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from partners.models import PartnerOffer
from partners.offers import acts as offers
from partners.offers.answers import Shown, accept_offer, decline_offer
from partners.offers.terms import current_terms
from subscriptions.access import Actor
from subscriptions.clouds import Cloud
from subscriptions.db import scopes
from subscriptions.models import AuditEvent, Mail, Tenant, User
from subscriptions.models.audit_event import ActorKind
from subscriptions.models.delegated_role import AgentRole
from tests.database import as_owner
from tests.factories import make_actor, make_member, make_partner, make_partner_person, make_tenant


class OfferWorld:
    def __init__(self, *, number: int = 21) -> None:
        """Worlds of other numbers may stand beside this one."""
        other = "" if number == 21 else f"-{number}"
        cloud = Cloud.OPERATED_BY_21VIANET
        self.tenant = make_tenant(slug=f"lanyun{other}", name="Lanyun", cloud=cloud, country="CN")
        self.admin = make_member(tenant=self.tenant, email=f"admin{other}@lanyun.example", name="Lan Yun")
        self.partner = make_partner(number=f"8800{number:02}", name="Yunhuoban", cloud=cloud, country="CN")
        self.person = make_partner_person(
            partner=self.partner, email=f"agent{other}@yunhuoban.example", name="Agatha Agent"
        )
        self.agent = Actor(
            kind=ActorKind.PARTNER,
            name=self.person.name,
            user_id=self.person.pk,
            agent_role=AgentRole.ADMIN_AGENT,
            partner=str(self.partner),
            partner_key=self.partner.pk,
        )

    def inside(self):
        """The scope of the organization, in which a partner's person acts."""
        return scopes.tenant(self.tenant.pk)

    def draft(self, facts, *, by=None, offer=None) -> PartnerOffer:
        known = {"offer": offer, "version": self.read(offer).version} if offer else {}
        with self.inside():
            saved = offers.save_draft(
                tenant=self.tenant, partner=self.partner, facts=facts, by=by or self.agent, **known
            )
        return self.read(saved)

    def sent(self, facts) -> PartnerOffer:
        return self.act(offers.send, self.draft(facts))

    def act(self, function, offer, **more) -> PartnerOffer:
        """The offer after the act, done on the version that there is."""
        if function is not offers.withdraw:
            more["version"] = self.read(offer).version
        with self.inside():
            function(tenant=self.tenant, offer=offer, by=self.agent, **more)
        return self.read(offer)

    @as_owner()
    def read(self, offer) -> PartnerOffer:
        return PartnerOffer.objects.with_state().select_related("tenant", "partner").get(pk=offer.pk)

    @as_owner()
    def events(self) -> list[AuditEvent]:
        return list(AuditEvent.objects.order_by("pk"))

    @as_owner()
    def mails(self) -> list[tuple[str, str]]:
        """Kind and receiver of each, in the order in which they were queued."""
        rows = Mail.objects.select_related("to_user").order_by("pk")
        return [(mail.kind, mail.to_user.email if mail.to_user else mail.to_company_mailbox) for mail in rows]

    @as_owner()
    def age(self, offer, *, days: int) -> None:
        """As if it had been sent so many days earlier."""
        earlier = timedelta(days=days)
        PartnerOffer.objects.filter(pk=offer.pk).update(
            sent_at=F("sent_at") - earlier, expires_on=F("expires_on") - earlier
        )

    @staticmethod
    def days_ago(days: int) -> datetime:
        return timezone.now() - timedelta(days=days)


@as_owner()
def shown_of(offer: PartnerOffer) -> Shown:
    return Shown(version=offer.version, terms=current_terms(offer).digest)


def accepted(
    offer: PartnerOffer, by: User, *, roles=None, days=None, shown: Shown | None = None, **proof
) -> AuditEvent:
    """Yes, to all that is asked for unless said otherwise; `proof` is when the person was last proved to be it."""
    shown = shown or shown_of(offer)
    with scopes.tenant(offer.tenant_id):
        return accept_offer(
            tenant=Tenant.objects.with_cloud_status().get(),
            offer=offer,
            shown=shown,
            roles=offer.roles if roles is None else roles,
            days=days or offer.days,
            by=make_actor(user=by, **proof),
        )


def declined(offer: PartnerOffer, by: User, *, reason="", **proof) -> AuditEvent:
    shown = shown_of(offer)
    with scopes.tenant(offer.tenant_id):
        tenant = Tenant.objects.with_cloud_status().get()
        by_admin = make_actor(user=by, **proof)
        return decline_offer(tenant=tenant, offer=offer, shown=shown, reason=reason, by=by_admin)


@as_owner()
def fresh(offer: PartnerOffer) -> PartnerOffer:
    return PartnerOffer.objects.with_state().select_related("relationship").get(pk=offer.pk)
