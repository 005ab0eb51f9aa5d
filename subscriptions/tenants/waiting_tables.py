"""Who is invited to an organization and not here yet, as its Global admin sees it."""

from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscriptions.base import formats
from subscriptions.invitations.places import InOrganization
from subscriptions.models import Invitation, Tenant
from subscriptions.web import cells
from subscriptions.web.tables import Column, Place, Table

MOST_SHOWN = 100


def good_until(row: Invitation) -> SafeString:
    moment = formats.moment(row.expires_on)
    return cells.together(cells.tag("warn", _("Run out")), " ", moment) if row.is_late else cells.together(moment)


def whom(row: Invitation) -> SafeString:
    """The address is gone once the time has run out."""
    return cells.together(cells.name(row.name), cells.below("" if row.is_late else row.email))


COLUMNS = (
    Column(gettext_lazy("Name"), whom),
    Column(gettext_lazy("Role"), lambda row: row.role_label, place=Place.WHOM),
    Column(
        gettext_lazy("Invited by"),
        lambda row: cells.together(cells.name(row.invited_by), cells.below(formats.moment(row.invited_at))),
    ),
    Column(gettext_lazy("Good until"), good_until),
)


def waiting_table(tenant: Tenant) -> Table | None:
    """The newest first; None where nobody is awaited."""

    def acts(row: Invitation) -> SafeString:
        here: dict[str, Any] = {"slug": tenant.slug, "uuid": row.uuid}
        return cells.part(
            "subscriptions/_invitation_acts.html",
            invitation=row,
            send_again_url=reverse("subscriptions:invitation-send-again", kwargs=here),
            withdraw_url=reverse("subscriptions:invitation-withdraw", kwargs=here),
        )

    rows = InOrganization(tenant, "").invitations().waiting().with_lateness().order_by("-id")[:MOST_SHOWN]
    found = list(rows)
    columns = [*COLUMNS, Column(_("Action"), acts, place=Place.LINE)]
    return Table(_("Pending invitations"), columns, found) if found else None
