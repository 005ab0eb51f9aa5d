from django.urls import path

from subscriptions.applications import pages as applications
from subscriptions.approvals import act_pages as approvals
from subscriptions.approvals.pages import approval_list
from subscriptions.approvals.switch_page import SwitchSecondPerson
from subscriptions.attention import pages as attention
from subscriptions.audit import happened_page as happened
from subscriptions.audit.pages import audit_log
from subscriptions.bulk import choice_pages, decision_pages, lines_page, progress_pages, rows_page
from subscriptions.bulk import pages as bulk
from subscriptions.catalogue.pages import purchase_services
from subscriptions.mails.pages import missed_mails
from subscriptions.orders.pages import order_detail, order_list
from subscriptions.saved_views import pages as views
from subscriptions.subscriptions.pages import acts as subscription_acts
from subscriptions.subscriptions.pages import ends as subscription_ends
from subscriptions.subscriptions.pages.detail import subscription_detail
from subscriptions.subscriptions.pages.list import subscription_list
from subscriptions.subscriptions.pages.naming import Names
from subscriptions.subscriptions.pages.undo import Undo
from subscriptions.tenants import member_pages as members
from subscriptions.tenants import pages as people
from subscriptions.tenants.viewing_page import LetStaffView
from subscriptions.webhooks import pages as webhooks

app_name = "subscriptions"

MEMBERS = "settings/members/"
INVITATIONS = f"{MEMBERS}invitations/"
APPLICATIONS = "settings/applications/"
CHANGES = "billing/changes/<uuid:uuid>/"
WEBHOOKS = "settings/webhooks/"
SUBSCRIPTION = "billing/subscriptions/<uuid:uuid>/"

urlpatterns = [
    path("snoozed/", attention.snoozed_list, name="attention-snoozed"),
    path("snoozed/snooze/", attention.SnoozeAttention.view(), name="attention-snooze"),
    path("snoozed/wake/", attention.WakeAttention.view(), name="attention-wake"),
    path("billing/subscriptions/", subscription_list, name="list"),
    path("billing/changes/", bulk.many_list, name="bulk-list"),
    path("billing/changes/choose/", choice_pages.Choose.view(), name="bulk-choose"),
    path(CHANGES, bulk.many_detail, name="bulk"),
    path(f"{CHANGES}rows/", rows_page.many_rows, name="bulk-rows"),
    path(f"{CHANGES}lines/", lines_page.many_lines, name="bulk-lines"),
    path(f"{CHANGES}what/", choice_pages.What.view(), name="bulk-what"),
    path(f"{CHANGES}preview/", decision_pages.Preview.view(), name="bulk-preview"),
    path(f"{CHANGES}leave-out/", decision_pages.LeaveOut.view(), name="bulk-leave-out"),
    path(f"{CHANGES}pause/", progress_pages.Pause.view(), name="bulk-pause"),
    path(f"{CHANGES}resume/", progress_pages.Resume.view(), name="bulk-resume"),
    path(f"{CHANGES}stop/", progress_pages.Stop.view(), name="bulk-stop"),
    path(f"{CHANGES}undo/", progress_pages.UndoMany.view(), name="bulk-undo"),
    path("views/", views.saved_views, name="views"),
    path("views/save/", views.SaveView.view(), name="view-save"),
    path("views/<uuid:uuid>/", views.ChangeView.view(), name="view-change"),
    path("views/<uuid:uuid>/delete/", views.DeleteView.view(), name="view-delete"),
    path("billing/approvals/", approval_list, name="approval-list"),
    path("billing/approvals/<uuid:uuid>/", approvals.ApproveChange.view(), name="approval"),
    path("billing/approvals/<uuid:uuid>/refuse/", approvals.RefuseChange.view(), name="approval-refuse"),
    path("billing/approvals/<uuid:uuid>/withdraw/", approvals.WithdrawChange.view(), name="approval-withdraw"),
    path("settings/second-person/", SwitchSecondPerson.view(), name="second-person"),
    path(SUBSCRIPTION, subscription_detail, name="detail"),
    path(f"{SUBSCRIPTION}licenses/", subscription_acts.Licenses.view(), name="licenses"),
    path(f"{SUBSCRIPTION}billing-frequency/", subscription_acts.Frequency.view(), name="billing-frequency"),
    path(f"{SUBSCRIPTION}recurring-billing/", subscription_acts.RecurringBilling.view(), name="recurring-billing"),
    path(f"{SUBSCRIPTION}undo-change/", Undo.view(), name="undo"),
    path(f"{SUBSCRIPTION}names/", Names.view(), name="names"),
    path(f"{SUBSCRIPTION}cancel/", subscription_ends.Cancel.view(), name="cancel"),
    path(f"{SUBSCRIPTION}reactivate/", subscription_ends.Reactivate.view(), name="reactivate"),
    path(f"{SUBSCRIPTION}extend-trial/", subscription_ends.ExtendTrial.view(), name="extend-trial"),
    path(f"{SUBSCRIPTION}payment-method/", subscription_ends.PaymentMethod.view(), name="payment-method"),
    path("billing/purchase-services/", purchase_services, name="purchase-services"),
    path("billing/orders/", order_list, name="order-list"),
    path("billing/orders/<uuid:uuid>/", order_detail, name="order-detail"),
    path("settings/people/", people.people_before, name="people"),
    path(MEMBERS, people.member_list, name="members"),
    path(f"{MEMBERS}invite/", members.InviteMember.view(), name="member-invite"),
    path(f"{MEMBERS}<uuid:uuid>/role/", members.ChangeRole.view(), name="member-role"),
    path(f"{MEMBERS}<uuid:uuid>/remove/", members.RemoveMember.view(), name="member-remove"),
    path(f"{MEMBERS}<uuid:uuid>/reset-sign-in/", people.ResetSignIn.view(), name="sign-in-reset"),
    path(f"{INVITATIONS}<uuid:uuid>/send-again/", members.SendAgain.view(), name="invitation-send-again"),
    path(f"{INVITATIONS}<uuid:uuid>/withdraw/", members.Withdraw.view(), name="invitation-withdraw"),
    path("settings/staff-view/", LetStaffView.view(), name="staff-view"),
    path(APPLICATIONS, applications.application_list, name="applications"),
    path(f"{APPLICATIONS}new/", applications.MakeApplication.view(), name="application-make"),
    path(f"{APPLICATIONS}<uuid:uuid>/", applications.application_detail, name="application"),
    path(f"{APPLICATIONS}<uuid:uuid>/change/", applications.ChangeApplication.view(), name="application-change"),
    path(f"{APPLICATIONS}<uuid:uuid>/delete/", applications.DeleteApplication.view(), name="application-delete"),
    path(f"{APPLICATIONS}<uuid:uuid>/token/", applications.MakeToken.view(), name="application-token"),
    path(f"{APPLICATIONS}tokens/<uuid:uuid>/revoke/", applications.RevokeToken.view(), name="application-revoke"),
    path("what-happened/", happened.what_happened, name="what-happened"),
    path("what-happened/open/", happened.OpenWhatHappened.view(), name="what-happened-open"),
    path("settings/mails/", missed_mails, name="missed-mails"),
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
    path("settings/audit-log/", audit_log, name="audit-log"),
]
