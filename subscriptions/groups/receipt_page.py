"""What became of a joint act in each organization, each with the way to its own receipt; and all of one person's."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from subscriptions.base import formats
from subscriptions.bulk.kinds import KINDS
from subscriptions.bulk.many_act_page import detail_url
from subscriptions.bulk.pages import STATE_TAGS
from subscriptions.groups.joint_act_page import LIST, PREVIEW, RECEIPT
from subscriptions.groups.joint_reads import Part, decided_joints, find_joint, parts_of
from subscriptions.groups.reads import seats_of
from subscriptions.groups.rows_page import place_cell
from subscriptions.models.jobs.bulk_act import BulkState
from subscriptions.web import cells
from subscriptions.web.lists import Empty, List
from subscriptions.web.page_access import PersonRequest, person_list, person_page
from subscriptions.web.tables import Column, Place, Table

ALL = gettext_lazy("Changes over several organizations")


@require_safe
@person_page
def several_receipt(request: PersonRequest, uuid: UUID) -> HttpResponse:
    """Its progress while it goes on anywhere, its receipt afterwards; a link looks again."""
    joint = find_joint(request.user.pk, uuid)
    if joint is None:
        raise Http404
    if not joint.decided:
        return redirect(PREVIEW, uuid=uuid)
    parts = parts_of(joint, seats_of(request.user, request.memberships))
    title = KINDS[joint.kind].title(joint.wanted)
    done = [part.act for part in parts if part.act and part.is_decided]
    context = {
        "joint": joint,
        "title": title,
        "table": Table(_("What became of it in each organization"), PARTS, parts, shows_caption=True),
        "is_open": any(part.is_open for part in parts),
        "changed": sum(act.changed for act in done),
        "waiting": sum(act.waiting for act in done if act.state != BulkState.CANCELED),
        "stayed": sum(part.chosen for part in parts) - sum(act.changed + act.waiting for act in done),
        "gone": len(joint.parts) - len(parts),
        "url": reverse(RECEIPT, args=[uuid]),
        "breadcrumbs": [(_("All organizations"), reverse(LIST)), (ALL, reverse("several-list")), (title, None)],
    }
    return render(request, "subscriptions/several_receipt.html", context)


def _place(part: Part) -> object:
    return place_cell(part.seat)


def _state(part: Part) -> object:
    if part.is_decided and part.act:
        state = BulkState(part.act.state)
        return cells.tag(STATE_TAGS[state], state.label)
    if not part.may.allowed:
        return part.may.reason
    return _("None of the subscriptions that you chose would change.")


def _changed(part: Part) -> str:
    if not part.is_decided or part.act is None:
        return formats.DASH
    return f"{formats.number(part.act.changed)} / {formats.number(part.chosen)}"


def _receipt(part: Part) -> object:
    """Its page is for those who act there, as all changes on many are."""
    if part.act is None or not part.may.allowed:
        return ""
    slug, uuid = part.seat.tenant.slug, part.act.uuid
    url = detail_url(slug, uuid) if part.is_decided else reverse("subscriptions:bulk-rows", args=[slug, uuid])
    said = _("Receipt") if part.is_decided else _("Why these stay")
    return cells.link(url, cells.together(said, cells.unseen(part.seat.tenant.name)))


PARTS: Sequence[Column] = [
    Column(gettext_lazy("Organization"), _place),
    Column(gettext_lazy("State"), _state),
    Column(gettext_lazy("Changed"), _changed, css="num"),
    Column(gettext_lazy("Receipt"), _receipt),
]


class SeveralChanges(List[PersonRequest]):
    """One's own, newest first; what they did stands in each organization's own list of changes on many."""

    title = ALL
    caption = gettext_lazy("Your changes over several organizations")
    values = ("uuid", "kind", "wanted", "parts", "decided", "selection")
    nothing_yet = Empty(
        gettext_lazy("We didn't find anything to show here."),
        why=gettext_lazy("You have not changed subscriptions of several organizations at once yet."),
        icon="history",
    )
    columns = (
        Column(gettext_lazy("Change"), lambda row: _named(row)),
        Column(
            gettext_lazy("Organizations"),
            lambda row: formats.number(len(row["parts"])),
            css="num",
            place=Place.FIGURE,
        ),
        Column(gettext_lazy("Chosen by"), lambda row: row["selection"], place=Place.WHOM),
        Column(gettext_lazy("When"), lambda row: formats.moment(row["decided"]), css="day", place=Place.DAY),
    )

    def found(self, wanted: dict) -> QuerySet:
        return decided_joints(self.request.user.pk)

    def breadcrumbs(self) -> list:
        return [(_("All organizations"), reverse(LIST)), (self.title, None)]


def _named(row: dict) -> object:
    return cells.link(reverse(RECEIPT, args=[row["uuid"]]), KINDS[row["kind"]].title(row["wanted"]))


several_changes = require_safe(person_list(SeveralChanges.view))
