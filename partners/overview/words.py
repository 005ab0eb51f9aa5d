"""How the workspace calls its list of credited subscriptions, in its menu as on its page."""

from django.utils.translation import pgettext_lazy

PARTNER_OF_RECORD = pgettext_lazy("workspace", "Partner of record")
