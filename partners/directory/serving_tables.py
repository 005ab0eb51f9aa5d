"""Who of the partners' people serves an organization, as its page of members shows it."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.directory.serving import customers_people
from subscriptions.access import Permission
from subscriptions.clouds import Capability
from subscriptions.web import cells
from subscriptions.web.page_access import TenantRequest
from subscriptions.web.tables import Column, Place, Table


def serving_table(request: TenantRequest) -> Table | None:
    """A partner's person reads of the own colleagues alone. None where nobody serves it."""
    partner = request.actor.partner_key if request.actor.is_partner else None
    people = customers_people(request.tenant, partner=partner)
    may_open = request.actor.can(Permission.READ_RELATIONSHIPS) and request.tenant.cloud_profile.allows(
        Capability.VIEW_PARTNER_RELATIONSHIPS
    )

    def company(row: dict[str, Any]) -> object:
        name = cells.partner(row["person__partner__number"], row["person__partner__name"])
        if not may_open:
            return name
        return cells.link(
            reverse("partners:partner-detail", args=[request.tenant.slug, row["person__partner__uuid"]]), name
        )

    columns = [
        Column(gettext_lazy("Name"), lambda row: cells.name(row["person__user__name"])),
        Column(gettext_lazy("Partner"), company, place=Place.LINE),
    ]
    return Table(_("Partners' people who serve your organization"), columns, people) if people else None
