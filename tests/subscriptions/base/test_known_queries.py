"""A query that is written once answers each time for what is asked now."""

import pytest
from django.db import models

from subscriptions.base.known_queries import Argument, IsAmong, KnownQuery, stand_in
from subscriptions.models import Tenant
from tests.database import as_owner

pytestmark = pytest.mark.django_db


def by_slug() -> models.QuerySet[Tenant]:
    slug = Argument("slug", models.CharField())
    return Tenant.objects.filter(slug=slug).annotate(twice=models.F("pk") * 2, of_whom=models.Value("a person"))


@as_owner()
def test_it_answers_for_its_arguments_of_this_time(alpha, beta):
    built = []
    query = KnownQuery(lambda: built.append(1) or by_slug())
    found = [query.rows(slug=slug) for slug in ("alpha", "beta", "gamma", "alpha")]
    assert found == [[alpha], [beta], [], [alpha]]
    assert (found[1][0].name, found[1][0].twice, found[1][0].of_whom) == (beta.name, beta.pk * 2, "a person")
    assert built == [1]


@as_owner()
def test_an_argument_is_a_value_and_never_a_part_of_the_query(alpha):
    query = KnownQuery(by_slug)
    assert query.first(slug="alpha' OR true --") is None
    assert query.first(slug="alpha") == alpha


def test_a_missing_argument_is_an_error():
    with pytest.raises(KeyError, match="slug"):
        KnownQuery(by_slug).rows()


@as_owner()
def test_it_answers_for_as_many_ids_as_are_asked_for(alpha, beta):
    query = KnownQuery(lambda: Tenant.objects.filter(IsAmong("pk", "tenants")).order_by("slug"))
    asked = [[alpha.pk, beta.pk], [beta.pk], [], [alpha.pk, -1]]
    assert [query.rows(tenants=ids) for ids in asked] == [[alpha, beta], [beta], [], [alpha]]


def of_place() -> models.QuerySet:
    place = stand_in(Tenant, time_zone="UTC")
    inner = Tenant.objects.filter(pk=place.pk).values("pk")
    rows = Tenant.objects.filter(pk=place.pk, time_zone=place.time_zone, pk__in=inner)
    return rows.annotate(twice=models.F("pk") * 2).values("name", "twice")


@as_owner()
def test_what_stands_for_a_place_is_each_time_the_place_that_is_asked_for(alpha, beta):
    query = KnownQuery(of_place)
    for tenant in (alpha, beta, alpha):
        assert query.values(place=tenant.pk) == [{"name": tenant.name, "twice": tenant.pk * 2}]
    with pytest.raises(KeyError, match="place"):
        query.values()


@as_owner()
def test_a_query_that_needs_more_of_its_place_is_not_written(alpha):
    """What it read would be that of one place, and kept for all."""
    for build in (
        lambda: Tenant.objects.filter(name=stand_in(Tenant).name),
        lambda: Tenant.objects.filter(pk__in=list(Tenant.objects.values_list("pk", flat=True))),
    ):
        with pytest.raises(RuntimeError, match="while it is written"):
            KnownQuery(build).rows(place=alpha.pk)
