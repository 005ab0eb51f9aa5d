"""Each address × each kind of actor × GET and an empty POST, as url_table.py says.

HEAD answers as GET does. For somebody of each kind of answer, `HX-Request` changes nothing but this: instead of a
redirect to the sign-in, which htmx would swap into the page, the page itself is moved there. That is done in one
place for all addresses, so it is asked of one address of each kind in an area. Nothing is changed by any of these
requests.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.apps import apps
from django.core import signing
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone

from partners.models import Partner, PartnerPerson
from partners.models.partner_relationship import RelationshipKind
from partners.offers.workspace.draft import FOUND_SALT
from partners.templatetags.offers import path_to
from subscriptions.clouds import Cloud
from subscriptions.models import Membership, RefusalRecord, RequestCounter, Tenant, User
from subscriptions.web.acts import Act
from tests.architecture.addresses.facts import Address, portal_addresses
from tests.architecture.addresses.url_table import ACTORS, FEW, GET, LINK, OFFER_SWITCH, POST, SIGN_OUT, TABLE
from tests.database import as_owner
from tests.factories import (
    make_application,
    make_approval,
    make_audit_event,
    make_bulk_act,
    make_delivery,
    make_invitation,
    make_joint_act,
    make_offer_round,
    make_offer_template,
    make_order,
    make_partner,
    make_partner_of_record,
    make_partner_offer,
    make_partner_person,
    make_policy,
    make_price,
    make_relationship,
    make_release_request,
    make_scheduled_change,
    make_sold_product,
    make_subscription,
    make_token,
    make_user,
    make_view,
    make_webhook,
    placed,
)

HTMX = {"HX_Request": "true"}
ADDRESSES = [address for address in portal_addresses() if not address.name.startswith("demo-")]
# By the part of the portal: "subscriptions", "checkout"; what has no namespace is of the account or the home page
AREAS = {
    area: [address for address in ADDRESSES if address.name.rpartition(":")[0] == area]
    for area in sorted({address.name.rpartition(":")[0] for address in ADDRESSES})
}


@pytest.fixture
def url_of(alpha, global_admin):
    """The address of a name, with rows of alpha that it can show."""
    partner = make_partner()
    subscription, another = make_subscription(tenant=alpha), make_subscription(tenant=alpha, name="Visio")
    make_price(product=subscription.product)
    make_partner_of_record(subscription=subscription, partner=partner)
    relationship = make_relationship(tenant=alpha, partner=partner, expires_on=timezone.now() + timedelta(days=100))
    reseller = make_relationship(tenant=alpha, partner=partner, kind=RelationshipKind.RESELLER)
    asked = make_release_request(relationship=reseller)
    with as_owner():
        member = Membership.objects.create(
            tenant=alpha, user=make_user(email="m@alpha.example"), role="global-reader"
        )
    draft, order = make_order(tenant=alpha), make_order(tenant=alpha, **placed("2026-000001"))
    product = make_sold_product(name="Office 365 E5", has_trial=True)
    offer = make_partner_offer(tenant=alpha, partner=partner)
    template, offered = make_offer_template(partner=partner), make_offer_round(partner=partner, tenants=[alpha])
    invitation = make_invitation(tenant=alpha)
    scheduled = make_scheduled_change(subscription=another, user=global_admin, partner=partner)
    view = make_view(tenant=alpha, user=global_admin)
    approval = make_approval(subscription=subscription, user=member.user)
    policy = make_policy(tenant=alpha, partner=partner, exempt=another)
    changes = make_bulk_act(tenant=alpha, user=global_admin, rows=[subscription])
    across = make_joint_act(make_bulk_act(tenant=alpha, user=global_admin, rows=[subscription]), user=global_admin)
    wanted = make_bulk_act(tenant=alpha, user=global_admin, rows=[subscription], state="chosen", digest="")
    asked_across = make_joint_act(wanted, user=global_admin)
    with as_owner():
        colleague = PartnerPerson.objects.create(
            partner=partner, user=make_user(email="c@partners.example"), role="sales-agent"
        )

    webhook, of_workspace = make_webhook(tenant=alpha), make_webhook(partner=partner)
    event = make_audit_event(tenant=alpha, at=timezone.now() - timedelta(days=1))  # that is no news
    sent, sent_to_partner = (make_delivery(endpoint=each, event=event) for each in (webhook, of_workspace))
    own, theirs = make_application(tenant=alpha), make_application(partner=partner)
    for application in (own, theirs):
        make_token(application)
    with as_owner():
        own_token, their_token = own.tokens.get(), theirs.tokens.get()
    of_partner = make_invitation(partner=partner, kind="partner-person", role="sales-agent", place=partner.name)

    def url(address) -> str:
        if address.name == "logo":
            return reverse("logo", args=["0" * 32])
        if address.name == "api-problem":
            return reverse("api-problem", args=["not-found"])
        if address.name == "offer-link":
            return path_to(offer.uuid, offer.generation)
        if "<uidb36>" in address.route:
            return reverse(address.name, args=["1", "x-y"])
        arguments = ["alpha"] if "<slug:slug>" in address.route else []
        if "<slug:number>" in address.route:
            arguments.append(partner.number)
        if "<str:token>" in address.route:
            arguments.append(signing.dumps([partner.pk, "alpha"], salt=FOUND_SALT))
        if "<uuid:uuid>" in address.route:
            asks_reseller = address.name.startswith(("partners:release-", "workspace:leave-"))
            noun = address.route.split("/<uuid:uuid>")[0].rpartition("/")[2]
            is_workspace = address.name.startswith("workspace:")
            shown = {
                "subscriptions": subscription,
                "changes": changes,
                "changes-across": asked_across if address.name == "several-what" else across,
                "scheduled-changes": scheduled,
                "approvals": approval,
                "views": view,
                "defaults": policy[0],
                "approved": policy[1],
                "exemptions": policy[2],
                "partner-relationships": reseller if asks_reseller else relationship,
                "release-requests": asked,
                "partners": partner,
                "offers": offer,
                "templates": template,
                "many": offered,
                "purchase-services": product,
                "check-out": draft,
                "orders": order,
                "customers": alpha,
                "relationships": reseller if asks_reseller else relationship,
                "members": member,
                "people": colleague,
                "webhooks": of_workspace if is_workspace else webhook,
                "deliveries": sent_to_partner if is_workspace else sent,
                "applications": theirs if is_workspace else own,
                "tokens": their_token if is_workspace else own_token,
                "invitations": of_partner if is_workspace else invitation,
            }[noun]
            arguments.append(shown.uuid)
        return reverse(address.name, args=arguments)

    return url


Clients = dict[str, Client]


@pytest.fixture
def signed_in(alpha, request, sign_in) -> Callable[[], Clients]:
    """A new client for each actor: one was deactivated after signing in, one was a member once."""
    deactivated, removed = make_user(email="gone@alpha.example"), make_user(email="former@alpha.example")
    people = {"deactivated": deactivated, "removed": removed}
    people |= {name: request.getfixturevalue(name) for name in ACTORS[3:]}

    def clients() -> Clients:
        with as_owner():
            User.objects.filter(pk=deactivated.pk).update(is_active=True)
        signed_in = {name: sign_in(user) for name, user in people.items()}
        with as_owner():
            User.objects.filter(pk=deactivated.pk).update(is_active=False)
        return {"anonymous": Client(), **signed_in}

    return clients


def answers(clients: Clients, method: str, url: str, **headers) -> dict[str, int]:
    return {actor: getattr(client, method)(url, headers=headers).status_code for actor, client in clients.items()}


# All but what is kept of refusals, and counted of those who ask; each in a word, and all in one round trip
WRITTEN = [
    model._meta.db_table
    for label in ("subscriptions", "partners")
    for model in apps.get_app_config(label).get_models()
    if model not in (RefusalRecord, RequestCounter)
]
IN_A_WORD = "SELECT '{0}', md5(coalesce(string_agg(t::text, ';' ORDER BY t::text), '')) FROM {0} t"


def everything() -> dict[str, str]:
    """What these requests could have changed: each table, and what is in it."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(map(IN_A_WORD.format, WRITTEN)))
        return dict(cursor.fetchall())


