from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _

from portal import checks  # noqa: F401 -- registers them
from portal.database.roles import refuse_excess_power


class PortalConfig(AppConfig):
    default = True
    name = "portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        connection_created.connect(refuse_excess_power)


class StaffConfig(admin_apps.AdminConfig):
    """Django admin with the portal's own site as the default one."""

    default = False
    default_site = "portal.staff.StaffSite"
