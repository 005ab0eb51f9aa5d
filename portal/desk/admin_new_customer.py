"""New customer: an organization and the invitation of its first Global admin, in one form and one transaction."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.desk.admin_page import page_context
from subscriptions.access import StaffPermission, staff_actor
from subscriptions.base import formats
from subscriptions.base.time_zones import zone_choices
from subscriptions.base.typed import EmailBox
from subscriptions.clouds import Cloud
from subscriptions.db.limits import limits_of
from subscriptions.invitations.acts import invite
from subscriptions.invitations.places import InOrganization
from subscriptions.models import Invitation, Tenant
from subscriptions.models.people.invitation import GOOD_FOR
from subscriptions.models.people.membership import Role
from subscriptions.staff.desk import desk_page
from subscriptions.tenants import acts as tenants
from subscriptions.tenants.near_names import near_names
from subscriptions.web.acts import Act, Answer
from subscriptions.web.answers import answer
from subscriptions.web.forms import KeyForm

ORGANIZATION = ("name", "slug", "cloud", "country", "city", "time_zone")


def of_tenant(name: str, **kwargs: Any) -> Any:
    field: Any = Tenant._meta.get_field(name)
    return field.formfield(**kwargs)


class NewCustomerForm(KeyForm):
    name = of_tenant("name", help_text=gettext_lazy("As it stands on invoices."))
    slug = of_tenant("slug", help_text=gettext_lazy("Small letters, digits and hyphens. It stays."))
    cloud = forms.ChoiceField(
        label=gettext_lazy("Cloud"),
        choices=Cloud.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Decides products, prices, rules and languages, and stays."),
    )
    country = of_tenant("country")
    city = of_tenant("city")
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"), required=False)
    person = Invitation._meta.get_field("name").formfield(label=gettext_lazy("Name of the first Global admin"))
    email = EmailBox(
        label=gettext_lazy("Email address"),
        max_length=254,
        help_text=gettext_lazy("The invitation works for this address alone."),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the invitation"),
        required=False,
        choices=[("", gettext_lazy("As usual in the cloud")), *settings.LANGUAGES],
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=500, help_text=gettext_lazy("It stands in the audit trail.")
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)  # the name whose neighbors were shown

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = [("", "UTC"), *zone_choices("")]  # type: ignore[attr-defined]

    def clean_cloud(self) -> str:
        verdict = tenants.may_add(cloud=self.cleaned_data["cloud"])
        if not verdict.allowed:
            raise ValidationError(formats.sentences(verdict.reason, verdict.next_step), code=verdict.code.code)
        return self.cleaned_data["cloud"]

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"].lower()
        if Tenant.objects.filter(slug=slug).exists():
            raise ValidationError(said_of_slug(), code="taken")
        return slug


def said_of_slug() -> str:
    return _("Another organization has this address. Choose one of its own.")


class NewCustomer(Act):
    name = "admin:new-customer"
    staff_permission: ClassVar[StaffPermission] = StaffPermission.HELP_CUSTOMERS
    title = gettext_lazy("New customer")
    button = gettext_lazy("Make customer and invite")
    template = "admin/new_customer.html"
    form_class = NewCustomerForm
    knows_home = True  # staff's own: the key is kept in no organization
    uncompared = frozenset({"seen"})
    problems = (IntegrityError,)

    @classmethod
    def view(cls) -> Callable[..., HttpResponse]:
        def act(request: Any) -> HttpResponse:
            asked = cls(request)
            asked.by = staff_actor(request.user)
            return answer(asked)

        act.act = cls  # type: ignore[attr-defined]
        return act

    @classmethod
    def url_for(cls, keys: object) -> str:
        """There is nothing to choose yet."""
        return reverse(cls.name)

    @property
    def back_url(self) -> str:
        return reverse("admin:index")

    def sentences(self):
        return [
            _("The organization exists at once, with nobody in it."),
            _("The first Global admin gets a mail with a link for one use, good for %(days)s days.")
            % {"days": GOOD_FOR.days},
            _("Who opens it sets a password, or signs in with an account, and invites everybody else."),
        ]

    def context(self, form: forms.Form) -> Mapping[str, Any]:
        return page_context(self.request, str(self.title))

    def preview(self, form: forms.Form) -> Mapping[str, Any] | None:
        """Where others have nearly this name, they are shown once before."""
        wanted = form.cleaned_data
        near = [] if wanted["seen"] == wanted["name"] else near_names(wanted["name"])
        return {"near": near, "seen": wanted["name"]} if near else None

    def limits(self):
        return limits_of("invite-by-staff", person=self.by.counted_as)

    def do(self, wanted):
        tenant = Tenant(**{name: wanted[name] for name in ORGANIZATION} | {"time_zone": wanted["time_zone"] or "UTC"})
        tenants.save_tenant(tenant=tenant, by=self.by, reason=wanted["reason"])
        place = InOrganization(tenant, Role.GLOBAL_ADMIN)
        admin = {"email": wanted["email"], "name": wanted["person"], "language": wanted["language"]}
        return invite(place, by=self.by, reason=wanted["reason"], **admin)

    def explain(self, problem: Exception, form: forms.Form) -> Answer:
        """Somebody else took the address in the same moment."""
        form.add_error("slug", ValidationError(said_of_slug(), code="taken"))
        return self.again(form)

    def done(self, outcome: Invitation) -> str:
        facts = {"organization": outcome.place, "name": outcome.name}
        return _("%(organization)s exists, and %(name)s is invited as its Global admin.") % facts

    def destination(self, outcome: Invitation) -> str:
        return reverse("admin:customer", args=[outcome.tenant.uuid])  # type: ignore[union-attr]

    def conflict(self) -> HttpResponse:
        """Its key has made another customer: a second press makes this one."""
        return self.shown(self.form(typed=self.request.POST), status=409, is_changed=True)


desk_page(
    "customers/new/",
    name="new-customer",
    staff_permission=NewCustomer.staff_permission,
    label=gettext_lazy("New customer"),
    starts_work=True,
)(NewCustomer.view())
