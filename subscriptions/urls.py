from django.urls import path

from subscriptions.views.audit_log import audit_log
from subscriptions.views.subscription_detail import subscription_detail
from subscriptions.views.subscription_list import subscription_list

app_name = "subscriptions"
urlpatterns = [
    path("billing/subscriptions/", subscription_list, name="list"),
    path("billing/subscriptions/<uuid:uuid>/", subscription_detail, name="detail"),
    path("settings/audit-log/", audit_log, name="audit-log"),
]
