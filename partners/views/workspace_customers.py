"""Workspace > Customers: the organisations that a partner has a live relationship with."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from partners.access import PartnerRequest, partner_page
from subscriptions.access import Permission


@partner_page(Permission.READ_WORKSPACE)
def customer_list(request: PartnerRequest) -> HttpResponse:
    context = {"breadcrumbs": [(_("Customers"), None)]}
    return render(request, "workspace/customer_list.html", context)
