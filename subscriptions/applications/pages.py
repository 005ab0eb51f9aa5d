"""Settings > Applications: the programs that act for the organization, and what is done with them."""

from functools import cached_property
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from subscriptions.access import Permission
from subscriptions.applications import forms as parts
from subscriptions.applications.owners import OfOrganization, Owner
from subscriptions.applications.reads import applications_of, tokens_of, without_maker
from subscriptions.applications.rules import may_make, may_make_token
from subscriptions.applications.tables import VALUES, acts_said, application_columns, scopes_said, token_table
from subscriptions.attention.kinds import AttentionKind, Urgency, add_attention
from subscriptions.models import Application
from subscriptions.web.lists import Empty, List
from subscriptions.web.page_access import TenantRequest, tenant_page
from subscriptions.web.tables import Column
from subscriptions.web.tenant_acts import TenantAct

LIST, DETAIL, MAKE = "subscriptions:applications", "subscriptions:application", "subscriptions:application-make"
GONE = "gone"
TITLE = gettext_lazy("Applications")
SUBTITLE = gettext_lazy(
    "Programs that read or change things here through the API, each with its own role and tokens."
)
EMPTY = Empty(
    gettext_lazy("There is no application yet."),
    why=gettext_lazy("Make one for each program, so that each can be stopped by itself."),
    icon="box",
)

add_attention(
    AttentionKind(
        name="applications-without-maker",
        urgency=Urgency.SOMETIME,
        told=ngettext_lazy(
            "application whose maker does not belong here any more",
            "applications whose makers do not belong here any more",
            "count",
        ),
        rows=without_maker,
        when=gettext_lazy("They go on until somebody deletes them: see whether they are still needed"),
        list_name=LIST,
        filters=f"maker={GONE}",
        permission=Permission.KEEP_APPLICATIONS,
        verb=gettext_lazy("See them"),
    )
)


class MakerFilterForm(forms.Form):
    maker = forms.ChoiceField(
        label=gettext_lazy("Who made it"),
        required=False,
        choices=[("", gettext_lazy("Anybody")), (GONE, gettext_lazy("Somebody who is gone"))],
    )


class ApplicationList(List[TenantRequest]):
    title, section = TITLE, gettext_lazy("Settings")
    subtitle = SUBTITLE
    template = "subscriptions/application_list.html"
    form_class = MakerFilterForm
    filter_label = gettext_lazy("Filter applications")
    order = "name"
    values = VALUES
    none_matches = Empty(gettext_lazy("Who made them is there, of all of them."))
    nothing_yet = EMPTY

    @cached_property
    def owner(self) -> OfOrganization:
        return OfOrganization(self.request.tenant)

    def found(self, wanted: dict) -> QuerySet:
        rows = applications_of(self.owner)
        return rows.filter(pk__in=self.owner.without_maker()) if wanted["maker"] else rows

    @property
    def columns(self) -> list[Column]:
        slug = self.request.tenant.slug
        return application_columns(lambda row: reverse(DETAIL, args=[slug, row["uuid"]]))

    def context(self) -> dict[str, Any]:
        return {"may_make": may_make(self.owner), "make_url": reverse(MAKE, args=[self.request.tenant.slug])}


application_list = tenant_page(Permission.KEEP_APPLICATIONS)(ApplicationList.view)


@tenant_page(Permission.KEEP_APPLICATIONS)
def application_detail(request: TenantRequest, uuid: UUID) -> HttpResponse:
    owner, slug = OfOrganization(request.tenant), request.tenant.slug
    row = applications_of(owner).filter(uuid=uuid).first()
    if row is None:
        raise Http404
    log = reverse("subscriptions:audit-log", args=[slug])
    context = {
        **detail_context(row),
        "table": token_table(list(tokens_of(row)), lambda token: reverse(RevokeToken.name, args=[slug, token.uuid])),
        "log_url": f"{log}?{urlencode({'actor': row.name})}",
        "token_url": reverse(MakeToken.name, args=[slug, uuid]),
        "change_url": reverse(ChangeApplication.name, args=[slug, uuid]),
        "delete_url": reverse(DeleteApplication.name, args=[slug, uuid]),
        "breadcrumbs": [(_("Settings"), None), (TITLE, reverse(LIST, args=[slug])), (row.name, None)],
    }
    return render(request, "subscriptions/application_detail.html", context)


def detail_context(row: Application) -> dict[str, Any]:
    return {
        "application": row,
        "may": scopes_said(row.scopes),
        "acts": acts_said(row.acts),  # type: ignore[attr-defined]
        "may_make_token": may_make_token(row),
    }


class OfHere(TenantAct):
    """An act of those who keep the organization's applications."""

    permission = Permission.KEEP_APPLICATIONS

    @property
    def owner(self) -> Owner:
        return OfOrganization(self.tenant)

    @property
    def list_page(self) -> str:
        return self.url_of(LIST, slug=self.tenant.slug)

    def page_for(self, application: Application) -> str:
        return self.url_of(DETAIL, slug=self.tenant.slug, uuid=application.uuid)

    def breadcrumbs(self) -> list:
        return [(_("Settings"), None), (TITLE, self.list_page), (self.title, None)]


class MakeApplication(OfHere, parts.MakeApplication):
    name = MAKE


class ChangeApplication(OfHere, parts.ChangeApplication):
    name = "subscriptions:application-change"


class DeleteApplication(OfHere, parts.DeleteApplication):
    name = "subscriptions:application-delete"


class MakeToken(OfHere, parts.MakeToken):
    name = "subscriptions:application-token"


class RevokeToken(OfHere, parts.RevokeToken):
    name = "subscriptions:application-revoke"
