"""What is done with webhooks, alike for an organization and in a partner's workspace, whose own acts it joins."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscriptions.access import Decision
from subscriptions.audit.feed import position_before
from subscriptions.base import formats
from subscriptions.base.days import start_of
from subscriptions.db.limits import Limit, limits_of
from subscriptions.models import WebhookDelivery, WebhookEndpoint
from subscriptions.models.audit_event import AuditKind
from subscriptions.verdicts import Verdict
from subscriptions.web.acts import Act, Answer, Crumb, Facts
from subscriptions.web.forms import ActForm, KeyForm
from subscriptions.webhooks import acts
from subscriptions.webhooks.acts import Added
from subscriptions.webhooks.addresses import NotAllowed
from subscriptions.webhooks.deliveries import TEST_SECONDS
from subscriptions.webhooks.forms import WHY_NOT, AddForm, ChangeForm, ReplayForm
from subscriptions.webhooks.lists_form import SHOWN_ONCE, TITLE, OfOwner
from subscriptions.webhooks.reads import endpoints_of, find_endpoint, host_of, kinds_for
from subscriptions.webhooks.rules import may_add, may_keep, may_replay, may_send_again
from subscriptions.webhooks.secrets import OLD_SECRET_FOR, seal


class WebhookAct(OfOwner, Act):
    """It gives another system what happens here, so it asks for a recent sign-in."""

    decision: ClassVar[Decision | None] = Decision.KEEP_WEBHOOKS

    def may(self) -> Verdict:
        return may_keep(self.by, self.owner)

    def limits(self) -> Sequence[Limit]:
        return limits_of("keep-webhooks", person=self.by.counted_as)

    def show_once(self, added: Added) -> None:
        """On the next page of it, which nobody but this session sees."""
        kept = self.request.session.setdefault(SHOWN_ONCE, {})
        kept[str(added.endpoint.uuid)] = seal(added.secret)
        self.request.session.modified = True

    def breadcrumbs(self) -> list[Crumb]:
        section: list[Crumb] = [(self.section, None)] if self.section else []
        return [*section, (TITLE, self.path_to("webhooks")), *self.crumbs_of_one(), (self.title, None)]

    def crumbs_of_one(self) -> list[Crumb]:
        return []

    @property
    def back_url(self) -> str:
        return self.path_to("webhooks")


class Fields(WebhookAct):
    """What is typed about one."""

    problems: ClassVar[tuple[type[Exception], ...]] = (NotAllowed,)

    def form_arguments(self) -> dict[str, Any]:
        return {"kinds": kinds_for(self.owner), "person": self.by.counted_as}

    def explain(self, problem: Exception, form: forms.Form) -> Answer:
        assert isinstance(problem, NotAllowed)  # noqa: S101 - the one that is named above
        form.add_error("url", str(WHY_NOT[problem.why]))
        return self.again(form)

    @staticmethod
    def typed_in(wanted: Mapping[str, Any]) -> dict[str, Any]:
        return {name: wanted[name] for name in ("label", "url", "kinds")}


class AddWebhook(Fields):
    title = gettext_lazy("Add a webhook")
    button = gettext_lazy("Add")
    leave = gettext_lazy("Cancel")
    form_class = AddForm

    def may(self) -> Verdict:
        return may_add(self.by, self.owner)

    def sentences(self) -> list[str]:
        return [
            _("From then on each event is sent there as a CloudEvent, signed as Standard Webhooks says."),
            _("The secret for checking signatures is shown once, right after this."),
        ]

    def do(self, wanted: Mapping[str, Any]) -> Added:
        added = acts.add_endpoint(owner=self.owner, by=self.by, **self.typed_in(wanted))
        self.show_once(added)
        return added

    def done(self, outcome: Added) -> str:
        return _("The webhook is added: %(name)s") % {"name": outcome.endpoint.label}

    def destination(self, outcome: Added) -> str:
        return self.path_to("webhook", uuid=outcome.endpoint.uuid)


class OnWebhook(WebhookAct):
    """On one that is there, as it was seen."""

    form_class: ClassVar[type[forms.Form]] = ActForm
    endpoint: WebhookEndpoint

    def find(self) -> None:
        found = find_endpoint(self.owner, self.address["uuid"])
        if found is None:
            raise Http404
        self.endpoint = found

    @property
    def version(self) -> int | None:
        return self.endpoint.version

    @property
    def subtitle(self) -> str:
        return self.endpoint.label

    def facts(self) -> Facts:
        return [(_("Receiver"), host_of(self.endpoint.url))]

    def crumbs_of_one(self) -> list[Crumb]:
        return [(self.endpoint.label, self.back_url)]

    @property
    def back_url(self) -> str:
        return self.path_to("webhook", uuid=self.endpoint.uuid)

    @property
    def list_url(self) -> str:
        return self.path_to("webhooks")


class ChangeWebhook(Fields, OnWebhook):
    title = gettext_lazy("Change the webhook")
    button = gettext_lazy("Save")
    form_class = ChangeForm

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.endpoint, name) for name in ("label", "url", "kinds")}

    def do(self, wanted: Mapping[str, Any]) -> WebhookEndpoint | None:
        return acts.change_endpoint(
            owner=self.owner,
            endpoint=self.endpoint,
            version=wanted["version"],
            by=self.by,
            **self.typed_in(wanted),
        )

    def done(self, outcome: WebhookEndpoint) -> str:
        return _("The webhook is changed.")


class NewSecret(OnWebhook):
    title = gettext_lazy("New secret")
    button = gettext_lazy("Make a new secret")

    def sentences(self) -> list[str]:
        hours = formats.number(int(OLD_SECRET_FOR.total_seconds() // 3600))
        return [
            _("The new secret is shown once, right after this."),
            _("For %(hours)s hours each delivery is signed by both secrets; then by the new one alone.")
            % {"hours": hours},
        ]

    def do(self, wanted: Mapping[str, Any]) -> Added:
        added = acts.change_secret(owner=self.owner, endpoint=self.endpoint, version=wanted["version"], by=self.by)
        self.show_once(added)
        return added

    def done(self, outcome: Added) -> str:
        return _("There is a new secret.")


class SwitchWebhook(OnWebhook):
    @property
    def title(self) -> str:  # type: ignore[override]
        return _("Turn the webhook off") if self.endpoint.is_on else _("Turn the webhook on")

    @property
    def button(self) -> str:  # type: ignore[override]
        return _("Turn off") if self.endpoint.is_on else _("Turn on")

    def sentences(self) -> list[str]:
        if self.endpoint.is_on:
            return [_("Nothing is sent there until it is turned on again. What happens meanwhile is sent then.")]
        return [_("What happened while it was off is sent now, in the order in which it happened.")]

    def do(self, wanted: Mapping[str, Any]) -> WebhookEndpoint:
        return acts.switch_endpoint(owner=self.owner, endpoint=self.endpoint, version=wanted["version"], by=self.by)

    def done(self, outcome: WebhookEndpoint) -> str:
        return _("The webhook is on.") if outcome.is_on else _("The webhook is off.")


class DeleteWebhook(OnWebhook):
    title = gettext_lazy("Delete the webhook")
    button = gettext_lazy("Delete")
    dangerous = True

    def sentences(self) -> list[str]:
        return [_("Nothing more is sent there, and what still waits for it is dropped. Its log goes too.")]

    def do(self, wanted: Mapping[str, Any]) -> bool:
        acts.delete_endpoint(owner=self.owner, endpoint=self.endpoint, version=wanted["version"], by=self.by)
        return True

    def done(self, outcome: bool) -> str:
        return _("The webhook is deleted.")

    def destination(self, outcome: bool) -> str:
        return self.list_url


class TestWebhook(OnWebhook):
    title = gettext_lazy("Send a test")
    button = gettext_lazy("Send")
    decision: ClassVar[Decision | None] = None
    form_class = KeyForm
    __test__ = False  # pytest looks for tests by the name of a class

    @property
    def version(self) -> None:
        return None

    def sentences(self) -> list[str]:
        return [
            _("A message that is no event is sent at once, signed like any other, also while the webhook is off."),
            _("What came of it stands in the log within %(seconds)s seconds.")
            % {"seconds": formats.number(int(TEST_SECONDS) + 2)},
        ]

    def limits(self) -> Sequence[Limit]:
        return limits_of("test-webhook", webhook=self.endpoint.pk)

    def do(self, wanted: Mapping[str, Any]) -> WebhookDelivery:
        return acts.test_endpoint(owner=self.owner, endpoint=self.endpoint, by=self.by)

    def done(self, outcome: WebhookDelivery) -> str:
        return _("The test is on its way.")


class SendAgain(OnWebhook):
    """Its address names the delivery alone."""

    title = gettext_lazy("Send again")
    button = gettext_lazy("Send again")
    decision: ClassVar[Decision | None] = None
    form_class = KeyForm
    delivery: WebhookDelivery

    def find(self) -> None:
        rows = WebhookDelivery.objects.filter(endpoint__in=endpoints_of(self.owner))
        found = rows.filter(uuid=self.address["uuid"]).select_related("endpoint__tenant", "endpoint__partner").first()
        if found is None:
            raise Http404
        self.delivery, self.endpoint = found, found.endpoint

    @property
    def version(self) -> None:
        return None

    def may(self) -> Verdict:
        return may_send_again(self.by, self.owner, self.delivery)

    def facts(self) -> Facts:
        return [*super().facts(), (_("Event"), AuditKind(self.delivery.kind).label)]

    def sentences(self) -> list[str]:
        return [_("The same message is sent under the same ID, with a new time and signature.")]

    def do(self, wanted: Mapping[str, Any]) -> bool | None:
        return acts.send_again(owner=self.owner, endpoint=self.endpoint, delivery=self.delivery, by=self.by)

    def done(self, outcome: bool) -> str:
        return _("The event is sent once more.")


class Replay(OnWebhook):
    title = gettext_lazy("Send events once more")
    button = gettext_lazy("Send")
    form_class = ReplayForm

    def may(self) -> Verdict:
        return may_replay(self.by, self.owner, self.endpoint)

    def sentences(self) -> list[str]:
        return [
            _("Each event comes once, under the ID that it had, in the order in which they happened."),
            _("For a receiver that was away, or has lost what it got."),
        ]

    def do(self, wanted: Mapping[str, Any]) -> WebhookEndpoint:
        moment: datetime = start_of(wanted["since"], timezone.get_current_timezone_name())
        position = position_before(self.owner.feed, moment)
        return acts.replay(
            owner=self.owner, endpoint=self.endpoint, version=wanted["version"], position=position, by=self.by
        )

    def done(self, outcome: WebhookEndpoint) -> str:
        return _("The events are sent once more.")
