"""Views that the portal does not have (yet): what a scope must hold for, shown at addresses of the tests."""

from django.http import HttpResponse, StreamingHttpResponse
from django.template import engines
from django.template.response import SimpleTemplateResponse
from django.urls import include, path

from portal.urls import handler404, handler500  # noqa: F401
from subscriptions.access import Permission
from subscriptions.db import scopes
from subscriptions.models import Subscription
from subscriptions.web.page_access import tenant_page


@tenant_page(Permission.READ)
def lazy(request) -> HttpResponse:
    template = engines["django"].from_string("{% for each in rows %}{{ each.name }};{% endfor %}")
    return SimpleTemplateResponse(template, {"rows": Subscription.objects.order_by("name")})


@tenant_page(Permission.READ)
def streamed(request) -> HttpResponse:
    def names():
        with scopes.tenant(request.tenant.pk):
            for subscription in Subscription.objects.order_by("name").iterator():
                yield f"{subscription.name};"

    return StreamingHttpResponse(names())


@tenant_page(Permission.READ)
def streamed_without_scope(request) -> HttpResponse:
    return StreamingHttpResponse(subscription.name for subscription in Subscription.objects.iterator())


@tenant_page(Permission.READ)
def raises(request) -> HttpResponse:
    assert Subscription.objects.exists()
    raise ZeroDivisionError


def bare(request) -> HttpResponse:
    return HttpResponse(str(Subscription.objects.count()))


urlpatterns = [
    path("t/<slug:slug>/lazy/", lazy),
    path("t/<slug:slug>/streamed/", streamed),
    path("t/<slug:slug>/streamed-without-scope/", streamed_without_scope),
    path("t/<slug:slug>/raises/", raises),
    path("bare/", bare),
    path("", include("portal.urls")),
]
