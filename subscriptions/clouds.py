"""The one place in which clouds differ.

Everything else asks `tenant.cloud_profile`: `allows(Capability.X)`, or one of its texts. No other module and no
template names a cloud, so a fourth cloud is one member, one profile, one migration and one column in the test.
"""

from dataclasses import dataclass
from enum import Enum

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from subscriptions.base.brand import brand_of


class Cloud(models.TextChoices):
    WORLDWIDE = "o365-worldwide", _("Worldwide")
    GERMANY = "o365-germany", _("Germany")
    OPERATED_BY_21VIANET = "o365-21vianet", _("Operated by 21Vianet")


class CloudStatus(models.TextChoices):
    OPEN = "open", _("open")
    CLOSING = "closing", _("closing")
    CLOSED = "closed", _("closed")


class Capability(Enum):
    """One thing that a cloud offers or not."""

    NAME_PARTNER_AT_PURCHASE = "name-partner-at-purchase"
    FIND_PARTNER = "find-partner"
    ADD_PARTNER_OF_RECORD = "add-partner-of-record"
    RECEIVE_PARTNER_OFFERS = "receive-partner-offers"
    RECEIVE_DELEGATED_ADMIN_REQUESTS = "receive-delegated-admin-requests"
    EDIT_PARTNER_OF_RECORD = "edit-partner-of-record"
    VIEW_PARTNER_RELATIONSHIPS = "view-partner-relationships"
    END_RESELLER_RELATIONSHIP = "end-reseller-relationship"


class Finder(Enum):
    """Where a customer looks for a partner."""

    OWN = "own"
    OUTSIDE = "outside"


class PaymentMethod(models.TextChoices):
    CARD = "card", _("Card on file")
    INVOICE = "invoice", _("Invoice")
    FAPIAO_INVOICE = "fapiao-invoice", _("Invoice with Fapiao")


Text = str | Promise


@dataclass(frozen=True, kw_only=True)
class CloudProfile:
    """All that differs for one cloud."""

    cloud: Cloud
    capabilities: frozenset[Capability]
    own_operator: Text
    partner_id_label: Text
    currency: str
    default_language: str
    payment_methods: tuple[PaymentMethod, ...]
    default_status: CloudStatus
    finder: Finder | None
    find_partner_url: str | None
    find_partner_label: Text
    assistance_label: Text
    reseller_exit_url: str
    help_title: Text
    help_paragraphs: tuple[Text, ...]
    no_partner_next_step: Text

    @property
    def operator(self) -> Text:
        """As the operator calls itself there."""
        return brand_of(self.cloud).operator or self.own_operator

    @property
    def label(self) -> str:
        return str(self.cloud.label)

    def allows(self, capability: Capability) -> bool:
        return capability in self.capabilities


EVERYWHERE = frozenset(
    {
        Capability.RECEIVE_DELEGATED_ADMIN_REQUESTS,
        Capability.EDIT_PARTNER_OF_RECORD,
        Capability.VIEW_PARTNER_RELATIONSHIPS,
    }
)
CUSTOMER_STARTS = EVERYWHERE | {
    Capability.NAME_PARTNER_AT_PURCHASE,
    Capability.FIND_PARTNER,
    Capability.ADD_PARTNER_OF_RECORD,
}
PARTNER_STARTS = EVERYWHERE | {Capability.RECEIVE_PARTNER_OFFERS}

FIND_PARTNER_LABEL = _("Find a partner on the Microsoft Pinpoint website")
ASSISTANCE_LABEL = _("Get assistance from a Microsoft Partner")
RESELLER_EXIT_URL = "https://go.microsoft.com/fwlink/p/?linkid=870519"
FIND_PARTNER_URL = "https://pinpoint.microsoft.com"

