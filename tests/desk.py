"""Staff's everyday moves in Django admin, and what they leave behind."""

from django.test import Client
from django.urls import reverse

from subscriptions.models import AuditEvent, Mail
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.mail import MailKind
from tests.database import as_owner
from tests.page import parse


def list_url(model: str) -> str:
    return reverse(f"admin:{model}_changelist")


def add_url(model: str) -> str:
    return reverse(f"admin:{model}_add")


def change_url(model: str, pk: int) -> str:
    return reverse(f"admin:{model}_change", args=[pk])


def trail_of(client: Client, model: str, pk: int) -> list[AuditEvent]:
    """What the history page of a row leads to, newest first."""
    response = client.get(reverse(f"admin:{model}_history", args=[pk]), follow=True)
    return list(response.context["cl"].result_list)


def page_of(client: Client, model: str, action: str, *rows):
    """Chooses rows in a list, and an act in its menu: the page of the act, or the list that says why not."""
    chosen = {"action": action, "_selected_action": [row.pk for row in rows], "index": 0}
    return client.post(list_url(model), chosen, follow=True)


def act(client: Client, model: str, action: str, *rows, **wanted):
    """Chooses rows in a list and sends the page of an act."""
    return send(client, page_of(client, model, action, *rows), **wanted)


def send(client: Client, page, **wanted):
    """Sends the page of an act with what is typed; a page that is none stays as it is."""
    if not page.context or "act" not in page.context:
        return page
    return client.post(page.context["act"].url, sent_by(page) | wanted, follow=True)


def sent_by(response) -> dict[str, list[str]]:
    """What a browser sends for the form that staff see, as it stands there."""
    (form,) = parse(response.content.decode()).xpath("//main//form[@method='post']")
    sent: dict[str, list[str]] = {}
    for name, value in form.form_values():
        sent.setdefault(name, []).append(value)
    return sent


def messages_of(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def errors_of(response) -> dict:
    """The errors of an admin form by field."""
    return response.context["adminform"].form.errors


def rows_of(model) -> list:
    with as_owner():
        return list(model.objects.order_by("pk"))


def events(kind: AuditKind) -> list[AuditEvent]:
    with as_owner():
        return list(AuditEvent.objects.filter(kind=kind).select_related("actor").order_by("pk"))


def make_mail(event: AuditEvent, **fields) -> Mail:
    with as_owner():
        return Mail.objects.create(tenant=event.tenant, event=event, kind=MailKind.PARTNER_NAMED, **fields)
