"""A query that is written once answers each time for what is asked now."""

import pytest
from django.db import models

from subscriptions.base.known_queries import Argument, KnownQuery
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
