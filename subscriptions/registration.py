"""What the app keeps equal to its tables after each `migrate`: a group for each role of the staff."""

from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from subscriptions.models.staff_role import StaffRole


@receiver(post_migrate, sender=apps.get_app_config("subscriptions"))
def make_groups(using: str, **_: Any) -> None:
    """Which permissions come with a role stands in `access.py`, in no table."""
    for role in StaffRole:
        Group.objects.using(using).get_or_create(name=role.value)
