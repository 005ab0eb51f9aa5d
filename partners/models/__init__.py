"""The upper floor's nouns: partners, and their ties to tenants and subscriptions."""

from partners.models.match_request import MatchedPartner, MatchRequest
from partners.models.partner import Partner
from partners.models.partner_of_record import PartnerOfRecord
from partners.models.partner_relationship import PartnerRelationship

__all__ = ["MatchRequest", "MatchedPartner", "Partner", "PartnerOfRecord", "PartnerRelationship"]