@pytest.mark.parametrize("area", AREAS, ids=lambda area: area or "account")
def test_each_actor_gets_the_status_of_the_table(area, signed_in, url_of):
    """With htmx the same, but for the way to the sign-in. One world for an area, as nothing may change it."""
    clients, before, wrong, kinds = signed_in(), everything(), {}, []
    for address in AREAS[area]:
        assert address.name in TABLE, f"Say in TABLE of url_table.py who gets what at {address}."
        cache.clear()  # the limits of the one address that all of them come from
        expected = TABLE[address.name]
        if differences := unexpected(clients, url_of(address), expected, by_htmx=expected not in kinds):
            wrong[address.name] = differences
        kinds.append(expected)
        if expected in (SIGN_OUT, OFFER_SWITCH):
            clients = signed_in()  # it has let nobody stay
        assert everything() == before, f"Something was changed at {address}."
    assert wrong == {}


def unexpected(clients: Clients, url: str, expected: dict[str, dict[str, int]], *, by_htmx: bool) -> list[str]:
    """What differs from the table: who, how, and what came instead."""
    htmx, few = with_htmx(expected), {name: clients[name] for name in FEW}
    admin, reader = ({name: clients[name]} for name in ("global_admin", "reader"))
    asked = [(clients, GET, expected[GET], {}), (admin, "head", expected[GET], {})]
    if by_htmx:
        asked.append((few, GET, htmx[GET], HTMX))
    asked.append((clients, POST, expected[POST], {}))
    if by_htmx and expected not in (SIGN_OUT, OFFER_SWITCH):  # who has been signed out is a stranger to the next
        asked.append((reader, POST, htmx[POST], HTMX))
    found = []
    for people, method, row, headers in asked:
        got = answers(people, method, url, **headers)
        found += [f"{method} {headers} of {who}: {got[who]}, not {row[who]}" for who in got if got[who] != row[who]]
    return found


