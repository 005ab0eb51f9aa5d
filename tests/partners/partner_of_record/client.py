"""What a person does on the *Partner information* page, step by step, as a browser sends it."""

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from subscriptions.models import Subscription


def edit_url(subscription: Subscription) -> str:
    return _url("partner-of-record-edit", subscription)


def check_url(subscription: Subscription) -> str:
    return _url("partner-of-record-check", subscription)


def undo_url(subscription: Subscription) -> str:
    return _url("partner-of-record-undo", subscription)


def _url(name: str, subscription: Subscription) -> str:
    return reverse(f"partners:{name}", args=[subscription.tenant.slug, subscription.uuid])


def opened(client: Client, subscription: Subscription) -> dict[str, str]:
    """The fields of the page as it opens."""
    form = client.get(edit_url(subscription)).context["form"]
    return {name: str(form[name].value() or "") for name in ("partner_id", "reason", "version", "key", "seal")}


def check(client: Client, subscription: Subscription, fields: dict[str, str], **more) -> HttpResponse:
    return client.post(check_url(subscription), fields, **more)


def checked(client: Client, subscription: Subscription, number: str) -> dict[str, str]:
    """The fields after *Check ID* has found the partner: ready for *Submit*."""
    fields = opened(client, subscription) | {"partner_id": number}
    return fields | {"checked": check(client, subscription, fields).context["checked"]}


def submit(client: Client, subscription: Subscription, fields: dict[str, str]) -> HttpResponse:
    return client.post(edit_url(subscription), fields)


def set_partner(client: Client, subscription: Subscription, number: str) -> HttpResponse:
    return submit(client, subscription, checked(client, subscription, number))


def clear(client: Client, subscription: Subscription) -> HttpResponse:
    return submit(client, subscription, opened(client, subscription) | {"partner_id": ""})


def undo(client: Client, subscription: Subscription, fields: dict[str, str]) -> HttpResponse:
    return client.post(undo_url(subscription), {name: fields[name] for name in ("version", "key")})


def undo_offered(client: Client, subscription: Subscription) -> dict[str, str]:
    """The hidden fields of the *Undo* button on the subscription's page."""
    url = reverse("subscriptions:detail", args=[subscription.tenant.slug, subscription.uuid])
    form = client.get(url).context["undo_form"]
    return {name: str(form[name].value()) for name in ("version", "key")}
