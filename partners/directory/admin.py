"""The partner directory."""

from django import forms
from django.contrib import admin, messages
from django.db.models import Q
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.directory import acts as partners
from partners.directory.reads import impacts_of
from partners.models import Partner
from partners.models.partner import FOR_NOTHING, NOWHERE, PartnerState
from subscriptions.access import StaffPermission
from subscriptions.base import formats
from subscriptions.base.markup import markup
from subscriptions.base.names import mixes_scripts
from subscriptions.base.partner_id import NumberBox, normalize_number
from subscriptions.base.typed import read_email, read_uuid
from subscriptions.catalogue.families import FamilyGone
from subscriptions.models import ProductFamily
from subscriptions.search.finder import Hit, SearchKind, read_name
from subscriptions.staff.acts import ReasonForm, StaffAct
from subscriptions.staff.admin import StaffModelAdmin
from subscriptions.staff.choices import CountriesField, SearchedSelectMultiple
from subscriptions.staff.desk import Group
from subscriptions.staff.form import StaffForm
from subscriptions.staff.found import add_searched, list_of
from subscriptions.web import cells
from subscriptions.web.tables import Column, Table


class PartnerForm(StaffForm):
    number = NumberBox(
        label=gettext_lazy("Partner ID"), error_messages={"required": gettext_lazy("Enter a partner ID.")}
    )
    website = forms.URLField(label=gettext_lazy("Website"), required=False, assume_scheme="https")
    authorized_countries = CountriesField(label=gettext_lazy("Authorized in"), required=False, help_text=NOWHERE)
    authorized_families = forms.MultipleChoiceField(
        label=gettext_lazy("Authorized for"),
        required=False,
        widget=SearchedSelectMultiple,
        help_text=FOR_NOTHING,
    )

    name_is_right = forms.BooleanField(
        label=gettext_lazy("The name is right as it is"), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "authorized_families" in self.fields:
            own = self.instance.authorized_families
            families = ProductFamily.objects.filter(Q(is_retired=False) | Q(code__in=own))
            self.fields["authorized_families"].choices = list(families.labels().items())  # type: ignore[attr-defined]

    def clean(self):
        super().clean()
        self._ask_about_name(self.cleaned_data.get("name", ""), is_right=self.cleaned_data["name_is_right"])
        return self.cleaned_data

    def _post_clean(self) -> None:
        """What it belongs to is known once the row has what was typed."""
        super()._post_clean()  # type: ignore[misc]
        try:
            partners.require_parent(self.instance)
        except partners.CannotBelong as refusal:
            self.add_error("parent", str(refusal))

    def _ask_about_name(self, name: str, *, is_right: bool) -> None:
        """Before a known partner gets a name that could pass for another company's; its people stay at work."""
        if is_right or self.instance._state.adding or not mixes_scripts(name) or name == self.initial["name"]:
            return
        self.fields["name_is_right"].widget = forms.CheckboxInput()
        self.add_error(
            "name",
            _(
                "This name mixes scripts, so it could pass for another company's. Compare it with the company's "
                "papers, and say below that it is right, or correct it."
            ),
        )


class StateForm(ReasonForm):
    state = forms.ChoiceField(label=gettext_lazy("State"), choices=[("", "–"), *PartnerState.choices])
    field_order = ("state", "reason")


IMPACT = [
    Column(gettext_lazy("Partner"), lambda impact: cells.name(impact.partner)),
    Column(gettext_lazy("State"), lambda impact: impact.partner.get_state_display()),
    Column(gettext_lazy("Subscriptions that credit it"), lambda impact: formats.number(impact.subscriptions)),
    Column(gettext_lazy("Their organizations"), lambda impact: formats.number(impact.organizations)),
    Column(gettext_lazy("Live relationships"), lambda impact: formats.number(impact.relationships)),
    Column(gettext_lazy("People with access"), lambda impact: formats.number(impact.people)),
    Column(gettext_lazy("Open offers"), lambda impact: formats.number(impact.offers)),
]


class ChangeState(StaffAct):
    """With whom it concerns."""

    name = "admin:change-state"
    model = Partner
    staff_permission = StaffPermission.KEEP_PARTNERS
    label = gettext_lazy("Change state…")
    title = gettext_lazy("Change the state of these partners?")
    form_class = StateForm
    template = "admin/partners/partner/change_state.html"

    def context(self, form) -> dict:
        table = Table(_("What is affected"), IMPACT, impacts_of(self.rows), css="", shows_caption=True)
        return {**super().context(form), "table": table}

    def act_on(self, row, wanted) -> None:
        partners.set_state(partner=row, state=wanted["state"], by=self.by, reason=wanted["reason"])


def describe_partner(partner: Partner) -> Hit:
    return Hit(
        partner.name,
        reverse("admin:partner", args=[partner.uuid]),
        tag=partner.get_state_display(),
        css="ok" if partner.state == PartnerState.ACTIVE else "warn",
        facts=formats.join_facts(partner.get_kind_display(), partner.get_cloud_display(), partner.city),
        code=partner.number,
    )


add_searched(
    "partner",
    SearchKind(
        label=gettext_lazy("Partners"),
        rows=Partner.objects.all,
        describe=describe_partner,
        exact={"number": normalize_number, "uuid": read_uuid},
        beginnings={"name_key": read_name, "mailbox": read_email},
        words="search_text",
        all_url=lambda text: list_of("partners_partner", text),
    ),
    place=3,
)


@admin.register(Partner)
class PartnerAdmin(StaffModelAdmin):
    view_permission = StaffPermission.READ_PARTNERS
    change_permission = StaffPermission.KEEP_PARTNERS
    group = Group.PARTNERS
    place = 1
    page_name = "admin:partner"
    form = PartnerForm
    refusals = (FamilyGone,)
    fields = (*partners.FIXED, *partners.FACTS, "name_is_right", "state", "people", "identity", "reason")
    fixed = partners.FIXED
    stated = ("state", "people", "identity")
    exact = ("number", "uuid")
    list_display = ("number", "state", "name", "kind", "cloud", "country", "city")
    list_filter = ("state", "kind", "cloud")
    search_fields = ("search_text__contains",)
    autocomplete_fields = ("parent",)
    ordering = ("-id",)
    acts = (ChangeState,)

    def describe_choice(self, row: Partner) -> str:
        return formats.join_facts(row, row.city, row.get_cloud_display(), row.get_state_display())

    @admin.display(description=gettext_lazy("people"))
    def people(self, partner: Partner) -> SafeString:
        """The way to them; how many they are would be one more statement for a number that a click shows."""
        url = reverse(f"{self.admin_site.name}:partners_partnerperson_changelist")
        return markup('<a href="{}?q={}">{}</a>', url, partner.number, _("Show"))

    def store(self, row, *, form, by, reason) -> None:
        partners.save_partner(partner=row, by=by, reason=reason, name_is_right=form.cleaned_data["name_is_right"])

    def save_model(self, request, obj, form, change) -> None:
        super().save_model(request, obj, form, change)
        if obj.state == PartnerState.PENDING and not change:
            messages.warning(
                request,
                _(
                    "The name of %(partner)s mixes scripts, so it could pass for another company's. The partner is "
                    "pending: nobody can name it before you have checked it and made it active."
                )
                % {"partner": obj.number},
            )
