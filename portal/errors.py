"""Error pages that need neither a person nor a database: they are drawn without the request."""

from django.http import HttpResponse
from django.template.loader import render_to_string


def shell(template: str, status: int) -> HttpResponse:
    """A page that is the same for everybody who reads the same language."""
    return HttpResponse(render_to_string(template), status=status)


def csrf_failure(request, reason=""):
    return shell("403_csrf.html", 403)


def not_found(request, exception=None):
    return shell("404.html", 404)


def forbidden(request, exception=None):
    return shell("403.html", 403)


def bad_request(request, exception=None):
    return shell("400.html", 400)


def server_error(request):
    return shell("500.html", 500)
