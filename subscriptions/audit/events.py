"""What the events of subscriptions, orders, prices and people keep."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from subscriptions.audit.changed_facts import changed_fact, changed_facts, describe_fact
from subscriptions.audit.facts import Facts, Named, Stored, fact, kept_by
from subscriptions.base.formats import day, mark, number
from subscriptions.clouds import PaymentMethod
from subscriptions.models import (
    CloudState,
    Membership,
    Product,
    ProductFamily,
    ProductPrice,
    Subscription,
    Tenant,
    User,
)
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.help_request import HelpTopic
from subscriptions.models.jobs.bulk_act import BulkState
from subscriptions.models.people.membership import Role
from subscriptions.models.people.staff_role import StaffRole
from subscriptions.models.subscription import BillingFrequency
from subscriptions.models.tenant import TenantState


@kept_by(
    AuditKind.SIGN_IN_RESET,
    AuditKind.SECOND_FACTOR_RESET,
    AuditKind.MAIL_SENT_AGAIN,
    AuditKind.TENANT_EXPORTED,
    AuditKind.ACCOUNT_EXPORTED,
    AuditKind.ACCOUNT_ERASED,
)
@dataclass(frozen=True)
class NothingMore(Facts):
    """Who, when and what say it all."""


@kept_by(AuditKind.LOGO_CHANGED)
@dataclass(frozen=True)
class LogoChanged(Facts):
    """By what its address is made of; empty where there is none."""

    before: str = fact(_("Logo before"), "")
    after: str = fact(_("Logo now"), "")


@dataclass(frozen=True)
class Changed(Facts):
    """Of each fact of a row that is different now: what it was, and what it is."""

    changed_model: ClassVar[type[models.Model]]
    changes: Mapping[str, list[Any]] = field(default_factory=dict)

    def say(self, currency: str) -> Iterator[tuple[str, str]]:
        for name, values in self.changes.items():
            yield changed_fact(self.model_of(name), name, values, currency)
        yield from super().say(currency)

    def model_of(self, name: str) -> type[models.Model]:
        return self.changed_model


@dataclass(frozen=True)
class ChangedHere(Changed):
    """Of a row that the organization has, and so reads of."""

    def tell(self, currency: str) -> list[str]:
        return changed_facts(self.changed_model, self.changes, currency=currency)


class RoleChanged(Changed):
    """Who comes had no role before, and who goes has none afterwards."""

    @property
    def role_before(self) -> str:
        return self._role(0)

    @property
    def role_after(self) -> str:
        return self._role(1)

    def _role(self, which: int) -> str:
        role = self.changes["role"][which]
        return describe_fact(self.changed_model._meta.get_field("role"), role, "") if role else ""


@kept_by(AuditKind.MEMBER_ADDED, AuditKind.MEMBER_CHANGED, AuditKind.MEMBER_REMOVED)
@dataclass(frozen=True)
class MemberChanged(RoleChanged, ChangedHere):
    changed_model = Membership


@kept_by(AuditKind.TENANT_ADDED, AuditKind.TENANT_CHANGED)
@dataclass(frozen=True)
class TenantChanged(ChangedHere):
    changed_model = Tenant


@kept_by(AuditKind.TENANT_SUSPENDED, AuditKind.TENANT_CLOSED, AuditKind.TENANT_REOPENED)
@dataclass(frozen=True)
class TenantHeld(Facts):
    before: TenantState = fact(_("State before"))
    kept_until: date | None = fact(_("Kept until"), None)


@kept_by(AuditKind.TENANT_DELETED)
@dataclass(frozen=True)
class TenantDeleted(Facts):
    """How many rows of each kind are gone, or have lost what was the organization's own."""

    members: int = fact(_("Members"), 0)
    help_requests: int = fact(_("Requests for help"), 0)
    subscriptions: int = fact(_("Subscriptions that lost their own names"), 0)
    relationships: int = fact(_("Relationships that ended"), 0)
    match_requests: int = fact(_("Match requests"), 0)
    people_who_serve: int = fact(_("Partners' people who served it"), 0)
    scheduled_changes: int = fact(_("Scheduled changes that were canceled"), 0)
    approvals: int = fact(_("Requests for approval that were withdrawn"), 0)


@kept_by(AuditKind.WHY_ASKED)
@dataclass(frozen=True)
class WhyAsked(Facts):
    """For whom, is the event's own subject."""

    act: str = fact(_("Act"))
    partner: str = fact(_("Partner"), "")
    about: str = fact(_("On what"), "")


@kept_by(AuditKind.LIST_EXPORTED)
@dataclass(frozen=True)
class ListExported(Facts):
    """Which list is the event's own subject; its filters as they stand in its address."""

    rows: int = fact(_("Rows"))
    filters: str = fact(_("Filters"), "")


