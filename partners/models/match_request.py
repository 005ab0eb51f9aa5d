from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from partners.models.partner import Partner
from subscriptions.base.constraints import SameTenant, both_or_neither, one_of
from subscriptions.models import ProductFamily, Tenant


class MatchState(models.TextChoices):
    OPEN = "open", _("Open")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Closed")


class MatchRequest(models.Model):
    """A tenant's wish to be matched with a partner: it goes to staff, and to up to three partners by mail."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+", verbose_name=_("organization"))
    wish = models.CharField(_("what help is needed"), max_length=1000)
    country = CountryField(_("country or region"))
    family = models.ForeignKey(
        ProductFamily,
        to_field="code",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("service"),
    )
    language = models.CharField(_("language"), max_length=10, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=MatchState, default=MatchState.OPEN)
    requested_at = models.DateTimeField(_("requested"))
    requested_by = models.CharField(_("requested by"), max_length=120)
    closed_at = models.DateTimeField(_("closed"), null=True)
    closed_by = models.CharField(_("closed by"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("partner match request")
        verbose_name_plural = _("partner match requests")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="matchrequest_tenant_and_id"),
            one_of("state", MatchState, name="matchrequest_state_known"),
            both_or_neither("requested_at", "requested_by", name="matchrequest_requested_by_somebody"),
            both_or_neither("closed_at", "closed_by", name="matchrequest_closed_by_somebody"),
            models.CheckConstraint(name="matchrequest_wish_said", condition=~Q(wish="")),
        ]
        indexes = [
            models.Index(fields=["tenant", "-id"], name="matchrequest_newest_first"),
            models.Index(fields=["requested_at"], condition=Q(state="open"), name="matchrequest_open"),
        ]

    def __str__(self) -> str:
        return Truncator(self.wish).chars(80)


class MatchedPartner(models.Model):
    """A partner whom a match request was sent to."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+")
    request = models.ForeignKey(MatchRequest, on_delete=models.CASCADE, db_constraint=False, related_name="asked")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            SameTenant(field="request", name="matchedpartner_request_same_tenant"),
            models.UniqueConstraint(fields=["request", "partner"], name="matchedpartner_once"),
        ]

    def __str__(self) -> str:
        return str(self.partner)
