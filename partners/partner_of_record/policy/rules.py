"""Who keeps an organization's policy, and may a partner be named by its approved list?"""

from django.utils.translation import gettext as _

from partners.models import Partner
from partners.partner_of_record.policy.reads import is_approved
from subscriptions.access import Actor, Permission
from subscriptions.clouds import Capability
from subscriptions.models import Tenant
from subscriptions.verdicts import ALLOWED, Page, Verdict, VerdictCode, first_refusal


def may_keep_policy(actor: Actor) -> Verdict:
    return actor.may(Permission.KEEP_POLICY)


def may_set_default(actor: Actor, tenant: Tenant) -> Verdict:
    """Only where an organization adds partners of record itself."""
    return first_refusal([may_keep_policy(actor), _adds_partners(tenant)])


def adds_partners(tenant: Tenant) -> bool:
    return tenant.cloud_profile.allows(Capability.ADD_PARTNER_OF_RECORD)


def _adds_partners(tenant: Tenant) -> Verdict:
    if adds_partners(tenant):
        return ALLOWED
    return Verdict(
        code=VerdictCode.NOT_IN_THIS_CLOUD,
        reason=_("In this cloud the partner starts it by email, so no partner is credited by default."),
        next_step=_("Keep a list of approved partners instead: what differs from it is counted."),
    )


def may_name(
    tenant: Tenant, partner: Partner | None, *, agreed: bool = False, is_listed: bool | None = None
) -> Verdict:
    """Is this partner on the approved list, if there is one? Nobody may always be named. Where the organization lets
    partners be asked for that are not on it, a second person may have `agreed`. Who has just read `is_listed` with
    the partner says so; else it is read.
    """
    if partner is None or (agreed and tenant.asks_off_list):
        return ALLOWED
    if is_approved(tenant, partner) if is_listed is None else is_listed:
        return ALLOWED
    if tenant.asks_off_list:
        return Verdict(
            code=VerdictCode.APPROVAL_NEEDED,
            reason=_(
                "%(partner)s is not on your organization's list of approved partners: a second person has to approve "
                "that it is named."
            )
            % _in_words(partner),
            who=_("Any other Global admin or Billing admin can approve it."),
            next_step=_("Name the partner on the subscription's page: there the approval is asked for."),
        )
    return Verdict(
        code=VerdictCode.NOT_ON_LIST,
        reason=not_on_list(partner),
        who=_("A Global admin can approve it."),
        next_step=_("Name an approved partner, or ask a Global admin to approve this one."),
        next_label=_("Partner policy"),
        next_page=Page("partners:policy", (tenant.slug,)),
    )


def not_on_list(partner: Partner) -> str:
    return _("%(partner)s is not on your organization's list of approved partners.") % _in_words(partner)


def _in_words(partner: Partner) -> dict[str, str]:
    return {"partner": f"{partner.number} {partner.name}"}


def may_ask_for(tenant: Tenant, partner: Partner | None, *, is_listed: bool | None = None) -> Verdict:
    """May this partner be named, if a second person agrees where that is needed?"""
    return may_name(tenant, partner, agreed=True, is_listed=is_listed)


def is_asked_for(tenant: Tenant, partner: Partner | None, *, is_listed: bool | None = None) -> bool:
    """Whether a second person has to agree that this partner is named, or to any change."""
    return tenant.second_person or not may_name(tenant, partner, is_listed=is_listed).allowed
