"""Partners' people: whom staff let work for a partner, and in which role."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from partners.directory import acts as directory
from partners.models import PartnerPerson
from subscriptions.access import StaffPermission
from subscriptions.models.people.invitation import InvitationKind
from subscriptions.staff.acts import StaffAct
from subscriptions.staff.admin import InvitesInstead
from subscriptions.staff.desk import Group
from subscriptions.staff.people import PLACES

PLACES["works_for__partner"] = lambda user: [str(each.partner) for each in user.works_for.all()]


class RemovePeople(StaffAct):
    name = "admin:remove-people"
    model = PartnerPerson
    staff_permission = StaffPermission.KEEP_PARTNERS
    label = _("Remove person…")
    title = _("Remove these people from their partners? They are shut out at once.")

    def act_on(self, row, wanted) -> None:
        directory.remove_person(person=row, by=self.by, reason=wanted["reason"])


@admin.register(PartnerPerson)
class PartnerPersonAdmin(InvitesInstead):
    view_permission = StaffPermission.READ_PARTNERS
    change_permission = StaffPermission.KEEP_PARTNERS
    group = Group.PARTNERS
    place = 2
    fields = ("partner", "user", "role", "since", "reason")
    fixed = ("partner", "user")
    stated = ("since",)
    exact = ("partner__number", "user__email")
    subject = "partner.uuid"
    list_display = ("user", "role", "partner", "since")
    list_filter = ("role",)
    list_select_related = ("user", "partner")
    search_fields = ("partner__search_text__contains", "user__name_key__contains", "user__email__startswith")
    ordering = ("-id",)
    acts = (RemovePeople,)
    invites = InvitationKind.PARTNER_PERSON

    def store(self, row, *, form, by, reason) -> None:
        directory.change_role(person=row, role=row.role, by=by, reason=reason)
