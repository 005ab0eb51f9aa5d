"""The roles of partners' people: in a customer's organization, and in their own company."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DelegatedRole(models.TextChoices):
    """What an organization lets a partner do inside it; what each allows stands in `access/roles.py`."""

    GLOBAL_ADMINISTRATOR = "global-administrator", _("Global administrator")
    BILLING_ADMINISTRATOR = "billing-administrator", _("Billing administrator")
    LICENSE_ADMINISTRATOR = "license-administrator", _("License administrator")
    HELPDESK_ADMINISTRATOR = "helpdesk-administrator", _("Helpdesk administrator")
    GLOBAL_READER = "global-reader", pgettext_lazy("delegated role", "Global reader")
    SERVICE_SUPPORT_ADMINISTRATOR = "service-support-administrator", _("Service support administrator")


class AgentRole(models.TextChoices):
    """What a person does for the partner; which of the delegated roles come with it stands in `access/roles.py`."""

    ADMIN_AGENT = "admin-agent", _("Admin agent")
    HELPDESK_AGENT = "helpdesk-agent", _("Helpdesk agent")
    SALES_AGENT = "sales-agent", _("Sales agent")
