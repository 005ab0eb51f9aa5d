"""Staff are told who reads the reason that they write, before they write it."""

import pytest

from partners.models.partner_relationship import RelationshipKind
from tests.desk import act
from tests.factories import make_partner, make_partner_offer, make_relationship, make_release_request

TOLD = "The partner and the organization's admins read it. It stands in the audit trail."
INSIDE = "It stands in the audit trail."


@pytest.mark.parametrize(
    ("model", "action", "help_text"),
    [
        ("partnerrelationship", "end_relationships", TOLD),
        ("partnerrelationship", "remove_roles", TOLD),
        ("partnerrelationship", "stop_extending", INSIDE),
        ("releaserequest", "release_on_behalf", TOLD),
        ("releaserequest", "decline_on_behalf", TOLD),
        ("partneroffer", "withdraw_offers", TOLD),
        ("partneroffer", "send_offers_again", INSIDE),
    ],
)
def test_the_form_says_who_reads_the_reason(desk, alpha, model, action, help_text):
    partner = make_partner()
    relationship = make_relationship(tenant=alpha, partner=partner, kind=RelationshipKind.RESELLER)
    row = {
        "partnerrelationship": relationship,
        "releaserequest": make_release_request(relationship=relationship),
        "partneroffer": make_partner_offer(tenant=alpha, partner=partner),
    }[model]
    form = act(desk, f"partners_{model}", action, row).context["form"]
    assert form.fields["reason"].help_text == help_text
