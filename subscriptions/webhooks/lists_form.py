"""The lists of webhooks and of what was sent to one, alike for an organization and in a partner's workspace."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscriptions.base import formats
from subscriptions.clouds import Text
from subscriptions.models import WebhookDelivery, WebhookEndpoint
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.webhook import Cause, EndpointState, Outcome, WhyOff
from subscriptions.web import cells
from subscriptions.web.acts import Facts
from subscriptions.web.lists import Crumbs, Empty, List
from subscriptions.web.tables import Column, Place
from subscriptions.webhooks.deliveries import TEST_SECONDS
from subscriptions.webhooks.forms import OutcomeForm, StateForm
from subscriptions.webhooks.messages import TEST
from subscriptions.webhooks.reads import Owner, deliveries_of, endpoints_of, host_of, with_outcome
from subscriptions.webhooks.rules import may_add, may_replay
from subscriptions.webhooks.secrets import unseal

SHOWN_ONCE = "webhook-secrets"  # in the session, encrypted, until it has been shown
TITLE = gettext_lazy("Webhooks")


class OfOwner:
    """Where the pages of webhooks are: the beginning of their names, and what of the address says whose."""

    prefix: str
    section: Text = ""

    request: Any

    @property
    def owner(self) -> Owner:
        raise NotImplementedError

    @property
    def whose(self) -> dict[str, str]:
        raise NotImplementedError

    def path_to(self, name: str, **more: Any) -> str:
        return reverse(f"{self.prefix}{name}", kwargs={**self.whose, **more})


def state_tag(row: dict) -> object:
    if row["state"] == EndpointState.OFF:
        return cells.tag("bad" if row["why_off"] != WhyOff.BY_PERSON else "neutral", WhyOff(row["why_off"]).label)
    return cells.tag("warn", _("On, but the last try failed")) if row["failing_since"] else cells.tag("ok", _("On"))


class WebhookList(OfOwner, List[Any]):
    title = TITLE
    subtitle = gettext_lazy("Events are sent to other systems as they happen, signed so that these know them.")
    caption = TITLE
    form_class = StateForm
    template = "subscriptions/webhook_list.html"
    values = ("uuid", "label", "url", "kinds", "state", "why_off", "failing_since")
    nothing_yet = Empty(
        gettext_lazy("There is no webhook yet."),
        why=gettext_lazy("Another system can be told of what happens here as soon as it does."),
        icon="link",
    )
    none_matches = Empty(gettext_lazy("No webhook is in this state."))

    @property
    def columns(self) -> list[Column]:
        return [
            Column(_("Name"), lambda row: cells.link(self.path_to("webhook", uuid=row["uuid"]), row["label"])),
            Column(_("Receiver"), lambda row: cells.code(row["host"]), place=Place.LINE),
            Column(_("Kinds of events"), lambda row: row["what"]),
            Column(_("State"), state_tag, place=Place.STATE),
        ]

    def found(self, wanted: dict[str, Any]) -> QuerySet[WebhookEndpoint]:
        rows = endpoints_of(self.owner)
        if wanted["state"] == StateForm.GIVEN_UP:
            rows = rows.filter(why_off__in=[WhyOff.GONE, WhyOff.SILENT])
        return rows

    def describe(self, row: dict) -> dict:
        count = formats.number(len(row["kinds"])) if row["kinds"] else _("All")
        return row | {"host": host_of(row["url"]), "what": count}

    def context(self) -> dict[str, Any]:
        return {"add_url": self.path_to("webhook-add"), "may_add": may_add(self.request.actor, self.owner)}


class DeliveryLog(OfOwner, List[Any]):
    """One webhook: what it is, what can be done with it, and each try."""

    form_class = OutcomeForm
    template = "subscriptions/webhook_detail.html"
    caption = gettext_lazy("Deliveries")
    values = (*("uuid", "kind", "cause", "attempt", "due", "tried", "outcome", "status", "milliseconds", "next_due"),)
    nothing_yet = Empty(gettext_lazy("Nothing was sent there yet."), icon="history")
    none_matches = Empty(gettext_lazy("No delivery has this outcome."))

    @property
    def endpoint(self) -> WebhookEndpoint:
        return self.request.webhook

    @property
    def title(self) -> str:
        return self.endpoint.label

    @property
    def columns(self) -> list[Column]:
        return [
            Column(_("When"), lambda row: formats.moment(row["tried"] or row["due"]), css="day"),
            Column(_("What"), lambda row: cells.together(row["what"], cells.below(row["why"])), place=Place.WHOM),
            Column(_("Outcome"), self._outcome, place=Place.STATE),
            Column(_("Attempt"), lambda row: formats.number(row["attempt"]), css="num", place=Place.ELSEWHERE),
            Column(_("Took"), lambda row: row["took"], css="num", place=Place.ELSEWHERE),
            Column(_("Next try"), lambda row: row["next"], css="day", place=Place.DAY),
            Column(_("Action"), self._again, place=Place.LINE),
        ]

    def found(self, wanted: dict[str, Any]) -> QuerySet[WebhookDelivery]:
        return with_outcome(deliveries_of(self.endpoint), wanted["outcome"])

    def describe(self, row: dict) -> dict:
        milliseconds = _("%(number)s ms") % {"number": formats.number(row["milliseconds"])}
        return row | {
            "what": _("Test") if row["kind"] == TEST else AuditKind(row["kind"]).label,
            "why": Cause(row["cause"]).label if row["cause"] == Cause.REDELIVERY else "",
            "took": milliseconds if row["tried"] else formats.DASH,
            "next": formats.moment(row["next_due"]) if row["next_due"] else formats.DASH,
        }

    def _outcome(self, row: dict) -> object:
        if row["tried"] is None:
            return cells.tag("neutral", _("Waiting"))
        said = cells.below(f"HTTP {row['status']}") if row["status"] else ""
        css = "ok" if row["outcome"] == Outcome.DELIVERED else "bad"
        return cells.together(cells.tag(css, Outcome(row["outcome"]).label), said)

    def _again(self, row: dict) -> object:
        if row["tried"] is None or row["kind"] == TEST:
            return formats.DASH
        words = cells.together(_("Send again"), cells.unseen(f" {row['what']} {formats.moment(row['tried'])}"))
        return cells.link(self.path_to("webhook-again", uuid=row["uuid"]), words)

    def breadcrumbs(self) -> Crumbs:
        return [
            *([(self.section, None)] if self.section else []),
            (TITLE, self.path_to("webhooks")),
            (self.title, None),
        ]

    def facts(self) -> Facts:
        endpoint = self.endpoint
        kinds = [AuditKind(kind).label for kind in endpoint.kinds if kind in AuditKind.values]
        return [
            (_("Receiver"), cells.code(endpoint.url)),
            (_("State"), state_tag(vars(endpoint))),
            (_("Kinds of events"), formats.join_list(kinds) if kinds else _("All")),
            (_("Added"), f"{formats.moment(endpoint.added_at)} · {endpoint.added_by}"),
            *self._held(),
        ]

    def _held(self) -> Facts:
        endpoint = self.endpoint
        moments = [
            (_("Old secret good until"), endpoint.old_secret_until),
            (_("Fails since"), endpoint.failing_since),
            (_("Off since"), endpoint.off_since),
        ]
        return [(label, formats.moment(moment)) for label, moment in moments if moment]

    def context(self) -> dict[str, Any]:
        uuid = self.endpoint.uuid
        shown = self.request.session.get(SHOWN_ONCE, {})
        sealed = shown.pop(str(uuid), "") if self.request.method == "GET" else ""
        self.request.session.modified |= bool(sealed)
        acts = [
            ("webhook-test", _("Send a test")),
            ("webhook-change", _("Change")),
            ("webhook-secret", _("New secret")),
            ("webhook-switch", _("Turn off") if self.endpoint.is_on else _("Turn on")),
            ("webhook-replay", _("Send events once more")),
            ("webhook-delete", _("Delete")),
        ]
        may = may_replay(self.request.actor, self.owner, self.endpoint)
        return {
            "facts": self.facts(),
            "secret": unseal(sealed) if sealed else "",
            "acts": [(self.path_to(name, uuid=uuid), label) for name, label in acts if self._may(name, may.allowed)],
            "test_waits": deliveries_of(self.endpoint).filter(cause=Cause.TEST, tried__isnull=True).exists(),
            "seconds": formats.number(int(TEST_SECONDS) + 2),
        }

    @staticmethod
    def _may(name: str, may_replay: bool) -> bool:
        return name != "webhook-replay" or may_replay
