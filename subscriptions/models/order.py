from collections.abc import Callable, Collection
from decimal import Decimal
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from subscriptions.base.constraints import SameTenant, both_or_neither, one_of
from subscriptions.base.search import SearchTextField, Word, find_words, word_in
from subscriptions.clouds import PaymentMethod
from subscriptions.models.catalogue.product import Product
from subscriptions.models.payment import Payment
from subscriptions.models.subscription import BillingFrequency, Subscription, cost_of_period
from subscriptions.models.tenant import Tenant
from subscriptions.models.user import User


class OrderState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PLACED = "placed", _("Placed")
    CANCELED = "canceled", _("Canceled")
    EXPIRED = "expired", _("Expired")


SEARCHED_IN_LINES = (
    "product__search_text", "subscription__search_text", "subscription__own_search_text", "trial__search_text",
    "trial__own_search_text",
)  # fmt: skip
FindFew = Callable[[Word], Collection[int] | None]


class OrderQuerySet(models.QuerySet):
    def of_tenant(self, tenant: Tenant):
        return self.filter(tenant=tenant)

    def drafts(self):
        return self.filter(state=OrderState.DRAFT)

    def matching(self, text: str, *, tenant: Tenant, find_few: FindFew = lambda word: None):
        """Those of which the number begins so, or whose partner, products or subscriptions have each word.

        `find_few` gives the subscriptions that have a word; None where these are too many to be named.
        """

        def has_word(word: Word) -> Q:
            ids = find_few(word)
            in_lines = word_in(word, *SEARCHED_IN_LINES)
            if ids is not None:
                products = Product.objects.filter(word_in(word, "search_text"))
                in_lines = Q(product__in=products.values("pk")) | Q(subscription__in=ids) | Q(trial__in=ids)
            lines = OrderLine.objects.filter(in_lines, tenant=tenant)
            found = word_in(word, "search_text") | Q(pk__in=lines.values("order"))
            return found | Q(number__startswith=word.key) if word.key else found

        return self.filter(find_words(text, has_word))


class Order(Payment):
    """What a tenant buys in one go: a draft in check-out, then placed for good.

    The partner is kept as it was named, ID and name: it is looked up again when the order is placed.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    tenant = models.ForeignKey(
        Tenant, on_delete=models.PROTECT, related_name="orders", verbose_name=_("organization")
    )
    number = models.CharField(_("order number"), max_length=20, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=OrderState, default=OrderState.DRAFT)
    partner_number = models.CharField(_("partner ID"), max_length=10, blank=True)
    partner_name = models.CharField(_("partner"), max_length=120, blank=True)
    search_text = SearchTextField(sources=("partner_name", "partner_number"))
    version = models.PositiveIntegerField(default=1, editable=False)
    started_at = models.DateTimeField(_("started"))
    started_by = models.CharField(_("started by"), max_length=120)
    # Whose draft it is: names are for display, as two people may have the same.
    started_by_user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, editable=False, related_name="+")
    placed_at = models.DateTimeField(_("placed"), null=True)
    placed_by = models.CharField(_("placed by"), max_length=120, blank=True)
    canceled_at = models.DateTimeField(pgettext_lazy("order", "canceled"), null=True)
    canceled_by = models.CharField(pgettext_lazy("order", "canceled by"), max_length=120, blank=True)
    cancel_reason = models.CharField(_("reason"), max_length=500, blank=True)
    expires_on = models.DateField(_("draft kept until"))

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="order_tenant_and_id"),
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="order_number_once"),
            one_of("state", OrderState, name="order_state_known"),
            one_of("payment_method", PaymentMethod, name="order_payment_known", blank=True),
            both_or_neither("started_at", "started_by", name="order_started_by_somebody"),
            both_or_neither("placed_at", "placed_by", name="order_placed_by_somebody"),
            both_or_neither("canceled_at", "canceled_by", name="order_canceled_by_somebody"),
            models.CheckConstraint(
                name="order_number_when_placed",
                condition=Q(state__in=["placed", "canceled"]) & ~Q(number="")
                | Q(state__in=["draft", "expired"], number="", placed_at__isnull=True),
            ),
            models.CheckConstraint(
                name="order_partner_with_name",
                condition=Q(partner_number="", partner_name="") | ~Q(partner_number="") & ~Q(partner_name=""),
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "-id"], name="order_newest_first"),
            models.Index(fields=["number"], opclasses=["varchar_pattern_ops"], name="order_by_number"),
            models.Index(fields=["tenant", "id"], condition=Q(state=OrderState.DRAFT), name="order_drafts"),
            models.Index(fields=["partner_number", "-id"], condition=~Q(partner_number=""), name="order_of_partner"),
        ]

    def __str__(self) -> str:
        return self.number or str(self.uuid)


class OrderLine(models.Model):
    """One product of an order, with the price that the buyer saw.

    `trial` is the trial subscription that this line turns into a paid one; `subscription` is what came of the line.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey(Order, on_delete=models.CASCADE, db_constraint=False, related_name="lines")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+", verbose_name=_("product"))
    licenses = models.PositiveIntegerField(_("licenses"))
    billing_frequency = models.CharField(_("billing frequency"), max_length=10, choices=BillingFrequency)
    unit_price = models.DecimalField(_("per user and month"), max_digits=10, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    trial = models.ForeignKey(
        Subscription, on_delete=models.PROTECT, db_constraint=False, null=True, related_name="+"
    )
    subscription = models.ForeignKey(
        Subscription, on_delete=models.PROTECT, db_constraint=False, null=True, related_name="order_lines"
    )

    class Meta:
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="orderline_tenant_and_id"),
            SameTenant(field="order", name="orderline_order_same_tenant"),
            SameTenant(field="trial", name="orderline_trial_same_tenant"),
            SameTenant(field="subscription", name="orderline_subscription_same_tenant"),
            one_of("billing_frequency", BillingFrequency, name="orderline_frequency_known"),
            models.CheckConstraint(name="orderline_licenses_positive", condition=Q(licenses__gte=1)),
            models.CheckConstraint(name="orderline_price_not_negative", condition=Q(unit_price__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.licenses} × {self.product.name}"

    @property
    def cost(self) -> Decimal:
        """Of one billing period."""
        return cost_of_period(self.unit_price, self.licenses, BillingFrequency(self.billing_frequency).months)
