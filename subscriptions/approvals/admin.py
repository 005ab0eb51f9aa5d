"""What waits for a second person among the staff: looked at, approved, refused."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscriptions.access import StaffPermission, staff_actor
from subscriptions.approvals import acts
from subscriptions.approvals.rules import has_waited, may_decide
from subscriptions.base import formats
from subscriptions.models import Approval
from subscriptions.models.approval import ApprovalOutcome
from subscriptions.staff.acts import NotDone, RowsForm, StaffAct
from subscriptions.staff.admin import OfTheOperatorOrACustomer, ReadOnlyAdmin, StaffModelAdmin
from subscriptions.staff.desk import Group
from subscriptions.staff.queue import WorkKind, add_kind
from subscriptions.verdicts import Verdict, first_refusal
from subscriptions.web.forms import new_key

add_kind(
    WorkKind(
        label=gettext_lazy("Approvals"),
        hint=gettext_lazy("What one of the staff wants done and another one has to agree to"),
        rows=lambda: Approval.objects.filter(of_staff=True, outcome=ApprovalOutcome.WAITING),
        since="asked_at",
        list_name="admin:subscriptions_approval_changelist",
        filters="outcome__exact=waiting",
        verb=gettext_lazy("Decide %(number)s"),
        who=gettext_lazy("Staff"),
    )
)


def act_of(approval: Approval) -> type[StaffAct]:
    """The act that is wanted. Raises NotDone where there is none of that name any more."""
    pages = admin.site._registry.values()
    acts_there = [act for page in pages if isinstance(page, StaffModelAdmin) for act in page.acts]
    found = next((act for act in acts_there if act.name == approval.act), None)
    if found is None:
        raise NotDone(_("What was wanted cannot be done any more."))
    return found


def typed_in(approval: Approval) -> QueryDict:
    """The form as it was sent, with a key of its own."""
    typed = QueryDict(mutable=True)
    for name, values in approval.wanted.items():
        typed.setlist(name, values)
    typed["key"] = str(new_key())
    return typed


class DecideAct(StaffAct):
    """Of one at a time, which its page shows."""

    model = Approval
    staff_permission = StaffPermission.ENTER  # that of what is wanted is asked of the row
    template = "admin/subscriptions/approval/act.html"
    most = 1

    def may(self) -> Verdict:
        row = self.rows[0]
        return may_decide(self.by, row, now=timezone.now(), permission=act_of(row).staff_permission)

    def context(self, form: forms.Form) -> dict[str, Any]:
        return {**super().context(form), "approval": self.rows[0], "wanted": describe(self.rows[0])}


class Approve(DecideAct):
    name = "admin:approve"
    label = gettext_lazy("Approve…")
    title = gettext_lazy("Approve this? It is done at once.")
    button = gettext_lazy("Approve")
    form_class = RowsForm

    def may(self) -> Verdict:
        row = self.rows[0]
        return first_refusal([super().may(), has_waited(row, now=timezone.now(), wait=act_of(row).wait)])

    def act_on(self, row: Approval, wanted: Any) -> None:
        act = act_of(row)
        acts.approve(
            approval=row,
            permission=act.staff_permission,
            label=str(act.label),
            by=self.by,
            perform=self._perform,
            wait=act.wait,
        )

    def _perform(self, approval: Approval) -> None:
        """As the one who asked for it, with what was typed then and all verdicts of now. Raises Refused, NotDone."""
        act = act_of(approval)(self.request)
        assert approval.asker is not None  # noqa: S101 - no program asks among staff
        if not approval.asker.is_active:
            raise NotDone(_("Who has asked for it cannot sign in any more."))
        act.by = staff_actor(approval.asker)
        act.by.may_staff(act.staff_permission).require()
        act.rows = list(act.queryset().filter(pk=approval.row))
        if not act.rows:
            raise NotDone(_("What it was about is not there any more."))
        act.may().require()
        form = act.form_class(typed_in(approval), rows=act.rows)
        if not form.is_valid():
            raise NotDone(formats.join_facts(*(error for errors in form.errors.values() for error in errors)))
        try:
            act.act_on(act.rows[0], form.cleaned_data)
        except act.refusals as refusal:
            raise NotDone(str(refusal)) from refusal


class Refuse(DecideAct):
    name = "admin:refuse"
    label = gettext_lazy("Refuse…")
    title = gettext_lazy("Refuse this? Nothing is done.")
    button = gettext_lazy("Refuse")

    def act_on(self, row: Approval, wanted: Any) -> None:
        act = act_of(row)
        acts.refuse(
            approval=row,
            permission=act.staff_permission,
            label=str(act.label),
            by=self.by,
            reason=wanted["reason"],
        )


def describe(approval: Approval) -> list[tuple[str, str]]:
    """What was typed, by the labels of its form."""
    form = act_of(approval).form_class.base_fields
    shown = {name: values for name, values in approval.wanted.items() if name in form and any(values)}
    boxes = [(form[name], values) for name, values in shown.items() if not form[name].widget.is_hidden]
    return [(str(box.label), formats.join_list(values)) for box, values in boxes]


@admin.register(Approval)
class ApprovalAdmin(OfTheOperatorOrACustomer, ReadOnlyAdmin):
    view_permission = StaffPermission.ENTER
    group = Group.REQUESTS
    fields = (
        "what", "subject_name", "tenant", "typed", "reason", "outcome", "asked_at", "asked_by", "expires_on",
        "decided_at", "decided_by", "identity",
    )  # fmt: skip
    list_display = ("what", "outcome", "subject_name", "tenant", "asked_by", "asked_at", "expires_on", "decided_by")
    list_filter = ("outcome",)
    list_select_related = ("tenant",)
    search_fields = ("subject_name__startswith",)
    acts = (Approve, Refuse)

    def get_queryset(self, request: HttpRequest) -> Any:
        """What an organization's people ask each other is theirs to decide."""
        return super().get_queryset(request).filter(of_staff=True)

    @admin.display(description=gettext_lazy("act"))
    def what(self, approval: Approval) -> str:
        return str(act_of(approval).label).rstrip("…")

    @admin.display(description=gettext_lazy("what is wanted"))
    def typed(self, approval: Approval) -> str:
        return formats.join_facts(*(f"{label}{formats.mark(': ')}{text}" for label, text in describe(approval)))
