from uuid import uuid4

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from partners.models.partner import Partner
from subscriptions.base.constraints import SameTenant, one_of
from subscriptions.models import Product, Subscription, Tenant
from subscriptions.models.subscription import SubscriptionStatus


class Source(models.TextChoices):
    """What a period began or ended with."""

    PURCHASE = "purchase", _("Purchase")
    TENANT = "tenant", _("By the organization")
    OFFER = "offer", _("Partner's offer")
    POLICY = "policy", _("Policy")
    STAFF = "staff", _("Operator's staff")
    UNDO = "undo", _("Undone")
    IMPORT = "import", _("Import")
    SCHEDULE = "schedule", _("Scheduled change")
    API = "api", _("Application (API)")


def _bound(function: str) -> Func:
    return Func(F("valid"), function=function, output_field=models.DateTimeField())


class PartnerOfRecordQuerySet(models.QuerySet):
    def in_force(self):
        """The open period: who is credited now."""
        return self.filter(valid__upper_inf=True)

    def of_existing_subscriptions(self):
        """A deleted subscription credits no partner that a page would show."""
        return self.filter(of_deleted=False)

    def with_bounds(self):
        """Adds `began` and `ended`, the bounds of the period."""
        return self.annotate(began=_bound("lower"), ended=_bound("upper"))

    def as_of(self, moment):
        """Who was credited at that moment."""
        return self.filter(valid__contains=moment)

    def latest_first(self):
        return self.order_by(Func(F("valid"), function="lower").desc())


class PartnerOfRecord(models.Model):
    """One period in which one partner is credited on one subscription.

    The open period has no upper bound. A row is closed once and never changed again; triggers and grants see to it.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+", verbose_name=_("organization"))
    subscription = models.ForeignKey(
        Subscription,
        on_delete=models.PROTECT,
        db_constraint=False,
        related_name="partners_of_record",
        verbose_name=_("subscription"),
    )
    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, related_name="partners_of_record", verbose_name=_("partner")
    )
    # Copies of what the subscription says, and where its organization is, kept by triggers while the period is open:
    # their own policies would be weighed for each row of a partner's lists and searches
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, blank=True, db_index=False, editable=False, related_name="+"
    )
    search_text = models.TextField(blank=True, db_collation="C", editable=False)
    of_deleted = models.BooleanField(default=False, editable=False)
    status = models.CharField(max_length=10, blank=True, choices=SubscriptionStatus, editable=False)
    licenses = models.PositiveIntegerField(default=0, editable=False)
    lapses_on = models.DateField(null=True, editable=False)
    term_ends_on = models.DateField(null=True, editable=False)
    country = models.CharField(max_length=2, blank=True, editable=False)
    time_zone = models.CharField(max_length=60, blank=True, editable=False)
    valid = DateTimeRangeField(
        _("credited"),
        default_bounds="[)",
        help_text=_("From, and until; no end while the partner is credited."),
    )
    source = models.CharField(_("began with"), max_length=10, choices=Source)
    set_by = models.ForeignKey("subscriptions.User", on_delete=models.PROTECT, null=True, related_name="+")
    set_by_name = models.CharField(_("set by"), max_length=120)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    end_source = models.CharField(_("ended with"), max_length=10, choices=Source, blank=True)
    ended_by = models.ForeignKey("subscriptions.User", on_delete=models.PROTECT, null=True, related_name="+")
    ended_by_name = models.CharField(_("ended by"), max_length=120, blank=True)
    end_reason = models.CharField(_("reason for the end"), max_length=500, blank=True)

    objects = PartnerOfRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("partner of record")
        verbose_name_plural = _("partners of record")
        constraints = [
            SameTenant(field="subscription", name="partnerofrecord_subscription_same_tenant"),
            ExclusionConstraint(
                name="partnerofrecord_one_at_a_time",
                expressions=[
                    ("subscription_id", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This subscription has another partner of record in that time."),
            ),
            models.UniqueConstraint(
                fields=["subscription"],
                include=["tenant", "partner"],  # lists read whom a row credits from the index alone
                condition=Q(valid__upper_inf=True),
                name="partnerofrecord_one_open",
            ),
            models.CheckConstraint(
                name="partnerofrecord_half_open",
                condition=Q(valid__isempty=False)
                & Q(valid__lower_inf=False)
                & Q(valid__lower_inc=True)
                & Q(valid__upper_inc=False),
            ),
            models.CheckConstraint(
                name="partnerofrecord_ended_by_somebody",
                condition=Q(valid__upper_inf=True, ended_by_name="", end_source="", ended_by__isnull=True)
                | (Q(valid__upper_inf=False) & ~Q(ended_by_name="") & ~Q(end_source="")),
            ),
            models.CheckConstraint(name="partnerofrecord_set_by_somebody", condition=~Q(set_by_name="")),
            one_of("source", Source, name="partnerofrecord_source_known"),
            one_of("end_source", Source, name="partnerofrecord_end_source_known", blank=True),
            one_of("status", SubscriptionStatus, name="partnerofrecord_status_known", blank=True),
        ]
        indexes = [
            models.Index(
                F("subscription"), Func(F("valid"), function="lower").desc(), name="partnerofrecord_history"
            ),
            # Whom an organization credits, and of one of them the newest and the oldest credit
            models.Index(
                F("tenant"),
                F("partner"),
                Func(F("valid"), function="lower").desc(),
                F("id").desc(),
                include=["subscription"],
                condition=Q(valid__upper_inf=True),
                name="partnerofrecord_by_partner",
            ),
            # What a partner asks for, whatever the number of others: whom it is credited by, and since when
            models.Index(
                fields=["partner", "tenant", "id"],
                condition=Q(valid__upper_inf=True, of_deleted=False),
                name="partnerofrecord_of_partner",
            ),
            models.Index(
                F("partner"),
                Func(F("valid"), function="lower").desc(),
                F("id").desc(),
                condition=Q(valid__upper_inf=True, of_deleted=False),
                name="partnerofrecord_newest",
            ),
            # What a partner's search reads, from the index alone
            models.Index(
                fields=["partner", "id"],
                include=["tenant", "subscription", "product", "search_text"],
                condition=Q(valid__upper_inf=True, of_deleted=False),
                name="partnerofrecord_by_words",
            ),
            # What a partner's filters read, and what it is credited for is worth, from the index alone
            models.Index(
                fields=["partner", "id"],
                include=[
                    "tenant",
                    "product",
                    "status",
                    "licenses",
                    "lapses_on",
                    "term_ends_on",
                    "country",
                    "time_zone",
                ],
                condition=Q(valid__upper_inf=True, of_deleted=False),
                name="partnerofrecord_by_facts",
            ),
            models.Index(
                fields=["partner", "term_ends_on", "id"],
                condition=Q(valid__upper_inf=True, of_deleted=False),
                name="partnerofrecord_by_term_end",
            ),
            # What staff's search reads; few people set most of them, so it is small
            models.Index(
                fields=["set_by_name"], opclasses=["varchar_pattern_ops"], name="partnerofrecord_by_set_by_name"
            ),
            # What a partner gained and lost in a month
            models.Index(F("partner"), Func(F("valid"), function="lower"), name="partnerofrecord_began"),
            models.Index(
                F("partner"),
                Func(F("valid"), function="upper"),
                condition=Q(valid__upper_inf=False),
                name="partnerofrecord_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner.number} · {self.subscription.name}"
