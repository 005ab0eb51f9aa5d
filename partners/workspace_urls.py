"""The partner workspace: what a partner's own people see of their customers."""

from django.urls import path

from partners.directory import workspace_applications as applications
from partners.directory import workspace_people as people
from partners.directory import workspace_people_acts as people_acts
from partners.directory import workspace_profile as profile
from partners.directory import workspace_serving as serving
from partners.matching import workspace as workspace_match_requests
from partners.offers.workspace import acts as offer_acts
from partners.offers.workspace import draft as offer_drafts
from partners.offers.workspace import list as workspace_offers
from partners.offers.workspace import many as offers_to_many
from partners.offers.workspace import many_tables
from partners.offers.workspace import renew as offer_renewals
from partners.offers.workspace import templates as offer_templates
from partners.overview.workspace import attention as workspace_attention
from partners.overview.workspace import company as workspace_company
from partners.overview.workspace import credits as workspace_credits
from partners.overview.workspace import customers as workspace_customers
from partners.overview.workspace import home as workspace_home
from partners.overview.workspace import mails as workspace_mails
from partners.overview.workspace import months as workspace_months
from partners.relationships import workspace as workspace_relationships
from partners.relationships.releases import workspace as workspace_release_requests
from partners.relationships.releases import workspace_list
from partners.webhooks import workspace as webhooks

app_name = "workspace"

RELEASES = "release-requests/"
WEBHOOKS = "webhooks/"
APPLICATIONS = "applications/"

