"""Every address of the portal. The path is the menu path; the tenant is in the path, never in the session."""

from allauth.account import views as account_views
from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path

from portal import pages
from portal.accounts import data_pages
from portal.accounts import pages as own_accounts
from portal.from_offer import link_pages as links
from portal.help.pages import AskForHelp
from portal.invited import pages as invited
from portal.search_page import search_page
from portal.second_factor import pages as second_factor
from portal.second_factor import recovery_pages as recovery
from subscriptions.groups.choice_pages import ChooseInSeveral, WhatInSeveral
from subscriptions.groups.decision_pages import PreviewOfSeveral
from subscriptions.groups.list_page import several_list
from subscriptions.groups.receipt_page import several_changes, several_receipt

TENANT = "t/<slug:slug>/"
ACROSS = "organizations/changes-across/"

accounts = [
    path("sign-in/", own_accounts.SignInView.as_view(), name="account_login"),
    path("sign-out/", own_accounts.SignOutView.as_view(), name="account_logout"),
    path("inactive/", account_views.account_inactive, name="account_inactive"),
    path("confirm/", own_accounts.ConfirmView.as_view(), name="account_reauthenticate"),
    path("password/change/", own_accounts.ChangePasswordView.as_view(), name="account_change_password"),
    path("password/reset/", own_accounts.ForgottenPasswordView.as_view(), name="account_reset_password"),
    path("password/reset/done/", account_views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",  # the key has hyphens of its own
        own_accounts.NewPasswordView.as_view(),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        account_views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("2fa/", second_factor.to_account, name="mfa_index"),
    path("2fa/authenticate/", second_factor.SignInCodeView.as_view(), name="mfa_authenticate"),
    path("2fa/reauthenticate/", second_factor.ConfirmCodeView.as_view(), name="mfa_reauthenticate"),
    path("2fa/totp/activate/", second_factor.TurnOnView.as_view(), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", second_factor.TurnOffView.as_view(), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", recovery.RecoveryCodesView.as_view(), name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/generate/", recovery.NewCodesView.as_view(), name="mfa_generate_recovery_codes"),
    path("2fa/recovery-codes/download/", recovery.DownloadView.as_view(), name="mfa_download_recovery_codes"),
]

urlpatterns = [
    path("", pages.home, name="home"),
    path("organizations/", several_list, name="organizations"),
    path(ACROSS, several_changes, name="several-list"),
    path(f"{ACROSS}choose/", ChooseInSeveral.view(), name="several-choose"),
    path(f"{ACROSS}<uuid:uuid>/", several_receipt, name="several"),
    path(f"{ACROSS}<uuid:uuid>/what/", WhatInSeveral.view(), name="several-what"),
    path(f"{ACROSS}<uuid:uuid>/preview/", PreviewOfSeveral.view(), name="several-preview"),
    path("brand/<slug:digest>.png", pages.logo, name="logo"),
    path("account/", pages.Account.view(), name="account"),
    path("account/data/", data_pages.TakeOwnData.view(), name="own-data"),
    path("account/data/file/", data_pages.own_data_file, name="own-data-file"),
    path("account/theme/", pages.Theme.view(), name="theme"),
    path("accounts/", include(accounts)),
    path("help/", AskForHelp.view(), name="help"),
    path(TENANT, pages.admin_home, name="admin-home"),
    path(f"{TENANT}search/", search_page, name="search"),
    path(TENANT, include("subscriptions.urls")),
    path(TENANT, include("partners.urls")),
    path(TENANT, include("portal.checkout.urls")),
    path(TENANT, include("portal.from_offer.urls")),
    path("offers/", links.offer_open, name="offer-open"),
    path("offers/switch/", links.offer_switch, name="offer-switch"),
    path("offers/<str:token>/", links.offer_link, name="offer-link"),
    path("invitations/", invited.AcceptInvitation.view(), name="invitation"),
    path("invitations/switch/", invited.invitation_switch, name="invitation-switch"),
    path("invitations/<str:token>/", invited.invitation_link, name="invitation-link"),
    path("p/<slug:number>/", include("partners.workspace_urls")),
    path("staff/", admin.site.urls),
]

if settings.DEMO:
    urlpatterns += [
        path("demo/mails/", pages.demo_mails, name="demo-mails"),
        path("demo/sign-in/", pages.demo_sign_in, name="demo-sign-in"),
    ]

handler400 = "portal.errors.bad_request"
handler403 = "portal.errors.forbidden"
handler404 = "portal.errors.not_found"
handler500 = "portal.errors.server_error"
