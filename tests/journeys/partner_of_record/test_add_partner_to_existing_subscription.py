"""Add a partner to an existing subscription: step by step, where the customer adds, and where not."""

import pytest

from subscriptions.db import scopes
from subscriptions.mails import acts as outgoing
from subscriptions.models import Mail
from subscriptions.models.subscription import SubscriptionStatus
from tests.factories import make_subscription
from tests.facts import audit_rows, mailed, periods


def test_add_partner_of_record_step_by_step(person, adding_world):
    """These are ordinary links and form posts."""
    world = adding_world
    person.sign_in(world.billing)
    person.choose("App launcher", "Admin")
    listed = person.choose("Billing", "Subscriptions")
    assert listed.heading == "Subscriptions"
    subscription = person.follow("Office 365 E3")
    assert not subscription.has("Edit partner of record")
    page = person.choose("More actions", "Add partner of record")
    assert page.heading == "Partner information"
    found = person.press("Check ID", partner_id=world.partner.number, reason="Helps us move")
    assert f"Partner found: {world.partner.name}" in found.text
    assert (found.value("partner_id"), found.value("reason")) == (world.partner.number, "Helps us move")
    done = person.press("Submit")
    assert done.banner == f"{world.partner} is now partner of record of Office 365 E3. Undo"
    assert done.url == world.url(world.bare)


def test_the_partner_id_displays_on_the_subscriptions_page_with_its_name(person, adding_world):
    person.sign_in(adding_world.admin)
    add(person, adding_world)
    person.choose("Billing", "Subscriptions")
    (row,) = [row for row in person.page.rows if row.startswith("Office 365 E3")]
    assert row.endswith(f"{adding_world.partner.number} {adding_world.partner.name}")


def test_adding_leaves_one_period_one_audit_row_and_one_mail_each(person, adding_world):
    person.sign_in(adding_world.billing)
    add(person, adding_world, reason="Helps us move")
    domain = f"{adding_world.tenant.slug}.example"
    assert periods(adding_world.bare) == [(adding_world.partner.number, True)]
    assert audit_rows() == [("partner-of-record.added", "Bianca Pisani", "Office 365 E3", "Helps us move")]
    assert mailed() == {
        ("partner-named", adding_world.partner.mailbox),
        ("partner-of-record-receipt", f"admin@{domain}"),
        ("partner-of-record-receipt", f"billing@{domain}"),
    }


def test_the_partner_is_told_what_where_and_by_whom(person, adding_world):
    """The plan, the organization and the admin."""
    person.comes_back(adding_world.billing)
    add(person, adding_world)
    with scopes.worker():
        queued = Mail.objects.select_related("tenant", "event", "to_user").get(kind="partner-named")
        message = outgoing.compose(queued)
    told = [line.rpartition(": ")[2] for line in message.body.splitlines()]
    for fact in (adding_world.tenant.name, "Office 365 E3", "Bianca Pisani"):
        assert fact in told


def test_adding_can_be_undone(person, adding_world):
    person.sign_in(adding_world.admin)
    add(person, adding_world)
    undone = person.press("Undo")
    assert undone.banner == f"Undone. {adding_world.partner} is no longer partner of record of Office 365 E3."
    assert periods(adding_world.bare) == [(adding_world.partner.number, False)]
    assert person.page.has("Add partner of record")


def test_the_menu_says_edit_where_there_is_a_partner(person, world):
    person.sign_in(world.admin)
    subscription = person.open(world.url(world.named))
    assert "Edit partner of record" in subscription.text
    assert not subscription.has("Add partner of record")


def test_each_subscription_has_a_partner_of_its_own(person, adding_world):
    """As far as nothing is bought yet."""
    new = make_subscription(tenant=adding_world.tenant, name="Office 365 F1")
    person.sign_in(adding_world.admin)
    add(person, adding_world)
    assert periods(adding_world.named) == [(adding_world.partner.number, True)]
    assert periods(new) == []
    assert "No partner of record" in person.open(adding_world.url(new)).text


@pytest.mark.parametrize("status", [SubscriptionStatus.TRIAL, SubscriptionStatus.EXPIRED])
def test_a_partner_can_be_added_in_a_trial_and_in_grace(person, contoso, status):
    subscription = make_subscription(tenant=contoso.tenant, name="Project", status=status)
    person.sign_in(contoso.admin)
    person.open(contoso.url(subscription))
    person.choose("More actions", "Add partner of record")
    person.press("Check ID", partner_id=contoso.partner.number)
    assert "is now partner of record of Project" in person.press("Submit").banner


def test_a_disabled_subscription_says_why_no_partner_can_be_added(person, contoso):
    subscription = make_subscription(tenant=contoso.tenant, name="Project", status=SubscriptionStatus.DISABLED)
    person.sign_in(contoso.admin)
    page = person.open(contoso.url(subscription))
    assert page.has("Add partner of record")
    assert "This subscription is disabled, so its partner of record can only be read." in page.text
    refused = person.send(contoso.url(subscription, "partner-of-record/"), partner_id="565380", version="1")
    assert refused.status == 409
    assert "Reactivate the subscription first" in refused.text
    assert periods(subscription) == []


def test_a_deleted_subscription_is_not_found(person, contoso):
    subscription = make_subscription(tenant=contoso.tenant, name="Project", status=SubscriptionStatus.DELETED)
    person.sign_in(contoso.admin)
    for rest in ("", "partner-of-record/"):
        assert person.open(contoso.url(subscription, rest)).heading == "Page not found"
    page = person.send(contoso.url(subscription, "partner-of-record/"), partner_id="565380", version="1")
    assert (page.status, periods(subscription)) == (404, [])


def test_operated_by_21vianet_the_partner_starts_it_by_email(person, vianet):
    """As far as nothing is bought yet: no Add anywhere, and the sentence beside the gap."""
    person.sign_in(vianet.admin)
    person.choose("App launcher", "Admin")
    pages = [person.page, person.choose("Billing", "Subscriptions"), person.follow("Office 365 E3")]
    assert [page.has("Add partner of record") for page in pages] == [False, False, False]
    assert "the partner starts it by email" in person.page.text
    assert "An authorized partner of 21Vianet." in person.page.text


@pytest.mark.parametrize("rest", ["partner-of-record/", "partner-of-record/check/"])
def test_operated_by_21vianet_a_crafted_post_is_not_found(person, vianet, rest):
    person.sign_in(vianet.admin)
    page = person.send(vianet.url(vianet.bare, rest), partner_id=vianet.partner.number, version="1")
    assert (page.status, page.heading) == (404, "Page not found")
    assert person.open(vianet.url(vianet.bare, "partner-of-record/")).status == 404
    assert (periods(vianet.bare), audit_rows(), mailed()) == ([], [], set())


def add(person, world, reason=""):
    person.open(world.url(world.bare))
    person.choose("More actions", "Add partner of record")
    person.press("Check ID", partner_id=world.partner.number, reason=reason)
    return person.press("Submit")
