"""Filters of staff's lists that Django admin has not: by category, by organization, and by days."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscriptions.base import formats
from subscriptions.clouds import Text
from subscriptions.models import ProductFamily, Tenant
from subscriptions.staff.form import KEY, RowSelect
from subscriptions.web.forms import DayField

PAGE = "p"  # of a list, in its address
DAY = timedelta(days=1)


class FamilyFilter(admin.SimpleListFilter):
    """By category, in the order of the shop."""

    title = gettext_lazy("category")
    parameter_name = "family"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return list(ProductFamily.objects.labels().items())

    def queryset(self, request: Any, queryset: QuerySet) -> QuerySet:
        code = self.value()
        return queryset.filter(**{self.parameter_name: code}) if code else queryset


class FamilyOfProductFilter(FamilyFilter):
    parameter_name = "product__family"


class TypedFilter(admin.ListFilter):
    """A filter that is a small form: it works without a script, and keeps what the other filters say."""

    template = "admin/filter_typed.html"
    parameter_names: ClassVar[tuple[str, ...]] = ()

    def __init__(self, request: Any, params: dict[str, Any], model: type[Model], model_admin: Any):
        super().__init__(request, params, model, model_admin)
        self.model_admin, self.given = model_admin, {}
        for name in self.parameter_names:
            if name in params:
                self.given[name] = params.pop(name)[-1].strip()
        self.form = self.make_form(self.given or None)
        self.is_wrong = self.form.is_bound and not self.form.is_valid()

    def make_form(self, given: dict[str, str] | None) -> forms.Form:
        raise NotImplementedError

    def narrowed(self, queryset: QuerySet, wanted: dict[str, Any]) -> QuerySet:
        raise NotImplementedError

    def chosen(self, wanted: dict[str, Any]) -> str:
        """What it says about itself while it is set."""
        raise NotImplementedError

    def has_output(self) -> bool:
        return True

    def expected_parameters(self) -> list[str | None]:
        return list(self.parameter_names)

    def queryset(self, request: Any, queryset: QuerySet) -> QuerySet:
        if self.is_wrong:
            return queryset.none()
        return self.narrowed(queryset, self.form.cleaned_data) if self.form.is_bound else queryset

    def choices(self, changelist: ChangeList) -> Iterator[dict[str, Any]]:
        """One, of which the template makes the form."""
        kept = {name: values for name, values in changelist.filter_params.items() if name != PAGE}
        is_set = self.form.is_bound and not self.is_wrong
        yield {
            "form": self.form,
            "is_wrong": self.is_wrong,
            "chosen": self.chosen(self.form.cleaned_data) if is_set else "",
            "kept": [(name, value) for name, values in kept.items() if name not in self.given for value in values],
            "clear_url": changelist.get_query_string(remove=list(self.parameter_names)) if self.given else "",
        }


class TenantForm(forms.Form):
    tenant = forms.ModelChoiceField(
        queryset=Tenant.objects.none(),
        label=gettext_lazy("Organization"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose an organization of the list.")},
    )


class TenantFilter(TypedFilter):
    """One organization, found as one types. Without a script the search above finds it by its address."""

    title = gettext_lazy("organization")
    parameter_names = ("tenant",)

    def make_form(self, given: dict[str, str] | None) -> TenantForm:
        known = given if given is None or KEY.fullmatch(given["tenant"]) or not given["tenant"] else {"tenant": "0"}
        form = TenantForm(known, auto_id="filter_%s")
        page = self.model_admin
        field: Any = form.fields["tenant"]
        field.widget = RowSelect(page.model._meta.get_field("tenant"), page.admin_site)
        field.widget.takes_text = False  # the search of the list does
        field.queryset = Tenant.objects.all()  # found and described by the list of organizations
        field.label_from_instance = page.admin_site.get_model_admin(Tenant).describe_choice
        return form

    def narrowed(self, queryset: QuerySet, wanted: dict[str, Any]) -> QuerySet:
        return queryset.filter(tenant=wanted["tenant"]) if wanted["tenant"] else queryset

    def chosen(self, wanted: dict[str, Any]) -> str:
        return str(wanted["tenant"] or "")


class DaysForm(forms.Form):
    """Its `prefix` is the column; in an address it stands as `column-since`."""

    since = DayField(label=gettext_lazy("From"))
    until = DayField(label=gettext_lazy("Until"))

    def clean_until(self) -> date | None:
        since, until = self.cleaned_data.get("since"), self.cleaned_data["until"]
        if since and until and until < since:
            raise forms.ValidationError(_("Choose the same day as the first one, or one after it."), code="before")
        return until


class DaysFilter(TypedFilter):
    """From one day to another, both included; moments by the days of the reader's time zone."""

    lookup: ClassVar[str]
    of_moments: ClassVar[bool]

    def make_form(self, given: dict[str, str] | None) -> DaysForm:
        return DaysForm(given, prefix=self.lookup, auto_id="filter_%s")

    def narrowed(self, queryset: QuerySet, wanted: dict[str, Any]) -> QuerySet:
        since, until = wanted["since"], wanted["until"]
        if since:
            queryset = queryset.filter(**{f"{self.lookup}__gte": self._start_of(since)})
        return queryset.filter(**{f"{self.lookup}__lt": self._start_of(until + DAY)}) if until else queryset

    def _start_of(self, day: date) -> date | datetime:
        start = datetime.combine(day, datetime.min.time())
        return timezone.make_aware(start) if self.of_moments else day

    def chosen(self, wanted: dict[str, Any]) -> str:
        since, until = (formats.day(day) if day else "…" for day in (wanted["since"], wanted["until"]))
        return f"{since} – {until}" if wanted["since"] or wanted["until"] else ""


def by_days(lookup: str, title: Text, *, of_moments: bool = True) -> type[DaysFilter]:
    """The filter of a column of moments, or of days where it is none; `valid__startswith` is the start of a range."""
    names = (f"{lookup}-since", f"{lookup}-until")
    facts = {"title": title, "parameter_names": names, "lookup": lookup, "of_moments": of_moments}
    return type(f"DaysOf{lookup.title()}Filter", (DaysFilter,), facts)
