"""Filters of staff's lists that Django admin has not."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from subscriptions.models import ProductFamily


class FamilyFilter(admin.SimpleListFilter):
    """By category, in the order of the shop."""

    title = _("category")
    parameter_name = "family"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return list(ProductFamily.objects.labels().items())

    def queryset(self, request: Any, queryset: QuerySet) -> QuerySet:
        code = self.value()
        return queryset.filter(**{self.parameter_name: code}) if code else queryset


class FamilyOfProductFilter(FamilyFilter):
    parameter_name = "product__family"