@kept_by(AuditKind.ACCOUNT_CHANGED)
@dataclass(frozen=True)
class AccountChanged(Changed):
    changed_model = User


@kept_by(AuditKind.VIEWED_AS)
@dataclass(frozen=True)
class ViewedAs(Facts):
    role: Role = fact(_("Role"))
    until: datetime = fact(_("Until"))


@kept_by(AuditKind.APPROVAL_ASKED, AuditKind.APPROVAL_GIVEN, AuditKind.APPROVAL_REFUSED)
@dataclass(frozen=True)
class SecondPerson(Facts):
    act: str = fact(_("Act"))
    asked_by: str = fact(_("Asked by"))
    not_before: datetime | None = fact(_("Not before"), None)


@kept_by(
    AuditKind.CHANGE_ASKED,
    AuditKind.CHANGE_APPROVED,
    AuditKind.CHANGE_REFUSED,
    AuditKind.CHANGE_WITHDRAWN,
    AuditKind.CHANGE_NOT_DECIDED,
)
@dataclass(frozen=True)
class ChangeWanted(Facts):
    """What a member wants of whom a subscription credits, or how many subscriptions are to change."""

    subject = "approval"
    asked_by: str = fact(_("Asked by"), "")
    before: Named | None = None
    after: Named | None = None
    day: date | None = fact(_("Day"), None)
    many: int | None = fact(_("Subscriptions"), None)
    own_name: str = fact(_("Own name"), "")  # for the organization alone

    def say(self, currency: str) -> Iterator[tuple[str, str]]:
        if self.many is None:
            yield str(_("Partner of record")), self.change
        yield from super().say(currency)

    def tell(self, currency: str) -> list[str]:
        return [self.change, *([day(self.day)] if self.day else [])] if self.many is None else [number(self.many)]

    @property
    def change(self) -> str:
        return f"{self.before or gettext('None')} → {self.after or gettext('None')}"


@kept_by(AuditKind.SECOND_PERSON_SWITCHED)
@dataclass(frozen=True)
class SecondPersonSwitched(Facts):
    """Whether it is on now, and how many requests wait for a decision."""

    is_on: bool = fact(_("Second person needed"))
    waiting: int = fact(_("Requests that wait"), 0)

    def tell(self, currency: str) -> list[str]:
        return [gettext("On") if self.is_on else gettext("Off")]


@kept_by(AuditKind.STAFF_ROLES_CHANGED)
@dataclass(frozen=True)
class StaffRolesChanged(Facts):
    """Nobody without a role is one of the staff."""

    before: tuple[StaffRole, ...] = fact(_("Roles before"), ())
    after: tuple[StaffRole, ...] = fact(_("Roles now"), ())


@kept_by(
    AuditKind.SUBSCRIPTION_ADDED,
    AuditKind.SUBSCRIPTION_CHANGED,
    AuditKind.SUBSCRIPTION_NAMED,
    AuditKind.LICENSES_CHANGED,
    AuditKind.FREQUENCY_CHANGED,
    AuditKind.RECURRING_BILLING_CHANGED,
    AuditKind.SUBSCRIPTION_CANCELED,
    AuditKind.SUBSCRIPTION_REACTIVATED,
    AuditKind.SUBSCRIPTION_RENEWED,
    AuditKind.TRIAL_EXTENDED,
)
@dataclass(frozen=True)
class SubscriptionChanged(ChangedHere):
    changed_model = Subscription
    subject = "subscription"
    own_name: str = fact(_("Own name"), "")  # for the organization alone
    undo: UUID | None = fact(_("Undo"), None)  # the event that this one takes back


@kept_by(AuditKind.SUBSCRIPTION_STATE_CHANGED, AuditKind.TRIAL_ENDS_SOON)
@dataclass(frozen=True)
class SubscriptionEnds(SubscriptionChanged):
    """With the days of the states after the end, whose business it is, and what a trial will cost."""

    ends_on: date | None = fact(_("Ends"), None)
    disabled_on: date | None = fact(_("Disabled"), None)
    deleted_on: date | None = fact(_("Deleted"), None)
    reseller_managed: bool | None = fact(_("Managed by a reseller"), None)
    cost: Decimal | None = fact(_("Cost"), None)
    currency: str = ""


@kept_by(AuditKind.TRIAL_STARTED)
@dataclass(frozen=True)
class TrialStarted(Facts):
    subject = "subscription"
    licenses: int = fact(_("Licenses"))
    ends: date | None = fact(_("Ends"))


@kept_by(AuditKind.BULK_BEGUN)
@dataclass(frozen=True)
class BulkBegun(Facts):
    """What a person decided by the preview that had this digest."""

    subject = "bulk"
    planned: int = fact(_("Subscriptions"))
    selection: str = fact(_("Chosen by"), "")
    digest: str = fact(_("SHA-256"), "")

    def tell(self, currency: str) -> list[str]:
        return [self.selection] if self.selection else []


