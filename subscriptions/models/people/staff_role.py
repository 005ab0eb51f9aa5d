"""The roles of the operator's staff. Each is a group of Django's of that name, which `migrate` makes."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class StaffRole(models.TextChoices):
    """What one of the staff does; what each allows stands in `access/staff_roles.py`."""

    READS_EVERYTHING = "reads-everything", _("Reads everything")
    HELPS_CUSTOMERS = "helps-customers", _("Helps customers")
    KEEPS_CATALOG = "keeps-catalog", _("Keeps the catalog")
    KEEPS_PARTNERS = "keeps-partners", _("Keeps partners")
    MAKES_STAFF = "makes-staff", _("Makes staff")
