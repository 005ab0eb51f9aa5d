from django.urls import path

from portal.checkout.pages import partner, payment, products, review, trial

app_name = "checkout"

SHOP = "billing/purchase-services/"
ORDER = f"{SHOP}check-out/<uuid:uuid>/"

urlpatterns = [
    path(f"{SHOP}<uuid:uuid>/trial/", trial.trial_start, name="trial-start"),
    path(f"{SHOP}check-out/", products.product_add, name="add"),
    path(f"{ORDER}products/", products.products, name="products"),
    path(f"{ORDER}review/", review.review, name="review"),
    path(f"{ORDER}review/prices/", review.prices_accept, name="prices-accept"),
    path(f"{ORDER}review/partner/", partner.partner_add, name="partner-add"),
    path(f"{ORDER}review/partner/check/", partner.partner_check, name="partner-check"),
    path(f"{ORDER}review/partner/remove/", partner.partner_remove, name="partner-remove"),
    path(f"{ORDER}payment/", payment.payment, name="payment"),
    path(f"{ORDER}confirmation/", payment.confirmation, name="confirmation"),
]