urlpatterns = [
    path("", workspace_home.home, name="home"),
    path(WEBHOOKS, webhooks.webhook_list, name="webhooks"),
    path(f"{WEBHOOKS}add/", webhooks.AddWebhook.view(), name="webhook-add"),
    path(f"{WEBHOOKS}deliveries/<uuid:uuid>/again/", webhooks.SendAgain.view(), name="webhook-again"),
    path(f"{WEBHOOKS}<uuid:uuid>/", webhooks.webhook_detail, name="webhook"),
    path(f"{WEBHOOKS}<uuid:uuid>/change/", webhooks.ChangeWebhook.view(), name="webhook-change"),
    path(f"{WEBHOOKS}<uuid:uuid>/secret/", webhooks.NewSecret.view(), name="webhook-secret"),
    path(f"{WEBHOOKS}<uuid:uuid>/switch/", webhooks.SwitchWebhook.view(), name="webhook-switch"),
    path(f"{WEBHOOKS}<uuid:uuid>/test/", webhooks.TestWebhook.view(), name="webhook-test"),
    path(f"{WEBHOOKS}<uuid:uuid>/replay/", webhooks.Replay.view(), name="webhook-replay"),
    path(f"{WEBHOOKS}<uuid:uuid>/delete/", webhooks.DeleteWebhook.view(), name="webhook-delete"),
    path("company/", workspace_company.company, name="company"),
    path("customers/", workspace_customers.customer_list, name="customers"),
    path("match-requests/", workspace_match_requests.match_request_list, name="match-requests"),
    path(RELEASES, workspace_list.release_request_list, name="release-requests"),
    path(f"{RELEASES}<uuid:uuid>/", workspace_release_requests.release_request, name="release-request"),
    path(
        f"{RELEASES}<uuid:uuid>/acknowledge/",
        workspace_release_requests.Acknowledge.view(),
        name="release-acknowledge",
    ),
    path(f"{RELEASES}<uuid:uuid>/decline/", workspace_release_requests.Decline.view(), name="release-decline"),
    path(f"{RELEASES}<uuid:uuid>/release/", workspace_release_requests.Release.view(), name="release-release"),
    path("customers/<uuid:uuid>/", workspace_customers.customer_detail, name="customer"),
    path("customers/<uuid:uuid>/people/", serving.SayWhoServes.view(), name="customer-people"),
    path("relationships/<uuid:uuid>/give-up/", workspace_relationships.GiveUpAccess.view(), name="give-up-access"),
    path("relationships/<uuid:uuid>/leave/", workspace_relationships.Leave.view(), name="leave-customer"),
    path("partner-of-record/", workspace_credits.partner_of_record, name="partner-of-record"),
    path("partner-of-record/changes/", workspace_months.credit_changes, name="credit-changes"),
    path("mails/", workspace_mails.mail_list, name="mails"),
    path("snoozed/", workspace_attention.snoozed_list, name="attention-snoozed"),
    path("snoozed/snooze/", workspace_attention.SnoozeAttention.view(), name="attention-snooze"),
    path("snoozed/wake/", workspace_attention.WakeAttention.view(), name="attention-wake"),
    path("profile/", profile.KeepProfile.view(), name="profile"),
    path(APPLICATIONS, applications.application_list, name="applications"),
    path(f"{APPLICATIONS}new/", applications.MakeApplication.view(), name="application-make"),
    path(f"{APPLICATIONS}<uuid:uuid>/", applications.application_detail, name="application"),
    path(f"{APPLICATIONS}<uuid:uuid>/change/", applications.ChangeApplication.view(), name="application-change"),
    path(f"{APPLICATIONS}<uuid:uuid>/delete/", applications.DeleteApplication.view(), name="application-delete"),
    path(f"{APPLICATIONS}<uuid:uuid>/token/", applications.MakeToken.view(), name="application-token"),
    path(f"{APPLICATIONS}tokens/<uuid:uuid>/revoke/", applications.RevokeToken.view(), name="application-revoke"),
    path("people/", people.people_list, name="people"),
    path("people/invite/", people_acts.InviteColleague.view(), name="person-invite"),
    path("people/<uuid:uuid>/role/", people_acts.ChangeAgentRole.view(), name="person-role"),
    path("people/<uuid:uuid>/remove/", people_acts.RemoveColleague.view(), name="person-remove"),
    path("people/invitations/<uuid:uuid>/send-again/", people_acts.SendAgain.view(), name="invitation-send-again"),
    path("people/invitations/<uuid:uuid>/withdraw/", people_acts.Withdraw.view(), name="invitation-withdraw"),
    path("offers/", workspace_offers.offer_list, name="offer-list"),
    path("offers/renew/", offer_renewals.Renew.view(), name="offer-renew"),
    path("offers/templates/", offer_templates.template_list, name="template-list"),
    path("offers/templates/<uuid:uuid>/edit/", offer_templates.EditTemplate.view(), name="template-edit"),
    path("offers/templates/<uuid:uuid>/delete/", offer_templates.DeleteTemplate.view(), name="template-delete"),
    path("offers/templates/<uuid:uuid>/many/", offers_to_many.OfferToMany.view(), name="offer-many"),
    path("offers/many/", offers_to_many.round_list, name="offer-rounds"),
    path("offers/many/<uuid:uuid>/", offers_to_many.MakeRound.view(), name="offer-round"),
    path("offers/many/<uuid:uuid>/file/", many_tables.round_file, name="offer-round-file"),
    path("offers/<uuid:uuid>/keep/", offer_templates.KeepTemplate.view(), name="offer-keep"),
    path("offers/new/", offer_drafts.FindOrganization.view(), name="offer-find"),
    path("offers/new/<str:token>/", offer_drafts.NewDraft.view(), name="offer-new"),
    path("offers/<uuid:uuid>/", workspace_offers.offer_detail, name="offer-detail"),
    path("offers/<uuid:uuid>/edit/", offer_drafts.EditDraft.view(), name="offer-edit"),
    path("offers/<uuid:uuid>/discard/", offer_acts.Discard.view(), name="offer-discard"),
    path("offers/<uuid:uuid>/send/", offer_acts.Send.view(), name="offer-send"),
    path("offers/<uuid:uuid>/send-again/", offer_acts.SendAgain.view(), name="offer-send-again"),
    path("offers/<uuid:uuid>/terms/", offer_acts.ChangeTerms.view(), name="offer-terms"),
    path("offers/<uuid:uuid>/withdraw/", offer_acts.Withdraw.view(), name="offer-withdraw"),
]
