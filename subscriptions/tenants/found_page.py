"""Members as what a person finds in the organization."""

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from subscriptions.access import Actor, Permission
from subscriptions.models import Membership, Tenant
from subscriptions.search.finder import Hit, SearchKind, read_name
from subscriptions.search.of_tenants import add_found


def members_found(tenant: Tenant, actor: Actor) -> SearchKind | None:
    if not actor.can(Permission.READ_PEOPLE):
        return None
    members = reverse("subscriptions:members", args=[tenant.slug])

    def describe(membership: Membership) -> Hit:
        name = membership.user.name
        return Hit(name, f"{members}?{urlencode({'q': name})}", tag=membership.get_role_display())

    return SearchKind(
        label=_("Members"),
        rows=lambda: Membership.objects.filter(tenant=tenant).with_person(),
        describe=describe,
        beginnings={"user__name_key": read_name},
        words="user__name_key",
        policed=True,
        all_url=lambda text: f"{members}?{urlencode({'q': text})}",
    )


add_found("members", members_found, place=5)
