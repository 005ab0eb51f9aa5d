from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.contrib.auth.signals import user_logged_in
from django.db.backends.signals import connection_created
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal import checks  # noqa: F401 -- registers them
from portal.database.roles import refuse_excess_power
from portal.threads import keep_by_thread
from subscriptions.db.bookkeeping import beside_the_act

LAST_LOGIN = "update_last_login"  # how Django calls its own receiver


class PortalConfig(AppConfig):
    default = True
    name = "portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        keep_by_thread()
        connection_created.connect(refuse_excess_power)
        user_logged_in.disconnect(dispatch_uid=LAST_LOGIN)
        user_logged_in.connect(keep_last_login, dispatch_uid=LAST_LOGIN)


class StaffConfig(admin_apps.AdminConfig):
    """Django admin with the portal's own site as the default one."""

    default = False
    default_site = "portal.staff.StaffSite"


def keep_last_login(sender, user, **_) -> None:
    """As Django does, but nobody is kept out because somebody else holds the account's row."""
    user.last_login = timezone.now()
    with beside_the_act("last login"):
        user.save(update_fields=["last_login"])
