"""A policy is kept by Global admins: default partners, the approved list, and exemptions with reason and end."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from partners.directory.rules import is_usable
from partners.models import ApprovedPartner, Partner, PolicyExemption, PolicyPartner
from partners.partner_of_record.acts import credit_by_policy, named
from partners.partner_of_record.policy.events import Exempted, OffListSet, PolicyChanged
from partners.partner_of_record.policy.reads import policy_of, why
from partners.partner_of_record.policy.rules import adds_partners, may_keep_policy, may_set_default
from subscriptions.access import Actor, Decision
from subscriptions.approvals.rules import may_switch_on
from subscriptions.audit import acts as audit
from subscriptions.db.locks import lock_name
from subscriptions.models import AuditEvent, Product, ProductFamily, Subscription, Tenant
from subscriptions.models.audit_event import AuditKind
from subscriptions.verdicts import Stale


@transaction.atomic
def set_default(
    *,
    tenant: Tenant,
    partner: Partner,
    product: Product | None = None,
    family: ProductFamily | None = None,
    by: Actor,
) -> AuditEvent | None:
    """For new subscriptions of this product, of this category, or of all others; those that are there stay as they
    are. None where it is so already. Raises SignInTooOld and Refused.
    """
    by.require_proof(Decision.KEEP_POLICY)
    may_set_default(by, tenant).require()
    lock_name("policy", tenant.pk)
    scope = {"tenant": tenant, "product": product, "family": family}
    there = PolicyPartner.objects.filter(
        tenant=tenant, **{f"{name}__isnull": True for name in ("product", "family") if scope[name] is None}
    )
    there = there.filter(**{name: scope[name] for name in ("product", "family") if scope[name] is not None})
    if there.filter(partner=partner).exists():
        return None
    there.delete()
    row = PolicyPartner.objects.create(**scope, partner=partner, added_by=by.name)
    return _record(AuditKind.POLICY_DEFAULT_SET, row, by=by, scope=why(row))


@transaction.atomic
def remove_default(*, tenant: Tenant, default: PolicyPartner, by: Actor) -> AuditEvent:
    """Raises SignInTooOld, Refused, and Stale where it is not there any more."""
    by.require_proof(Decision.KEEP_POLICY)
    may_keep_policy(by).require()
    _delete(PolicyPartner, tenant, default)
    return _record(AuditKind.POLICY_DEFAULT_REMOVED, default, by=by, scope=why(default))


@transaction.atomic
def approve_partner(*, tenant: Tenant, partner: Partner, by: Actor) -> AuditEvent | None:
    """The first one makes the list: from then on nobody else may be named. None where it is on it already."""
    by.require_proof(Decision.KEEP_POLICY)
    may_keep_policy(by).require()
    lock_name("policy", tenant.pk)
    if ApprovedPartner.objects.filter(tenant=tenant, partner=partner).exists():
        return None
    row = ApprovedPartner.objects.create(tenant=tenant, partner=partner, added_by=by.name)
    return _record(AuditKind.POLICY_PARTNER_APPROVED, row, by=by)


@transaction.atomic
def take_off_list(*, tenant: Tenant, approved: ApprovedPartner, by: Actor) -> AuditEvent:
    """With the last one the list ends, and each partner may be named again. Raises as `remove_default` does."""
    by.require_proof(Decision.KEEP_POLICY)
    may_keep_policy(by).require()
    _delete(ApprovedPartner, tenant, approved)
    return _record(AuditKind.POLICY_PARTNER_TAKEN_OFF, approved, by=by)


@transaction.atomic
def set_off_list(*, tenant: Tenant, asks: bool, by: Actor) -> AuditEvent | None:
    """Whether a partner that is not on the approved list can be asked for, or is refused; None where it is so.

    What was asked for before waits on, and is refused where the list counts again. Raises SignInTooOld and Refused.
    """
    by.require_proof(Decision.KEEP_POLICY)
    may_keep_policy(by).require()
    tenant.asks_off_list = Tenant.objects.select_for_update(no_key=True).get(pk=tenant.pk).asks_off_list
    if tenant.asks_off_list == asks:
        return None
    if asks:
        may_switch_on(tenant).require()
    tenant.asks_off_list = asks
    tenant.save(update_fields=["asks_off_list"])
    return audit.record(
        AuditKind.POLICY_OFF_LIST_SET,
        by=by,
        tenant=tenant,
        subject_name=tenant.name,
        subject_uuid=tenant.uuid,
        facts=OffListSet(asks),
    )


@transaction.atomic
def exempt(*, tenant: Tenant, subscription: Subscription, reason: str, ends_on: date, by: Actor) -> AuditEvent:
    """The subscription may differ until that day ends where the organization is. Another exemption of it ends.

    Raises SignInTooOld and Refused.
    """
    by.require_proof(Decision.KEEP_POLICY)
    may_keep_policy(by).require()
    lock_name("policy", tenant.pk)
    PolicyExemption.objects.filter(tenant=tenant, subscription=subscription, ended_at__isnull=True).update(
        ended_at=Now(), ended_by=by.name
    )
    PolicyExemption.objects.create(
        tenant=tenant, subscription=subscription, reason=reason, ends_on=ends_on, added_by=by.name
    )
    return _record_exemption(AuditKind.POLICY_EXEMPTED, tenant, subscription, ends_on, by=by, reason=reason)


@transaction.atomic
def end_exemption(*, tenant: Tenant, exemption: PolicyExemption, by: Actor) -> AuditEvent:
    """Raises SignInTooOld, Refused, and Stale where it has ended."""
    by.require_proof(Decision.KEEP_POLICY)
    may_keep_policy(by).require()
    rows = PolicyExemption.objects.filter(tenant=tenant, pk=exemption.pk, ended_at__isnull=True)
    if not rows.update(ended_at=Now(), ended_by=by.name):
        raise Stale
    return _record_exemption(
        AuditKind.POLICY_EXEMPTION_ENDED, tenant, exemption.subscription, exemption.ends_on, by=by, reason=""
    )


def credit_default(*, tenant: Tenant, subscription: Subscription, by: Actor) -> Partner | None:
    """Credits the default partner on a subscription that has just been made, unless one was named.

    None where there is no default, or it cannot be named: nothing that is bought is ever held up by it.
    """
    if not adds_partners(tenant):
        return None
    policy = policy_of(tenant)
    default = policy.default_for(subscription.product)
    if default is None or not policy.approves(default.partner):
        return None
    if not is_usable(default.partner, tenant=tenant, products=[subscription.product]):
        return None
    credit_by_policy(tenant=tenant, subscription=subscription, partner=default.partner, by=by)
    return default.partner


def _delete(model: Any, tenant: Tenant, row: Any) -> None:
    if not model.objects.filter(tenant=tenant, pk=row.pk).delete()[0]:
        raise Stale


def _record(kind: AuditKind, row: PolicyPartner | ApprovedPartner, *, by: Actor, scope: str = "") -> AuditEvent:
    partner = row.partner
    return audit.record(
        kind,
        by=by,
        tenant=row.tenant,
        subject_name=str(named(partner)),
        subject_uuid=partner.uuid,
        facts=PolicyChanged(named(partner), scope),
    )


def _record_exemption(
    kind: AuditKind, tenant: Tenant, subscription: Subscription, until: date, *, by: Actor, reason: str
) -> AuditEvent:
    return audit.record(
        kind,
        by=by,
        tenant=tenant,
        subject_name=subscription.name,
        subject_uuid=subscription.uuid,
        reason=reason,
        facts=Exempted(until),
    )
