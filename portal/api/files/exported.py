"""Which lists an application takes as files: each with the filters, the rows and the audit of its page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponseBase

from partners.overview.relationship_file_page import relationship_file
from partners.overview.relationship_list import ordered_relationships
from partners.overview.workspace.credits import CreditList
from partners.overview.workspace.customers import CustomerList
from partners.partner_of_record.history_file_page import history_file, history_of
from partners.partner_of_record.schedule.pages import ScheduledList
from partners.relationships.forms import RelationshipFilterForm
from partners.relationships.pages.words import MAY_VIEW
from portal.api.answers import ApiRequest
from subscriptions.access import Permission
from subscriptions.audit.pages import AuditLog
from subscriptions.clouds import Capability
from subscriptions.orders.pages import OrderList
from subscriptions.subscriptions.pages.list import SubscriptionList
from subscriptions.tenants.pages import MemberList
from subscriptions.web.lists import List


@dataclass(frozen=True)
class Exported:
    """A list as the request's filters leave it."""

    form: forms.Form
    rows: Callable[[], int]
    answer: Callable[[], HttpResponseBase]


@dataclass(frozen=True)
class OneList:
    """`of` takes a request whose query is the filters."""

    permission: Permission
    of: Callable[[ApiRequest], Exported]
    capability: Capability | None = None


def _framed(kind: type[List]) -> Callable[[ApiRequest], Exported]:
    def of(request: ApiRequest) -> Exported:
        found = kind(request)
        return Exported(found.form, lambda: _counted(found), found.file_answer)

    return of


def _counted(found: List) -> int:
    with found.reading():
        return count(found.all_rows())


def count(rows: QuerySet[Any]) -> int:
    return rows.order_by().count()


def _history(request: ApiRequest) -> Exported:
    found: Any = SubscriptionList(request)  # type: ignore[arg-type]
    return Exported(
        found.form,
        lambda: count(history_of(request.tenant, found.found(found.wanted))),
        lambda: history_file(request, found.found(found.wanted)),  # type: ignore[arg-type]
    )


def _relationships(request: ApiRequest) -> Exported:
    form = RelationshipFilterForm(request.GET)
    form.is_valid()

    def wanted() -> dict[str, Any]:
        return {"text": form.cleaned_data["q"], "status": form.wanted_status}

    return Exported(
        form,
        lambda: count(ordered_relationships(request.tenant, **wanted())),
        lambda: relationship_file(request, **wanted()),  # type: ignore[arg-type]
    )


OF_TENANTS = {
    "subscriptions": OneList(Permission.READ_SUBSCRIPTIONS, _framed(SubscriptionList)),
    "partner-of-record-history": OneList(Permission.READ_SUBSCRIPTIONS, _history),
    "scheduled-changes": OneList(Permission.SET_PARTNER_OF_RECORD, _framed(ScheduledList)),
    "relationships": OneList(Permission.READ_RELATIONSHIPS, _relationships, MAY_VIEW),
    "orders": OneList(Permission.READ_ORDERS, _framed(OrderList)),
    "members": OneList(Permission.READ_PEOPLE, _framed(MemberList)),
    "audit-log": OneList(Permission.READ_AUDIT_LOG, _framed(AuditLog)),
}
OF_PARTNERS = {
    "customers": OneList(Permission.READ_WORKSPACE, _framed(CustomerList)),
    "credits": OneList(Permission.READ_WORKSPACE, _framed(CreditList)),
}
