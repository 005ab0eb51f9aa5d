import re
from enum import Enum
from typing import Any
from uuid import uuid4

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, ExtractDay
from django.db.models.lookups import Exact, LessThan
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from subscriptions.base.constraints import both_or_neither, one_of
from subscriptions.base.days import in_its_month
from subscriptions.base.names import NameField, SortKeyField
from subscriptions.base.search import SearchTextField, Word, find_words, word_in
from subscriptions.clouds import PaymentMethod, Text
from subscriptions.models.catalogue.product import Product
from subscriptions.models.payment import Payment
from subscriptions.models.tenant import Tenant


class SubscriptionStatus(models.TextChoices):
    TRIAL = "trial", _("Trial")
    ACTIVE = "active", _("Active")
    EXPIRED = "expired", _("Expired")
    DISABLED = "disabled", _("Disabled")
    DELETED = "deleted", _("Deleted")


# In grace (expired) everybody still works, so a partner may still be named.
PARTNER_MAY_BE_SET = frozenset({SubscriptionStatus.TRIAL, SubscriptionStatus.ACTIVE, SubscriptionStatus.EXPIRED})


class EndOfTerm(Enum):
    """What the day on which a term ends brings by itself: as the label of that day, and in a row with it."""

    RENEWAL = (_("Renews on"), _("Renews %(day)s"))
    PAID_TERM = (_("Becomes a paid subscription on"), _("Paid from %(day)s"))
    EXPIRY = (_("Expires on"), _("Expires %(day)s"))
    IS_OVER = (_("Expired on"), _("Expired %(day)s"))

    def __init__(self, label: Text, in_a_row: Text):
        self.label = label
        self.in_a_row = in_a_row


def end_of_term(*, status: str, recurring_billing: bool, payment_method: str) -> EndOfTerm:
    if status == SubscriptionStatus.ACTIVE:
        return EndOfTerm.RENEWAL if recurring_billing else EndOfTerm.EXPIRY
    if status == SubscriptionStatus.TRIAL:
        return EndOfTerm.PAID_TERM if payment_method else EndOfTerm.EXPIRY
    return EndOfTerm.IS_OVER


class BillingFrequency(models.TextChoices):
    MONTHLY = "monthly", _("Monthly")
    ANNUAL = "annual", _("Annual")

    @property
    def months(self) -> int:
        """How many months one term has."""
        return 12 if self is BillingFrequency.ANNUAL else 1

    @property
    def per_period(self) -> str:
        """Behind an amount."""
        return str(_("per year") if self is BillingFrequency.ANNUAL else _("per month"))

    @property
    def billed(self) -> str:
        """In a sentence or behind other facts, where the label would begin anew."""
        return str(_("billed annually") if self is BillingFrequency.ANNUAL else _("billed monthly"))

    def a_period(self, amount: str) -> str:
        """An amount that comes again with each period, in a sentence or on a button."""
        told = _("%(amount)s a year") if self is BillingFrequency.ANNUAL else _("%(amount)s a month")
        return told % {"amount": amount}

    @classmethod
    def months_of_row(cls) -> models.Case:
        """The same for a query, by the row's own `billing_frequency`."""
        return models.Case(*(models.When(billing_frequency=each, then=each.months) for each in cls))

    @property
    def other(self) -> "BillingFrequency":
        """What it can be changed to."""
        return next(frequency for frequency in BillingFrequency if frequency is not self)


def cost_of_period(unit_price: Any, licenses: Any, months: Any) -> Any:
    """Price per user and month × licenses × months of the billing period: of numbers, or of columns in a query."""
    return unit_price * licenses * months


OWN_NAME_LENGTH = 80
COST_CENTER_LENGTH = 40