def with_htmx(expected: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    """htmx itself moves a visitor to the sign-in; an offer's link leads elsewhere first."""
    if expected is LINK:
        return expected
    moved = dict.fromkeys(("anonymous", "deactivated"), 204)
    return {method: row | moved if row["anonymous"] == 302 else row for method, row in expected.items()}


def test_the_table_names_no_address_that_is_gone():
    assert set(TABLE) == {address.name for address in ADDRESSES}


def test_the_address_of_an_act_without_a_page_leads_to_the_page_it_stands_on(sign_in, global_admin, url_of):
    """Nothing is looked up or changed. Where a cloud has no such act, there is nothing at its address."""
    agent = sign_in(make_partner_person(partner=the_partner(), email="agent@tailspin.example"))
    acts = {address.name: address for address in ADDRESSES if getattr(act_of(address), "page", "")}
    assert acts
    for cloud in (Cloud.WORLDWIDE, Cloud.OPERATED_BY_21VIANET):
        move_to(cloud)
        before = everything()
        for name, address in acts.items():
            client = agent if name.startswith("workspace:") else sign_in(global_admin)
            for method in (client.get, client.head):
                answer = method(url_of(address))
                assert answer.status_code in (302, 404), name
                if answer.status_code == 302:
                    assert resolve(answer.url.partition("?")[0]).view_name == act_of(address).page
        assert everything() == before


def act_of(address: Address) -> type[Act] | None:
    return getattr(address.view, "act", None)


@as_owner()
def the_partner() -> Partner:
    return Partner.objects.get()


@as_owner()
def move_to(cloud: Cloud) -> None:
    for model in (Partner, Tenant):
        model.objects.update(cloud=cloud)
