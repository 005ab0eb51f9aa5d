"""What waits for a second person in an organization, and what became of it."""

from uuid import UUID

from django.db.models import BigIntegerField, CharField, QuerySet
from django.db.models.functions import Now

from subscriptions.approvals.rules import waits_already
from subscriptions.base.known_queries import Argument, KnownQuery
from subscriptions.models import Approval, Tenant
from subscriptions.models.approval import ApprovalOutcome
from subscriptions.verdicts import ALLOWED, Verdict


def requests_of(tenant: Tenant | Argument) -> QuerySet[Approval]:
    """What its members have asked each other; never what staff ask among themselves."""
    return Approval.objects.filter(tenant=tenant, of_staff=False)


def waiting_requests(tenant: Tenant | Argument) -> QuerySet[Approval]:
    """Those that can still be decided: what is late does not wait, whether or not the job has seen it."""
    return requests_of(tenant).filter(outcome=ApprovalOutcome.WAITING, expires_on__gt=Now())


def waiting_of_row(tenant: Tenant, act: str, row: int) -> list[Approval]:
    """The same of one act on one row, which each of its pages asks."""
    return OF_ROW.rows(tenant=tenant.pk, act=act, row=row)


def _of_row() -> QuerySet[Approval]:
    tenant, row = (Argument(name, BigIntegerField()) for name in ("tenant", "row"))
    return waiting_requests(tenant).filter(act=Argument("act", CharField()), row=row)


OF_ROW = KnownQuery(_of_row)


def find_request(tenant: Tenant, uuid: UUID) -> Approval | None:
    found = requests_of(tenant).filter(uuid=uuid).first()
    if found:
        found.tenant = tenant
    return found


def is_agreed(tenant: Tenant, act: str, row: int) -> bool | None:
    """Whether a second person has agreed to this; None where nobody was asked."""
    asked = requests_of(tenant).filter(act=act, row=row).order_by("-pk").values_list("outcome", flat=True)
    outcome = asked.first()
    return None if outcome is None else outcome == ApprovalOutcome.APPROVED


def asks_at_all(tenant: Tenant) -> bool:
    """Whether anything is asked for there: each change, or a partner that is not on the approved list."""
    return tenant.second_person or tenant.asks_off_list


def none_waits(tenant: Tenant, act: str, row: int) -> Verdict:
    """Where a second person is needed, nothing is asked for twice."""
    if not asks_at_all(tenant):
        return ALLOWED
    waiting = waiting_requests(tenant).filter(act=act, row=row).first()
    return waits_already(tenant, waiting) if waiting else ALLOWED
