"""What staff read of an offer besides its own columns."""

from django.contrib import admin
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.models import PartnerOffer
from partners.models.partner_offer import OfferState
from partners.offers.reads import Content
from partners.offers.terms import summary_of
from subscriptions.base import formats
from subscriptions.base.markup import join_markup, markup
from subscriptions.models.delegated_role import DelegatedRole


class OfferColumns:
    @admin.display(description=gettext_lazy("state"))
    def state_shown(self, offer: PartnerOffer):
        return OfferState(offer.state_now).label

    @admin.display(description=gettext_lazy("roles"))
    def asked_roles(self, offer: PartnerOffer) -> str:
        return _role_names(offer.roles)

    @admin.display(description=gettext_lazy("roles granted"))
    def given_roles(self, offer: PartnerOffer) -> str:
        return _role_names(offer.granted_roles)

    @admin.display(description=gettext_lazy("subscriptions"))
    def named_subscriptions(self, offer: PartnerOffer) -> str:
        return formats.join_list(subscription.name for subscription in Content(offer).named) or "–"

    @admin.display(description=gettext_lazy("products"))
    def offered_products(self, offer: PartnerOffer) -> str:
        rows = Content(offer).products
        return (
            formats.join_list(
                formats.with_note(f"{row.licenses} × {row.product}", row.get_billing_frequency_display())
                for row in rows
            )
            or "–"
        )

    @admin.display(description=gettext_lazy("terms"))
    def terms_versions(self, offer: PartnerOffer) -> SafeString:
        """Each version with its hash and its beginning as plain text."""
        rows = [
            (
                _("Version %(number)s") % {"number": terms.number},
                terms.written_by,
                terms.digest,
                summary_of(terms.html),
            )
            for terms in offer.terms.order_by("-number")
        ]
        return join_markup(markup("<p>{} · {}<br><code>{}</code><br>{}</p>", *row) for row in rows)


def _role_names(roles: list[str]) -> str:
    return formats.join_list(map(DelegatedRole, roles)) or "–"
