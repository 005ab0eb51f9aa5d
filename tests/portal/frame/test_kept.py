"""Parts of the frame are drawn once for all that they show, and never shown to whom they are not for."""

import re

import pytest
from django.conf import settings
from django.utils import timezone

from portal.frame import kept
from subscriptions.clouds import Cloud
from subscriptions.models import Membership, Tenant, User
from subscriptions.models.delegated_role import DelegatedRole
from subscriptions.models.people.membership import Role
from tests.database import as_owner
from tests.factories import make_audit_event, make_partner, make_tenant
from tests.personas import make_delegate

pytestmark = pytest.mark.django_db
SUBSCRIPTIONS, MEMBERS = "/t/alpha/billing/subscriptions/", "/t/alpha/settings/members/"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@pytest.fixture(autouse=True)
def nothing_kept_yet():
    kept.forget_parts()


def frame(client, url: str = SUBSCRIPTIONS) -> str:
    """The bar and the menu, without the tokens."""
    html = client.get(url).content.decode()
    return TOKEN.sub("", html[html.index('<header class="top"') : html.index('<main id="main"')])


def menu(client, url: str) -> str:
    return re.search(r'<nav class="side".*?</nav>', client.get(url).content.decode(), re.DOTALL)[0]


def change(model, pk: int, **facts) -> None:
    with as_owner():
        model.objects.filter(pk=pk).update(**facts)


def test_each_has_the_own_menu_of_place_role_page_and_language(sign_in, global_admin, reader, admin_of_beta):
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
    change(User, global_admin.pk, language="de")
    assert "Mitglieder" in menu(admin, SUBSCRIPTIONS)


def test_a_frame_that_is_the_same_is_drawn_once(sign_in, global_admin):
    client = sign_in(global_admin)
    drawn = frame(client)
    before = kept._drawn.cache_info()
    assert frame(client) == drawn
    after = kept._drawn.cache_info()
    assert after.misses == before.misses
    assert after.hits > before.hits


def test_the_bar_is_of_the_person_alone(sign_in, global_admin, reader):
    of_admin, of_reader = frame(sign_in(global_admin)), frame(sign_in(reader))
    assert global_admin.email in of_admin
    assert global_admin.email not in of_reader
    assert reader.email in of_reader
    assert reader.email not in of_admin


def test_the_bar_is_of_the_organization_and_of_its_cloud(sign_in, global_admin, alpha):
    with as_owner():
        there = make_tenant(slug="drueben", name="Drüben GmbH", cloud=Cloud.GERMANY)
        Membership.objects.create(tenant=there, user=global_admin, role=Role.GLOBAL_ADMIN)
    change(User, global_admin.pk, language="en")
    client = sign_in(global_admin)
    here, over_there = frame(client), frame(client, "/t/drueben/billing/subscriptions/")
    for bar, tenant, other in ((here, alpha, there), (over_there, there, alpha)):
        assert f'<span class="cloud">{tenant.cloud_profile.label}</span>' in bar
        assert f'action="/t/{tenant.slug}/search/"' in bar
        assert f'action="/t/{other.slug}/search/"' not in bar
        assert f'<span class="organization-name">{tenant.name}</span>' in bar


@pytest.mark.parametrize(
    ("model", "facts", "shown"),
    [
        (User, {"name": "Renata Neu"}, "Renata Neu"),
        (User, {"name": "<b>Renata"}, "&lt;b&gt;Renata"),
        (User, {"email": "neu@alpha.example"}, "neu@alpha.example"),
        (User, {"language": "de"}, "Abmelden"),
        (User, {"theme": "dark"}, 'value="dark" aria-pressed="true"'),
        (Tenant, {"name": "Renamed Ltd"}, "Renamed Ltd"),
        (Tenant, {"state": "suspended", "state_since": timezone.now()}, "Suspended"),
    ],
)
def test_a_change_is_shown_by_the_next_page(sign_in, global_admin, alpha, beta, model, facts, shown):
    with as_owner():  # two, so that the bar names both
        Membership.objects.create(tenant=beta, user=global_admin, role=Role.GLOBAL_READER)
    client = sign_in(global_admin)
    assert shown not in frame(client)
    change(model, (alpha if model is Tenant else global_admin).pk, **facts)
    assert shown in frame(client)


def test_another_role_and_a_membership_that_ends_are_shown_by_the_next_page(sign_in, global_admin, beta):
    with as_owner():
        second = Membership.objects.create(tenant=beta, user=global_admin, role=Role.GLOBAL_ADMIN)
    client = sign_in(global_admin)
    assert 'href="/t/beta/"' in frame(client)
    assert "/settings/partner-policy/" in frame(client)
    with as_owner():
        global_admin.memberships.filter(tenant__slug="alpha").update(role=Role.GLOBAL_READER)
    assert "/settings/partner-policy/" not in frame(client)
    with as_owner():
        second.delete()
    assert 'href="/t/beta/"' not in frame(client)


def test_a_token_is_of_the_browser_and_of_the_page(sign_in, global_admin):
    one, other = sign_in(global_admin), sign_in(global_admin)
    tokens = [set(TOKEN.findall(client.get(MEMBERS).content.decode())) for client in (one, one, other)]
    assert all(len(found) == 1 for found in tokens)
    assert len(set.union(*tokens)) == 3
    cookies = {client.cookies[settings.CSRF_COOKIE_NAME].value for client in (one, other)}
    assert len(cookies) == 2


def test_the_number_at_the_bell_and_the_address_are_of_the_page(sign_in, global_admin, reader, alpha):
    client = sign_in(global_admin)
    assert '<span class="badge"' not in frame(client)
    for number in (1, 2):
        with as_owner():
            make_audit_event(tenant=alpha, actor=reader)
        assert f'<span class="badge" aria-hidden="true">{number}</span>' in frame(client)
    page = frame(client, f"{SUBSCRIPTIONS}?q=%22%3E%3Cb%3E")
    assert 'name="next" value="/t/alpha/billing/subscriptions/?q=%22%3E%3Cb%3E"' in page
    assert "%22%3E" not in frame(client, MEMBERS)


def test_what_was_sought_stays_on_its_page_alone(sign_in, global_admin):
    client = sign_in(global_admin)
    assert 'name="q" value="&lt;b&gt;secret"' in frame(client, "/t/alpha/search/?q=<b>secret")
    assert "secret" not in frame(client, MEMBERS)


def test_the_way_back_to_a_workspace_is_of_the_partners_person_alone(sign_in, global_admin, alpha):
    roles = (DelegatedRole.GLOBAL_READER,)
    agent = sign_in(make_delegate(tenant=alpha, partner=make_partner(), roles=roles))
    way = re.search(r'<a class="tile" href="(/p/[0-9]+/customers/[^"]+)"', frame(agent))[1]
    assert way not in frame(sign_in(global_admin))
    assert "what-happened" not in frame(agent)  # the bell is of the organization's own people