@kept_by(AuditKind.BULK_ENDED)
@dataclass(frozen=True)
class BulkEnded(Facts):
    subject = "bulk"
    changed: int = fact(_("Changed"))
    not_changed: int = fact(_("Not changed"))
    state: BulkState = fact(_("State"))
    is_undo: bool = fact(_("Undo"), default=False)

    def tell(self, currency: str) -> list[str]:
        return [
            f"{_('Changed')}{mark(': ')}{number(self.changed)}",
            f"{_('Not changed')}{mark(': ')}{number(self.not_changed)}",
        ]


@kept_by(AuditKind.HELP_REQUESTED)
@dataclass(frozen=True)
class HelpRequested(Facts):
    topic: HelpTopic = fact(_("Topic"))
    text: str = fact(_("What is asked"))
    page: str = fact(_("Page"))


@kept_by(AuditKind.HELP_ANSWERED)
@dataclass(frozen=True)
class HelpAnswered(Facts):
    text: str = fact(_("What is asked"))
    answer: str = fact(_("Answer"))


@kept_by(AuditKind.HELP_CLOSED)
@dataclass(frozen=True)
class HelpClosed(Facts):
    """What was asked and answered stands with the request."""


@dataclass(frozen=True)
class Line(Stored):
    """One product of an order, as it was bought."""

    product: str = fact(_("Product"))
    subscription: str = fact(_("Subscription"))
    licenses: int = fact(_("Licenses"))
    billing_frequency: BillingFrequency = fact(_("Billing frequency"))
    unit_price: Decimal | None = fact(_("Per user and month"))
    cost: Decimal | None = fact(_("Cost"))


@kept_by(AuditKind.ORDER_PLACED)
@dataclass(frozen=True)
class OrderPlaced(Facts):
    subject = "order"
    currency: str
    payment_method: PaymentMethod = fact(_("Payment method"))
    lines: tuple[Line, ...] = fact(_("Products"))
    total: Decimal | None = fact(_("Total"))
    partner: Named | None = fact(_("Partner"), None)
    credited: tuple[str, ...] = fact(_("Partner of record of"), ())

    def tell(self, currency: str) -> list[str]:
        return [str(self.partner)] if self.partner else []


@kept_by(AuditKind.ORDER_CANCELED)
@dataclass(frozen=True)
class OrderCanceled(Facts):
    order: str = fact(_("Order"))


@kept_by(AuditKind.IMPORT_UPLOADED)
@dataclass(frozen=True)
class ImportUploaded(Facts):
    kind: str = fact(_("Kind"))
    digest: str = fact(_("SHA-256"))


@kept_by(AuditKind.IMPORT_APPLIED)
@dataclass(frozen=True)
class ImportApplied(Facts):
    """The file as it was, by its digest, and what the dry run found in it."""

    kind: str = fact(_("Kind"))
    digest: str = fact(_("SHA-256"))
    lines: int = fact(_("Lines"))
    fresh: int = fact(_("To be made"))
    there: int = fact(_("There already"))
    wrong: int = fact(_("Lines with errors"))


@kept_by(AuditKind.IMPORT_STOPPED, AuditKind.IMPORT_SET_ASIDE, AuditKind.IMPORT_ENDED)
@dataclass(frozen=True)
class ImportEnded(Facts):
    kind: str = fact(_("Kind"))
    done: int = fact(_("Made"))
    there: int = fact(_("There already"))
    wrong: int = fact(_("Lines with errors"))


@dataclass(frozen=True)
class Price(Stored):
    """As it was."""

    currency: str
    from_: date | None = fact(_("From"))
    until: date | None = fact(_("Until"))
    monthly: Decimal | None = fact(_("Per user and month, billed monthly"))
    annual: Decimal | None = fact(_("Per user and month, billed annually"))


@kept_by(AuditKind.CATALOG_CHANGED)
@dataclass(frozen=True)
class CatalogChanged(Changed):
    """A product, category or cloud as it is now, a price that begins, one that ends, or those that were withdrawn."""

    changed_model = Product
    from_day: date | None = fact(_("From"), None)
    currency: str = ""
    price_from: date | None = fact(_("Price from"), None)
    last_day: tuple[date | None, ...] = fact(_("Last day"), ())
    withdrawn: tuple[Price, ...] = fact(_("Withdrawn"), ())

    def model_of(self, name: str) -> type[models.Model]:
        return next((model for model in OF_CATALOG if name in _columns_of(model)), Product)


OF_CATALOG = (Product, ProductFamily, ProductPrice, CloudState)


def _columns_of(model: type[models.Model]) -> set[str]:
    return {column.attname for column in model._meta.concrete_fields}
