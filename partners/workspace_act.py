"""Acts of a partner's own people: found in the partner's scope, done in that of the organization they concern."""

import hashlib
import json
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, ClassVar

from django.http import HttpResponse

from partners.access import PartnerRequest, partner_form
from partners.models import Partner
from subscriptions.access import Permission
from subscriptions.db import scopes
from subscriptions.models import Tenant
from subscriptions.web.acts import Act
from subscriptions.web.answers import answer
from subscriptions.web.seals import read_seal

View = Callable[..., HttpResponse]


def version_of(kept: Any) -> str:
    """Of facts that have no version of their own, so that nobody writes over what another one changed meanwhile."""
    return hashlib.sha256(json.dumps(kept, sort_keys=True, default=str).encode()).hexdigest()[:16]


class WorkspaceAct(Act):
    """`find` sets `tenant`, the organization that it concerns; before that the form's seal tells where its key is."""

    permission: ClassVar[Permission]
    request: PartnerRequest
    tenant: Tenant | None = None

    @classmethod
    def view(cls) -> View:
        @partner_form(cls.permission, capability=cls.capability)
        def act(request: PartnerRequest, **address: Any) -> HttpResponse:
            return answer(cls(request, number=request.partner.number, **address))

        act.act = cls  # type: ignore[attr-defined]
        return act

    @property
    def partner(self) -> Partner:
        return self.request.partner

    @property
    def home(self) -> Tenant | None:
        if self.tenant is None and self.request.method == "POST":
            seal = read_seal(self.request.POST)
            if seal and seal.home and (seal.user_id, seal.page_url) == (self.request.user.pk, self.page_url):
                return Tenant(pk=seal.home)
        return self.tenant

    def scope(self) -> AbstractContextManager[Any]:
        return scopes.tenant(self.home.pk) if self.home else nullcontext()

    def url_of(self, name: str, **address: Any) -> str:
        return super().url_of(name, **({"number": self.partner.number, **address} if address else {}))
