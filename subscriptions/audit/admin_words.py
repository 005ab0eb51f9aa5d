"""Words for what the audit trail keeps of an event: a label for each fact, and names of values that have one."""

from django.utils.translation import gettext_lazy as _

from partners.models import Partner, PartnerPerson
from partners.models.partner_of_record import Source
from partners.models.partner_offer import CreditWanted, OfferedPurchase
from partners.models.partner_relationship import RelationshipKind
from partners.offers.answers import NotCredited
from subscriptions.audit.changed_facts import CHANGED as OF_AN_ORGANIZATION
from subscriptions.clouds import PaymentMethod
from subscriptions.models import CloudState, Product, ProductPrice, User
from subscriptions.models.delegated_role import DelegatedRole
from subscriptions.models.product import ProductFamily
from subscriptions.models.subscription import BillingFrequency

LABELS = {
    "annual": _("Per user and month, billed annually"),
    "auto_extend": _("Extended by itself"),
    "billing_frequency": _("Billing frequency"),
    "cost": _("Cost"),
    "country": _("Country or region"),
    "credit": _("Partner of record"),
    "credited": _("Partner of record of"),
    "days": _("Days"),
    "deleted_on": _("Deleted"),
    "digest": _("Hash (SHA-256)"),
    "disabled_on": _("Disabled"),
    "due_on": _("Answer until"),
    "ends": _("Ends"),
    "ends_on": _("Ends"),
    "expires_on": _("Can be answered until"),
    "from": _("From"),
    "from_day": _("From"),
    "generation": _("Number of the sending"),
    "granted": _("Granted"),
    "language": _("Language"),
    "last_day": _("Last day"),
    "left_out": _("Roles that were not granted"),
    "licenses": _("Licenses"),
    "lines": _("Products"),
    "monthly": _("Per user and month, billed monthly"),
    "name": _("Name"),
    "number": _("Number"),
    "offer": _("Offer"),
    "order": _("Order"),
    "organization": _("Organization"),
    "overdue": _("Overdue"),
    "own_name": _("Own name"),
    "partner": _("Partner"),
    "partners": _("Partners"),
    "path": _("Page"),
    "payment_method": _("Payment method"),
    "person": _("Person"),
    "price_from": _("Price from"),
    "product": _("Product"),
    "products": _("Products"),
    "purchase": _("To buy or try"),
    "relationship": _("Relationship"),
    "removed": _("Roles taken away"),
    "reseller_managed": _("Managed by a reseller"),
    "roles": _("Roles"),
    "service": _("Service"),
    "skipped": _("Left out"),
    "source": _("Began with"),
    "staff_path": _("Staff's page"),
    "subscription": _("Subscription"),
    "subscriptions": _("Subscriptions"),
    "summary": _("Beginning"),
    "terms": _("Terms"),
    "total": _("Total"),
    "unit_price": _("Per user and month"),
    "until": _("Until"),
    "uuid": _("UUID"),
    "why": _("Why"),
    "wish": _("What help is needed"),
    "withdrawn": _("Withdrawn"),
    "workspace_path": _("Partner's page"),
}
# By the first word of the event's kind, where the same name is another fact there
OWN_LABELS = {("release-request", "wish"): _("Reason of the request")}
# What an event keeps as text and means as an amount, a day or a moment; anything else may be a person's own words
AMOUNTS = {"annual", "cost", "monthly", "total", "unit_price"}
TIMES = {
    "deleted_on", "disabled_on", "due_on", "ends", "ends_on", "expires_on", "from", "from_day", "last_day",
    "price_from", "until",
}  # fmt: skip
# Said together with the others: who was credited before and after, in which currency amounts are
SAID_ELSEWHERE = {"before", "after", "changes", "currency"}
NAMES: dict[str, dict] = {
    "billing_frequency": dict(BillingFrequency.choices),
    "credit": dict(CreditWanted.choices),
    "left_out": dict(DelegatedRole.choices),
    "payment_method": dict(PaymentMethod.choices),
    "purchase": dict(OfferedPurchase.choices),
    "relationship": dict(RelationshipKind.choices),
    "removed": dict(DelegatedRole.choices),
    "roles": dict(DelegatedRole.choices),
    "service": dict(ProductFamily.choices),
    "source": dict(Source.choices),
    "why": {why.value: why.label for why in NotCredited},
}
# Whose facts changed, by the first word of the event's kind; of a catalog, by the fact
CHANGED = {**OF_AN_ORGANIZATION, "account": User, "partner": Partner, "partner-person": PartnerPerson}
OF_CATALOG = {"status": CloudState, "monthly": ProductPrice, "annual": ProductPrice}
CATALOG_OTHERWISE = Product
