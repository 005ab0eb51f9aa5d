"""What of an organization's subscriptions needs attention."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from subscriptions.attention.kinds import Urgency, add_attention
from subscriptions.attention.of_subscriptions import of_end, of_partner
from subscriptions.clouds import Capability
from subscriptions.subscriptions.reads import TERMS_END_WITHIN, TRIALS_END_WITHIN

add_attention(
    of_end(
        "trial",
        urgency=Urgency.SOON,
        told=ngettext_lazy("trial ends within %(days)s days", "trials end within %(days)s days", "count"),
        figures={"days": TRIALS_END_WITHIN.days},
        when=_("The first on %(day)s"),
        verb=_("See trials"),
    ),
    of_end(
        "expires",
        urgency=Urgency.SOON,
        told=ngettext_lazy(
            "subscription expires within %(days)s days", "subscriptions expire within %(days)s days", "count"
        ),
        figures={"days": TERMS_END_WITHIN.days},
        when=_("Recurring billing is off; the first on %(day)s"),
        verb=_("See what expires"),
    ),
    of_end(
        "renews",
        urgency=Urgency.SOON,
        told=ngettext_lazy(
            "annual term renews within %(days)s days", "annual terms renew within %(days)s days", "count"
        ),
        figures={"days": TERMS_END_WITHIN.days},
        when=_("The first on %(day)s"),
        verb=_("See renewals"),
    ),
    of_partner(
        "without",
        urgency=Urgency.SOMETIME,
        told=ngettext_lazy(
            "subscription has no partner of record", "subscriptions have no partner of record", "count"
        ),
        when=_("No partner is credited"),
        verb=_("Add partner of record"),
        capability=Capability.ADD_PARTNER_OF_RECORD,
    ),
)
