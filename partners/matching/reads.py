"""The match requests that were sent to a partner, in its own scope."""

from django.db.models import QuerySet

from partners.models import MatchedPartner, MatchRequest, Partner
from partners.models.match_request import MatchState


def sent_to(partner: Partner) -> QuerySet[MatchRequest]:
    asked = MatchedPartner.objects.filter(partner=partner)
    return MatchRequest.objects.filter(pk__in=asked.values("request"))


def open_for(partner: Partner) -> QuerySet[MatchRequest]:
    return sent_to(partner).filter(state=MatchState.OPEN)
