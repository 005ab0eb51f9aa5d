"""Each page, and each state of a page that looks different, with the way there."""

import re
from collections.abc import Iterator
from functools import partial

from playwright.sync_api import FilePayload, Locator, Page, expect

from subscriptions.bulk.runs import work_off
from tests.browser.client import Visit
from tests.factories import PASSWORD, make_approval, make_member
from tests.subscriptions.bulk.client import newest
from tests.worlds import World


def visits(page: Page, world: World) -> Iterator[Visit]:
    """A walk that ends with a partner of record deleted; needs the partner IDs that `full` makes."""
    tenant = f"/t/{world.tenant.slug}/"
    yield from _addresses(
        page, ["/", "/account/", "/accounts/password/change/", tenant, f"{tenant}settings/audit-log/"]
    )
    yield from _addresses(page, [f"{tenant}{path}" for path in ("what-happened/", "snoozed/", "settings/mails/")])
    yield from _addresses(page, [f"{tenant}search/", f"{tenant}search/?q=office", f"{tenant}search/?q=x"])
    yield "snoozed", lambda: _snooze(page, tenant)
    yield from _list(page, f"{tenant}billing/subscriptions/")
    yield from _details(page, world)
    yield from _form(page, world)
    yield from _acts(page, world)
    yield from _finder(page, f"{tenant}billing/purchase-services/find-a-partner/", world)
    yield from _shop(page, f"{tenant}billing/")
    yield from _addresses(page, [f"{tenant}settings/members/"])
    yield from _relationships(page, f"{tenant}settings/partner-relationships/")
    yield from _scheduled(page, f"{tenant}billing/scheduled-changes/")
    yield from _many(page, f"{tenant}billing/")
    yield from _several(page, world.other.number)
    yield from _file(page, f"{tenant}billing/changes/", world)
    yield from _policy(page, f"{tenant}settings/partner-policy/", world)
    yield from _approvals(page, tenant, world)
    yield from _programs(page, f"{tenant}settings/")
    yield from _addresses(page, ["/t/no-such-organization/"])


def workspace_visits(page: Page, world: World) -> Iterator[Visit]:
    """A walk of a person of `world.other` that ends with the partner's access given up."""
    workspace = f"/p/{world.other.number}/"
    credits, customers = f"{workspace}partner-of-record/", f"{workspace}customers/"
    yield from _addresses(page, ["/", workspace, f"{customers}?q=nothing&tie=ends-soon", f"{customers}?tie=x"])
    yield from _addresses(page, [f"{workspace}company/", f"{workspace}match-requests/", f"{workspace}offers/renew/"])
    yield from _addresses(page, [f"{workspace}offers/templates/"])
    yield from _addresses(page, [f"{credits}?ends=term-90", f"{credits}?q=nothing", f"{credits}?order=organization"])
    yield "changes", lambda: _follow(page, page.locator("table td a", has_text="gained in").first)
    yield from _addresses(page, [f"{credits}changes/"])
    yield "customer", partial(_open, page, customers, world.tenant.name)
    yield "give up", lambda: _follow(page, page.get_by_role("link", name="Give up access"))
    yield "given up", lambda: _press_here(page, "Give up access")


def visits_on_behalf(page: Page, world: World) -> Iterator[Visit]:
    """What a partner's person with every role sees of a customer."""
    tenant = f"/t/{world.tenant.slug}/"
    people = f"{tenant}settings/members/"
    yield from _addresses(page, [tenant, f"{tenant}settings/audit-log/", world.url(world.bare, "licenses/")])
    yield from _addresses(page, [world.url(world.named)])
    for menu in ("More actions", "Switch organization"):
        yield menu, page.locator("summary", has_text=menu).click
    yield from _addresses(page, [f"{tenant}settings/partner-relationships/", people])
    yield "reset sign-in", lambda: _follow(page, page.get_by_role("link", name="Reset sign-in").first)
    yield "sign-in reset", lambda: _press_here(page, "Reset sign-in")
    yield from _addresses(page, [f"{tenant}billing/purchase-services/", world.url(world.named, "partner-of-record/")])


def _addresses(page: Page, addresses: list[str]) -> Iterator[Visit]:
    for address in addresses:
        yield address, partial(page.goto, address)


