"""Subscriptions as what a person finds in the organization, with the act that leads to their partner of record."""

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscriptions.access import Actor, Permission
from subscriptions.base import formats
from subscriptions.base.typed import read_uuid
from subscriptions.clouds import Capability, CloudStatus, Text
from subscriptions.models import Subscription, Tenant
from subscriptions.models.state_by_date import judge_by_date
from subscriptions.models.subscription import PARTNER_MAY_BE_SET, SubscriptionStatus
from subscriptions.search.finder import Hit, SearchKind, read_name
from subscriptions.search.of_tenants import add_found
from subscriptions.subscriptions.lifecycle import today_of
from subscriptions.subscriptions.status_tags import STATUS_TAGS

ADD_TO = gettext_lazy("Add partner of record to %(name)s")
EDIT_OF = gettext_lazy("Edit partner of record of %(name)s")


def subscriptions_found(tenant: Tenant, actor: Actor) -> SearchKind | None:
    if not actor.can(Permission.READ_SUBSCRIPTIONS):
        return None
    prefix, today = reverse("subscriptions:list", args=[tenant.slug]), today_of(tenant)

    def describe(row: Subscription) -> Hit:
        judge_by_date(row, today)
        status, number = SubscriptionStatus(row.status), row.credited  # type: ignore[attr-defined]
        cost_center = _("Cost center: %(name)s") % {"name": row.cost_center} if row.cost_center else ""
        return Hit(
            row.full_name,
            f"{prefix}{row.uuid}/",
            tag=status.label,
            css=STATUS_TAGS[status],
            facts=formats.below_a_name(cost_center, row.partner or _("No partner of record")),  # type: ignore[attr-defined]
            code=number or "",
            acts=_acts(tenant, actor, row, is_credited=bool(number)),
        )

    return SearchKind(
        label=gettext_lazy("Subscriptions"),
        rows=lambda: Subscription.objects.of_tenant(tenant).with_partner_named(),
        describe=describe,
        exact={"uuid": read_uuid},
        beginnings={"name_key": read_name},
        words=("search_text", "own_search_text"),
        policed=True,
        all_url=lambda text: f"{prefix}?{urlencode({'q': text})}",
    )


def _acts(tenant: Tenant, actor: Actor, row: Subscription, *, is_credited: bool) -> list[tuple[Text, str]]:
    """Where the page of the act would open; its own verdict is asked there again."""
    offered = Capability.EDIT_PARTNER_OF_RECORD if is_credited else Capability.ADD_PARTNER_OF_RECORD
    is_open = is_credited or tenant.cloud_status != CloudStatus.CLOSED
    is_possible = tenant.cloud_profile.allows(offered) and is_open and row.status in PARTNER_MAY_BE_SET
    if not (is_possible and actor.can(Permission.SET_PARTNER_OF_RECORD)):
        return []
    label = (EDIT_OF if is_credited else ADD_TO) % {"name": row.full_name}
    return [(label, reverse("partners:partner-of-record-edit", args=[tenant.slug, row.uuid]))]


add_found("subscriptions", subscriptions_found, place=1)