class AnchorDayField(models.PositiveSmallIntegerField):
    """The day of the month on which terms end, where the month has it; it follows an end that it does not fit."""

    derived_from = frozenset({"term_ends_on", "paid_until"})

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs | {"editable": False})

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        return name, path, args, kwargs

    def pre_save(self, model_instance, add):
        end = model_instance.paid_until or model_instance.term_ends_on
        if end is None or model_instance.started_on is None:  # the database refuses the row
            return None
        anchor = getattr(model_instance, self.attname) or model_instance.started_on.day
        fits = end == in_its_month(end, anchor)
        setattr(model_instance, self.attname, anchor if fits else end.day)
        return getattr(model_instance, self.attname)


def falls_on_anchor_day() -> Q:
    """The end of what is paid falls on the anchor's day, or on the last one of a month that is too short for it."""
    end = Coalesce("paid_until", "term_ends_on")
    day, next_day = ExtractDay(end), ExtractDay(models.ExpressionWrapper(end + 1, output_field=models.DateField()))
    return Q(Exact(day, F("anchor_day"))) | Q(LessThan(day, F("anchor_day")), Exact(next_day, 1))


def full_name(name: str, own_name: str) -> str:
    """With the name that the organization gave it, which tells it from others of that product."""
    return f"{name} – {own_name}" if own_name else name


def is_trimmed(column: str, *, name: str) -> models.CheckConstraint:
    """A text that is empty, or one line that neither begins nor ends with a space."""
    return models.CheckConstraint(name=name, condition=Q((f"{column}__regex", r"^(\S([^\r\n]*\S)?)?$")))


ORDER_NUMBER = re.compile("[0-9]{4}(-[0-9]*)?$")  # or its beginning


class SubscriptionQuerySet(models.QuerySet):
    def existing(self):
        """All but deleted ones, which no page shows any more."""
        return self.exclude(status=SubscriptionStatus.DELETED)

    def of_tenant(self, tenant: Tenant):
        return self.existing().filter(tenant=tenant)

    def managed_by_reseller(self):
        """Those that a reseller manages; which one, the upper floor knows."""
        return self.filter(reseller_managed=True)

    def with_partner(self):
        """Joins the open period of the partner of record as `current`."""
        return self.annotate(
            current=models.FilteredRelation(
                "partners_of_record", condition=Q(partners_of_record__valid__upper_inf=True)
            )
        )

    def with_partner_named(self):
        """With its `credited`, the partner's ID, and `partner`, its name."""
        named = {"credited": F("current__partner__number"), "partner": F("current__partner__name")}
        return self.with_partner().annotate(**named)

    def without_partner(self):
        """An anti-join of its own: filtering the joined `current` for null makes the planner sort a large tenant."""
        return self.exclude(models.Exists(self._open_periods().filter(subscription=models.OuterRef("pk"))))

    def with_scheduled_change(self, state: str):
        """Those of which a change of the partner of record is in that state; it lives on the upper floor too."""
        changes: Any = self.model._meta.get_field("scheduled_changes").related_model
        found = changes.objects.filter(subscription=models.OuterRef("pk"), state=state)
        return self.filter(models.Exists(found))

    def with_waiting_change(self):
        """Joins the change that waits for its day, of which there is one at most, as `waiting`."""
        waits = Q(scheduled_changes__state="waiting")
        return self.annotate(waiting=models.FilteredRelation("scheduled_changes", condition=waits))

    def matching(self, text: str, *, tenant: Tenant):
        """Those of the tenant whose name, product, ID, order, or partner of record answers to each word of the text.

        The sides of product and partner are subqueries, not conditions on joins made for each row of the tenant.
        """

        def has_word(word: Word) -> Q:
            own = word_in(word, "search_text", "own_search_text")
            found = own | Q(product__in=Product.objects.filter(word_in(word, "search_text")).values("pk"))
            for keys in (self._credited(word, tenant), self._ordered(word, tenant)):
                found |= Q(pk__in=keys) if keys is not None else Q()
            return found

        return self.filter(find_words(text, has_word))

    def keys_elsewhere(self, word: Word, *, tenant: Tenant) -> dict[str, models.QuerySet]:
        """Keys of those of the tenant that answer to a word by what is not their own text, by where it stands."""
        products = Product.objects.filter(word_in(word, "search_text"))
        keys = {
            "of_products": self.filter(tenant=tenant, product__in=products.values("pk")).values("pk"),
            "credited": self._credited(word, tenant),
            "ordered": self._ordered(word, tenant),
        }
        return {name: each for name, each in keys.items() if each is not None}

    def _credited(self, word: Word, tenant: Tenant) -> models.QuerySet:
        found = self._open_periods().filter(word_in(word, "partner__search_text"), tenant=tenant)
        return found.values("subscription")

    def _ordered(self, word: Word, tenant: Tenant) -> models.QuerySet | None:
        """None where the word is no number of an order, or its beginning."""
        if not ORDER_NUMBER.match(word.key):
            return None
        lines = self._order_lines().filter(tenant=tenant, order__number__startswith=word.key)
        return lines.values("subscription")

    def _order_lines(self):
        """They follow the subscription among the models, so they are reached by the relation's name too."""
        lines: Any = self.model._meta.get_field("order_lines").related_model
        return lines.objects.filter(subscription__isnull=False)

    def _open_periods(self):
        """Periods live on the upper floor, so they are reached by the relation's name."""
        periods: Any = self.model._meta.get_field("partners_of_record").related_model
        return periods.objects.in_force()

    def with_total(self, cap: int):
        """Adds `total`, how many rows these are, counted no further than the cap."""
        counted = ArraySubquery(self.order_by().values("pk")[:cap])
        return self.annotate(total=models.Func(counted, function="cardinality", output_field=models.IntegerField()))


