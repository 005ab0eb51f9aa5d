"""A partner ID is read alike in every box: filter and search of Subscriptions, Find a partner, staff."""

import pytest

from tests import cases
from tests.desk import list_url

SPELLINGS = cases.strings("08-partner-id-typed-elsewhere.txt")


@pytest.mark.parametrize("typed", ["MPN ID: 565380", *SPELLINGS], ids=ascii)
@pytest.mark.parametrize("box", ["partner_id", "q"])
def test_the_subscription_of_the_partner_is_found(box, typed, contoso, sign_in):
    page = sign_in(contoso.admin).get(f"/t/{contoso.tenant.slug}/billing/subscriptions/", {box: typed})
    assert page.status_code == 200
    listed = [str(row.uuid) in page.content.decode() for row in (contoso.named, contoso.bare)]
    assert listed == [True, False]


@pytest.mark.parametrize("typed", ["MPN ID: 565380", *SPELLINGS], ids=ascii)
def test_the_partner_is_found(typed, contoso, sign_in, desk):
    page = sign_in(contoso.admin).get(
        f"/t/{contoso.tenant.slug}/billing/purchase-services/find-a-partner/", {"q": typed}
    )
    assert [row["number"] for row in page.context["list"].rows] == ["565380"]
    listed = desk.get(list_url("partners_partner"), {"q": typed})
    assert [row.number for row in listed.context["cl"].result_list] == ["565380"]
