"""The operator's pages of the ground floor; Django admin finds them by importing this package."""

from subscriptions.admin.account import AccountAdmin
from subscriptions.admin.catalogue import CloudStateAdmin, ProductAdmin
from subscriptions.admin.order import OrderAdmin
from subscriptions.admin.product_price import ProductPriceAdmin
from subscriptions.admin.records import AuditEventAdmin, MailAdmin, RefusalRecordAdmin
from subscriptions.admin.subscription import SubscriptionAdmin
from subscriptions.admin.tenant import MembershipAdmin, TenantAdmin

__all__ = [
    "AccountAdmin",
    "AuditEventAdmin",
    "CloudStateAdmin",
    "MailAdmin",
    "MembershipAdmin",
    "OrderAdmin",
    "ProductAdmin",
    "ProductPriceAdmin",
    "RefusalRecordAdmin",
    "SubscriptionAdmin",
    "TenantAdmin",
]
