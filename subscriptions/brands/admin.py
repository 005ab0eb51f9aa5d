"""Brand: where those of the staff who keep the installation upload the operator's logo."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscriptions.access import StaffPermission, staff_actor
from subscriptions.base.brand import EVERYWHERE, brand_of
from subscriptions.base.logo import LOGO_BYTES, LOGO_PIXELS, BadLogo, Logo, read_logo
from subscriptions.brands import acts
from subscriptions.brands.reads import logo_of
from subscriptions.clouds import Cloud
from subscriptions.models import AuditEvent, BrandLogo
from subscriptions.staff.desk import Group, desk_page
from subscriptions.verdicts import Verdict
from subscriptions.web.acts import Act
from subscriptions.web.answers import answer
from subscriptions.web.files.uploads import UPLOADS
from subscriptions.web.forms import KeyForm

# What is read at all, so that a file that is too large gets its sentence at the field
UPLOADS["admin:brand"] = 8 * LOGO_BYTES


class BrandForm(KeyForm):
    cloud = forms.ChoiceField(
        label=gettext_lazy("Where"),
        required=False,
        choices=[(EVERYWHERE, gettext_lazy("The portal, and each cloud without a logo of its own")), *Cloud.choices],
        widget=forms.RadioSelect,
    )
    logo = forms.FileField(
        label=gettext_lazy("Logo"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "image/png,.png"}),
    )
    remove = forms.BooleanField(label=gettext_lazy("Take off the uploaded logo"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=500, help_text=gettext_lazy("It stands in the audit trail.")
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["logo"].help_text = _(
            "A PNG of at most %(kilobytes)s KiB and %(pixels)s pixels each way, light on a transparent ground."
        ) % {"kilobytes": LOGO_BYTES // 1024, "pixels": LOGO_PIXELS}

    def clean_logo(self) -> Logo | None:
        file = self.cleaned_data["logo"]
        if not file:
            return None
        try:
            return read_logo(file.read(LOGO_BYTES + 1))
        except BadLogo as problem:
            why = _(problem.sentence) % problem.facts
            raise ValidationError(_("This logo is not taken: %(why)s.") % {"why": why}, code="logo") from problem

    def clean(self) -> dict[str, Any]:
        wanted = super().clean() or {}
        if "logo" in wanted and bool(wanted["logo"]) == bool(wanted.get("remove")):
            raise ValidationError(_("Choose a file, or take off the uploaded logo."), code="one")
        return wanted


class SetLogo(Act):
    name = "admin:brand"
    staff_permission: ClassVar[StaffPermission] = StaffPermission.MAKE_STAFF
    title = gettext_lazy("Brand")
    button = gettext_lazy("Save")
    template = "admin/brand.html"
    form_class = BrandForm
    knows_home = True  # staff's own: the key is kept in no organization

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

    def may(self) -> Verdict:
        return acts.may_brand(self.by)

    def form(self, data: Any = None, **how: Any) -> forms.Form:
        """As it was sent, with its file."""
        form = super().form(data, **how)
        if data is not None:
            form.files = self.request.FILES
        return form

    def sentences(self) -> list[str]:
        return [
            _("The picture is written anew: what a file says beside its pixels is not kept."),
            _("It stands in the bar of every page, with the product's name for those who do not see it."),
            _("Pages show it within a minute. Without an uploaded one, that of BRAND_FILE is shown."),
        ]

    def context(self, form: forms.Form) -> Mapping[str, Any]:
        stored = {row.cloud: logo_of(row) for row in BrandLogo.objects.all()}
        places = [self._place(cloud, stored.get(cloud)) for cloud in (EVERYWHERE, *Cloud)]
        return {**admin.site.each_context(self.request), "title": self.title, "crumbs": (), "places": places}

    @staticmethod
    def _place(cloud: str, uploaded: Logo | None) -> dict[str, Any]:
        brand = brand_of(cloud)
        source = _("Uploaded") if uploaded else _("From BRAND_FILE") if brand.logo else _("No logo")
        return {
            "name": acts.place_name(cloud),
            "product": brand.product,
            "logo": uploaded or brand.logo,
            "source": source,
        }

    def do(self, wanted: Mapping[str, Any]) -> AuditEvent | None:
        facts = {name: wanted[name] for name in ("cloud", "logo", "reason")}
        return acts.set_logo(by=self.by, **facts)

    def done(self, outcome: AuditEvent) -> str:
        return _("The logo is saved. Pages show it within a minute.")


brand = desk_page(
    "brand/",
    name="brand",
    staff_permission=SetLogo.staff_permission,
    label=gettext_lazy("Brand"),
    group=Group.RUNNING,
)(SetLogo.view())
