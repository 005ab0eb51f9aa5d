"""Who is invited and not here yet, as those see it who manage the people of the place."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from subscriptions.base import formats
from subscriptions.invitations.places import Place
from subscriptions.models import Invitation, Mail
from subscriptions.models.mail import MailState
from subscriptions.web import cells
from subscriptions.web.tables import Column, Table
from subscriptions.web.tables import Place as InRow

MOST_SHOWN = 100


def good_until(row: Any) -> SafeString:
    moment = formats.moment(row.expires_on)
    if row.is_late:
        return cells.together(cells.tag("warn", _("Run out")), " ", moment)
    if row.mail_state == MailState.FAILED:
        return cells.together(cells.tag("bad", _("Mail did not arrive")), " ", moment)
    return cells.together(moment)


def whom(row: Invitation) -> SafeString:
    """The address is gone once the time has run out."""
    return cells.together(cells.name(row.name), cells.below("" if row.is_late else row.email))


COLUMNS = (
    Column(pgettext_lazy("person", "Name"), whom),
    Column(gettext_lazy("Role"), lambda row: row.role_label, place=InRow.WHOM),
    Column(
        gettext_lazy("Invited by"),
        lambda row: cells.together(cells.name(row.invited_by), cells.below(formats.moment(row.invited_at))),
    ),
    Column(gettext_lazy("Good until"), good_until),
)


def waiting_table(place: Place, addresses: Callable[[Invitation], Mapping[str, str]]) -> Table | None:
    """The newest first, with the addresses of what can be done to each; None where nobody is awaited."""

    def acts(row: Invitation) -> SafeString:
        return cells.part("subscriptions/_invitation_acts.html", invitation=row, **addresses(row))

    last = Mail.objects.filter(invitation=OuterRef("pk")).order_by("-id").values("state")[:1]
    rows = place.invitations().waiting().with_lateness().annotate(mail_state=Subquery(last))
    found = list(rows.order_by("-id")[:MOST_SHOWN])
    columns = [*COLUMNS, Column(_("Action"), acts, place=InRow.LINE)]
    return Table(_("Pending invitations"), columns, found) if found else None
