"""The applications of an owner, as their page shows them."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, Func, IntegerField, Max, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from subscriptions.applications.owners import OfOrganization, Owner
from subscriptions.models import Application, ApplicationToken, AuditEvent, Tenant

ACTS_CAP = 1000  # nobody reads more in a number
COUNT = IntegerField()


def applications_of(owner: Owner) -> QuerySet[Application]:
    """By name, each with its last use, the first end of a live token, what it did, and whether its maker is gone."""
    live = Q(tokens__expires_on__gt=Now())
    acts = AuditEvent.objects.filter(actor_application=OuterRef("uuid")).order_by("-at", "-id")
    return (
        owner.applications()
        .annotate(
            last_used=Max("tokens__last_used"),
            ends=Min("tokens__expires_on", filter=live),
            acts=Func(
                ArraySubquery(acts.values("pk")[:ACTS_CAP]), function="cardinality", output_field=IntegerField()
            ),
            is_orphan=Exists(owner.without_maker().filter(pk=OuterRef("pk"))),
        )
        .order_by("name", "pk")
    )


def tokens_of(application: Application) -> QuerySet[ApplicationToken]:
    """The newest first; those whose time has run out stay until somebody revokes them, or a month has passed."""
    is_live = Exists(ApplicationToken.objects.live().filter(pk=OuterRef("pk")))
    return application.tokens.annotate(is_live=is_live).order_by("-pk")


def without_maker(tenant: Tenant) -> QuerySet[Application]:
    return OfOrganization(tenant).without_maker()
