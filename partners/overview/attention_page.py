"""What of an organization's partners needs attention."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from partners.models.partner_relationship import ENDS_SOON
from partners.overview.relationship_list import WAITING
from partners.overview.waiting_list import waiting_offers
from partners.relationships.pages.words import MAY_VIEW
from subscriptions.access import Permission
from subscriptions.attention.kinds import AttentionKind, Urgency, add_attention
from subscriptions.attention.of_subscriptions import of_partner
from subscriptions.clouds import Text


def _of_relationships(status: str, *, urgency: Urgency, told: object, **facts: object) -> AttentionKind:
    """A filter of the list of relationships."""
    given: dict = {"rows": WAITING[status], **facts}
    return AttentionKind(
        name=f"relationships-{status}",
        urgency=urgency,
        told=told,
        list_name="partners:relationship-list",
        filters=f"status={status}",
        permission=Permission.READ_RELATIONSHIPS,
        capability=MAY_VIEW,
        for_partners=False,
        **given,
    )


_FIRST: Text = _("The first on %(day)s")

add_attention(
    _of_relationships(
        "offers",
        urgency=Urgency.NOW,
        told=ngettext_lazy("partner's offer waits for an answer", "partners' offers wait for an answer", "count"),
        rows=waiting_offers,
        day="expires_on",
        when=_("A Global admin answers until %(day)s"),
        verb=_("Answer"),
        acts_by=Permission.ANSWER_OFFERS,
    ),
    of_partner(
        "not-active",
        urgency=Urgency.NOW,
        told=ngettext_lazy(
            "subscription credits a partner that is suspended or not active",
            "subscriptions credit a partner that is suspended or not active",
            "count",
        ),
        when=_("Its people have no access, and nobody can name it again"),
        verb=_("Change the partner"),
    ),
    of_partner(
        "not-authorized",
        urgency=Urgency.NOW,
        told=ngettext_lazy(
            "subscription credits a partner that is no longer authorized for it",
            "subscriptions credit a partner that is no longer authorized for them",
            "count",
        ),
        when=_("It stays credited, and nobody can name it again"),
        verb=_("Change the partner"),
    ),
    _of_relationships(
        "review-due",
        urgency=Urgency.SOON,
        told=ngettext_lazy(
            "delegated administrator is to be reviewed", "delegated administrators are to be reviewed", "count"
        ),
        day="looked_at",
        when=_("The first was last confirmed on %(day)s"),
        verb=_("Review them"),
        acts_by=Permission.REVIEW_RELATIONSHIPS,
    ),
    _of_relationships(
        "ends-soon",
        urgency=Urgency.SOON,
        told=ngettext_lazy(
            "relationship ends within %(days)s days", "relationships end within %(days)s days", "count"
        ),
        figures={"days": ENDS_SOON.days},
        day="expires_on",
        when=_FIRST,
        verb=_("See what ends"),
    ),
    _of_relationships(
        "asked",
        urgency=Urgency.SOON,
        told=ngettext_lazy(
            "reseller was asked to end the relationship", "resellers were asked to end the relationship", "count"
        ),
        when=_("The reseller answers; after its time the operator's staff do"),
        verb=_("See requests"),
    ),
)
