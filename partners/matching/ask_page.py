"""Ask to be matched with a partner: what the organization needs, and whom it asks."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from partners.matching.acts import PartnerGone, request_match
from partners.matching.finder_page import above_finder
from partners.matching.forms import MatchRequestForm, read_country, read_uuids
from partners.matching.rules import MOST_ASKED, may_request
from partners.models import MatchRequest, Partner
from subscriptions.access import Permission
from subscriptions.clouds import Capability
from subscriptions.db.limits import Limit, limits_of
from subscriptions.verdicts import Verdict
from subscriptions.web.acts import Answer, Crumb
from subscriptions.web.forms import new_key
from subscriptions.web.tenant_acts import TenantAct


class AskToBeMatched(TenantAct):
    name = "partners:match-request-new"
    permission = Permission.BUY
    capability = Capability.FIND_PARTNER
    title = gettext_lazy("Ask to be matched")
    button = gettext_lazy("Send request")
    leave = gettext_lazy("Cancel")
    template = "partners/match_request_new.html"
    form_class = MatchRequestForm
    problems = (PartnerGone,)

    def may(self) -> Verdict:
        return may_request(self.by, self.tenant)

    @property
    def chosen(self) -> Any:
        """What the page before has sent, or this one."""
        return self.typed or self.request.POST or self.request.GET

    @property
    def country(self) -> str:
        return read_country(self.chosen.get("country", ""), tenant=self.tenant)

    @cached_property
    def offered(self) -> list[Partner]:
        """The partners that were chosen, as far as the directory has them for that country."""
        found = Partner.objects.findable(cloud=self.tenant.cloud, country=self.country)
        wanted = read_uuids(self.chosen.getlist("partners"))
        return list(found.filter(uuid__in=wanted).order_by("name_key", "id"))

    def form_arguments(self) -> dict[str, Any]:
        return {"offered": self.offered}

    def initial(self) -> dict[str, Any]:
        wanted = {name: self.chosen.get(name, "") for name in ("service", "language")}
        return {**wanted, "country": self.country, "partners": [str(partner.uuid) for partner in self.offered]}

    def context(self, form: forms.Form) -> Mapping[str, Any]:
        return {
            "country_name": countries.name(self.country),
            "too_many": len(self.offered) > MOST_ASKED,
            "profile": self.tenant.cloud_profile,
        }

    def limits(self) -> list[Limit]:
        return limits_of("match-request", person=self.by.counted_as)

    def do(self, wanted: Mapping[str, Any]) -> MatchRequest:
        return request_match(
            tenant=self.tenant, wish=MatchRequestForm.wish_of(wanted), partners=wanted["partners"], by=self.by
        )

    def done(self, outcome: MatchRequest) -> str:
        return _("Your request is on its way. This page shows what becomes of it.")

    def explain(self, problem: Exception, form: forms.Form) -> Answer:
        form.add_error("partners", form.fields["partners"].error_messages["invalid_choice"])
        return self.again(form)

    def conflict(self) -> HttpResponse:
        """The form was sent with another wish: the same page asks whether a second request is meant."""
        form = MatchRequestForm(self.request.POST, **self.form_arguments())
        return self.shown(form.sent_before(new_key()), status=409)

    @property
    def back_url(self) -> str:
        return self.url_of("partners:find-partner", slug=self.tenant.slug)

    def destination(self, outcome: MatchRequest) -> str:
        return self.url_of("partners:match-request-list", slug=self.tenant.slug)

    def breadcrumbs(self) -> list[Crumb]:
        return [*above_finder(self.request), (_("Find a partner"), self.back_url), (self.title, None)]
