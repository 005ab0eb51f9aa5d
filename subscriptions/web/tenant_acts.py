"""Acts inside an organization, and those of a person outside any."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from subscriptions.access import Permission
from subscriptions.models import Tenant
from subscriptions.web.acts import Act
from subscriptions.web.answers import answer
from subscriptions.web.page_access import TenantRequest, person_page, tenant_form

View = Callable[..., HttpResponse]


class TenantAct(Act):
    """An act of a member, or of a partner's person on behalf of the organization."""

    permission: ClassVar[Permission]
    request: TenantRequest

    @classmethod
    def view(cls) -> View:
        @tenant_form(cls.permission, capability=cls.capability)
        def act(request: TenantRequest, **address: Any) -> HttpResponse:
            return answer(cls(request, slug=request.tenant.slug, **address))

        act.act = cls  # type: ignore[attr-defined]
        return act

    @property
    def tenant(self) -> Tenant:
        return self.request.tenant

    @property
    def home(self) -> Tenant:
        return self.tenant

    def url_of(self, name: str, **address: Any) -> str:
        return super().url_of(name, **({"slug": self.tenant.slug, **address} if address else {}))


class PersonAct(Act):
    """An act on one's own account: no organization, no key."""

    is_keyed = False

    @classmethod
    def view(cls) -> View:
        @require_http_methods(["GET", "HEAD", "POST"])
        @person_page
        def act(request: Any, **address: Any) -> HttpResponse:
            return answer(cls(request, **address))

        act.act = cls  # type: ignore[attr-defined]
        return act
