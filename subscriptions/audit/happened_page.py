"""What happened in an organization while its person was away, behind the bell of the top bar.

The bell is a button, so that opening the page is a POST that marks what is there as seen. A GET of the page, which a
link, a reload or a browser that looks ahead may send, marks nothing; there the same button stands on the page.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from subscriptions.access import Permission
from subscriptions.audit.news import mark_seen
from subscriptions.audit.pages import EventList, actor_cell, subject_cell
from subscriptions.base import formats
from subscriptions.clouds import Text
from subscriptions.models import AuditEvent, Membership
from subscriptions.models.audit_event import AuditKind
from subscriptions.web import cells
from subscriptions.web.forms import SealedForm
from subscriptions.web.lists import Empty
from subscriptions.web.page_access import tenant_page
from subscriptions.web.tables import Column
from subscriptions.web.tenant_acts import TenantAct


class SinceForm(forms.Form):
    """Since when what is listed counts as new: the moment to which the bell led back."""

    since = forms.DateTimeField(required=False, widget=forms.HiddenInput)


def _what(event: dict) -> SafeString:
    label = AuditKind(event["kind"]).label
    return cells.together(label, " ", cells.tag("info", _("New"))) if event["is_new"] else cells.together(label)


class WhatHappened(EventList):
    """The audit log without what one did oneself."""

    title = _("What happened")
    template = "subscriptions/what_happened.html"
    form_class = SinceForm
    columns = (
        Column(_("When"), lambda event: formats.moment(event["at"]), css="day"),
        Column(_("What"), _what),
        Column(_("To what"), subject_cell),
        Column(_("Who"), actor_cell, css="who"),
    )

    @property
    def subtitle(self) -> Text:
        return _("What others did in your organization, and what the portal did by itself, newest first.")

    @property
    def nothing_yet(self) -> Empty:
        return Empty(_("Nobody else has done anything here so far."), icon="alert")

    def found(self, wanted: dict) -> QuerySet:
        events = AuditEvent.objects.of_tenant(self.request.tenant)
        return events.none() if self.request.actor.is_partner else events.of_others(self.request.actor.user_id)

    def describe(self, event: dict) -> dict:
        since = self.wanted.get("since") or (self.membership.seen if self.membership else None)
        return super().describe(event) | {"is_new": since is not None and event["at"] > since}

    @property
    def membership(self) -> Membership | None:
        mine = (each for each in self.request.memberships if each.tenant_id == self.request.tenant.pk)
        return next(mine, None)

    def context(self) -> dict[str, Any]:
        others = [each for each in self.request.memberships if each.news and each != self.membership]
        return {
            "news": self.membership.news if self.membership and self.request.viewing is None else 0,
            "open_url": reverse("subscriptions:what-happened-open", args=[self.request.tenant.slug]),
            "elsewhere": [
                {
                    "name": each.tenant.name,
                    "count": formats.number(each.news),
                    "url": reverse("subscriptions:what-happened", args=[each.tenant.slug]),
                }
                for each in others
                if each.tenant.kept_until is None
            ],
        }


what_happened = tenant_page(Permission.READ_AUDIT_LOG)(WhatHappened.view)


class OpenWhatHappened(TenantAct):
    """The bell. Done twice it is done once, so it carries no key."""

    called = _("Mark what happened as seen")
    name = "subscriptions:what-happened-open"
    page = "subscriptions:what-happened"
    permission = Permission.READ_AUDIT_LOG
    form_class = SealedForm
    is_keyed = False

    def do(self, wanted: Mapping[str, Any]) -> datetime | None:
        return mark_seen(tenant=self.tenant, by=self.by)

    def announce(self, outcome: datetime | None) -> None:
        """The page says what is new."""

    def destination(self, outcome: datetime | None) -> str:
        return f"{self.page_url}?{urlencode({'since': outcome.isoformat()})}" if outcome else self.page_url
