"""What the lower app asks of this one: the facts that its events keep, and the addresses of their pages."""

import partners.directory.events
import partners.matching.events
import partners.offers.events
import partners.partner_of_record.events
import partners.relationships.events
import partners.relationships.releases.events  # noqa: F401
from subscriptions.web import event_pages

event_pages.PAGES.update(
    {
        "relationship": "partners:relationship-detail",
        "release-request": "partners:release-request",
        "offer": "partners:offer",
    }
)
event_pages.PARTNERS_PAGES.update({"release-request": "workspace:release-request", "offer": "workspace:offer-detail"})
event_pages.STAFFS_PAGES.update(
    {
        "match-request": "admin:partners_matchrequest_change",
        "release-request": "admin:partners_releaserequest_change",
    }
)
