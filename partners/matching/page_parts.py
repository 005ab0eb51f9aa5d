"""What the organization's and the partner's list of match requests show alike."""

from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django_countries import countries

from partners.models.match_request import MatchState
from subscriptions.base import formats
from subscriptions.base.markup import markup
from subscriptions.web import cells

STATE_TAGS = {MatchState.OPEN: "info", MatchState.ANSWERED: "ok", MatchState.CLOSED: "neutral"}


def wish(row: dict) -> SafeString:
    """What help is needed; below it for which service, where and in which language."""
    service = row["service"] or _("All services")
    language = dict(settings.LANGUAGES).get(row["language"], row["language"])
    told = formats.below_a_name(service, countries.name(row["country"]), language)
    return markup("<pre>{}</pre>{}", row["wish"], cells.small(told))
