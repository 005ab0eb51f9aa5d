"""The ground floor's nouns: people, organizations, the catalog, subscriptions, and what was done to them."""

from subscriptions.models.approval import Approval
from subscriptions.models.audit_event import AuditEvent
from subscriptions.models.brand_logo import BrandLogo
from subscriptions.models.bulk_act import BulkAct, BulkRow
from subscriptions.models.cloud_state import CloudState
from subscriptions.models.help_request import HelpRequest
from subscriptions.models.idempotency_key import IdempotencyKey
from subscriptions.models.import_run import ImportChunk, ImportProblem, ImportRun
from subscriptions.models.invitation import Invitation
from subscriptions.models.job_failure import JobFailure
from subscriptions.models.kept_form import KeptForm
from subscriptions.models.mail import Mail
from subscriptions.models.mail_try import MailTry
from subscriptions.models.order import Order, OrderLine
from subscriptions.models.product import Product
from subscriptions.models.product_family import ProductFamily
from subscriptions.models.product_price import ProductPrice
from subscriptions.models.refusal import RefusalRecord
from subscriptions.models.request_counter import RequestCounter
from subscriptions.models.snooze import Snooze
from subscriptions.models.subscription import Subscription
from subscriptions.models.tenant import Membership, Tenant
from subscriptions.models.user import User
from subscriptions.models.viewing import Viewing

__all__ = [
    "Approval",
    "AuditEvent",
    "BrandLogo",
    "BulkAct",
    "BulkRow",
    "CloudState",
    "HelpRequest",
    "IdempotencyKey",
    "ImportChunk",
    "ImportProblem",
    "ImportRun",
    "Invitation",
    "JobFailure",
    "KeptForm",
    "Mail",
    "MailTry",
    "Membership",
    "Order",
    "OrderLine",
    "Product",
    "ProductFamily",
    "ProductPrice",
    "RefusalRecord",
    "RequestCounter",
    "Snooze",
    "Subscription",
    "Tenant",
    "User",
    "Viewing",
]
