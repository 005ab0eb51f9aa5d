"""`check`, which also says what is wrong where the database cannot be asked at all."""

from typing import Any

from django.core.management.base import SystemCheckError
from django.core.management.commands import check
from django.db import Error

from portal.fitness.deployment import check_fitness


class Command(check.Command):
    def check(self, *args: Any, **options: Any) -> None:
        """Django's own checks ask the database first, and would end in its error."""
        try:
            super().check(*args, **options)
        except Error as error:
            lines = map(str, check_fitness(databases=["default"]))
            raise SystemCheckError("\n".join(["The database cannot be checked.", *lines])) from error
