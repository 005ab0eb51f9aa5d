"""Workspace > Offers > Templates: what is offered again and again; kept of an offer, used for the next, deleted."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.access import PartnerRequest, partner_page
from partners.models import OfferTemplate, PartnerOffer
from partners.models.partner_relationship import NAME_LENGTH
from partners.offers import templates
from partners.offers.checks import kind_of
from partners.offers.ending import MAY_OFFER
from partners.offers.forms import TemplateForm, initial_of, read_facts
from partners.offers.preview import asked_of
from partners.offers.reads import Content, products_of_cloud
from partners.offers.templates import facts_of_template
from partners.offers.workspace.acts import MakingOffers, find_offer
from partners.offers.workspace.draft import offer_like_path
from partners.workspace_act import version_of
from subscriptions.access import Permission
from subscriptions.base import formats
from subscriptions.base.names import NameBox
from subscriptions.verdicts import Verdict
from subscriptions.web import cells
from subscriptions.web.acts import Crumb, Facts
from subscriptions.web.forms import KeyForm
from subscriptions.web.lists import NOTHING, Crumbs, Empty, List
from subscriptions.web.tables import Column, Place


class TemplateList(List[PartnerRequest]):
    title = gettext_lazy("Templates")
    subtitle = gettext_lazy("What you offer again and again. An offer's page keeps its content as a template.")
    values = ("uuid", "name", "facts", "kept_at", "kept_by")
    nothing_yet = Empty(
        NOTHING.sentence,
        why=gettext_lazy("You have no template yet."),
        who=gettext_lazy("Open an offer and choose Keep as template."),
        icon="document",
    )
    columns = (
        Column(gettext_lazy("Template"), lambda row: cells.name(row["name"])),
        Column(gettext_lazy("What is asked"), lambda row: cells.lines(asked_of(row["asked"])), place=Place.LINE),
        Column(gettext_lazy("Kept"), lambda row: _kept(row), css="day", place=Place.DAY),
        Column(gettext_lazy("Use it"), lambda row: _uses(row), place=Place.LINE),
    )

    def found(self, wanted: dict[str, Any]) -> QuerySet[OfferTemplate]:
        return OfferTemplate.objects.filter(partner=self.request.partner)

    def describe(self, row: dict) -> dict:
        number, uuid = self.request.partner.number, row["uuid"]
        urls = {
            "new_url": offer_like_path(self.request.partner, uuid),
            "many_url": reverse("workspace:offer-many", args=[number, uuid]),
            "edit_url": reverse("workspace:template-edit", args=[number, uuid]),
            "delete_url": reverse("workspace:template-delete", args=[number, uuid]),
            "may_offer": self.request.actor.can(Permission.MAKE_OFFERS),
        }
        return row | urls | {"asked": row["facts"] | {"named_count": 0}}

    def breadcrumbs(self) -> Crumbs:
        return [
            (_("Offers"), reverse("workspace:offer-list", args=[self.request.partner.number])),
            (self.title, None),
        ]


def _kept(row: dict) -> SafeString:
    return cells.together(formats.day(row["kept_at"]), cells.below(cells.name(row["kept_by"])))


def _uses(row: dict) -> SafeString | str:
    """For those who make offers."""
    if not row["may_offer"]:
        return formats.DASH
    return cells.part("workspace/_template_uses.html", **row)


template_list = partner_page(Permission.READ_WORKSPACE, capability=MAY_OFFER)(TemplateList.view)


class TemplateAct(MakingOffers):
    knows_home = True  # the partner's own: it concerns no organization

    @property
    def templates_url(self) -> str:
        return self.url_of("workspace:template-list", number=self.partner.number)

    @property
    def back_url(self) -> str:
        return self.templates_url

    def destination(self, outcome: Any) -> str:
        return self.templates_url

    def breadcrumbs(self) -> list[Crumb]:
        return [(_("Offers"), self.list_url), (_("Templates"), self.templates_url), (self.title, None)]


class KeptNameForm(KeyForm):
    name = NameBox(label=gettext_lazy("Name of the template"), max_length=NAME_LENGTH)


class KeepTemplate(TemplateAct):
    name = "workspace:offer-keep"
    title = gettext_lazy("Keep as template")
    button = gettext_lazy("Keep")
    form_class = KeptNameForm
    offer: PartnerOffer

    def find(self) -> None:
        self.offer = find_offer(self.request, self.address["uuid"])

    def may(self) -> Verdict:
        return templates.may_keep(self.by, self.partner)

    @property
    def subtitle(self) -> str:
        return self.offer.name

    def sentences(self) -> list[str]:
        return [
            _("Roles, days, what is to buy or try and the terms are kept as they are now, without the organization."),
            _("Subscriptions that the offer names are not kept: they are one organization's own."),
        ]

    def initial(self) -> dict[str, Any]:
        return {"name": self.offer.name}

    def do(self, wanted: Mapping[str, Any]) -> OfferTemplate:
        facts = Content(self.offer).facts
        return templates.keep(partner=self.partner, name=wanted["name"], facts=facts, by=self.by)

    def done(self, outcome: OfferTemplate) -> str:
        return _("The template “%(template)s” is kept.") % {"template": outcome.name}

    @property
    def back_url(self) -> str:
        return self.url_of("workspace:offer-detail")


class EditTemplate(TemplateAct):
    """All that an offer says, but for what is one organization's own."""

    name = "workspace:template-edit"
    title = gettext_lazy("Edit the template")
    button = gettext_lazy("Save")
    leave = gettext_lazy("Cancel")
    template = "workspace/template_form.html"
    form_style = "form offer-form"
    form_class = TemplateForm
    row: OfferTemplate

    def find(self) -> None:
        self.row = find_template(self.request, self.address["uuid"])
        self.row.partner = self.partner

    @property
    def version(self) -> str:
        return version_of([self.row.name, self.row.facts])

    @property
    def subtitle(self) -> str:
        return self.row.name

    def facts_now(self) -> Facts:
        return [(_("Name"), self.row.name), (_("Kept by"), self.row.kept_by)]

    def sentences(self) -> list[str]:
        return [_("New offers begin with this from now on. Offers that were made of it stay as they are.")]

    def may(self) -> Verdict:
        return self.by.may(self.permission)

    def form_arguments(self) -> dict[str, Any]:
        kept = (line.product for line in facts_of_template(self.row).lines)
        products = list(products_of_cloud(self.partner.cloud, kept))
        return {"kind": kind_of(self.partner.cloud), "products": products}

    def initial(self) -> dict[str, Any]:
        return initial_of(facts_of_template(self.row))

    def do(self, wanted: Mapping[str, Any]) -> OfferTemplate:
        return templates.change(template=self.row, facts=read_facts(wanted), by=self.by)

    def done(self, outcome: OfferTemplate) -> str:
        return _("The template “%(template)s” is saved.") % {"template": outcome.name}


class DeleteTemplate(TemplateAct):
    name = "workspace:template-delete"
    title = gettext_lazy("Delete the template?")
    button = gettext_lazy("Delete template")
    dangerous = True
    form_class = KeyForm
    row: OfferTemplate

    def find(self) -> None:
        self.row = find_template(self.request, self.address["uuid"])

    @property
    def subtitle(self) -> str:
        return self.row.name

    def sentences(self) -> list[str]:
        return [_("Offers that were made of it stay as they are. This cannot be taken back.")]

    def may(self) -> Verdict:
        return self.by.may(self.permission)

    def do(self, wanted: Mapping[str, Any]) -> OfferTemplate:
        return templates.delete(template=self.row, by=self.by)

    def done(self, outcome: OfferTemplate) -> str:
        return _("The template “%(template)s” is deleted.") % {"template": outcome.name}


def find_template(request: PartnerRequest, uuid: UUID) -> OfferTemplate:
    template = OfferTemplate.objects.filter(partner=request.partner, uuid=uuid).first()
    if template is None:
        raise Http404
    return template
