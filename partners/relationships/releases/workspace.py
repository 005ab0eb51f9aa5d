"""Workspace > Release requests: the organizations that ask this reseller to end their relationship.

The workspace's own scope only reads. Answers are given in the scope of the organization that asked.
"""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.access import PartnerRequest, partner_page
from partners.models import ReleaseRequest
from partners.relationships.managed import NOTHING, Managed, blocking
from partners.relationships.releases import acts as release_requests
from partners.relationships.releases import rules as release_verdicts
from partners.relationships.releases.forms import DeclineForm
from partners.relationships.releases.page_parts import RESELLER_READS, steps_of, with_steps
from partners.workspace_act import WorkspaceAct
from subscriptions.access import Permission
from subscriptions.db import scopes
from subscriptions.verdicts import Verdict


@partner_page(Permission.READ_WORKSPACE)
def release_request(request: PartnerRequest, uuid: UUID) -> HttpResponse:
    found = _find_request(request, uuid)
    row: ReleaseRequest = found["request"]
    acknowledge = Acknowledge(request, number=request.partner.number, uuid=uuid)
    acknowledge.tenant = row.tenant
    blocks = what_blocks(request, row)
    context = {
        "found": found,
        "may_acknowledge": release_verdicts.may_acknowledge(request.actor, row),
        "may_decline": release_verdicts.may_decline(request.actor, row),
        "may_release": release_verdicts.may_release(request.actor, row, blocks=blocks),
        "blocks": blocks,
        "form": acknowledge.form(),
        "acknowledge_url": acknowledge.url,
        "decline_url": _url(request, row, "release-decline"),
        "release_url": _url(request, row, "release-release"),
        "customer_url": reverse("workspace:customer", args=[request.partner.number, row.tenant.uuid]),
        "breadcrumbs": [_above(request), (row.tenant.name, None)],
    }
    return render(request, "workspace/release_request.html", context)


class ReleaseAct(WorkspaceAct):
    """An answer to a release request, given in the scope of the organization that asked."""

    permission = Permission.ANSWER_RELEASE_REQUESTS
    dangerous = True
    found: dict[str, Any]

    def find(self) -> None:
        self.found = _find_request(self.request, self.address["uuid"])
        self.tenant = self.found["request"].tenant

    @property
    def asked(self) -> dict[str, Any]:
        return {"tenant": self.tenant, "request": self.found["request"], "by": self.by}

    @property
    def names(self) -> dict[str, str]:
        return {"name": self.found["request"].tenant.name, "organization": self.found["request"].tenant.name}

    @property
    def back_url(self) -> str:
        return self.url_of("workspace:release-request", uuid=self.address["uuid"])

    def breadcrumbs(self):
        return [_above(self.request), (self.names["name"], self.back_url), (self.button, None)]


class Acknowledge(ReleaseAct):
    name = "workspace:release-acknowledge"
    page = "workspace:release-request"
    title = button = gettext_lazy("Acknowledge")
    dangerous = False

    def may(self) -> Verdict:
        return release_verdicts.may_acknowledge(self.by, self.found["request"])

    def do(self, wanted):
        return release_requests.acknowledge(**self.asked)

    def done(self, outcome):
        return _("The organization is told that you have seen its request.")


class Decline(ReleaseAct):
    name = "workspace:release-decline"
    button = gettext_lazy("Decline")
    leave = gettext_lazy("Cancel")
    form_class = DeclineForm

    @property
    def title(self):  # type: ignore[override]
        return _("Decline to release %(name)s?") % self.names

    def sentences(self):
        return [
            _(
                "The relationship stays as it is. The organization's Global admins are mailed your reason, and can "
                "ask again."
            )
        ]

    def may(self) -> Verdict:
        return release_verdicts.may_decline(self.by, self.found["request"])

    def do(self, wanted):
        return release_requests.decline(**self.asked, reason=wanted["reason"])

    def done(self, outcome):
        return _("The request was declined. The organization is told why.")


class Release(ReleaseAct):
    """The confirmation, and the end of the relationship."""

    name = "workspace:release-release"
    button = gettext_lazy("Release")
    leave = gettext_lazy("Keep the relationship")

    @property
    def title(self):  # type: ignore[override]
        return _("Release %(name)s?") % self.names

    def sentences(self):
        return describe_end()

    def may(self) -> Verdict:
        return may_release(self.request, self.found["request"])

    def do(self, wanted):
        return release_requests.release(**self.asked)

    def done(self, outcome):
        return _("%(organization)s is released: the relationship has ended.") % self.names


def describe_end() -> list[str]:
    return [
        _(
            "The reseller relationship ends at once, and you can no longer sell to the organization through it. This "
            "cannot be undone: a new relationship has to be entered by the operator's staff."
        ),
        _(
            "Subscriptions that credit you stay as they are, and so does administration that the organization has "
            "given you."
        ),
    ]


def may_release(request: PartnerRequest, row: ReleaseRequest) -> Verdict:
    return release_verdicts.may_release(request.actor, row, blocks=what_blocks(request, row))


def what_blocks(request: PartnerRequest, row: ReleaseRequest) -> Managed:
    """What blocks the release only the organization's own scope can tell; asked where nothing else does."""
    if not release_verdicts.may_release(request.actor, row).allowed:
        return NOTHING
    with scopes.tenant(row.tenant_id):
        return blocking(row.tenant, request.partner)


def _find_request(request: PartnerRequest, uuid: UUID) -> dict[str, Any]:
    """The partner's own request with its timeline."""
    found = with_steps(steps_of(partner=request.partner, uuid=uuid), RESELLER_READS)
    if not found:
        raise Http404
    return found[0]


def _url(request: PartnerRequest, row: ReleaseRequest, name: str) -> str:
    return reverse(f"workspace:{name}", args=[request.partner.number, row.uuid])


def _above(request: PartnerRequest) -> tuple[str, str]:
    return _("Release requests"), reverse("workspace:release-requests", args=[request.partner.number])
