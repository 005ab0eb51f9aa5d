"""Start free trial: what it is, then the start."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from subscriptions.access import Permission
from subscriptions.catalogue import shop
from subscriptions.catalogue.shop import Item
from subscriptions.db import idempotency
from subscriptions.db.idempotency import Sending
from subscriptions.subscriptions.lifecycle import months_later, today_of
from subscriptions.subscriptions.trial_start import TRIAL_LICENSES, TRIAL_MONTHS, start_trial
from subscriptions.web.forms import KeyForm, new_key
from subscriptions.web.page_access import TenantRequest, tenant_form
from subscriptions.web.responses import see_other


@tenant_form(Permission.BUY)
def trial_start(request: TenantRequest, uuid: UUID) -> HttpResponse:
    item = shop.find_item(tenant=request.tenant, uuid=uuid)
    if item is None:
        raise Http404
    form = KeyForm(request.POST if request.method == "POST" else None, initial={"key": new_key()})
    if request.method == "POST" and form.is_valid():
        return _start(request, item, form.cleaned_data["key"])
    shop.may_start_trial(request.actor, request.tenant, item).require()
    return _confirm_page(request, item, form)


def _confirm_page(request: TenantRequest, item: Item, form: KeyForm) -> HttpResponse:
    shop_url = reverse("subscriptions:purchase-services", args=[request.tenant.slug])
    context = {
        "form": form,
        "item": item,
        "licenses": TRIAL_LICENSES,
        "ends_on": months_later(today_of(request.tenant), TRIAL_MONTHS),
        "shop_url": shop_url,
        "breadcrumbs": [
            (_("Billing"), None),
            (_("Purchase services"), shop_url),
            (_("Start free trial"), None),
        ],
    }
    return render(request, "checkout/trial_start.html", context, status=422 if form.errors else 200)


def _start(request: TenantRequest, item: Item, key: UUID) -> HttpResponse:
    """The same form again gets the same trial; another form of the same product is refused."""
    sending = Sending(tenant=request.tenant, user_id=request.user.pk, key=key, content={"path": request.path})

    def started() -> str:
        trial = start_trial(tenant=request.tenant, item=item, by=request.actor)
        messages.success(request, _("Your free trial of %(product)s has started.") % {"product": trial.name})
        return reverse("subscriptions:detail", args=[request.tenant.slug, trial.uuid])

    return see_other(idempotency.once(sending, started))
