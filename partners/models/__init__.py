"""The upper floor's nouns: partners, their people, and their ties to tenants and subscriptions."""

from partners.models.managed_subscription import ManagedSubscription
from partners.models.match_request import MatchedPartner, MatchRequest
from partners.models.offer_round import OfferRound
from partners.models.offer_template import OfferTemplate
from partners.models.partner import Partner
from partners.models.partner_customer import PartnerCustomer
from partners.models.partner_of_record import PartnerOfRecord
from partners.models.partner_offer import OfferedProduct, OfferedSubscription, OfferTerms, PartnerOffer
from partners.models.partner_person import PartnerPerson
from partners.models.partner_policy import ApprovedPartner, PolicyExemption, PolicyPartner
from partners.models.partner_relationship import PartnerRelationship
from partners.models.release_request import ReleaseRequest, ReleaseStep
from partners.models.scheduled_change import ScheduledChange
from partners.models.served_customer import ServedCustomer

__all__ = [
    "ApprovedPartner",
    "ManagedSubscription",
    "MatchRequest",
    "MatchedPartner",
    "OfferRound",
    "OfferTemplate",
    "OfferTerms",
    "OfferedProduct",
    "OfferedSubscription",
    "Partner",
    "PartnerCustomer",
    "PartnerOfRecord",
    "PartnerOffer",
    "PartnerPerson",
    "PartnerRelationship",
    "PolicyExemption",
    "PolicyPartner",
    "ReleaseRequest",
    "ReleaseStep",
    "ScheduledChange",
    "ServedCustomer",
]
