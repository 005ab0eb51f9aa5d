"""Columns that a file of subscriptions can bring back: the name, the same in every language, and the label."""

from django.utils.translation import gettext_lazy as _

ID = ("subscription_id", _("Subscription ID"))
PARTNER = ("partner_id", _("Partner ID"))
OWN_NAME = ("own_name", _("Own name"))
COST_CENTER = ("cost_center", _("Cost center"))
RECURRING = ("recurring_billing", _("Recurring billing"))
