"""A partner that is not active any more stays where it is credited, flagged with what to do."""

import pytest

from partners.models import PartnerRelationship
from partners.models.partner import PartnerState
from tests.database import as_owner
from tests.desk import act
from tests.factories import make_relationship
from tests.facts import periods
from tests.page import attribute, inside, words

LABELS = {
    PartnerState.SUSPENDED: "Partner suspended",
    PartnerState.INACTIVE: "Partner not active",
    PartnerState.PENDING: "Partner under review",
}
STAYS = "It stays credited and listed, but its people have no access and nobody can name it again."
NEXT = "Next step: Ask what has happened. You can delete it as partner of record, or name another one."


@pytest.fixture(params=LABELS)
def flagged(request, person, contoso, desk):
    """Contoso's admin, after staff put its partner of record into that state."""
    make_relationship(tenant=contoso.tenant, partner=contoso.partner)
    act(desk, "partners_partner", "change_state", contoso.partner, state=request.param, reason="Papers expired")
    person.comes_back(contoso.admin)
    return person, LABELS[request.param]


def test_it_is_flagged_on_each_page_that_names_it(flagged, contoso):
    person, label = flagged
    with as_owner():
        relationship = PartnerRelationship.objects.get().uuid
    relationships = "/t/contoso/settings/partner-relationships/"
    for url in (
        "/t/contoso/billing/subscriptions/",
        contoso.url(contoso.named),
        relationships,
        f"{relationships}{relationship}/",
        f"{relationships}partners/{contoso.partner.uuid}/",
    ):
        page = person.open(url)
        assert (url, page.status) == (url, 200)
        assert [each for each in (label, STAYS, NEXT) if each not in page.text] == []
    assert periods(contoso.named) == [("565380", True)]


def test_the_row_that_credits_it_has_the_tag(flagged):
    person, label = flagged
    rows = person.open("/t/contoso/billing/subscriptions/").rows
    assert [row.endswith(f"565380 Tailspin Consulting {label}") for row in rows] == [False, True]


def test_what_it_says_to_do_works(flagged, contoso):
    person, _label = flagged
    person.open(contoso.url(contoso.named))
    person.follow("Edit partner of record")
    assert person.press("Submit", partner_id="").status == 200
    assert periods(contoso.named) == [("565380", False)]


def test_an_active_partner_has_no_tag(person, contoso):
    person.comes_back(contoso.admin)
    for url in ("/t/contoso/billing/subscriptions/", contoso.url(contoso.named)):
        page = person.open(url)
        tags = [words(part) for part in inside(page.root, "span") if "tag" in attribute(part, "class").split()]
        assert "565380 Tailspin Consulting" in page.text
        assert [label for label in LABELS.values() if label in tags] == []