def _programs(page: Page, settings: str) -> Iterator[Visit]:
    """Applications and webhooks, empty and not; the token and the secret as they are shown once."""
    applications, webhooks = f"{settings}applications/", f"{settings}webhooks/"
    yield from _addresses(page, [applications, webhooks])
    yield "token", lambda: _make_application(page, f"{applications}new/")
    yield "secret", lambda: _add_webhook(page, f"{webhooks}add/")
    yield from _addresses(page, [applications, webhooks])


def _make_application(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("Name", exact=True).fill("Billing sync")
    page.get_by_label("Global reader").check()
    page.get_by_label("Read orders").check()
    _follow(page, page.get_by_role("button", name="Make it"))
    page.get_by_label("Password").fill(PASSWORD)  # the sign-in has to be minutes old
    _follow(page, page.get_by_role("button", name="Confirm"))
    _follow(page, page.get_by_role("button", name="Make it"))
    expect(page.locator("main")).to_contain_text("Billing sync")


def _add_webhook(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("Name", exact=True).fill("Billing sync")
    page.get_by_label("Address of the receiver").fill(
        "https://93.184.215.14/hook"
    )  # a number, as no name is asked for
    _follow(page, page.get_by_role("button", name="Add"))
    expect(page.locator("main")).to_contain_text("whsec_")


def _snooze(page: Page, tenant: str) -> None:
    page.goto(tenant)
    _follow(page, page.get_by_role("button", name="Snooze for 7 days").first)
    page.goto(f"{tenant}snoozed/")


def _list(page: Page, address: str) -> Iterator[Visit]:
    yield from _addresses(page, [address, f"{address}?q=nothing&status=trial", f"{address}?partner_id=x"])


def _details(page: Page, world: World) -> Iterator[Visit]:
    yield from _addresses(page, [world.url(world.bare), world.url(world.named) + "?as_of=2026-01-01"])
    for menu in ("More actions", "App launcher", "Theme", "Account"):
        yield menu, page.locator("summary", has_text=menu).click
    yield "help", page.locator("details.help summary").first.click


def _form(page: Page, world: World) -> Iterator[Visit]:
    address = world.url(world.named, "partner-of-record/")
    yield from _addresses(page, [address])
    yield "found", partial(_check, page, world.other.number)
    yield "global ID", partial(_check, page, "999")
    yield "error of Submit", partial(_submit, page)
    yield "no answer", partial(_fail, page, "**/check/")
    yield "done", partial(_delete, page, address)
    yield "conflict", partial(_conflict, page, world.url(world.bare, "partner-of-record/"))


def _acts(page: Page, world: World) -> Iterator[Visit]:
    acts = ("licenses", "billing-frequency", "recurring-billing", "names", "cancel", "reactivate")
    yield from _addresses(page, [world.url(world.bare, f"{act}/") for act in acts])
    address = world.url(world.bare, "licenses/")
    yield "new cost", partial(_press, page, address, "Show the new cost")
    yield "error of an act", partial(_press, page, world.url(world.bare, "cancel/"), "Cancel subscription")
    yield "old form of an act", partial(_press, page, address, "Show the new cost", version=7)
    yield from _addresses(page, [f"/t/{world.tenant.slug}/billing/subscriptions/?status=disabled"])
    yield "acts that cannot be done", partial(_menu_of_first, page)


def _press(page: Page, address: str, button: str, version: int | None = None) -> None:
    page.goto(address)
    if version:
        page.locator("input[name=version]").evaluate("(field, value) => field.value = value", version)
    _follow(page, page.get_by_role("button", name=button))


def _menu_of_first(page: Page) -> None:
    _follow(page, page.locator("tbody a").first)
    page.locator("summary", has_text="More actions").click()


def _finder(page: Page, address: str, world: World) -> Iterator[Visit]:
    chosen = f"{address}ask/?partners={world.other.uuid}"
    yield from _addresses(page, [address, f"{address}?q=nothing&country=DE", f"{address}?service=x", chosen])
    yield "wish missing", partial(_follow, page, page.get_by_role("button", name="Send request"))
    yield from _addresses(page, [f"{address}requests/"])
    yield "wish sent", partial(_ask, page, chosen)


def _ask(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("What do you need help with?").fill("Our mail")
    _follow(page, page.get_by_role("button", name="Send request"))


def _relationships(page: Page, address: str) -> Iterator[Visit]:
    yield from _addresses(page, [address, f"{address}?q=nothing"])
    yield "partner", partial(_open_partner, page, address)
    for kind in ("Reseller", "Delegated administrator"):
        yield kind, partial(_open, page, address, kind)
    yield "end", lambda: _follow(page, page.locator("main").get_by_role("link", name="Delete", exact=True))
    yield "refused", partial(_refused, page, address)


def _shop(page: Page, billing: str) -> Iterator[Visit]:
    """Purchase services with a card's menu open, a trial, and the check-out to its end; the pane's states between."""
    address = f"{billing}purchase-services/"
    yield from _addresses(page, [f"{billing}orders/", f"{address}?q=nothing", address])
    yield "menu of a card", page.locator("summary", has_text="Buy or try").click
    yield "trial", lambda: _follow(page, page.get_by_role("link", name="Start free trial"))
    yield "products", partial(_buy_now, page, address)
    yield "products, error", partial(_type_and_go_on, page, "0")
    yield "review", partial(_type_and_go_on, page, "7")
    yield "add", page.locator("summary", has_text="add").click
    yield "global ID at purchase", partial(_check, page, "999")
    yield "Next refuses it", partial(_go_on_with, page, "999")
    yield "found at purchase", partial(_check, page, "565380")
    yield "named", lambda: _press_here(page, "Add to the order")
    yield "payment", lambda: _press_here(page, "Next")
    yield "payment, error", lambda: _press_here(page, "Place order")
    yield "confirmation", partial(_place_order, page)
    yield "order", lambda: _follow(page, page.get_by_role("link", name="Order confirmation to print"))
    yield "placed twice", lambda: page.goto(page.url.replace("orders/", "purchase-services/check-out/") + "review/")
    yield from _addresses(page, [f"{billing}orders/"])


def _scheduled(page: Page, address: str) -> Iterator[Visit]:
    yield from _addresses(page, [address])
    yield "cancel a change", lambda: _follow(page, page.get_by_role("link", name="Cancel the change").first)


def _many(page: Page, billing: str) -> Iterator[Visit]:
    """From the list to the receipt and the result of each; the job is done between."""
    yield from _addresses(page, [f"{billing}changes/"])
    yield "nothing chosen", partial(_choose, page, f"{billing}subscriptions/", 0)
    yield "what is wanted of many", partial(_choose, page, f"{billing}subscriptions/", 2)
    yield "what is wanted, error", lambda: _press_here(page, "Show what will change")
    yield "preview of many", partial(_name_partner, page, "Show what will change")
    yield "many in progress", lambda: _follow(page, page.get_by_role("button", name=re.compile("^Change [0-9]")))
    yield "receipt of many", partial(_done, page)
    yield "result of each", lambda: _follow(page, page.get_by_role("link", name="The result of each subscription"))


def _several(page: Page, number: str) -> Iterator[Visit]:
    """From the list over all organizations to the receipt of what was changed in them."""
    yield from _addresses(page, ["/organizations/", "/organizations/?q=nothing", "/organizations/changes-across/"])
    yield "nothing chosen in several", partial(_choose, page, "/organizations/", 0)
    yield "what is wanted in several", partial(_choose, page, "/organizations/", 2)
    yield "preview of several", partial(_name_partner, page, "Show what will change", number)
    yield "several in progress", lambda: _follow(page, page.get_by_role("button", name=re.compile("^Change [0-9]")))
    yield "receipt of several", partial(_done, page)


def _choose(page: Page, address: str, count: int) -> None:
    page.goto(address)
    for box in page.locator("tbody input[name=pick]").all()[:count]:
        box.check()
    _follow(page, page.get_by_role("button", name="Set partner of record"))


def _name_partner(page: Page, button: str, number: str = "565380") -> None:
    page.get_by_label("Microsoft Partner ID").fill(number)
    _press_here(page, button)


def _done(page: Page) -> None:
    act = newest()
    work_off(tenant_id=act.tenant_id, act_id=act.pk)
    page.reload()


def _file(page: Page, address: str, world: World) -> Iterator[Visit]:
    yield from _addresses(page, [f"{address}from-file/"])
    lines = f'subscription_id,partner_id\n{world.bare.uuid},935287\n{world.named.uuid},"5,6538E+05"\n'
    yield "file, preview with an error", partial(_upload, page, lines)


def _upload(page: Page, lines: str) -> None:
    file: FilePayload = {"name": "changes.csv", "mimeType": "text/csv", "buffer": lines.encode()}
    page.get_by_label("CSV file").set_input_files(file)
    _press_here(page, "Upload and look at it")


def _policy(page: Page, address: str, world: World) -> Iterator[Visit]:
    """Ends with a default partner, an approved one and an exemption."""
    yield from _addresses(
        page, [address, f"{address}off-list/", f"{address}approved/add/", f"{address}defaults/add/"]
    )
    yield "default found", partial(_name_partner, page, "Set a default partner")
    yield "default set", lambda: _press_here(page, "Set a default partner")
    yield from _addresses(page, [f"{address}subscriptions/{world.bare.uuid}/exempt/"])


def _approvals(page: Page, tenant: str, world: World) -> Iterator[Visit]:
    """What another one asks for, up to the form that refuses it; and the views of the list."""
    colleague = make_member(tenant=world.tenant, email="asks@example.com", name="Ada Asker")
    make_approval(subscription=world.bare, user=colleague, partner=world.other, reason="Year end")
    approvals, views = f"{tenant}billing/approvals/", f"{tenant}views/"
    yield from _addresses(page, [f"{tenant}settings/second-person/", f"{approvals}?state=waiting"])
    yield "views", page.locator("summary", has_text="Views").click
    yield "view", lambda: _follow(page, page.get_by_role("link", name="Save this view"))
    yield "view without a name", lambda: _press_here(page, "Save")
    yield from _addresses(page, [views, approvals])
    yield "request", lambda: _follow(page, page.locator("table td a, table th a").first)
    yield "refuse", lambda: _follow(page, page.get_by_role("link", name="Refuse"))


def _press_here(page: Page, label: str) -> None:
    """By its words before the comma: an act that costs says after it how much."""
    _follow(page, page.get_by_role("button", name=re.compile(rf"^{label}(,|$)")))


def _buy_now(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("summary", has_text="Buy or try").click()
    _follow(page, page.get_by_role("button", name="Buy now"))


def _type_and_go_on(page: Page, licenses: str) -> None:
    page.get_by_label("Licenses of").fill(licenses)
    _press_here(page, "Next")


def _go_on_with(page: Page, number: str) -> None:
    page.get_by_label("Microsoft Partner ID").fill(number)
    _press_here(page, "Next")


def _place_order(page: Page) -> None:
    page.get_by_role("checkbox").check()
    _press_here(page, "Place order")


def _follow(page: Page, link: Locator) -> None:
    with page.expect_navigation():
        link.click()


def _submit(page: Page) -> None:
    _follow(page, page.get_by_role("button", name="Submit", exact=True))


def _check(page: Page, number: str) -> None:
    page.get_by_label("Microsoft Partner ID").fill(number)
    page.get_by_role("button", name="Check ID").click()
    expect(page.locator("#check-result")).to_contain_text(number)


def _fail(page: Page, address: str) -> None:
    page.route(address, lambda route: route.abort())
    page.get_by_role("button", name="Check ID").click()
    expect(page.locator("#check-result .banner.error")).to_be_visible()
    page.unroute(address)


def _delete(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("Microsoft Partner ID").fill("")
    _submit(page)


def _conflict(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("input[name=version]").evaluate("field => field.value = 7")
    _submit(page)


def _open(page: Page, address: str, kind: str) -> None:
    page.goto(address)
    _follow(page, page.get_by_role("link", name=kind, exact=True))


def _open_partner(page: Page, address: str) -> None:
    page.goto(address)
    _follow(page, page.locator("tr.group a").first)


def _refused(page: Page, address: str) -> None:
    """The end of a reseller relationship, which only the reseller can bring about."""
    _open(page, address, "Reseller")
    page.goto(f"{page.url}end/")
