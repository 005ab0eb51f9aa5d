"""The partner workspace: what a partner's own people see of their customers."""

from django.urls import path

from partners.views import workspace_customers, workspace_release_requests

app_name = "workspace"

RELEASES = "release-requests/"

urlpatterns = [
    path("", workspace_customers.customer_list, name="customers"),
    path(RELEASES, workspace_release_requests.release_request_list, name="release-requests"),
    path(f"{RELEASES}<uuid:uuid>/", workspace_release_requests.release_request, name="release-request"),
    path(
        f"{RELEASES}<uuid:uuid>/acknowledge/",
        workspace_release_requests.release_acknowledge,
        name="release-acknowledge",
    ),
    path(f"{RELEASES}<uuid:uuid>/decline/", workspace_release_requests.release_decline, name="release-decline"),
    path(f"{RELEASES}<uuid:uuid>/release/", workspace_release_requests.release_release, name="release-release"),
]
