"""One decision over several organizations, sent at the same moment in two windows: one effect in each."""

import pytest

from tests.database import as_owner, at_once
from tests.subscriptions.groups.test_several_changes import acts, decide, previewed, url_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_decisions_at_once_one_counts_and_the_other_leads_to_its_receipt(several, visitor, sign_in):
    other = sign_in(several.person)
    page = previewed(visitor, several.named, several.east_named, kind="partner-of-record.delete")
    answers = at_once(lambda: decide(visitor, page), lambda: decide(other, other.get(url_of(page))))
    assert [answer.status_code for answer in answers] == [303, 303]
    assert {answer.url for answer in answers} == {url_of(page).removesuffix("preview/")}
    with as_owner():
        decided = acts()
    assert {slug: act.state for slug, act in decided.items()} == {"west": "queued", "east": "queued"}
    assert len({act.joint for act in decided.values()}) == 1
