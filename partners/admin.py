"""The operator's pages of the upper floor; Django admin finds them by importing this package."""

from partners.directory.admin import PartnerAdmin
from partners.directory.admin_people import PartnerPersonAdmin
from partners.matching.admin import MatchRequestAdmin
from partners.offers.admin.offer import PartnerOfferAdmin
from partners.partner_of_record.admin import PartnerOfRecordAdmin
from partners.relationships.admin import PartnerRelationshipAdmin
from partners.relationships.releases.admin import ReleaseRequestAdmin

__all__ = [
    "MatchRequestAdmin",
    "PartnerAdmin",
    "PartnerOfRecordAdmin",
    "PartnerOfferAdmin",
    "PartnerPersonAdmin",
    "PartnerRelationshipAdmin",
    "ReleaseRequestAdmin",
]
