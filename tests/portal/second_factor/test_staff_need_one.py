"""Where the operator says so, staff have a second factor before they see anything of their desk."""

import pytest

from subscriptions.web.recent_sign_in import has_second_factor
from tests.architecture.addresses.facts import staff_urls
from tests.factories import make_user
from tests.personas import make_second_factor

SET_UP = "/accounts/2fa/totp/activate/"
TURN_OFF = "/accounts/2fa/totp/deactivate/"


@pytest.fixture(autouse=True)
def needed(settings):
    settings.STAFF_SECOND_FACTOR = True


def test_every_page_of_the_desk_leads_to_setting_it_up(desk, anonymous):
    urls = {name: url for name, url in staff_urls().items() if not name.startswith("admin:login ")}
    for method in ("get", "post"):
        led = {name: getattr(desk, method)(url).headers.get("Location") for name, url in urls.items()}
        assert set(led.values()) == {SET_UP}
    assert "Staff need a second factor" in desk.get(SET_UP).content.decode()
    assert anonymous.get("/staff/").url.startswith("/accounts/sign-in/")


def test_with_one_the_desk_opens_and_it_cannot_be_turned_off(staff, sign_in):
    make_second_factor(staff)
    client = sign_in(staff)
    assert client.get("/staff/").status_code == 200
    for method in ("get", "post"):
        answer = getattr(client, method)(TURN_OFF)
        assert (answer.status_code, "the only one that you have" in answer.content.decode()) == (403, True)
    assert has_second_factor(staff)
    account = client.get("/account/").content.decode()
    assert TURN_OFF not in account and "the only one that you have" in account


def test_others_need_none(global_admin, sign_in):
    make_second_factor(global_admin)
    answer = sign_in(global_admin).get(TURN_OFF)
    assert answer.status_code == 303  # to confirm first who it is
    assert sign_in(make_user(email="n@x.example")).get("/").status_code == 200


def test_where_it_is_not_needed_the_desk_opens_without(desk, settings):
    settings.STAFF_SECOND_FACTOR = False
    assert desk.get("/staff/").status_code == 200
