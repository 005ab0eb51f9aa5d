from django.urls import path

from partners.matching import finder_page as partner_finder
from partners.matching import pages as match_requests
from partners.matching.ask_page import AskToBeMatched
from partners.offers.pages import AnswerOffer
from partners.overview import pages as partner_relationships
from partners.overview.partner_page import partner_detail
from partners.partner_of_record import pages as partner_of_record
from partners.partner_of_record.file_pages import UploadFile
from partners.partner_of_record.policy import act_pages as policy_acts
from partners.partner_of_record.policy import pages as policy
from partners.partner_of_record.schedule import pages as scheduled_changes
from partners.relationships.pages import acts as relationship_acts
from partners.relationships.pages import detail as relationship_detail
from partners.relationships.pages import review as relationship_review
from partners.relationships.releases import pages as release_requests

app_name = "partners"

SUBSCRIPTION = "billing/subscriptions/<uuid:uuid>/partner-of-record/"
SCHEDULED = "billing/scheduled-changes/"
FINDER = "billing/purchase-services/find-a-partner/"
POLICY = "settings/partner-policy/"
RELATIONSHIPS = "settings/partner-relationships/"

urlpatterns = [
    path("billing/changes/from-file/", UploadFile.view(), name="many-from-file"),
    path(SUBSCRIPTION, partner_of_record.EditPartnerOfRecord.view(), name="partner-of-record-edit"),
    path(f"{SUBSCRIPTION}check/", partner_of_record.CheckPartnerId.view(), name="partner-of-record-check"),
    path(f"{SUBSCRIPTION}undo/", partner_of_record.UndoPartnerOfRecord.view(), name="partner-of-record-undo"),
    path(SCHEDULED, scheduled_changes.scheduled_list, name="scheduled-list"),
    path(f"{SCHEDULED}<uuid:uuid>/cancel/", scheduled_changes.CancelScheduled.view(), name="scheduled-cancel"),
    path(f"{SCHEDULED}<uuid:uuid>/try-again/", scheduled_changes.TryAgain.view(), name="scheduled-try-again"),
    path(f"{SCHEDULED}<uuid:uuid>/dismiss/", scheduled_changes.Dismiss.view(), name="scheduled-dismiss"),
    path(FINDER, partner_finder.find_partner, name="find-partner"),
    path(f"{FINDER}use/", partner_finder.use_for_subscription, name="use-for-subscription"),
    path(f"{FINDER}ask/", AskToBeMatched.view(), name="match-request-new"),
    path(f"{FINDER}requests/", match_requests.match_request_list, name="match-request-list"),
    path(POLICY, policy.policy_page, name="policy"),
    path(f"{POLICY}defaults/add/", policy_acts.AddDefault.view(), name="policy-default-add"),
    path(f"{POLICY}defaults/<uuid:uuid>/remove/", policy_acts.RemoveDefault.view(), name="policy-default-remove"),
    path(f"{POLICY}approved/add/", policy_acts.Approve.view(), name="policy-approve"),
    path(f"{POLICY}off-list/", policy_acts.OffList.view(), name="policy-off-list"),
    path(f"{POLICY}approved/<uuid:uuid>/take-off/", policy_acts.TakeOff.view(), name="policy-take-off"),
    path(f"{POLICY}subscriptions/<uuid:uuid>/exempt/", policy_acts.Exempt.view(), name="policy-exempt"),
    path(f"{POLICY}exemptions/<uuid:uuid>/end/", policy_acts.EndExemption.view(), name="policy-exemption-end"),
    path(RELATIONSHIPS, partner_relationships.relationship_list, name="relationship-list"),
    path(f"{RELATIONSHIPS}review/", relationship_review.Review.view(), name="relationship-review"),
    path(f"{RELATIONSHIPS}<uuid:uuid>/", relationship_detail.relationship_detail, name="relationship-detail"),
    path(f"{RELATIONSHIPS}<uuid:uuid>/end/", relationship_acts.End.view(), name="relationship-end"),
    path(
        f"{RELATIONSHIPS}<uuid:uuid>/remove-roles/",
        relationship_acts.RemoveRoles.view(),
        name="relationship-remove-roles",
    ),
    path(
        f"{RELATIONSHIPS}<uuid:uuid>/auto-extend/",
        relationship_acts.AutoExtend.view(),
        name="relationship-auto-extend",
    ),
    path(f"{RELATIONSHIPS}<uuid:uuid>/release/", release_requests.AskForRelease.view(), name="release-request"),
    path(
        f"{RELATIONSHIPS}<uuid:uuid>/release/take-back/",
        release_requests.TakeBack.view(),
        name="release-take-back",
    ),
    path(f"{RELATIONSHIPS}partners/<uuid:uuid>/", partner_detail, name="partner-detail"),
    path(f"{RELATIONSHIPS}offers/<uuid:uuid>/", AnswerOffer.view(), name="offer"),
]
