"""What the pages of an act on many have in common: the act of the address, its crumbs, and where it leads."""

from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscriptions.access import Permission
from subscriptions.bulk import reads
from subscriptions.bulk.kinds import KINDS, Kind
from subscriptions.bulk.rules import SEES_MANY
from subscriptions.models import BulkAct
from subscriptions.models.jobs.bulk_act import BulkState
from subscriptions.web.acts import Answer, Crumb
from subscriptions.web.forms import SealedForm
from subscriptions.web.page_access import TenantRequest
from subscriptions.web.responses import see_other
from subscriptions.web.tenant_acts import TenantAct

LIST, DETAIL, WHAT, PREVIEW = (
    "subscriptions:list",
    "subscriptions:bulk",
    "subscriptions:bulk-what",
    "subscriptions:bulk-preview",
)
TITLE = gettext_lazy("Changes on many")


def crumbs_of_list(act: TenantAct) -> list[Crumb]:
    return [(_("Billing"), None), (_("Subscriptions"), f"{act.url_of(LIST, slug=act.tenant.slug)}?order=name")]


class ManyAct(TenantAct):
    """An act on an act on many; `find` sets `bulk`."""

    permission: ClassVar[Permission] = SEES_MANY
    is_keyed = False
    form_class: ClassVar[type[forms.Form]] = SealedForm
    bulk: BulkAct

    def find(self) -> None:
        self.bulk = act_found(self.request, self.address["uuid"])

    @property
    def kind(self) -> type[Kind]:
        return KINDS[self.bulk.kind]

    @property
    def list_url(self) -> str:
        return f"{self.url_of(LIST, slug=self.tenant.slug)}?order=name"

    @property
    def back_url(self) -> str:
        return self.list_url

    def breadcrumbs(self) -> list[Crumb]:
        return [*crumbs_of_list(self), (self.title, None)]

    def to(self, name: str, act: BulkAct) -> str:
        return self.url_of(name, uuid=act.uuid)

    def over(self) -> Answer | None:
        """Once it is decided its own page is the place."""
        if self.bulk.state in (BulkState.CHOSEN, BulkState.PREVIEWED):
            return None
        return partial(see_other, self.to(DETAIL, self.bulk))

    def announce(self, outcome: Any) -> None:
        """The next page says it."""


def act_found(request: TenantRequest, uuid: UUID) -> BulkAct:
    """Raises Http404."""
    act = reads.find_act(request.tenant, uuid)
    if act is None:
        raise Http404
    return act


def title_of(act: BulkAct) -> str:
    title = KINDS[act.kind].title(act.wanted)
    return _("Undo: %(what)s") % {"what": title} if act.undo_of_id else title


def detail_url(slug: str, uuid: UUID) -> str:
    return reverse(DETAIL, args=[slug, uuid])
