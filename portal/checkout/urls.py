from django.urls import path

from portal.checkout.pages import payment, products, review

app_name = "checkout"

SHOP = "billing/purchase-services/"
ORDER = f"{SHOP}check-out/<uuid:uuid>/"

urlpatterns = [
    path(f"{SHOP}<uuid:uuid>/trial/", products.StartTrial.view(), name="trial-start"),
    path(f"{SHOP}check-out/", products.BuyNow.view(), name="add"),
    path(f"{ORDER}products/", products.Products.view(), name="products"),
    path(f"{ORDER}products/only/", products.BuyOnly.view(), name="buy-only"),
    path(f"{ORDER}review/", review.Review.view(), name="review"),
    path(f"{ORDER}review/prices/", review.AcceptPrices.view(), name="prices-accept"),
    path(f"{ORDER}review/partner/", review.AddPartner.view(), name="partner-add"),
    path(f"{ORDER}review/partner/check/", review.CheckPartner.view(), name="partner-check"),
    path(f"{ORDER}review/partner/remove/", review.RemovePartner.view(), name="partner-remove"),
    path(f"{ORDER}payment/", payment.Payment.view(), name="payment"),
    path(f"{ORDER}confirmation/", payment.confirmation, name="confirmation"),
]