ADVISOR_HELP = (
    _(
        "A subscription advisor is an authorized Microsoft partner who sells to you, supports you and knows the "
        "services you use. As partner of record of a subscription it is credited for that subscription and sees its "
        "usage. It gets no access to your organization."
    ),
    _(
        "Name a partner when you buy, or at any time afterwards. Which partner fits depends on the services that you "
        "use and on the country or region in which you use them."
    ),
    _(
        "You need the partner's Microsoft Partner ID. Ask the partner for it: of several IDs that a company has, "
        "the one of the location that serves you."
    ),
)

PROFILES: dict[Cloud, CloudProfile] = {
    Cloud.WORLDWIDE: CloudProfile(
        cloud=Cloud.WORLDWIDE,
        capabilities=CUSTOMER_STARTS,
        own_operator="Microsoft",
        partner_id_label=_("Microsoft Partner ID"),
        currency="USD",
        default_language="en",
        payment_methods=(PaymentMethod.CARD, PaymentMethod.INVOICE),
        default_status=CloudStatus.OPEN,
        finder=Finder.OWN,
        find_partner_url=FIND_PARTNER_URL,
        find_partner_label=FIND_PARTNER_LABEL,
        assistance_label=ASSISTANCE_LABEL,
        reseller_exit_url=RESELLER_EXIT_URL,
        help_title=_("What a subscription advisor partner does"),
        help_paragraphs=ADVISOR_HELP,
        no_partner_next_step=_(
            "You have no partner yet. Ask a partner for its Microsoft Partner ID and add it on a subscription, or "
            "find a partner on the Microsoft Pinpoint website."
        ),
    ),
    Cloud.GERMANY: CloudProfile(
        cloud=Cloud.GERMANY,
        capabilities=CUSTOMER_STARTS,
        own_operator="Microsoft",
        partner_id_label=_("Microsoft Partner ID"),
        currency="EUR",
        default_language="de",
        payment_methods=(PaymentMethod.INVOICE,),
        default_status=CloudStatus.CLOSING,
        finder=Finder.OWN,
        find_partner_url=FIND_PARTNER_URL,
        find_partner_label=FIND_PARTNER_LABEL,
        assistance_label=ASSISTANCE_LABEL,
        reseller_exit_url=RESELLER_EXIT_URL,
        help_title=_("What a subscription advisor partner does"),
        help_paragraphs=ADVISOR_HELP,
        no_partner_next_step=_(
            "You have no partner yet. Ask a partner for its Microsoft Partner ID and add it on a subscription, or "
            "find a partner on the Microsoft Pinpoint website."
        ),
    ),
    Cloud.OPERATED_BY_21VIANET: CloudProfile(
        cloud=Cloud.OPERATED_BY_21VIANET,
        capabilities=PARTNER_STARTS,
        own_operator=_("21Vianet"),
        partner_id_label=_("Partner ID"),
        currency="CNY",
        default_language="zh-hans",
        payment_methods=(PaymentMethod.FAPIAO_INVOICE,),
        default_status=CloudStatus.OPEN,
        finder=None,
        find_partner_url=None,
        find_partner_label=FIND_PARTNER_LABEL,
        assistance_label=ASSISTANCE_LABEL,
        reseller_exit_url=RESELLER_EXIT_URL,
        help_title=_("What it means to delegate administration to a partner"),
        help_paragraphs=(
            _(
                "Your admins create and edit users, reset passwords, manage licenses and domains, and give admin "
                "permissions to others. If somebody else is to do this work, you can delegate it to an authorized "
                "partner of 21Vianet: that is a partner relationship."
            ),
            _(
                "The partner starts it: it sends you an email that asks for your permission. You read its terms, "
                "follow the link, and answer Yes or No under Partner Relationships."
            ),
            _(
                "A partner that is already named on a subscription can be changed or deleted there at any time. "
                "Ask the new partner for its partner ID."
            ),
        ),
        no_partner_next_step=_(
            "You have no partner yet. An authorized partner of 21Vianet starts the relationship by sending you an "
            "email; ask the partner to send it."
        ),
    ),
}


def profile_of(cloud: str) -> CloudProfile:
    return PROFILES[Cloud(cloud)]
