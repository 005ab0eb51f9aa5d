"""Two of the staff at one time at a partner's offers, in real transactions and threads."""

from threading import Barrier

import pytest

from partners.models import PartnerOffer
from partners.offers import acts as offers
from tests.database import at_once
from tests.desk import add_url, errors_of, rows_of
from tests.partners.offers.client import MODEL, wanted
from tests.partners.offers.facts import OfferWorld

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_drafts_of_one_name_at_once_one_is_saved_and_the_other_form_says_why(desk, monkeypatch):
    world, both_checked, save = OfferWorld(), Barrier(2, timeout=20), offers.save_draft

    def saved_after_both_were_checked(**facts):
        both_checked.wait()
        return save(**facts)

    monkeypatch.setattr(offers, "save_draft", saved_after_both_were_checked)
    answers = at_once(*[lambda: desk.post(add_url(MODEL), wanted(world))] * 2)
    assert sorted(answer.status_code for answer in answers) == [302, 422]
    (refused,) = [answer for answer in answers if answer.status_code == 422]
    assert errors_of(refused) == {"name": ["The partner has an offer of that name already."]}
    assert refused.context["adminform"].form["name"].value() == "A year"
    assert len(rows_of(PartnerOffer)) == 1
