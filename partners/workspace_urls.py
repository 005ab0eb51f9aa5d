"""The partner workspace: what a partner's own people see of their customers."""

from django.urls import path

from partners.views import workspace_access, workspace_credits, workspace_csv, workspace_customers, workspace_months

app_name = "workspace"

urlpatterns = [
    path("", workspace_customers.customer_list, name="customers"),
    path("customers/<uuid:uuid>/", workspace_customers.customer_detail, name="customer"),
    path("relationships/<uuid:uuid>/give-up/", workspace_access.give_up_access, name="give-up-access"),
    path("partner-of-record/", workspace_credits.partner_of_record, name="partner-of-record"),
    path("partner-of-record/csv/", workspace_csv.partner_of_record_csv, name="partner-of-record-csv"),
    path("partner-of-record/changes/", workspace_months.credit_changes, name="credit-changes"),
]
