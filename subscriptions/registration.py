"""What the app registers: what its events keep, its kinds of import, its files of an export, what ends with an
organization or a person, and a group for each role of the staff, kept equal after `migrate`.
"""

from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group
from django.db.models.signals import post_migrate
from django.dispatch import receiver

import subscriptions.applications.events
import subscriptions.approvals.events
import subscriptions.approvals.pages
import subscriptions.audit.events
import subscriptions.bulk.approval
import subscriptions.bulk.events
import subscriptions.catalogue.events
import subscriptions.exports.tables_own
import subscriptions.help.events
import subscriptions.imports.events
import subscriptions.invitations.events
import subscriptions.mails.pages
import subscriptions.orders.events
import subscriptions.orders.pages
import subscriptions.subscriptions.events
import subscriptions.subscriptions.pages.attention
import subscriptions.subscriptions.pages.found
import subscriptions.tenants.found_page  # noqa: F401 -- these register what they have
from subscriptions.applications.deletion import delete_all
from subscriptions.bulk.deletion import delete_acts
from subscriptions.catalogue.imports import PriceImport, ProductImport
from subscriptions.groups.kept import leave_groups
from subscriptions.imports.kinds import register
from subscriptions.invitations.acts import withdraw_all, withdraw_from
from subscriptions.invitations.imports import MemberImport
from subscriptions.models.people.staff_role import StaffRole
from subscriptions.subscriptions.ends import end_all
from subscriptions.tenants.closing import ENDINGS
from subscriptions.tenants.deletion import DELETIONS
from subscriptions.tenants.imports import TenantImport
from subscriptions.tenants.personal_data import LEAVES

# In the order in which an empty portal is filled
register(TenantImport, MemberImport, ProductImport, PriceImport)


ENDINGS += [end_all, withdraw_all]
LEAVES.append(withdraw_from)
DELETIONS["changes_on_many"] = delete_acts
DELETIONS["groups"] = leave_groups
DELETIONS["applications"] = delete_all


@receiver(post_migrate, sender=apps.get_app_config("subscriptions"))
def make_groups(using: str, **_: Any) -> None:
    """Which permissions come with a role stands in `subscriptions/access`, in no table."""
    for role in StaffRole:
        Group.objects.using(using).get_or_create(name=role.value)
