"""The portal's addresses with the demo's own."""

from django.urls import path

from portal import pages
from portal.urls import *  # noqa: F403
from portal.urls import urlpatterns

urlpatterns = [*urlpatterns, path("demo/mails/", pages.demo_mails, name="demo-mails")]
