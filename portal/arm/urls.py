"""The addresses of Azure's partner resource; what stands before `/providers` is the base that its client is given."""

from django.urls import path, re_path

from portal.arm import partners
from portal.graph.frame import nothing_here, resource
from portal.graph.operations import ORGANIZATION

BASE = "t/<slug:slug>/subscriptions/<uuid:uuid>/providers/Microsoft.ManagementPartner/partners"

urlpatterns = [
    path(BASE, resource(GET={ORGANIZATION: partners.read_any}), name="arm-partners"),
    path(
        f"{BASE}/<str:number>",
        resource(
            GET={ORGANIZATION: partners.read},
            PUT={ORGANIZATION: partners.create},
            PATCH={ORGANIZATION: partners.update},
            DELETE={ORGANIZATION: partners.delete},
        ),
        name="arm-partner",
    ),
    re_path("", nothing_here, name="arm-nothing"),
]
