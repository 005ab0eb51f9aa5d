"""The operator's pages of the upper floor; Django admin finds them by importing this package."""

from partners.admin.match_request import MatchRequestAdmin
from partners.admin.partner import PartnerAdmin
from partners.admin.partner_of_record import PartnerOfRecordAdmin
from partners.admin.partner_person import PartnerPersonAdmin
from partners.admin.partner_relationship import PartnerRelationshipAdmin
from partners.admin.release_request import ReleaseRequestAdmin

__all__ = [
    "MatchRequestAdmin",
    "PartnerAdmin",
    "PartnerOfRecordAdmin",
    "PartnerPersonAdmin",
    "PartnerRelationshipAdmin",
    "ReleaseRequestAdmin",
]
