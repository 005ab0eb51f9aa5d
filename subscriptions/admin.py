"""The operator's pages of the ground floor; Django admin finds them by importing this package."""

from subscriptions.applications.admin import ApplicationAdmin
from subscriptions.approvals.admin import ApprovalAdmin
from subscriptions.audit.admin import AuditEventAdmin, JobFailureAdmin, RefusalRecordAdmin
from subscriptions.brands.admin import SetLogo
from subscriptions.catalogue.admin import CloudStateAdmin, ProductAdmin
from subscriptions.catalogue.admin_families import ProductFamilyAdmin
from subscriptions.catalogue.admin_prices import ProductPriceAdmin
from subscriptions.groups.admin import OrganizationGroupAdmin
from subscriptions.help.admin import HelpRequestAdmin
from subscriptions.imports.admin import ImportAdmin
from subscriptions.imports.admin_problems import ImportProblemAdmin
from subscriptions.invitations.admin import InvitationAdmin
from subscriptions.mails.admin import MailAdmin
from subscriptions.orders.admin import OrderAdmin
from subscriptions.subscriptions.admin import SubscriptionAdmin
from subscriptions.tenants.admin.accounts import AccountAdmin
from subscriptions.tenants.admin.organization import MembershipAdmin, TenantAdmin

__all__ = [
    "AccountAdmin",
    "ApplicationAdmin",
    "ApprovalAdmin",
    "AuditEventAdmin",
    "CloudStateAdmin",
    "HelpRequestAdmin",
    "ImportAdmin",
    "ImportProblemAdmin",
    "InvitationAdmin",
    "JobFailureAdmin",
    "MailAdmin",
    "MembershipAdmin",
    "OrderAdmin",
    "OrganizationGroupAdmin",
    "ProductAdmin",
    "ProductFamilyAdmin",
    "ProductPriceAdmin",
    "RefusalRecordAdmin",
    "SetLogo",
    "SubscriptionAdmin",
    "TenantAdmin",
]
