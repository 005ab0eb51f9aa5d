from django.urls import path

from subscriptions.views.audit_log import audit_log
from subscriptions.views.orders import order_detail, order_list
from subscriptions.views.purchase_services import purchase_services
from subscriptions.views.subscription_detail import subscription_detail
from subscriptions.views.subscription_list import subscription_list

app_name = "subscriptions"
urlpatterns = [
    path("billing/subscriptions/", subscription_list, name="list"),
    path("billing/subscriptions/<uuid:uuid>/", subscription_detail, name="detail"),
    path("billing/purchase-services/", purchase_services, name="purchase-services"),
    path("billing/orders/", order_list, name="order-list"),
    path("billing/orders/<uuid:uuid>/", order_detail, name="order-detail"),
    path("settings/audit-log/", audit_log, name="audit-log"),
]
