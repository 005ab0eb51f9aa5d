from decimal import Decimal
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from partners.models.partner import Partner
from partners.models.partner_relationship import NAME_LENGTH, PartnerRelationship
from subscriptions.base.constraints import SameTenant, both_or_neither, one_of
from subscriptions.base.names import NameField
from subscriptions.models import OrderLine, Product, Subscription, Tenant
from subscriptions.models.delegated_role import DelegatedRole
from subscriptions.models.order import OrderState
from subscriptions.models.subscription import BillingFrequency

MOST_DAYS = 730


class OfferState(models.TextChoices):
    """A sent offer that was not answered in time is expired by `with_state()` from that moment on, by the clock."""

    DRAFT = "draft", _("Draft")
    SENT = "sent", _("Waiting for an answer")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")


class OfferKind(models.TextChoices):
    """Which one, follows from the organization's cloud."""

    FULL = "full", _("Offer")
    ROLES_ONLY = "roles-only", _("Request for delegated administration")


class CreditWanted(models.TextChoices):
    """On what the partner wants to be partner of record."""

    NOTHING = "nothing", _("On nothing")
    NAMED = "named", _("On subscriptions that the offer names")
    BOUGHT = "bought", _("On what is created from the offer")


class OfferedPurchase(models.TextChoices):
    NONE = "none", _("Nothing to buy or try")
    TRIAL = "trial", _("A free trial")
    PURCHASE = "purchase", _("A purchase")


class PartnerOfferQuerySet(models.QuerySet):
    def of_tenant(self, tenant: Tenant):
        """What the organization gets to see: nothing before it is sent."""
        return self.filter(tenant=tenant).exclude(state=OfferState.DRAFT)

    def of_partner(self, partner: Partner):
        return self.filter(partner=partner)

    def waiting(self):
        return self.filter(state=OfferState.SENT, expires_on__gt=Now())

    def with_state(self):
        """Adds `state_now`, which is `state` unless the time has run out."""
        return self.annotate(
            state_now=Case(
                When(state=OfferState.SENT, expires_on__lte=Now(), then=Value(OfferState.EXPIRED.value)),
                default=F("state"),
            )
        )


