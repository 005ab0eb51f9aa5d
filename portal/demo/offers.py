"""The demo's offers: a draft, one that waits for an answer, with a free trial, one that was not answered in time, and
one that was sent twice, so that the link of its first mail is superseded.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from partners.models import OfferedSubscription, Partner, PartnerOffer, PartnerRelationship
from partners.models.partner_offer import CreditWanted, OfferedPurchase, OfferState
from partners.offers import acts as offers
from partners.offers.checks import kind_in
from partners.offers.reads import Content, Line, OfferFacts
from partners.offers.records import facts_of
from partners.offers.templates import keep
from partners.offers.terms import add_version, digest_of, sanitized
from portal.demo.data import AGENTS
from subscriptions.access import Actor, the_portal
from subscriptions.models import AuditEvent, Product, Subscription, Tenant
from subscriptions.models.audit_event import ActorKind, AuditKind
from subscriptions.models.delegated_role import AgentRole, DelegatedRole
from subscriptions.models.subscription import BillingFrequency

AGENT = "王芳"
TERMS = """
<h3>服务内容</h3>
<p>我们为您管理许可证，并在工作日 9:00–18:00 回答贵公司管理员的问题。</p>
<ul><li>管理许可证数量</li><li>为普通用户重设登录</li></ul>
<h3>费用与期限</h3>
<p>服务本身不另行收费；您可以随时在“合作伙伴关系”中终止。详情见
<a href="https://yunhuoban.example/terms">完整条款</a>。</p>
"""
EARLIER_TERMS = "我们为您管理 Exchange Online 订阅。\n\n服务本身不另行收费。"
DAYS_OPEN = timedelta(days=30)


def send_offer(tenant: Tenant, partner: Partner, product: Product) -> None:
    """Sent now, with its mail: the link in it works."""
    by = _agent(partner)
    facts = OfferFacts(
        name="云服务托管一年",
        terms=TERMS,
        roles=(DelegatedRole.LICENSE_ADMINISTRATOR, DelegatedRole.HELPDESK_ADMINISTRATOR),
        days=365,
        credit=CreditWanted.BOUGHT,
        purchase=OfferedPurchase.TRIAL,
        lines=(Line(product=product.uuid),),
    )
    offer = offers.save_draft(tenant=tenant, partner=partner, facts=facts, by=by)
    offers.send(tenant=tenant, offer=offer, version=offer.version, by=by)


def draft_offer(tenant: Tenant, partner: Partner, product: Product) -> None:
    facts = OfferFacts(
        name="Power BI 培训",
        terms="我们为贵公司的员工提供两天培训。",
        purchase=OfferedPurchase.PURCHASE,
        credit=CreditWanted.BOUGHT,
        lines=(Line(product=product.uuid, licenses=10, billing_frequency=BillingFrequency.ANNUAL),),
    )
    offers.save_draft(tenant=tenant, partner=partner, facts=facts, by=_agent(partner))


def send_offer_twice(tenant: Tenant, partner: Partner, subscription: Subscription) -> None:
    by = _agent(partner)
    facts = OfferFacts(
        name="Exchange 邮箱迁移",
        terms=EARLIER_TERMS,
        credit=CreditWanted.NAMED,
        subscriptions=(subscription.uuid,),
    )
    offer = offers.save_draft(tenant=tenant, partner=partner, facts=facts, by=by)
    offers.send(tenant=tenant, offer=offer, version=offer.version, by=by)
    offer.refresh_from_db()
    offers.send_again(tenant=tenant, offer=offer, version=offer.version, by=by)


def add_ending(tenant: Tenant, partner: Partner, relationship: PartnerRelationship, *, name: str, terms: str) -> None:
    """An offer that was accepted almost a year ago, whose relationship ends soon, and the template that it became."""
    by = replace(_agent(partner), name=next(each[1] for each in AGENTS if each[2] == partner.number))
    sent = relationship.started_at
    html = sanitized(terms)
    offer = PartnerOffer.objects.create(
        tenant=tenant,
        partner=partner,
        name=name,
        kind=kind_in(tenant),
        state=OfferState.ACCEPTED,
        generation=1,
        roles=relationship.roles,
        days=365,
        drafted_at=sent,
        drafted_by=by.name,
        sent_at=sent,
        sent_by=by.name,
        expires_on=sent + DAYS_OPEN,
        decided_at=sent,
        decided_by=relationship.started_by,
        decided_terms=digest_of(html),
        granted_roles=relationship.roles,
        granted_days=365,
        relationship=relationship,
    )
    add_version(offer, html, by=by)
    keep(partner=partner, name=name, facts=Content(offer).facts, by=by)


def add_expired_offer(tenant: Tenant, partner: Partner, subscription: Subscription, *, sent: datetime) -> None:
    by = _agent(partner)
    expired = sent + DAYS_OPEN
    offer = PartnerOffer.objects.create(
        tenant=tenant,
        partner=partner,
        name="Exchange 邮箱管理",
        state=OfferState.EXPIRED,
        generation=1,
        credit=CreditWanted.NAMED,
        drafted_at=sent,
        drafted_by=by.name,
        sent_at=sent,
        sent_by=by.name,
        expires_on=expired,
    )
    add_version(offer, sanitized(EARLIER_TERMS), by=by)
    OfferedSubscription.objects.create(tenant=tenant, offer=offer, subscription=subscription)
    _remember(offer, AuditKind.OFFER_SENT, at=sent, by=by)
    _remember(offer, AuditKind.OFFER_EXPIRED, at=expired, by=the_portal())


def _remember(offer: PartnerOffer, kind: AuditKind, *, at: datetime, by: Actor) -> None:
    AuditEvent.objects.create(
        tenant=offer.tenant,
        at=at,
        kind=kind,
        actor_kind=by.kind,
        actor_name=by.name,
        actor_partner=by.partner,
        subject_name=offer.name,
        subject_uuid=offer.uuid,
        detail=facts_of(offer, is_mailed=True).to_detail(),
    )


def _agent(partner: Partner) -> Actor:
    return Actor(
        kind=ActorKind.PARTNER,
        name=AGENT,
        agent_role=AgentRole.ADMIN_AGENT,
        partner=str(partner),
        partner_key=partner.pk,
    )
