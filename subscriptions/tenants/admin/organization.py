"""Organizations and their members."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from subscriptions.access import StaffPermission
from subscriptions.base import formats
from subscriptions.base.typed import plain, read_uuid
from subscriptions.models import Membership, Tenant
from subscriptions.models.people.invitation import InvitationKind
from subscriptions.search.finder import Hit, SearchKind, read_name
from subscriptions.staff.acts import StaffAct
from subscriptions.staff.admin import InvitesInstead, StaffModelAdmin
from subscriptions.staff.desk import Group
from subscriptions.staff.filters import TenantFilter
from subscriptions.staff.form import StaffForm
from subscriptions.staff.found import add_searched, list_of
from subscriptions.tenants import acts as tenants
from subscriptions.tenants import members
from subscriptions.tenants.admin.closing import CLOSING
from subscriptions.tenants.admin.export import ExportTenant
from subscriptions.tenants.admin.viewing import ViewAs


class TenantForm(StaffForm):
    def clean_cloud(self) -> str:
        verdict = tenants.may_add(cloud=self.cleaned_data["cloud"])
        if not verdict.allowed:
            raise ValidationError(formats.sentences(verdict.reason, verdict.next_step), code=verdict.code.code)
        return self.cleaned_data["cloud"]


def describe_tenant(tenant: Tenant) -> Hit:
    return Hit(
        tenant.name,
        reverse("admin:customer", args=[tenant.uuid]),
        tag=tenant.get_cloud_display(),
        facts=formats.join_facts(tenant.country_name, tenant.city),
        code=tenant.slug,
    )


add_searched(
    "organization",
    SearchKind(
        label=_("Organizations"),
        rows=Tenant.objects.all,
        describe=describe_tenant,
        exact={"uuid": read_uuid, "slug": lambda text: plain(text).lower()},
        beginnings={"name_key": read_name},
        words="search_text",
        all_url=lambda text: list_of("subscriptions_tenant", text),
    ),
    place=1,
)


@admin.register(Tenant)
class TenantAdmin(StaffModelAdmin):
    view_permission = StaffPermission.READ_CUSTOMERS
    change_permission = StaffPermission.HELP_CUSTOMERS
    group = Group.CUSTOMERS
    place = 1
    page_name = "admin:customer"
    form = TenantForm
    fields = ("name", "slug", "cloud", "country", "city", "time_zone", "state", "identity", "reason")
    stated = ("state", "identity")
    fixed = tenants.FIXED
    exact = ("uuid", "slug")
    list_display = ("name", "slug", "state", "cloud", "country", "city")
    list_filter = ("state", "cloud")
    search_fields = ("search_text__contains",)
    ordering = ("-id",)
    acts = (ExportTenant, *CLOSING)

    def describe_choice(self, row: Tenant) -> str:
        return formats.join_facts(row.name, row.slug, row.city, row.get_cloud_display())

    def store(self, row, *, form, by, reason) -> None:
        tenants.save_tenant(tenant=row, by=by, reason=reason)


class MembershipForm(StaffForm):
    """A change of role is refused here with the reason; the domain function asks again under its lock."""

    def clean_role(self) -> str:
        role = self.cleaned_data["role"]
        if role != self.initial["role"]:
            verdict = members.may_lose_role(Membership.objects.get(pk=self.instance.pk))
            if not verdict.allowed:
                raise ValidationError(formats.sentences(verdict.reason, verdict.next_step), code=verdict.code.code)
        return role


class RemoveMembers(StaffAct):
    name = "admin:remove-members"
    model = Membership
    staff_permission = StaffPermission.HELP_CUSTOMERS
    label = _("Remove member…")
    title = _("Remove these members from their organizations?")

    def act_on(self, row, wanted) -> None:
        members.remove_member(membership=row, by=self.by, reason=wanted["reason"])


@admin.register(Membership)
class MembershipAdmin(InvitesInstead):
    view_permission = StaffPermission.READ_CUSTOMERS
    change_permission = StaffPermission.HELP_CUSTOMERS
    group = Group.CUSTOMERS
    place = 2
    form = MembershipForm
    fields = ("tenant", "user", "role", "reason")
    fixed = ("tenant", "user")
    exact = ("tenant__uuid", "tenant__slug", "user__email")
    list_display = ("user", "role", "tenant")
    list_filter = (TenantFilter, "role")
    list_select_related = ("user", "tenant")
    search_fields = ("tenant__search_text__contains", "user__name_key__contains", "user__email__startswith")
    ordering = ("-id",)
    acts = (ViewAs, RemoveMembers)
    invites = InvitationKind.MEMBER

    def store(self, row, *, form, by, reason) -> None:
        members.change_role(membership=row, role=row.role, by=by, reason=reason)
