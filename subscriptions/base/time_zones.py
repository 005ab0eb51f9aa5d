"""Time zones as people choose them: each place once, under its region, by its name in the reader's language.

The database of zones knows nearly 600 names. Those of `zone.tab` are places; the others are old or technical names
for the same zones, which stay valid where they are stored.
"""

from datetime import datetime, timedelta
from functools import cache, lru_cache
from importlib.resources import files

from babel import Locale
from babel.dates import get_timezone_location
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from subscriptions.base.formats import current_locale, mark
from subscriptions.base.names import sort_key

REGIONS = {
    "Africa": _("Africa"),
    "America": _("America"),
    "Antarctica": _("Antarctica"),
    "Arctic": _("Arctic"),
    "Asia": _("Asia"),
    "Atlantic": _("Atlantic"),
    "Australia": _("Australia"),
    "Europe": _("Europe"),
    "Indian": _("Indian Ocean"),
    "Pacific": _("Pacific"),
}

# Said where days of several organizations stand on a page of another zone
DAYS_OF_ORGANIZATIONS = _("Days on which terms end or answers are due are those of the organization's own zone.")

# Zones renamed since, which the data of languages keeps by the names they had
EARLIER_NAMES = {
    "Africa/Asmara": "Africa/Asmera",
    "America/Argentina/Buenos_Aires": "America/Buenos_Aires",
    "America/Argentina/Catamarca": "America/Catamarca",
    "America/Argentina/Cordoba": "America/Cordoba",
    "America/Argentina/Jujuy": "America/Jujuy",
    "America/Argentina/Mendoza": "America/Mendoza",
    "America/Atikokan": "America/Coral_Harbour",
    "America/Indiana/Indianapolis": "America/Indianapolis",
    "America/Kentucky/Louisville": "America/Louisville",
    "America/Nuuk": "America/Godthab",
    "Asia/Ho_Chi_Minh": "Asia/Saigon",
    "Asia/Kathmandu": "Asia/Katmandu",
    "Asia/Kolkata": "Asia/Calcutta",
    "Asia/Yangon": "Asia/Rangoon",
    "Atlantic/Faroe": "Atlantic/Faeroe",
    "Europe/Kyiv": "Europe/Kiev",
    "Pacific/Chuuk": "Pacific/Truk",
    "Pacific/Pohnpei": "Pacific/Ponape",
}


@cache
def places() -> frozenset[str]:
    lines = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text().splitlines()
    return frozenset(line.split("\t")[2] for line in lines if not line.startswith("#"))


@lru_cache(maxsize=4096)
def _name(zone: str, locale: Locale) -> str:
    known = locale.time_zones.get(EARLIER_NAMES.get(zone, zone), {})
    place = known.get("city") or get_timezone_location(zone, locale=locale, return_city=True)
    return mark(", ").join(reversed(place.split("/")))


def zone_name(zone: str) -> str:
    """The place, as in “Kairo” for Africa/Cairo."""
    return _name(zone, current_locale())


def zone_in_force(at: datetime | None = None) -> str:
    """The zone in which days and times are told now, as in “Berlin (UTC+1)”; its distance to UTC is that of `at`."""
    zone = timezone.get_current_timezone_name()
    return _zone_told(zone, _offset(timezone.localtime(at or timezone.now())), current_locale())


@lru_cache(maxsize=4096)
def _zone_told(zone: str, offset: str, locale: Locale) -> str:
    place = _name(zone, locale)
    return place if place == "UTC" else gettext("%(place)s (%(offset)s)") % {"place": place, "offset": offset}


def _offset(local: datetime) -> str:
    """As in UTC+5:30, UTC-3 or UTC."""
    minutes = int((local.utcoffset() or timedelta()).total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    return "UTC" + (f"{'+' if minutes > 0 else '-'}{hours}" + (f":{rest:02}" if rest else "") if minutes else "")


def zone_choices(stored: str) -> list:
    """Places by region and name, and before them what is stored and is no place."""
    regions: dict[str, list[tuple[str, str]]] = {region: [] for region in REGIONS}
    for zone in places():
        regions[zone.partition("/")[0]].append((zone, zone_name(zone)))
    grouped = [(REGIONS[region], sorted(zones, key=_by_name)) for region, zones in regions.items()]
    other = {stored} - places() - {"", "UTC"}
    return [*((zone, zone.replace("_", " ")) for zone in sorted(other)), *grouped]


def _by_name(choice: tuple[str, str]) -> str:
    return sort_key(choice[1])
