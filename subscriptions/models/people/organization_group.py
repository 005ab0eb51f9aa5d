from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from subscriptions.base.names import NameField, SortKeyField
from subscriptions.models.tenant import Tenant


class OrganizationGroup(models.Model):
    """Organizations that staff keep together under a name, for the people who are members of several of them.

    It gives nobody a right: who is no member of an organization sees nothing of it, nor that it is in the group.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = NameField(_("name"))
    name_key = SortKeyField()
    organizations: models.ManyToManyField = models.ManyToManyField(
        Tenant, through="GroupedOrganization", related_name="+", verbose_name=_("organizations")
    )

    class Meta:
        verbose_name = _("group of organizations")
        verbose_name_plural = _("groups of organizations")
        constraints = [models.UniqueConstraint(fields=["name"], name="organizationgroup_name_once")]

    def __str__(self) -> str:
        return self.name


class GroupedOrganization(models.Model):
    """An organization in a group."""

    group = models.ForeignKey(OrganizationGroup, on_delete=models.CASCADE, db_index=False, related_name="+")
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("organization in a group")
        verbose_name_plural = _("organizations in groups")
        constraints = [
            models.UniqueConstraint(fields=["group", "tenant"], name="groupedorganization_once"),
        ]

    def __str__(self) -> str:
        return f"{self.group_id} · {self.tenant_id}"
