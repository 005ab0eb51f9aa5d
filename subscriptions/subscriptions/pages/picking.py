"""The boxes of the list, and the bar below it: what can be done with what is chosen. Works without script."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from subscriptions.base import formats
from subscriptions.base.markup import markup
from subscriptions.bulk.kinds import Button, buttons_for
from subscriptions.models.subscription import full_name
from subscriptions.web.paging import capped, first_page
from subscriptions.web.tables import Column

UNTICKED = (
    '<label><input type="checkbox" name="pick" value="{0}" aria-label="{1}"></label>'
    '<input type="hidden" name="shown" value="{0}">'
)
TICKED = UNTICKED.replace('aria-label="{1}">', 'aria-label="{1}" checked>')


@dataclass(frozen=True)
class Many:
    """The form around the list; `all_words` is empty where the page has all that match."""

    url: str
    query: str
    is_all: bool
    all_url: str
    all_words: str
    page_url: str
    page_words: str
    first: Button
    others: Sequence[Button]


def many_of(listed: Any) -> Many:
    """Of a SubscriptionList with rows."""
    tenant = listed.request.tenant
    buttons = buttons_for(listed.request.actor, tenant.cloud_profile)
    return bar_of(listed, url=reverse("subscriptions:bulk-choose", args=[tenant.slug]), buttons=buttons)


def bar_of(listed: Any, *, url: str, buttons: Sequence[Any]) -> Many:
    """Of a list with rows that says whether all that match are chosen."""
    query: QueryDict = first_page(listed.request.GET)
    query.pop("choose", None)
    plain, number = query.urlencode(), len(listed.rows)
    query["choose"] = "all"
    more = listed.page.newer_url or listed.page.older_url
    first, *others = buttons
    page = ngettext("Only the one on this page", "Only the %(count)s on this page", number)
    return Many(
        url=url,
        query=plain,
        is_all=listed.is_all,
        all_url=f"?{query.urlencode()}",
        all_words=_("All %(count)s that match") % {"count": capped(listed.total)} if more else "",
        page_url=f"?{plain or 'order=name'}",
        page_words=page % {"count": formats.number(number)},
        first=first,
        others=others,
    )


def pick_column(is_all: bool, rows: Sequence[Any]) -> Column:
    """Where all that match are chosen, every box is ticked; one that is not any more is left out."""

    choose, drawing = _("Choose %(name)s"), TICKED if is_all else UNTICKED

    def box(row: dict) -> SafeString:
        return markup(drawing, row["uuid"], choose % {"name": full_name(row["name"], row["own_name"])})

    told = ngettext("Choose the one on this page", "Choose the %(count)s on this page", len(rows))
    head = '<label><input type="checkbox" name="page" value="1" data-picks="pick" aria-label="{}"></label>'
    label = markup(head, told % {"count": formats.number(len(rows))})
    return Column(label, box, css="pick", picks=True)
