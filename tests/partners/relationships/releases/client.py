"""What both sides of a release request do and read, step by step, as a browser sends it."""

from datetime import timedelta

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partners.models import PartnerRelationship, ReleaseRequest, ReleaseStep
from partners.relationships.releases import follow_up as release_follow_up
from subscriptions.db import scopes
from tests.database import as_owner

REASON = "We buy directly now."


def page_url(relationship: PartnerRelationship) -> str:
    return reverse("partners:release-request", args=[relationship.tenant.slug, relationship.uuid])


def back_url(relationship: PartnerRelationship) -> str:
    return reverse("partners:release-take-back", args=[relationship.tenant.slug, relationship.uuid])


def workspace_url(request: ReleaseRequest, rest: str = "") -> str:
    return f"/p/{request.partner.number}/release-requests/{request.uuid}/{rest}"


def hidden(page: HttpResponse, name: str = "form") -> dict[str, str]:
    """The hidden fields of a page's form."""
    return {field.name: str(field.value()) for field in page.context[name].hidden_fields()}


def ask(client: Client, relationship: PartnerRelationship, **wanted) -> HttpResponse:
    fields = hidden(client.get(page_url(relationship)))
    usual = {"reason": REASON, "due_on": str(timezone.localdate() + timedelta(days=14))}
    return client.post(page_url(relationship), usual | fields | wanted)


def take_back(client: Client, relationship: PartnerRelationship) -> HttpResponse:
    fields = hidden(client.get(page_url(relationship)), "take_back_form")
    return client.post(back_url(relationship), fields)


def answer(client: Client, request: ReleaseRequest, act: str, **said: str) -> HttpResponse:
    """Acknowledges from the request's page; declines and releases from their own."""
    fields = hidden(client.get(workspace_url(request, "" if act == "acknowledge" else f"{act}/")))
    return client.post(workspace_url(request, f"{act}/"), fields | said)


def follow_up() -> list[int]:
    """The hourly job, as the worker runs it; the rows that failed."""
    after: int | None = 0
    failed: list[int] = []
    while after is not None:
        with scopes.worker():
            after, not_done = release_follow_up.follow_up_batch(after=after)
        failed += not_done
    return failed


@as_owner()
def requests() -> list[ReleaseRequest]:
    return list(ReleaseRequest.objects.select_related("partner", "tenant", "relationship").order_by("pk"))


@as_owner()
def steps(request: ReleaseRequest) -> list[tuple[str, str]]:
    """Kind and who, oldest first."""
    return list(ReleaseStep.objects.filter(request=request).values_list("kind", "by"))


@as_owner()
def due(request: ReleaseRequest, *, in_days: int, sent_days_ago: int = 30) -> None:
    """Moves the days of a request, as if time had passed."""
    now = timezone.now()
    ReleaseRequest.objects.filter(pk=request.pk).update(
        due_on=now.date() + timedelta(days=in_days), sent_at=now - timedelta(days=sent_days_ago)
    )


@as_owner()
def is_ended(relationship: PartnerRelationship) -> bool:
    return PartnerRelationship.objects.get(pk=relationship.pk).ended_at is not None
