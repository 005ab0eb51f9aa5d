"""The rows that an offer consists of, while it is a draft."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from partners.models import OfferedProduct, OfferedSubscription, OfferTerms, PartnerOffer
from partners.offers.checks import Checked, NotOfferable


def store(row: PartnerOffer, checked: Checked) -> None:
    """Whether another of the partner's offers has the name, the constraint alone knows: they are for many
    organizations.
    """
    for name in ("name", "roles", "days", "credit", "purchase"):
        setattr(row, name, getattr(checked, name))
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if "offer_name_once" not in str(error):
            raise
        raise NotOfferable({"name": _("You have an offer of that name already.")}) from error
    OfferedSubscription.objects.filter(tenant=row.tenant_id, offer=row).delete()
    OfferedProduct.objects.filter(tenant=row.tenant_id, offer=row).delete()
    OfferedSubscription.objects.bulk_create(
        OfferedSubscription(tenant_id=row.tenant_id, offer=row, subscription=subscription)
        for subscription in checked.subscriptions
    )
    OfferedProduct.objects.bulk_create(
        OfferedProduct(
            tenant_id=row.tenant_id,
            offer=row,
            product=product,
            licenses=line.licenses,
            billing_frequency=line.billing_frequency,
        )
        for product, line in checked.lines
    )


def delete(row: PartnerOffer) -> None:
    """The database refuses it for whatever was sent."""
    for model in (OfferedSubscription, OfferedProduct, OfferTerms):
        model.objects.filter(tenant=row.tenant_id, offer=row).delete()
    PartnerOffer.objects.filter(tenant=row.tenant_id, pk=row.pk).delete()
