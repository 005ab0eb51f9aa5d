"""What all acts on one subscription have in common, whoever's rule they follow: where its page and its list are."""

from typing import Any

from django.utils.http import urlencode
from django.utils.translation import gettext as _

from subscriptions.models import Subscription
from subscriptions.web.acts import Crumb
from subscriptions.web.tenant_acts import TenantAct


class OneSubscriptionAct(TenantAct):
    """`find` sets `subscription`; the list from which its page was opened is carried along, to go back to it."""

    subscription: Subscription

    @property
    def version(self) -> int | None:
        return self.subscription.version

    @property
    def subtitle(self) -> str:
        return self.subscription.full_name

    @property
    def list_query(self) -> str:
        sources: tuple[Any, ...] = (self.request.POST, self.request.GET, self.typed or {})
        return next((source["list"] for source in sources if source.get("list")), "")

    def carried(self) -> dict[str, str]:
        return {"list": self.list_query} if self.list_query else {}

    @property
    def back_url(self) -> str:
        url = self.url_of("subscriptions:detail", uuid=self.address["uuid"])
        return f"{url}?{urlencode({'list': self.list_query})}" if self.list_query else url

    @property
    def list_url(self) -> str:
        return f"{self.url_of('subscriptions:list', slug=self.tenant.slug)}?{self.list_query or 'order=name'}"

    def breadcrumbs(self) -> list[Crumb]:
        return [
            (_("Billing"), None),
            (_("Subscriptions"), self.list_url),
            (self.subscription.full_name, self.back_url),
            (self.title, None),
        ]
