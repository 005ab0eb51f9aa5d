"""The partner workspace: what a partner's own people see of their customers."""

from django.urls import path

from partners.views import workspace_customers

app_name = "workspace"

urlpatterns = [
    path("", workspace_customers.customer_list, name="customers"),
]
