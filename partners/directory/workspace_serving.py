"""Workspace > Customers > Who serves it: an Admin agent names people of the own company; the customer reads it."""

from functools import cached_property

from django import forms
from django.db.models import F
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.directory import serving
from partners.models import PartnerPerson
from partners.workspace_act import WorkspaceAct, version_of
from subscriptions.access import Permission
from subscriptions.base import formats
from subscriptions.models import Tenant
from subscriptions.models.delegated_role import AgentRole
from subscriptions.tenants.forms import VersionForm
from subscriptions.verdicts import Verdict


class ServingForm(VersionForm):
    people = forms.MultipleChoiceField(
        label=gettext_lazy("Who serves this customer"),
        required=False,
        help_text=gettext_lazy("None chosen names nobody."),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "many"}),
    )

    def __init__(self, *args, people: list[PartnerPerson], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = [  # type: ignore[attr-defined]
            (str(person.uuid), formats.join_facts(person.user_name, AgentRole(person.role).label))  # type: ignore[attr-defined]
            for person in people
        ]


class SayWhoServes(WorkspaceAct):
    """It concerns the partner's own people: the organization is told, and nothing of it changes."""

    name = "workspace:customer-people"
    permission = Permission.MANAGE_PEOPLE
    title = gettext_lazy("Who serves this customer?")
    button = gettext_lazy("Save")
    leave = gettext_lazy("Cancel")
    form_class = ServingForm
    customer: Tenant

    def find(self) -> None:
        self.customer = get_object_or_404(Tenant.objects.all(), uuid=self.address["uuid"])

    @cached_property
    def people(self) -> list[PartnerPerson]:
        """Those who can sign in, and whoever serves it already."""
        named = serving.serving(self.partner, self.customer)
        rows = PartnerPerson.objects.filter(partner=self.partner).order_by("user__name_key", "pk")
        named_rows = rows.annotate(user_name=F("user__name"), can_sign_in=F("user__is_active"))
        return [person for person in named_rows if person.can_sign_in or person.pk in named]

    @property
    def version(self) -> str:
        return version_of(sorted(serving.serving(self.partner, self.customer)))

    @property
    def is_customer(self) -> bool:
        return serving.has_customer(self.partner, self.customer)

    def may(self) -> Verdict:
        return serving.may_say_who_serves(is_customer=self.is_customer)

    @property
    def back_url(self) -> str:
        return self.url_of("workspace:customer", number=self.partner.number, uuid=self.address["uuid"])

    def breadcrumbs(self):
        customers = self.url_of("workspace:customers", number=self.partner.number)
        return [(_("Customers"), customers), (self.customer.name, self.back_url), (self.title, None)]

    @property
    def subtitle(self) -> str:
        return self.customer.name

    def facts_now(self):
        names = serving.names_of(self.partner, self.customer, is_customer=self.is_customer)
        return [(_("Who serves this customer"), formats.join_list(names))]

    def sentences(self):
        return [
            _("The customer reads these names on your company's page there, and no addresses. It gives no access.")
        ]

    def form_arguments(self):
        return {"people": self.people}

    def initial(self):
        named = serving.serving(self.partner, self.customer)
        return {"people": [str(person.uuid) for person in self.people if person.pk in named]}

    def do(self, wanted):
        chosen = [person for person in self.people if str(person.uuid) in wanted["people"]]
        return serving.say_who_serves(partner=self.partner, tenant=self.customer, people=chosen, by=self.by)

    def done(self, outcome):
        return _("It is saved. The customer reads it on your company's page.")