class PartnerOffer(models.Model):
    """A partner's request to one organization: to be partner of record, to be delegated admin, and what to buy.

    `generation` counts the sendings: only the link of the last one leads here. `roles` and `days` are what is asked
    for, `granted_roles` and `granted_days` what the organization's Global admin said yes to.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+", verbose_name=_("organization"))
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="offers", verbose_name=_("partner"))
    name = NameField(_("name"), max_length=NAME_LENGTH)
    state = models.CharField(_("state"), max_length=10, choices=OfferState, default=OfferState.DRAFT)
    kind = models.CharField(_("kind"), max_length=10, choices=OfferKind, default=OfferKind.FULL, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    generation = models.PositiveIntegerField(default=0, editable=False)
    credit = models.CharField(
        _("partner of record"), max_length=10, choices=CreditWanted, default=CreditWanted.NOTHING
    )
    roles = ArrayField(
        models.CharField(max_length=40, choices=DelegatedRole), verbose_name=_("roles"), blank=True, default=list
    )
    days = models.PositiveSmallIntegerField(_("days"), null=True, blank=True)
    purchase = models.CharField(
        _("to buy or try"), max_length=10, choices=OfferedPurchase, default=OfferedPurchase.NONE
    )
    drafted_at = models.DateTimeField(_("drafted"), db_default=Now())
    drafted_by = models.CharField(_("drafted by"), max_length=120)
    sent_at = models.DateTimeField(_("sent"), null=True)
    sent_by = models.CharField(_("sent by"), max_length=120, blank=True)
    expires_on = models.DateTimeField(_("can be answered until"), null=True)
    decided_at = models.DateTimeField(_("answered"), null=True)
    decided_by = models.CharField(_("answered by"), max_length=120, blank=True)
    decided_terms = models.CharField(_("terms that were shown (SHA-256)"), max_length=64, blank=True)
    decision_reason = models.CharField(_("reason"), max_length=500, blank=True)
    granted_roles = ArrayField(
        models.CharField(max_length=40, choices=DelegatedRole), verbose_name=_("roles granted"), default=list
    )
    granted_days = models.PositiveSmallIntegerField(_("days granted"), null=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)
    withdrawn_by = models.CharField(_("withdrawn by"), max_length=120, blank=True)
    relationship = models.ForeignKey(
        PartnerRelationship, on_delete=models.PROTECT, db_constraint=False, null=True, related_name="offers"
    )

    state_now: str
    is_left: bool
    objects = PartnerOfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("partner's offer")
        verbose_name_plural = _("partners' offers")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="offer_tenant_and_id"),
            models.UniqueConstraint(
                fields=["partner", "name"],
                name="offer_name_once",
                violation_error_message=_("You have an offer of that name already."),
            ),
            one_of("state", OfferState, name="offer_state_known"),
            one_of("kind", OfferKind, name="offer_kind_known"),
            one_of("credit", CreditWanted, name="offer_credit_known"),
            one_of("purchase", OfferedPurchase, name="offer_purchase_known"),
            both_or_neither("drafted_at", "drafted_by", name="offer_drafted_by_somebody"),
            both_or_neither("sent_at", "sent_by", name="offer_sent_by_somebody"),
            both_or_neither("decided_at", "decided_by", name="offer_decided_by_somebody"),
            both_or_neither("withdrawn_at", "withdrawn_by", name="offer_withdrawn_by_somebody"),
            models.CheckConstraint(
                name="offer_days_with_roles",
                condition=Q(roles__len=0, days__isnull=True)
                | (~Q(roles__len=0) & Q(days__gte=1) & Q(days__lte=MOST_DAYS)),
            ),
            models.CheckConstraint(
                name="offer_of_roles_only_has_nothing_else",
                condition=~Q(kind="roles-only") | (Q(credit="nothing", purchase="none") & ~Q(roles__len=0)),
            ),
            models.CheckConstraint(
                name="offer_grants_what_was_asked",
                condition=Q(granted_roles__len=0, granted_days__isnull=True)
                | (
                    Q(state="accepted", granted_roles__contained_by=F("roles"))
                    & ~Q(granted_roles__len=0)
                    & Q(granted_days__gte=1, granted_days__lte=F("days"))
                ),
            ),
            models.CheckConstraint(
                name="offer_sent_has_an_end",
                condition=Q(state="draft", sent_at__isnull=True, expires_on__isnull=True)
                | (~Q(state="draft") & Q(sent_at__isnull=False, expires_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="offer_decided_once",
                condition=(Q(state__in=["accepted", "declined"], decided_at__isnull=False) & ~Q(decided_terms=""))
                | (~Q(state__in=["accepted", "declined"]) & Q(decided_at__isnull=True, decided_terms="")),
            ),
            models.CheckConstraint(
                name="offer_withdrawn_is_a_state",
                condition=Q(state="withdrawn", withdrawn_at__isnull=False)
                | (~Q(state="withdrawn") & Q(withdrawn_at__isnull=True)),
            ),
            SameTenant(field="relationship", name="offer_relationship_same_tenant"),
        ]
        indexes = [
            models.Index(fields=["tenant", "-id"], name="offer_of_tenant"),
            models.Index(fields=["partner", "-id"], name="offer_of_partner"),
            models.Index(fields=["expires_on"], condition=Q(state="sent"), name="offer_waiting_by_end"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_of_roles_only(self) -> bool:
        return self.kind == OfferKind.ROLES_ONLY


class OfferTerms(models.Model):
    """One version of the partner's own terms, as sanitized; never changed, so that a hash names a text for good."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+")
    offer = models.ForeignKey(PartnerOffer, on_delete=models.PROTECT, db_constraint=False, related_name="terms")
    number = models.PositiveIntegerField(_("version"))
    html = models.TextField(_("terms"))
    digest = models.CharField(_("SHA-256"), max_length=64)
    written_at = models.DateTimeField(_("written"), db_default=Now())
    written_by = models.CharField(_("written by"), max_length=120)

    class Meta:
        verbose_name = _("offer's terms")
        verbose_name_plural = _("offer's terms")
        constraints = [
            SameTenant(field="offer", name="offerterms_offer_same_tenant"),
            models.UniqueConstraint(fields=["offer", "number"], name="offerterms_number_once"),
            both_or_neither("written_at", "written_by", name="offerterms_written_by_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.offer_id} · {self.number}"


class OfferedSubscription(models.Model):
    """A subscription on which the offer asks for the credit."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+")
    offer = models.ForeignKey(PartnerOffer, on_delete=models.CASCADE, db_constraint=False, related_name="named")
    subscription = models.ForeignKey(
        Subscription, on_delete=models.PROTECT, db_constraint=False, related_name="+", verbose_name=_("subscription")
    )

    class Meta:
        constraints = [
            SameTenant(field="offer", name="offeredsubscription_offer_same_tenant"),
            SameTenant(field="subscription", name="offeredsubscription_subscription_same_tenant"),
            models.UniqueConstraint(fields=["offer", "subscription"], name="offeredsubscription_once"),
        ]

    def __str__(self) -> str:
        return f"{self.offer_id} · {self.subscription_id}"


class OfferedProductQuerySet(models.QuerySet):
    def to_create(self):
        """Nothing came of them so far: neither created, nor bought as a trial that had its partner already."""
        return self.filter(created=None).exclude(line__order__state=OrderState.PLACED)


class OfferedProduct(models.Model):
    """A product that comes with the offer. `line` is the order line made of it, `created` what came of it."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+")
    offer = models.ForeignKey(PartnerOffer, on_delete=models.CASCADE, db_constraint=False, related_name="products")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+", verbose_name=_("product"))
    licenses = models.PositiveIntegerField(_("licenses"))
    billing_frequency = models.CharField(
        _("billing frequency"), max_length=10, choices=BillingFrequency, default=BillingFrequency.MONTHLY
    )
    line = models.ForeignKey(OrderLine, on_delete=models.SET_NULL, db_constraint=False, null=True, related_name="+")
    created = models.ForeignKey(
        Subscription, on_delete=models.PROTECT, db_constraint=False, null=True, related_name="+"
    )

    price: Decimal | None
    cost: Decimal | None
    objects = OfferedProductQuerySet.as_manager()

    class Meta:
        constraints = [
            SameTenant(field="offer", name="offeredproduct_offer_same_tenant"),
            SameTenant(field="created", name="offeredproduct_created_same_tenant"),
            SameTenant(field="line", name="offeredproduct_line_same_tenant"),
            models.UniqueConstraint(fields=["offer", "product"], name="offeredproduct_once"),
            models.CheckConstraint(name="offeredproduct_licenses_positive", condition=Q(licenses__gte=1)),
            one_of("billing_frequency", BillingFrequency, name="offeredproduct_frequency_known"),
        ]

    def __str__(self) -> str:
        return f"{self.licenses} × {self.product_id}"
