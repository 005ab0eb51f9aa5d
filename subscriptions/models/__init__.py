"""The ground floor's nouns: people, organizations, the catalog, subscriptions, and what was done to them.

Folders hold what belongs together: people, the catalog, jobs that go on in parts, and what is kept of requests.
"""

from subscriptions.models.approval import Approval
from subscriptions.models.audit_digest import AuditDigest
from subscriptions.models.audit_event import AuditEvent
from subscriptions.models.brand_logo import BrandLogo
from subscriptions.models.catalogue.product import Product
from subscriptions.models.catalogue.product_family import ProductFamily
from subscriptions.models.catalogue.product_price import ProductPrice
from subscriptions.models.cloud_state import CloudState
from subscriptions.models.help_request import HelpRequest
from subscriptions.models.jobs.bulk_act import BulkAct, BulkLine, BulkRow
from subscriptions.models.jobs.import_run import ImportChunk, ImportProblem, ImportRun
from subscriptions.models.jobs.job_failure import JobFailure
from subscriptions.models.jobs.joint_act import JointAct
from subscriptions.models.mail import Mail
from subscriptions.models.mail_try import MailTry
from subscriptions.models.order import Order, OrderLine
from subscriptions.models.people.application import Application, ApplicationToken
from subscriptions.models.people.invitation import Invitation
from subscriptions.models.people.membership import Membership
from subscriptions.models.people.organization_group import GroupedOrganization, OrganizationGroup
from subscriptions.models.people.saved_view import SavedView
from subscriptions.models.people.snooze import Snooze
from subscriptions.models.people.viewing import Viewing
from subscriptions.models.requests.idempotency_key import IdempotencyKey
from subscriptions.models.requests.kept_form import KeptForm
from subscriptions.models.requests.refusal import RefusalRecord
from subscriptions.models.requests.request_counter import RequestCounter
from subscriptions.models.subscription import Subscription
from subscriptions.models.tenant import Tenant
from subscriptions.models.user import User

__all__ = [
    "Application",
    "ApplicationToken",
    "Approval",
    "AuditDigest",
    "AuditEvent",
    "BrandLogo",
    "BulkAct",
    "BulkLine",
    "BulkRow",
    "CloudState",
    "GroupedOrganization",
    "HelpRequest",
    "IdempotencyKey",
    "ImportChunk",
    "ImportProblem",
    "ImportRun",
    "Invitation",
    "JobFailure",
    "JointAct",
    "KeptForm",
    "Mail",
    "MailTry",
    "Membership",
    "Order",
    "OrderLine",
    "OrganizationGroup",
    "Product",
    "ProductFamily",
    "ProductPrice",
    "RefusalRecord",
    "RequestCounter",
    "SavedView",
    "Snooze",
    "Subscription",
    "Tenant",
    "User",
    "Viewing",
]
