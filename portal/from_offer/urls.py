from django.urls import path

from portal.from_offer import pages as views

app_name = "from-offer"

OFFER = "settings/partner-relationships/offers/<uuid:uuid>/create/"

urlpatterns = [
    path(OFFER, views.create, name="create"),
    path(f"{OFFER}trial/", views.CreateTrial.view(), name="create-trial"),
    path(f"{OFFER}order/", views.CreateOrder.view(), name="create-order"),
]
