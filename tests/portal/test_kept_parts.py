"""The menu is drawn once for all that it shows, and never shown to whom it is not for."""

import re

import pytest
from django.core.cache import caches

from subscriptions.models import User
from tests.database import as_owner

pytestmark = pytest.mark.django_db
SUBSCRIPTIONS, MEMBERS = "/t/alpha/billing/subscriptions/", "/t/alpha/settings/members/"


def menu(client, url: str) -> str:
    return re.search(r'<nav class="side".*?</nav>', client.get(url).content.decode(), re.DOTALL)[0]


def test_each_has_the_own_menu_of_place_role_page_and_language(sign_in, global_admin, reader, admin_of_beta):
    caches["parts"].clear()
    admin = sign_in(global_admin)
    drawn = menu(admin, SUBSCRIPTIONS)
    assert menu(admin, SUBSCRIPTIONS) == drawn
    assert f'href="{SUBSCRIPTIONS}" aria-current="page"' in drawn
    assert "/settings/partner-policy/" in drawn
    of_members = menu(admin, MEMBERS)
    assert f'href="{MEMBERS}" aria-current="page"' in of_members
    assert f'href="{SUBSCRIPTIONS}" aria-current' not in of_members
    assert "/settings/partner-policy/" not in menu(sign_in(reader), SUBSCRIPTIONS)
    assert "alpha" not in menu(sign_in(admin_of_beta), "/t/beta/billing/subscriptions/")
    with as_owner():
        User.objects.filter(pk=global_admin.pk).update(language="de")
    assert "Mitglieder" in menu(admin, SUBSCRIPTIONS)
