"""The partner of record of many subscriptions: the verdicts and the act of one, and one mail to each partner."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from partners.directory.reads import PartnerUnusable
from partners.directory.rules import Problem, mailbox_of, problem_for
from partners.models import Partner
from partners.models.partner_of_record import Source
from partners.partner_of_record.acts import named, restore_partner, set_partner_of_record
from partners.partner_of_record.bulk_told import Told, told_by_partner
from partners.partner_of_record.policy.reads import Policy, policy_of
from partners.partner_of_record.rules import may_restore, may_set
from partners.partner_of_record.schedule.reads import with_changes
from subscriptions.access import Actor, Decision, Permission
from subscriptions.audit import acts as audit
from subscriptions.base import formats
from subscriptions.bulk.kinds import Kind, Plan, Value, entered
from subscriptions.bulk.outcomes import OUTCOMES, Outcome
from subscriptions.clouds import Capability, CloudProfile, Text
from subscriptions.mails.receivers import tell
from subscriptions.models import AuditEvent, BulkAct, BulkRow, Subscription
from subscriptions.models.audit_event import AuditKind
from subscriptions.verdicts import Verdict, VerdictCode

NONE: Value = {"id": "", "name": ""}


def code_of_problem(problem: Problem) -> str:
    return f"partner-{problem.name.lower().replace('_', '-')}"


OUTCOMES.update(
    {
        VerdictCode.NOT_ON_LIST.code: Outcome(
            gettext_lazy("The partner is not on your list of approved partners"),
            gettext_lazy("Name an approved partner, or ask a Global admin to approve this one."),
        ),
        VerdictCode.APPROVAL_NEEDED.code: Outcome(
            gettext_lazy("A second person has to approve it, and nobody was asked"),
            gettext_lazy("Choose these again: deciding the preview asks for the approval."),
        ),
        VerdictCode.CHANGE_WAITS.code: Outcome(
            gettext_lazy("Another change is scheduled for these"),
            gettext_lazy("Cancel the scheduled change first, or leave it as it is."),
        ),
        code_of_problem(Problem.UNKNOWN): Outcome(
            gettext_lazy("No partner has this ID any more"), gettext_lazy("Name another partner.")
        ),
        code_of_problem(Problem.NOT_ACTIVE): Outcome(
            gettext_lazy("The partner is no longer active"),
            gettext_lazy("Ask the partner whether it has a new ID, or choose another partner."),
        ),
        code_of_problem(Problem.GLOBAL_ID): Outcome(
            gettext_lazy("A global ID, where a location ID is needed"),
            gettext_lazy("Ask the partner for the ID of its location."),
        ),
        code_of_problem(Problem.OTHER_CLOUD): Outcome(
            gettext_lazy("The partner does not work in this cloud"),
            gettext_lazy("Ask the partner for the ID that it has in this cloud."),
        ),
        code_of_problem(Problem.COUNTRY): Outcome(
            gettext_lazy("The partner is not authorized for your country or region"),
            gettext_lazy(
                "Ask the partner for the ID of a location that is authorized there, or choose another partner."
            ),
        ),
        code_of_problem(Problem.PRODUCT): Outcome(
            gettext_lazy("The partner is not authorized for products of this kind"),
            gettext_lazy("Name another partner on these."),
        ),
    }
)


class OfPartner(Kind):
    """What setting and deleting have in common."""

    permission = Permission.SET_PARTNER_OF_RECORD
    decision = Decision.CREDIT_PARTNER
    events: ClassVar[Collection[AuditKind]] = (
        AuditKind.PARTNER_OF_RECORD_ADDED,
        AuditKind.PARTNER_OF_RECORD_CHANGED,
        AuditKind.PARTNER_OF_RECORD_REMOVED,
    )
    refusals = (PartnerUnusable,)
    source = Source.TENANT

    @classmethod
    def needs_second_person(cls, act: BulkAct) -> bool:
        return act.tenant.second_person or cls.names_off_list(act)

    @classmethod
    def names_off_list(cls, act: BulkAct) -> bool:
        """Whether a row that waits names a partner that a second person has to agree to."""
        off_list = {f"{cls.told_of[1]}__off_list": True}
        return act.tenant.asks_off_list and act.rows.filter(planned=True, outcome="", **off_list).exists()

    def rows(self, found: QuerySet[Subscription]) -> QuerySet[Subscription]:
        rows: Any = found.select_related("product")
        current = {"partner_number": F("current__partner__number"), "partner_name": F("current__partner__name")}
        return with_changes(rows.with_partner().annotate(**current))

    def before(self, subscription: Any) -> Value:
        if subscription.partner_number is None:
            return NONE
        return {"id": subscription.partner_number, "name": subscription.partner_name}

    def is_same(self, one: Value, other: Value) -> bool:
        """A partner that was renamed is still the same."""
        return one.get("id") == other.get("id")

    def may(self, subscription: Subscription, before: Value, after: Value) -> Verdict:
        if self.is_undo:
            return may_restore(self.by, subscription)
        return may_set(self.by, self.tenant, subscription, has_partner=bool(before["id"]))

    def hinders(self, subscription: Subscription, after: Value) -> str:
        if not self.is_undo and getattr(subscription, "changes_on", None):
            return VerdictCode.CHANGE_WAITS.code
        if not after["id"]:
            return ""
        partner = self._partner(after["id"])
        problem = problem_for(partner, self.tenant, subscription.product)
        if problem is None and self.is_off_list(partner) and not self.tenant.asks_off_list:
            return VerdictCode.NOT_ON_LIST.code
        return code_of_problem(problem) if problem else ""

    def plan(self, subscription: Subscription, row: BulkRow, restored: BulkRow | None = None) -> Plan:
        plan = super().plan(subscription, row, restored)
        return plan if plan.outcome else Plan(plan.before, self.marked(plan.after))

    def marked(self, value: Value) -> Value:
        """That a partner is not on the approved list is kept with the row: a second person has to agree to it."""
        unmarked = {name: of for name, of in value.items() if name != "off_list"}
        return unmarked | {"off_list": True} if self.is_off_list(self._partner(value.get("id", ""))) else unmarked

    def is_off_list(self, partner: Partner | None) -> bool:
        return partner is not None and not self.policy.approves(partner)

    @cached_property
    def policy(self) -> Policy:
        return policy_of(self.tenant)

    @cached_property
    def _partners(self) -> dict[str, Partner | None]:
        return {}

    def _partner(self, number: str) -> Partner | None:
        """Looked up once, however many rows name it."""
        if number and number not in self._partners:
            self._partners[number] = Partner.objects.filter(number=number).first()
        return self._partners.get(number)

    def named_partner(self, number: str) -> Partner | None:
        """Raises PartnerUnusable where there is none with this ID; None for no ID."""
        partner = self._partner(number)
        if number and partner is None:
            raise PartnerUnusable(Problem.UNKNOWN, {"id": number}, [])
        return partner

    def do(self, subscription: Subscription, row: BulkRow, *, reason: str) -> AuditEvent | None:
        common: Any = {"tenant": self.tenant, "subscription": subscription, "version": row.version, "by": self.by}
        partner = self.named_partner(row.after["id"])
        if self.is_undo:
            return restore_partner(**common, partner=partner, agreed=self.is_agreed).event
        more: Any = {"reason": reason, "source": self.source, "is_one_of_many": True, "agreed": self.is_agreed}
        return set_partner_of_record(**common, partner=partner, **more).event

    def code_of(self, refusal: Exception) -> str:
        assert isinstance(refusal, PartnerUnusable)  # noqa: S101 - the only one of `refusals`
        return code_of_problem(refusal.problem)

    @classmethod
    def said(cls, value: Value) -> str:
        return partner_said(value)

    def told(self, groups: Sequence[tuple[Value, Value, int]]) -> list[str]:
        gained: Counter[str] = Counter()
        lost: Counter[str] = Counter()
        for before, after, count in groups:
            gained.update({partner_said(after): count} if after.get("id") else {})
            lost.update({partner_said(before): count} if before.get("id") else {})
        return [_one_mail(partner, gained[partner], lost[partner]) for partner in {**gained, **lost}]

    def tell(self, act: BulkAct, by: Actor) -> None:
        tell_partners(act, told_by_partner(act, self.told_of), by)


def tell_partners(act: BulkAct, told: Mapping[str, Told], by: Actor) -> None:
    """One mail to each partner, with all that it gains and loses."""
    for number, each in sorted(told.items()):
        partner = Partner.objects.get(number=number)
        event = audit.record(
            AuditKind.BULK_TOLD,
            by=by,
            tenant=act.tenant,
            subject_name=str(named(partner)),
            subject_uuid=act.uuid,
            facts=each.facts(named(partner)),
        )
        tell(event, partner=mailbox_of(partner))


@entered
class SetPartner(OfPartner):
    code = "partner-of-record"
    label = gettext_lazy("Set partner of record")
    icon = "handshake"
    place = 1
    is_joint = True

    @classmethod
    def label_in(cls, cloud: CloudProfile) -> Text:
        return cls.label if cloud.allows(Capability.ADD_PARTNER_OF_RECORD) else gettext_lazy("Edit partner of record")

    @classmethod
    def note_in(cls, cloud: CloudProfile) -> Text:
        if cloud.allows(Capability.ADD_PARTNER_OF_RECORD):
            return ""
        return gettext_lazy(
            "In this cloud the partner starts it by email: subscriptions without a partner of record stay as they "
            "are."
        )

    @classmethod
    def title(cls, wanted: Value) -> str:
        return _("Partner of record: %(partner)s") % {"partner": cls.said(wanted)}


@entered
class CopyPartner(SetPartner):
    """The partner of record of another subscription, as it was then; `from` is what that is called."""

    code = "partner-of-record.copy"
    label = gettext_lazy("Copy partner of record")
    icon = "people_team"
    place = 2
    is_joint = False

    @classmethod
    def label_in(cls, cloud: CloudProfile) -> Text:
        return cls.label

    def after(self, subscription: Subscription, wanted: Value) -> Value:
        return {"id": wanted["id"], "name": wanted["name"]}

    @classmethod
    def title(cls, wanted: Value) -> str:
        copied = {"partner": cls.said(wanted), "subscription": wanted.get("from", "")}
        return _("Partner of record as on %(subscription)s: %(partner)s") % copied


@entered
class DeletePartner(OfPartner):
    code = "partner-of-record.delete"
    label = gettext_lazy("Delete partner of record")
    icon = "delete"
    place = 3
    is_joint = True
    fixed: ClassVar[Value] = NONE

    @classmethod
    def title(cls, wanted: Value) -> str:
        return _("Delete partner of record")


def partner_said(value: Value) -> str:
    if not value.get("id"):
        return _("None")
    told = f"{value['id']} {value['name']}"
    return _("%(partner)s (not on the approved list)") % {"partner": told} if value.get("off_list") else told


def _one_mail(partner: str, gained: int, lost: int) -> str:
    facts = {"partner": partner, "gained": formats.number(gained), "lost": formats.number(lost)}
    if gained and lost:
        return _("%(partner)s: one email about %(gained)s that it gains and %(lost)s that it loses") % facts
    if gained:
        told = ngettext(
            "%(partner)s: one email about %(gained)s subscription that it gains",
            "%(partner)s: one email about %(gained)s subscriptions that it gains",
            gained,
        )
    else:
        told = ngettext(
            "%(partner)s: one email about %(lost)s subscription that it loses",
            "%(partner)s: one email about %(lost)s subscriptions that it loses",
            lost,
        )
    return told % facts
