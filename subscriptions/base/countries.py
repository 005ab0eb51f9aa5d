"""Countries by the names of the data that dates and money are written from; django-countries has some wrong ones."""

from django.utils.functional import lazy
from django_countries.data import COUNTRIES

from subscriptions.base.formats import current_locale


def country_name(code: str) -> str:
    return str(current_locale().territories[code])


NAMES = {code: lazy(country_name, str)(code) for code in COUNTRIES}
