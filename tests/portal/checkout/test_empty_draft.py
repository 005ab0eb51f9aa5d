"""A draft from which everything was removed: it names nobody, and looks nobody up."""

import pytest

from partners.directory import reads as directory
from tests.database import as_owner
from tests.factories import make_order, make_partner

ORDER = "/t/alpha/billing/purchase-services/check-out"


@pytest.mark.parametrize("act", ["check/", ""])
def test_an_empty_order_leads_back_to_its_products(alpha, global_admin, sign_in, act):
    make_partner()
    order = make_order(tenant=alpha)
    with as_owner():
        order.lines.all().delete()
    fields = {"partner_id": "565380", "version": "1"}
    answer = sign_in(global_admin).post(f"{ORDER}/{order.uuid}/review/partner/{act}", fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{ORDER}/{order.uuid}/products/")


def test_without_a_product_no_partner_is_looked_up(alpha, django_assert_num_queries):
    make_partner()
    with django_assert_num_queries(0), pytest.raises(ValueError, match="No product"):
        directory.find_partner_for_all("565380", tenant=alpha, products=[])
