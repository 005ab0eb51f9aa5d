"""What the lower app asks of this one: who acts on behalf, what a person leaves, what events keep, where they are."""

from django.utils.translation import gettext_lazy as _

import partners.directory.events
import partners.matching.events
import partners.offers.events
import partners.overview.attention_page
import partners.overview.found_page
import partners.partner_of_record.approval
import partners.partner_of_record.attention_page
import partners.partner_of_record.bulk
import partners.partner_of_record.bulk_forms
import partners.partner_of_record.events
import partners.partner_of_record.filters
import partners.partner_of_record.from_file
import partners.partner_of_record.history_file_page
import partners.partner_of_record.policy.bulk
import partners.partner_of_record.policy.events
import partners.partner_of_record.schedule.approval
import partners.partner_of_record.schedule.events
import partners.partner_of_record.schedule.many
import partners.partner_of_record.schedule.many_approval
import partners.partner_of_record.schedule.many_forms
import partners.partner_of_record.schedule.runs
import partners.relationships.events
import partners.relationships.releases.events  # noqa: F401
from partners import delegation
from partners.directory.acts import leave_all
from partners.directory.imports import PartnerImport
from partners.directory.invitations import AtPartner
from partners.directory.owned_applications import owner_of_partners
from partners.directory.people_imports import PartnerPersonImport
from partners.directory.serving_tables import serving_table
from partners.models import MatchRequest, Partner, PolicyPartner
from partners.overview import export_tables
from partners.partner_of_record.imports import CreditImport, SubscriptionImport
from partners.partner_of_record.policy.acts import credit_default
from partners.partner_of_record.policy.deletion import delete_policy
from partners.partner_of_record.policy.reads import differing
from partners.partner_of_record.schedule.deletion import cancel_waiting
from partners.relationships import deletion
from partners.relationships.imports import RelationshipImport
from subscriptions.applications.reminders import OWNERS
from subscriptions.catalogue.families import USES
from subscriptions.exports import tables as exports
from subscriptions.imports.kinds import register
from subscriptions.invitations.places import PLACES
from subscriptions.subscriptions.changes import WHEN_MADE
from subscriptions.subscriptions.reads import MORE_FILTERS
from subscriptions.tenants.deletion import DELETIONS
from subscriptions.tenants.pages import BESIDE_MEMBERS
from subscriptions.tenants.personal_data import LEAVES
from subscriptions.web import event_pages
from subscriptions.web.on_behalf import ON_BEHALF

USES += [
    (_("partners"), lambda code: Partner.objects.filter(authorized_families__contains=[code])),
    (_("partner match requests"), lambda code: MatchRequest.objects.filter(family__code=code)),
    (_("default partners"), lambda code: PolicyPartner.objects.filter(family__code=code)),
]

ON_BEHALF.acting_for, ON_BEHALF.held = delegation.acting_for, delegation.held

register(PartnerImport, PartnerPersonImport, RelationshipImport, SubscriptionImport, CreditImport)
exports.register(*export_tables.TABLES)
exports.LEFT_OUT.update(export_tables.LEFT_OUT)
PLACES[AtPartner.kind] = AtPartner
OWNERS["partner_id"] = owner_of_partners
LEAVES.append(leave_all)
WHEN_MADE.append(credit_default)
MORE_FILTERS["policy"] = lambda tenant, rows, _value: differing(tenant, rows)
BESIDE_MEMBERS.append(serving_table)
DELETIONS |= {
    "relationships": deletion.end_relationships,
    "match_requests": deletion.delete_match_requests,
    "people_who_serve": deletion.delete_serving,
    "scheduled_changes": cancel_waiting,
    "policy": delete_policy,
}

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
