"""The files of an organization's export that tell of its partners. What a partner has only drafted stays there."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from partners.models import (
    ApprovedPartner,
    ManagedSubscription,
    MatchedPartner,
    MatchRequest,
    OfferedProduct,
    OfferedSubscription,
    OfferTerms,
    PartnerOffer,
    PartnerOfRecord,
    PartnerRelationship,
    PolicyExemption,
    PolicyPartner,
    ReleaseRequest,
    ReleaseStep,
    ScheduledChange,
)
from partners.models.partner_offer import OfferState
from subscriptions.exports.tables import TenantTable
from subscriptions.models import Tenant
from subscriptions.web.tables import Column

PARTNER = (("partner__number", _("Partner ID")), ("partner__name", _("Partner")))
SUBSCRIPTION = ("subscription__uuid", "subscription__name")
OFFER = ("offer__uuid", "offer__name")


def _of_sent(model: Any) -> Any:
    def rows(tenant: Tenant) -> Any:
        return model.objects.filter(tenant=tenant).exclude(offer__state=OfferState.DRAFT)

    return rows


TABLES = (
    TenantTable(
        "partners-of-record",
        PartnerOfRecord,
        (
            *("uuid", *SUBSCRIPTION, *PARTNER),
            Column(_("From"), value="began", in_zone=True),
            Column(_("Until"), value="ended", in_zone=True),
            *("source", "set_by_name", "reason", "end_source", "ended_by_name", "end_reason"),
        ),
        rows=lambda tenant: PartnerOfRecord.objects.filter(tenant=tenant).with_bounds(),
        beside=("began", "ended"),
    ),
    TenantTable(
        "scheduled-changes",
        ScheduledChange,
        (
            *("uuid", *SUBSCRIPTION, *PARTNER, "day", "at_renewal", "reason", "state", "outcome"),
            *("scheduled_at", "scheduled_by", "ended_at", "ended_by"),
        ),
    ),
    TenantTable(
        "policy-default-partners",
        PolicyPartner,
        ("uuid", *PARTNER, ("product__name", _("Product")), ("family_id", _("Category")), "added_at", "added_by"),
    ),
    TenantTable("policy-approved-partners", ApprovedPartner, ("uuid", *PARTNER, "added_at", "added_by")),
    TenantTable(
        "policy-exemptions",
        PolicyExemption,
        ("uuid", *SUBSCRIPTION, "reason", "ends_on", "added_at", "added_by", "ended_at", "ended_by"),
    ),
    TenantTable("subscriptions-of-resellers", ManagedSubscription, (*SUBSCRIPTION, *PARTNER)),
    TenantTable(
        "relationships",
        PartnerRelationship,
        (
            *("uuid", "kind", "name", *PARTNER, "roles", "started_at", "started_by", "expires_on", "auto_extend"),
            *("reviewed_at", "reviewed_by", "ended_at", "ended_by", "end_reason"),
        ),
    ),
    TenantTable(
        "release-requests",
        ReleaseRequest,
        (
            *("uuid", *PARTNER, "relationship__uuid", "state", "reason", "due_on", "sent_at", "sent_by"),
            *("escalated_on", "closed_at", "closed_by", "decline_reason"),
        ),
    ),
    TenantTable("release-request-steps", ReleaseStep, ("request__uuid", "kind", "at", "by", "by_staff", "note")),
    TenantTable(
        "match-requests",
        MatchRequest,
        (
            *("uuid", "wish", "country", ("family_id", _("Service")), "language", "state"),
            *("requested_at", "requested_by", "closed_at", "closed_by"),
        ),
    ),
    TenantTable("match-request-partners", MatchedPartner, ("request__uuid", *PARTNER)),
    TenantTable(
        "offers",
        PartnerOffer,
        (
            *("uuid", "name", *PARTNER, "kind", "state", "credit", "roles", "days", "purchase", "sent_at", "sent_by"),
            *("expires_on", "decided_at", "decided_by", "decided_terms", "decision_reason", "granted_roles"),
            *("granted_days", "withdrawn_at", "withdrawn_by", "relationship__uuid"),
        ),
        rows=PartnerOffer.objects.of_tenant,
    ),
    TenantTable(
        "offer-terms",
        OfferTerms,
        (*OFFER, "number", "html", "digest", "written_at", "written_by"),
        rows=_of_sent(OfferTerms),
    ),
    TenantTable(
        "offer-subscriptions", OfferedSubscription, (*OFFER, *SUBSCRIPTION), rows=_of_sent(OfferedSubscription)
    ),
    TenantTable(
        "offer-products",
        OfferedProduct,
        (*OFFER, "product__name", "product__uuid", "licenses", "billing_frequency", "created__uuid"),
        rows=_of_sent(OfferedProduct),
    ),
)
LEFT_OUT = {
    "partners.PartnerCustomer": "Counts of the credits and relationships, which stand in files of their own.",
    "partners.ServedCustomer": "What a partner says of its own people; the partner's page shows it.",
}
