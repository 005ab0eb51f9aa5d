"""What the tests of the partner workspace share."""

from django.test import Client
from django.urls import reverse

from tests.page import inside, parse, words


def get(client: Client, name: str, *args, number="565380", **query):
    return client.get(reverse(f"workspace:{name}", args=[number, *args]), query)


def rows_of(response, table: int = 0) -> list[str]:
    """The words of each row of one of the page's tables."""
    bodies = list(inside(parse(response.content.decode()), "tbody"))
    return [words(row) for row in inside(bodies[table], "tr")] if bodies else []


def names_of(response) -> list[str]:
    return [customer.tenant.name for customer in response.context["list"].rows]
