"""Workspace > Applications: the programs that act for the partner, kept by its Admin agents."""

from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy

from partners.access import PartnerRequest, partner_page
from partners.directory.owned_applications import OfPartner
from partners.workspace_act import WorkspaceAct
from subscriptions.access import Permission
from subscriptions.applications import forms as parts
from subscriptions.applications.owners import Owner
from subscriptions.applications.reads import applications_of, tokens_of
from subscriptions.applications.rules import may_make, may_make_token
from subscriptions.applications.tables import VALUES, acts_said, application_columns, scopes_said, token_table
from subscriptions.models import Application
from subscriptions.web.lists import Empty, List
from subscriptions.web.tables import Column

LIST, DETAIL, MAKE = "workspace:applications", "workspace:application", "workspace:application-make"
TITLE = gettext_lazy("Applications")


class ApplicationList(List[PartnerRequest]):
    title = TITLE
    subtitle = gettext_lazy(
        "Programs that read or change things for your company through the API, each with its own role and tokens."
    )
    template = "subscriptions/application_list.html"
    order = "name"
    values = VALUES
    nothing_yet = Empty(
        gettext_lazy("There is no application yet."),
        why=gettext_lazy("Make one for each program, so that each can be stopped by itself."),
        icon="box",
    )

    @cached_property
    def owner(self) -> OfPartner:
        return OfPartner(self.request.partner)

    def found(self, wanted: dict) -> QuerySet:
        return applications_of(self.owner)

    @property
    def columns(self) -> list[Column]:
        number = self.request.partner.number
        return application_columns(lambda row: reverse(DETAIL, args=[number, row["uuid"]]))

    def context(self) -> dict[str, Any]:
        return {"may_make": may_make(self.owner), "make_url": reverse(MAKE, args=[self.request.partner.number])}


application_list = partner_page(Permission.KEEP_PARTNERS_APPLICATIONS)(ApplicationList.view)


@partner_page(Permission.KEEP_PARTNERS_APPLICATIONS)
def application_detail(request: PartnerRequest, uuid: UUID) -> HttpResponse:
    owner, number = OfPartner(request.partner), request.partner.number
    row = applications_of(owner).filter(uuid=uuid).first()
    if row is None:
        raise Http404
    tokens = list(tokens_of(row))
    context = {
        "application": row,
        "may": scopes_said(row.scopes),
        "acts": acts_said(row.acts),  # type: ignore[attr-defined]
        "may_make_token": may_make_token(row),
        "table": token_table(tokens, lambda token: reverse(RevokeToken.name, args=[number, token.uuid])),
        "token_url": reverse(MakeToken.name, args=[number, uuid]),
        "change_url": reverse(ChangeApplication.name, args=[number, uuid]),
        "delete_url": reverse(DeleteApplication.name, args=[number, uuid]),
        "breadcrumbs": [(TITLE, reverse(LIST, args=[number])), (row.name, None)],
    }
    return render(request, "subscriptions/application_detail.html", context)


class OfOurs(WorkspaceAct):
    """An act of those who keep the partner's applications; it concerns no organization."""

    permission = Permission.KEEP_PARTNERS_APPLICATIONS
    knows_home = True  # the partner's own: the key is kept in no organization

    @property
    def owner(self) -> Owner:
        return OfPartner(self.partner)

    @property
    def list_page(self) -> str:
        return self.url_of(LIST, number=self.partner.number)

    def page_for(self, application: Application) -> str:
        return self.url_of(DETAIL, number=self.partner.number, uuid=application.uuid)

    def breadcrumbs(self) -> list:
        return [(TITLE, self.list_page), (self.title, None)]


class MakeApplication(OfOurs, parts.MakeApplication):
    name = MAKE


class ChangeApplication(OfOurs, parts.ChangeApplication):
    name = "workspace:application-change"


class DeleteApplication(OfOurs, parts.DeleteApplication):
    name = "workspace:application-delete"


class MakeToken(OfOurs, parts.MakeToken):
    name = "workspace:application-token"


class RevokeToken(OfOurs, parts.RevokeToken):
    name = "workspace:application-revoke"
