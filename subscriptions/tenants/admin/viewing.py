"""Staff look at an organization's pages as one of its people: chosen in the list of members, stopped by a banner."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscriptions.access import StaffPermission
from subscriptions.models import Membership
from subscriptions.staff.acts import ReasonForm, StaffAct
from subscriptions.staff.desk import desk_page
from subscriptions.tenants import viewing
from subscriptions.verdicts import Verdict
from subscriptions.web.responses import see_other

SHORTEST_REASON = 10


class ViewAsForm(ReasonForm):
    reason = forms.CharField(
        label=gettext_lazy("Why do you look?"),
        min_length=SHORTEST_REASON,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The organization reads it. 10 characters or more; give the number of the request."),
    )


class ViewAs(StaffAct):
    name = "admin:view-as"
    model = Membership
    staff_permission = StaffPermission.VIEW_AS
    label = gettext_lazy("View as…")
    title = gettext_lazy("View an organization as one of its people")
    button = gettext_lazy("View as this person")
    form_class = ViewAsForm
    most = 1

    def may(self) -> Verdict:
        return viewing.may_view(self.by, self.rows[0])

    def sentences(self) -> list[str]:
        return [
            _("You see the organization's pages with this person's rights, and can change nothing."),
            _("It ends by itself after 30 minutes, or with “Stop viewing”. No other organization opens."),
            _("It stands in the organization's audit log, and its Global admins are mailed."),
            _("Email addresses stay hidden, and the person's last sign-in stays as it is."),
        ]

    def act_on(self, row: Membership, wanted: Any) -> None:
        viewing.start_viewing(membership=row, by=self.by, reason=wanted["reason"])

    def announce(self, outcome: list[str]) -> None:
        """The banner of each page says it."""

    def destination(self, outcome: list[str]) -> str:
        return reverse("admin-home", args=[self.rows[0].tenant.slug]) if outcome else self.back_url


@desk_page("stop-viewing/", name="stop-viewing", staff_permission=StaffPermission.ENTER)
def stop_viewing(request):
    """A button without a page of its own: any other request leads to the desk, and changes nothing."""
    if request.method == "POST":
        viewing.end_viewing(request.user.pk)
    return see_other(reverse("admin:index"))
