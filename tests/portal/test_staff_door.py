"""Nobody but staff comes through the staff's door, and it tells others nothing."""

import pytest

from portal.errors import static_page
from subscriptions.models import RefusalRecord
from tests.architecture.addresses.facts import staff_addresses, staff_url
from tests.database import as_owner
from tests.desk import list_url, page_of, send

# Django's own: the sign-in, which leads to the portal's; the catch-all; and the way out, which leads to the start.
NO_PAGE = {"admin:login", "admin:logout", "admin:"}
PAGES = [address for address in staff_addresses() if address.name not in NO_PAGE and "(" not in address.route]


def test_every_staff_page_leads_strangers_to_the_sign_in_and_refuses_members(global_admin, sign_in, anonymous):
    member = sign_in(global_admin)
    refusal = static_page("403_staff.html", 403).content
    for address in PAGES:
        url = staff_url(address.route)
        answer = anonymous.get(url)
        assert (address.name, answer.status_code) == (address.name, 302)
        assert answer.url == f"/accounts/sign-in/?next={url}"
        assert (address.name, anonymous.get(url, headers={"HX-Request": "true"}).status_code) == (address.name, 204)
        assert (address.name, member.get(url).content) == (address.name, refusal)


@pytest.mark.parametrize(
    "path", ["nothing/", "nothing", "subscriptions/nothing/", "subscriptions/user/1/nothing/", "auth/group/"]
)
def test_strangers_cannot_tell_a_page_from_none(path, anonymous, db):
    answer = anonymous.get(f"/staff/{path}")
    assert (answer.status_code, answer.url) == (302, f"/accounts/sign-in/?next=/staff/{path}")


def test_a_member_is_refused_and_told_no_name_of_a_model(global_admin, sign_in):
    answer = sign_in(global_admin).get("/staff/", follow=True)
    assert answer.status_code == 403
    assert answer.content == static_page("403_staff.html", 403).content


def test_the_refusal_names_who_can_help(global_admin, sign_in):
    assert "ask the operator to open your account for it" in sign_in(global_admin).get("/staff/").content.decode()


@pytest.mark.parametrize("path", ["", "billing/subscriptions/", "settings/audit-log/"])
def test_staff_without_a_membership_see_no_organization(staff, alpha, sign_in, path):
    assert sign_in(staff).get(f"/t/alpha/{path}").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "%00/",
        "subscriptions/cloudstate/%00/change/",
        "subscriptions/user/?is_staff__exact=%00",
        "subscriptions/user/?q=%00",
        "subscriptions/user/?%00=1",
        "autocomplete/?app_label=subscriptions&model_name=membership&field_name=user&term=%00",
    ],
)
def test_a_nul_is_a_bad_request(desk, path):
    assert desk.get(f"/staff/{path}").status_code == 400


@pytest.mark.parametrize("chosen", ["", "x", "1\0", "-1", "9" * 30])
def test_chosen_rows_that_are_none_are_a_bad_request(desk, chosen):
    data = {"action": "deactivate", "_selected_action": chosen}
    assert desk.post(list_url("subscriptions_user"), data).status_code == 400


def test_a_nul_in_a_form_is_shown_at_its_field(desk):
    assert desk.post("/staff/subscriptions/tenant/add/", {"name": "a\0b"}).status_code == 422


@pytest.mark.parametrize("name", ["action", "index", "select_across", "_save", "_popup"])
def test_a_nul_beside_chosen_rows_is_no_error(desk, staff, name):
    data = {"action": "deactivate", "_selected_action": staff.pk, name: "\0"}
    assert desk.post(list_url("subscriptions_user"), data).status_code in (200, 302, 303)


@pytest.mark.parametrize("name", ["reason", "key", "seal", "version"])
def test_a_nul_in_the_form_of_an_act_is_no_error(desk, staff, name):
    page = page_of(desk, "subscriptions_user", "deactivate", staff)
    assert send(desk, page, **{"reason": "x", name: "\0"}).status_code in (200, 409, 422)


@pytest.mark.parametrize("ids", ["x", "1,x", "-1", "9" * 30, "%00", "1.5"])
def test_an_act_on_keys_that_are_none_is_a_bad_request(desk, ids):
    assert desk.get(f"/staff/acts/deactivate/?ids={ids}").status_code == 400
    assert desk.post(f"/staff/acts/deactivate/?ids={ids}").status_code == 400


def test_no_object_has_a_page_elsewhere(desk):
    assert desk.get("/staff/r/7/1/").status_code == 404


def test_a_nul_does_not_disturb_a_refusal(global_admin, sign_in):
    assert sign_in(global_admin).get("/staff/%00/").status_code == 403
    with as_owner():
        assert RefusalRecord.objects.get().path == "/staff//"


def test_strangers_with_a_nul_are_sent_to_the_sign_in(anonymous, db):
    assert anonymous.get("/staff/%00/?q=%00", follow=True).status_code == 200
