"""What can be done to many subscriptions at once: a class a kind, with the page's verdicts and its act."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import ngettext

from subscriptions.access import Actor, Decision, Permission
from subscriptions.base import formats
from subscriptions.bulk.outcomes import CHANGED_SINCE, DELETED, UNCHANGED
from subscriptions.catalogue.costs import with_todays_prices
from subscriptions.clouds import CloudProfile, Text
from subscriptions.models import AuditEvent, BulkAct, BulkRow, Subscription, Tenant
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.subscription import BillingFrequency, SubscriptionStatus
from subscriptions.verdicts import Verdict

UNDONE_WITHIN = timedelta(days=90)
Value = Mapping[str, Any]  # what a subscription has of what the act is about, as JSON keeps it


@dataclass(frozen=True)
class Plan:
    """What would come of a row: `outcome` is empty where it would change, else the code of why it stays."""

    before: Value
    after: Value
    outcome: str = ""


class Kind:
    """One act on many subscriptions. `wanted` is what was typed for it, as it is kept with the act."""

    do_not_call_in_templates = True  # they show the class itself

    code: ClassVar[str]
    label: ClassVar[Text]  # of the menu and the lists
    icon: ClassVar[str]
    place: ClassVar[int]  # in the menu; the first is a button of its own
    permission: ClassVar[Permission]
    decision: ClassVar[Decision | None] = None  # where deciding it needs a recent sign-in
    events: ClassVar[Collection[AuditKind]]  # of which the last one tells whether an undo still fits
    refusals: ClassVar[tuple[type[Exception], ...]] = ()  # of `do`, beside Refused and Stale
    fixed: ClassVar[Value | None] = None  # what is wanted, where nothing is typed
    is_chosen: ClassVar[bool] = True  # in the list; else its rows come from elsewhere
    is_joint: ClassVar[bool] = False  # whether it is also done in several organizations at once
    told_of: ClassVar[tuple[str, str]] = ("before", "after")  # where in a row stands what `told` is about
    is_told_at_once: ClassVar[bool] = True  # of its end; else everybody is told when what it decides is done
    undone_within: ClassVar[timedelta] = UNDONE_WITHIN
    is_priced: ClassVar[bool] = False  # whether before and after have a `month`, what a month costs, and a `currency`

    def __init__(self, tenant: Tenant, by: Actor, wanted: Value, *, is_undo: bool = False, is_agreed: bool = False):
        """`is_agreed` says that a second person has approved the act."""
        self.tenant, self.by, self.wanted = tenant, by, wanted
        self.is_undo, self.is_agreed = is_undo, is_agreed

    @classmethod
    def needs_second_person(cls, act: BulkAct) -> bool:
        """Where the organization asks for one."""
        return False

    def rows(self, found: QuerySet[Subscription]) -> QuerySet[Subscription]:
        """With all that `plan` reads of each."""
        return with_todays_prices(found.select_related("product"))

    def before(self, subscription: Subscription) -> Value:
        raise NotImplementedError

    def after(self, subscription: Subscription, wanted: Value) -> Value:
        """What `wanted`, of the row or of all, makes of it."""
        return wanted

    def is_same(self, one: Value, other: Value) -> bool:
        return one == other

    def may(self, subscription: Subscription, before: Value, after: Value) -> Verdict:
        raise NotImplementedError

    def hinders(self, subscription: Subscription, after: Value) -> str:
        """The code of what stands in the way beside the verdict; empty where nothing does."""
        return ""

    def plan(self, subscription: Subscription, row: BulkRow, restored: BulkRow | None = None) -> Plan:
        """`restored` is the row that an undo takes back: it brings back what was there before."""
        before = self.before(subscription)
        after = restored.before if restored else self.after(subscription, row.wanted or self.wanted)
        if subscription.status == SubscriptionStatus.DELETED:
            return Plan(before, after, DELETED)
        if restored and not self.is_same(before, restored.after):
            return Plan(before, after, CHANGED_SINCE)
        if self.is_same(before, after):
            return Plan(before, after, UNCHANGED)
        verdict = self.may(subscription, before, after)
        return Plan(before, after, self.hinders(subscription, after) if verdict.allowed else verdict.code.code)

    def do(self, subscription: Subscription, row: BulkRow, *, reason: str) -> AuditEvent | None:
        """One call of the domain, which asks again; None where nothing had to be changed."""
        raise NotImplementedError

    def code_of(self, refusal: Exception) -> str:
        """Of one of `refusals`."""
        raise NotImplementedError

    # What is said of it

    @classmethod
    def label_in(cls, cloud: CloudProfile) -> Text:
        """Of the menu, where a cloud offers a part of it only."""
        return cls.label

    @classmethod
    def note_in(cls, cloud: CloudProfile) -> Text:
        """What a cloud does not offer of it; empty where it offers all."""
        return ""

    @classmethod
    def said(cls, value: Value) -> str:
        """What a row had or has, in the reader's words."""
        raise NotImplementedError

    @classmethod
    def title(cls, wanted: Value) -> str:
        """What was wanted, as the head of its page."""
        raise NotImplementedError

    @classmethod
    def difference(cls, before: Value, after: Value) -> str:
        """What a row costs more or less in a month; empty where it costs nothing."""
        if not cls.is_priced or "month" not in before or "month" not in after:
            return ""
        amount = Decimal(after["month"]) - Decimal(before["month"])
        return BillingFrequency.MONTHLY.a_period(formats.signed_money(amount, after["currency"]))

    @classmethod
    def undo_said(cls, count: int) -> str:
        """The button that takes all of it back."""
        told = ngettext("Undo %(count)s change", "Undo %(count)s changes", count)
        return told % {"count": formats.number(count)}

    @classmethod
    def since(cls, act: BulkAct) -> list[str]:
        """What has become of it after its end."""
        return []

    def told(self, groups: Sequence[tuple[Value, Value, int]]) -> list[str]:
        """Who would be mailed beside the admins: of `told_of` and number of rows, a sentence each."""
        return []

    def tell(self, act: Any, by: Actor) -> None:
        """Beside the receipt, which every kind has: the companies that it concerns."""


KINDS: dict[str, type[Kind]] = {}


@dataclass(frozen=True)
class Button:
    """A kind in the menu below the list."""

    code: str
    label: Text
    icon: str


def buttons_for(actor: Actor, cloud: CloudProfile) -> list[Button]:
    """What this actor may do to many, in the order of the menu."""
    found = (kind for kind in KINDS.values() if kind.is_chosen and actor.can(kind.permission))
    return [Button(kind.code, kind.label_in(cloud), kind.icon) for kind in sorted(found, key=lambda kind: kind.place)]


def joint_kinds() -> list[type[Kind]]:
    """What can be done in several organizations at once; in each of them it is asked who may."""
    return sorted((kind for kind in KINDS.values() if kind.is_joint), key=lambda kind: kind.place)


def joint_buttons() -> list[Button]:
    return [Button(kind.code, kind.label, kind.icon) for kind in joint_kinds()]


def entered(kind: type[Kind]) -> type[Kind]:
    KINDS[kind.code] = kind
    return kind
