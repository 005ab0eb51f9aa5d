"""A walk along every link: no complaint of the browser, safe headers, and nothing that was stored is run."""

import re
from collections import Counter
from urllib.parse import urlsplit

import pytest
from django.urls import resolve
from playwright.sync_api import Page, Response, expect

from partners.models.partner_relationship import RelationshipKind
from subscriptions.clouds import Capability, Cloud
from subscriptions.models.people.membership import Role
from tests.browser.client import listen
from tests.factories import (
    make_application,
    make_approval,
    make_audit_event,
    make_member,
    make_order,
    make_partner,
    make_partner_of_record,
    make_partner_offer,
    make_price,
    make_relationship,
    make_sold_product,
    make_subscription,
    make_tenant,
    make_token,
    make_user,
    make_view,
    make_webhook,
    placed,
)

POLICY = (
    "base-uri 'none'; connect-src 'self'; default-src 'none'; font-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; img-src 'self' data:; object-src 'none'; script-src 'self'; style-src 'self'"
)
HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}
# Every page to which a link leads this admin: the walk saw each, and a page that lost its last link is missed
REACHED = {
    "account",
    "account_change_password",
    "account_reauthenticate",
    "admin-home",
    "api-docs",
    "api-problem",
    "api-problems",
    "checkout:products",
    "checkout:review",
    "checkout:trial-start",
    "help",
    "home",
    "mfa_activate_totp",
    "organizations",
    "own-data",
    "partners:partner-detail",
    "partners:find-partner",
    "partners:many-from-file",
    "partners:match-request-list",
    "partners:offer",
    "partners:partner-of-record-edit",
    "partners:policy",
    "partners:policy-approve",
    "partners:policy-off-list",
    "partners:policy-default-add",
    "partners:relationship-detail",
    "partners:relationship-end",
    "partners:relationship-list",
    "partners:relationship-review",
    "partners:relationship-remove-roles",
    "partners:release-request",
    "partners:scheduled-list",
    "partners:use-for-subscription",
    "several-list",
    "subscriptions:application",
    "subscriptions:application-change",
    "subscriptions:application-delete",
    "subscriptions:application-make",
    "subscriptions:application-revoke",
    "subscriptions:application-token",
    "subscriptions:applications",
    "subscriptions:approval",
    "subscriptions:approval-list",
    "subscriptions:approval-refuse",
    "subscriptions:audit-log",
    "subscriptions:billing-frequency",
    "subscriptions:bulk-list",
    "subscriptions:cancel",
    "subscriptions:detail",
    "subscriptions:licenses",
    "subscriptions:list",
    "subscriptions:order-detail",
    "subscriptions:order-list",
    "subscriptions:member-invite",
    "subscriptions:member-remove",
    "subscriptions:member-role",
    "subscriptions:members",
    "subscriptions:purchase-services",
    "subscriptions:recurring-billing",
    "subscriptions:names",
    "subscriptions:second-person",
    "subscriptions:sign-in-reset",
    "subscriptions:staff-view",
    "subscriptions:view-change",
    "subscriptions:view-delete",
    "subscriptions:views",
    "subscriptions:webhook",
    "subscriptions:webhook-add",
    "subscriptions:webhook-change",
    "subscriptions:webhook-delete",
    "subscriptions:webhook-replay",
    "subscriptions:webhook-secret",
    "subscriptions:webhook-switch",
    "subscriptions:webhook-test",
    "subscriptions:webhooks",
}
FILES = (".csv", ".zip", ".json")  # they are kept, not shown
HOSTILE = "<script>window.hacked=1</script><img src=x onerror=window.hacked=1>"


@pytest.fixture
def everywhere(live_server):
    """One Global admin of an organization in each cloud, whose names all try to run a script."""
    admin = make_user(email="admin@example.com", name=HOSTILE)
    for cloud in Cloud:
        _hostile_tenant(cloud, admin)
    return admin


def _hostile_tenant(cloud: Cloud, admin) -> None:
    tenant = make_tenant(
        slug=f"cloud-{list(Cloud).index(cloud)}", name=f"{HOSTILE}{cloud.name}", cloud=cloud, city=HOSTILE
    )
    make_member(tenant=tenant, user=admin, role=Role.GLOBAL_ADMIN)
    number = 100 + list(Cloud).index(cloud)
    partner = make_partner(
        number=str(number), name=HOSTILE, city=HOSTILE, street=HOSTILE, phone="<b onclick=x>", cloud=cloud
    )
    subscription = make_subscription(tenant=tenant, name=HOSTILE)
    product = make_sold_product(cloud=cloud, name=HOSTILE, has_trial=True)
    named = {"partner_number": str(number), "partner_name": HOSTILE, "started_by": HOSTILE}
    colleague = make_member(tenant=tenant, email=f"c@{tenant.slug}.example", name=HOSTILE)
    make_approval(subscription=subscription, user=colleague, partner=partner, reason=HOSTILE, subject_name=HOSTILE)
    make_view(tenant=tenant, user=admin, name=HOSTILE[:60], query="status=active")
    make_order(tenant=tenant, product=product, **named)
    make_order(
        tenant=tenant, product=product, **named, **placed(f"2026-{number}"), purchase_order_number=HOSTILE[:40]
    )
    make_subscription(tenant=tenant, name="Without partner")
    make_price(product=subscription.product)
    _credit(subscription, partner)
    for kind in (RelationshipKind.RESELLER, RelationshipKind.DELEGATED_ADMIN):
        make_relationship(tenant=tenant, partner=partner, kind=kind, started_by=HOSTILE)
    if tenant.cloud_profile.allows(Capability.RECEIVE_PARTNER_OFFERS):
        hostile = {"name": HOSTILE[:50], "terms": HOSTILE, "drafted_by": HOSTILE, "sent_by": HOSTILE}
        make_partner_offer(tenant=tenant, partner=partner, purchase="trial", products=[product], **hostile)
    make_audit_event(tenant=tenant, subject_name=HOSTILE, actor_name=HOSTILE, reason=HOSTILE)
    make_token(make_application(tenant=tenant, name=HOSTILE[:50], made_by=HOSTILE), made_by=HOSTILE)
    make_webhook(tenant=tenant, label=HOSTILE[:50], added_by=HOSTILE)