class Subscription(Payment):
    """A product that a tenant pays for, or tries."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    tenant = models.ForeignKey(
        Tenant, on_delete=models.PROTECT, db_index=False, related_name="subscriptions", verbose_name=_("organization")
    )
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, related_name="subscriptions", verbose_name=_("product")
    )
    name = NameField(_("name"))
    name_key = SortKeyField()
    search_text = SearchTextField(sources=("name", "uuid"))
    # The organization's own, which no partner sees from its workspace
    own_name = NameField(_("own name"), max_length=OWN_NAME_LENGTH, blank=True)
    cost_center = NameField(_("cost center"), max_length=COST_CENTER_LENGTH, blank=True)
    own_search_text = SearchTextField(sources=("own_name", "cost_center"))
    status = models.CharField(_("status"), max_length=10, choices=SubscriptionStatus)
    licenses_total = models.PositiveIntegerField(_("licenses"))
    licenses_assigned = models.PositiveIntegerField(_("assigned licenses"), default=0)
    billing_frequency = models.CharField(_("billing frequency"), max_length=10, choices=BillingFrequency)
    cost = models.DecimalField(_("cost per billing period"), max_digits=12, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    cost_per_month = models.GeneratedField(
        expression=F("cost") / models.Case(models.When(billing_frequency="annual", then=12), default=1),
        output_field=models.DecimalField(_("cost per month"), max_digits=14, decimal_places=4),
        db_persist=True,
    )
    started_on = models.DateField(_("started on"))
    term_ends_on = models.DateField(_("term ends on"))
    # The end of a term that no paid one follows: by it, a row's state is known before the hourly job writes it
    lapses_on = models.GeneratedField(
        expression=models.Case(
            models.When(status="trial", payment_method="", then=F("term_ends_on")),
            models.When(status="active", recurring_billing=False, then=F("term_ends_on")),
            models.When(status__in=("expired", "disabled", "deleted"), then=F("term_ends_on")),
        ),
        output_field=models.DateField(_("lapses on"), null=True),
        db_persist=True,
    )
    anchor_day = AnchorDayField(_("billing day"))
    unit_price = models.DecimalField(_("per user and month"), max_digits=10, decimal_places=2, default=0)
    began_as_trial = models.BooleanField(_("began as a trial"), default=False)
    trial_extended = models.BooleanField(_("trial was extended"), default=False)
    # The end that the admins were reminded of, so that each end of a trial is announced once.
    reminded_of_end = models.DateField(null=True, editable=False)
    canceled_at = models.DateTimeField(pgettext_lazy("subscription", "canceled"), null=True, editable=False)
    canceled_by = models.CharField(
        pgettext_lazy("subscription", "canceled by"), max_length=120, blank=True, editable=False
    )
    cancel_reason = models.CharField(_("reason of the cancellation"), max_length=500, blank=True, editable=False)
    # The end of the term that "cancel now" cut short, for as long as it is canceled.
    paid_until = models.DateField(_("paid until"), null=True, editable=False)
    recurring_billing = models.BooleanField(_("recurring billing"), default=True)
    reseller_managed = models.BooleanField(_("managed by a reseller"), default=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="subscription_tenant_and_id"),
            one_of("status", SubscriptionStatus, name="subscription_status_known"),
            one_of("billing_frequency", BillingFrequency, name="subscription_frequency_known"),
            models.CheckConstraint(
                name="subscription_assigned_within_total",
                condition=Q(licenses_assigned__lte=F("licenses_total")),
            ),
            one_of("payment_method", PaymentMethod, name="subscription_payment_known", blank=True),
            both_or_neither("canceled_at", "canceled_by", name="subscription_canceled_by_somebody"),
            models.CheckConstraint(
                name="subscription_paid_until_when_canceled",
                condition=Q(paid_until__isnull=True) | Q(canceled_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["tenant", "product"],
                condition=Q(began_as_trial=True),
                name="subscription_one_trial_per_product",
            ),
            models.CheckConstraint(name="subscription_unit_price_not_negative", condition=Q(unit_price__gte=0)),
            models.CheckConstraint(name="subscription_cost_not_negative", condition=Q(cost__gte=0)),
            models.CheckConstraint(name="subscription_currency_code", condition=Q(currency__regex=r"^[A-Z]{3}$")),
            models.CheckConstraint(
                name="subscription_ends_after_start", condition=Q(term_ends_on__gte=F("started_on"))
            ),
            models.CheckConstraint(
                name="subscription_anchor_is_a_day", condition=Q(anchor_day__gte=1, anchor_day__lte=31)
            ),
            is_trimmed("own_name", name="subscription_own_name_trimmed"),
            is_trimmed("cost_center", name="subscription_cost_center_trimmed"),
            models.CheckConstraint(name="subscription_ends_on_anchor_day", condition=falls_on_anchor_day()),
        ]
        indexes = [
            models.Index(fields=["tenant", "name_key", "id"], name="subscription_by_name"),
            models.Index(fields=["tenant", "term_ends_on", "id"], name="subscription_by_term_end"),
            models.Index(fields=["tenant", "cost_per_month", "id"], name="subscription_by_cost"),
            # What the tenant has of a product, in the order in which the shop asks
            models.Index(
                fields=["tenant", "product", "status"],
                condition=Q(
                    status__in=(SubscriptionStatus.TRIAL, SubscriptionStatus.ACTIVE, SubscriptionStatus.EXPIRED)
                ),
                name="subscription_by_product",
            ),
            # What needs attention before its term ends: neither what is over nor a monthly term that renews
            models.Index(
                fields=["tenant", "term_ends_on", "id"],
                condition=Q(status=SubscriptionStatus.TRIAL)
                | Q(status=SubscriptionStatus.ACTIVE)
                & (Q(recurring_billing=False) | Q(billing_frequency=BillingFrequency.ANNUAL)),
                name="subscription_to_attend_to",
            ),
            GinIndex(
                fields=["tenant", "search_text", "own_search_text"],
                opclasses=["int8_ops", "gin_trgm_ops", "gin_trgm_ops"],
                name="subscription_by_words",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def full_name(self) -> str:
        return full_name(self.name, self.own_name)

    @property
    def end_of_term(self) -> EndOfTerm:
        return end_of_term(
            status=self.status, recurring_billing=self.recurring_billing, payment_method=self.payment_method
        )

    @property
    def renews(self) -> bool:
        return self.end_of_term is EndOfTerm.RENEWAL

    @property
    def converts(self) -> bool:
        return self.end_of_term is EndOfTerm.PAID_TERM
