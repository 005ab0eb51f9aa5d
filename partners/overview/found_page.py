"""Partners and what ties them to an organization, as what a person finds there."""

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.directory.rules import flag_of, problem_here
from partners.matching.finder_page import may_use_for_subscription
from partners.models import Partner, PartnerRelationship
from partners.partner_of_record.reads import open_credits
from partners.relationships.pages.words import MAY_VIEW, STATUS_TAGS
from subscriptions.access import Actor, Permission
from subscriptions.base import formats
from subscriptions.base.partner_id import normalize_number
from subscriptions.base.typed import read_uuid
from subscriptions.clouds import Text
from subscriptions.models import Tenant
from subscriptions.models.delegated_role import DelegatedRole
from subscriptions.search.finder import Hit, SearchKind, read_name
from subscriptions.search.of_tenants import add_found


def partners_found(tenant: Tenant, actor: Actor) -> SearchKind | None:
    """Those that are or were tied to the organization, or are credited there."""
    if not (actor.can(Permission.READ_RELATIONSHIPS) and tenant.cloud_profile.allows(MAY_VIEW)):
        return None
    tied = Exists(PartnerRelationship.objects.of_tenant(tenant).filter(partner=OuterRef("pk")))
    credited = Exists(open_credits(tenant).filter(partner=OuterRef("pk")))
    listed = reverse("partners:relationship-list", args=[tenant.slug])

    def describe(partner: Partner) -> Hit:
        flag = flag_of(partner.state)
        return Hit(
            partner.name,
            reverse("partners:partner-detail", args=[tenant.slug, partner.uuid]),
            tag=flag.label if flag else "",
            css="warn",
            facts=partner.city,
            code=partner.number,
            acts=_acts(tenant, actor, partner),
        )

    return SearchKind(
        label=gettext_lazy("Partners"),
        rows=lambda: Partner.objects.filter(tied | credited),
        describe=describe,
        exact={"number": normalize_number, "uuid": read_uuid},
        beginnings={"name_key": read_name},
        words="search_text",
        all_url=lambda text: f"{listed}?{urlencode({'q': text, 'status': 'all'})}",
    )


def _acts(tenant: Tenant, actor: Actor, partner: Partner) -> list[tuple[Text, str]]:
    if problem_here(partner, tenant) or not may_use_for_subscription(actor, tenant):
        return []
    label = _("Add partner of record: %(name)s") % {"name": partner.name}
    use = reverse("partners:use-for-subscription", args=[tenant.slug])
    return [(label, f"{use}?{urlencode({'partner_id': partner.number})}")]


def relationships_found(tenant: Tenant, actor: Actor) -> SearchKind | None:
    """By the partner's words, those in force and those that are over."""
    if not (actor.can(Permission.READ_RELATIONSHIPS) and tenant.cloud_profile.allows(MAY_VIEW)):
        return None
    listed = reverse("partners:relationship-list", args=[tenant.slug])

    def describe(row: PartnerRelationship) -> Hit:
        status = next(each for each in STATUS_TAGS if each.value == row.status)
        return Hit(
            formats.join_facts(row.get_kind_display(), row.partner.name),
            reverse("partners:relationship-detail", args=[tenant.slug, row.uuid]),
            tag=status.label,
            css=STATUS_TAGS[status],
            facts=formats.join_list(DelegatedRole(role).label for role in row.roles[:3]),
            code=row.partner.number,
        )

    return SearchKind(
        label=gettext_lazy("Relationships"),
        rows=lambda: PartnerRelationship.objects.of_tenant(tenant).with_status().select_related("partner"),
        describe=describe,
        exact={"uuid": read_uuid, "partner__number": normalize_number},
        words="partner__search_text",
        policed=True,
        all_url=lambda text: f"{listed}?{urlencode({'q': text, 'status': 'all'})}",
    )


add_found("partners", partners_found, place=2)
add_found("relationships", relationships_found, place=3)
