"""Files of the listed subscriptions beside the list's own, by what an address asks for; an upper app adds its own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponseBase

from subscriptions.clouds import Text
from subscriptions.models import Tenant


@dataclass(frozen=True)
class OtherFile:
    """`answer` takes the organization, its subscriptions as they are filtered, and `person_id`."""

    label: Text
    answer: Callable[..., HttpResponseBase]

    def of(self, tenant: Tenant, subscriptions: Any, *, person_id: int) -> HttpResponseBase:
        return self.answer(tenant, subscriptions, person_id=person_id)


OTHER_FILES: dict[str, OtherFile] = {}