def _credit(subscription, partner) -> None:
    make_partner_of_record(subscription=subscription, partner=partner, by_name=HOSTILE, reason=HOSTILE)


def test_every_page_is_silent_safe_and_runs_nothing_that_was_stored(open_as, everywhere):
    """A walk along every link, from home, in every cloud."""
    page = open_as(everywhere)
    complaints = listen(page)
    seen = crawl(page, "/", alike="[0-9a-f-]{36}|(?<=/problems/)[a-z-]+", most=2)
    assert complaints == []
    assert {path: answer.status for path, answer in seen.items() if answer.status != 200} == {}
    assert {path: wrong for path, answer in seen.items() if (wrong := _wrong_headers(answer))} == {}
    assert {resolve(path).view_name for path in seen} == REACHED


def test_the_staffs_pages_are_silent_and_safe_too(open_as, everywhere):
    page = open_as(make_user(email="staff@portal.example", name="Sam Staff", is_staff=True))
    complaints = listen(page)
    seen = crawl(page, "/staff/", alike="[0-9]+")
    assert complaints == []
    assert {path: answer.status for path, answer in seen.items() if answer.status != 200} == {}
    assert {path: wrong for path, answer in seen.items() if (wrong := _wrong_headers(answer))} == {}
    assert len(seen) > 20, sorted(seen)


def crawl(page: Page, start: str, alike: str, most: int = 1) -> dict[str, Response]:
    """The answer of each page that links lead to; of addresses that differ only in what is alike, the first ones."""
    seen, known, kinds, todo = {}, {start}, Counter(), [start]
    while todo:
        path = todo.pop()
        seen[path] = page.goto(path)
        assert page.evaluate("window.hacked") is None, path
        for link in sorted(_links(page) - known):
            kind = re.sub(alike, "*", link)
            if link.startswith(start) and kinds[kind] < most:
                known.add(link)
                kinds[kind] += 1
                todo.append(link)
    return seen


def _links(page: Page) -> set[str]:
    """The pages of this site that this one links to, files to keep apart; one address each, without its query."""
    found = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
    here = urlsplit(page.url).netloc
    leads = {parts.path for parts in map(urlsplit, found) if parts.netloc == here}
    return {path for path in leads if not path.endswith(FILES)}


def _wrong_headers(answer: Response) -> dict[str, str]:
    headers = answer.headers
    wrong = {name: headers.get(name, "") for name, value in HEADERS.items() if headers.get(name) != value}
    if "; ".join(sorted(headers["content-security-policy"].split("; "))) != POLICY:
        wrong["content-security-policy"] = headers["content-security-policy"]
    if headers["cache-control"] != "no-store" and "no-store" not in headers["cache-control"]:
        wrong["cache-control"] = headers["cache-control"]
    if not {"HX-Request", "Cookie"} <= set(headers["vary"].split(", ")):
        wrong["vary"] = headers["vary"]
    return wrong


def test_a_foreign_page_cannot_frame_the_portal(open_as, contoso, site):
    page = open_as(contoso.admin)
    page.route(
        "http://evil.example/",
        lambda route: route.fulfill(content_type="text/html", body=f'<iframe src="{site}/"></iframe>'),
    )
    page.goto("http://evil.example/")
    frame = page.frames[1]
    assert frame.url.startswith("chrome-error://")
    assert "Welcome" not in frame.content()


def test_a_script_typed_as_an_id_is_not_run(open_as, contoso):
    page = open_as(contoso.admin)
    page.goto(contoso.url(contoso.bare, "partner-of-record/"))
    page.get_by_label("Microsoft Partner ID").fill(HOSTILE)
    page.get_by_label("Reason").fill(HOSTILE)
    page.get_by_role("button", name="Check ID").click()
    expect(page.locator("#check-result")).to_contain_text("A partner ID has digits only")
    page.get_by_role("button", name="Submit").click()
    expect(page.locator(".error-summary")).to_be_visible()
    assert page.evaluate("window.hacked") is None
