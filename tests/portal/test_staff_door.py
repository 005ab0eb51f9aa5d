"""T23: nobody but staff comes through the staff's door, and it tells others nothing."""

import pytest

from portal.errors import shell
from tests.architecture.urls import staff_addresses

# Django's own: the sign-in, which leads to the portal's; the catch-all; and the way out, which leads to the start.
NO_PAGE = {"admin:login", "admin:logout", "admin:"}
PAGES = [address for address in staff_addresses() if address.name not in NO_PAGE and "(" not in address.route]


def test_t23_every_staff_page_leads_strangers_to_the_sign_in_and_refuses_members(global_admin, sign_in, anonymous):
    member = sign_in(global_admin)
    refusal = shell("403.html", 403).content
    for address in PAGES:
        url = "/" + address.route.replace("<path:object_id>", "1").replace("<int:content_type_id>", "1")
        answer = anonymous.get(url)
        assert (address.name, answer.status_code) == (address.name, 302)
        assert answer.url.startswith(("/accounts/sign-in/?", "/staff/login/?"))
        assert (address.name, member.get(url).content) == (address.name, refusal)


def test_t23_a_member_is_refused_and_told_no_name_of_a_model(global_admin, sign_in):
    answer = sign_in(global_admin).get("/staff/", follow=True)
    assert answer.status_code == 403
    assert answer.content == shell("403.html", 403).content


@pytest.mark.parametrize("path", ["", "billing/subscriptions/", "settings/audit-log/"])
def test_t23_staff_without_a_membership_see_no_organisation(staff, alpha, sign_in, path):
    assert sign_in(staff).get(f"/t/alpha/{path}").status_code == 404
