"""Delete a partner from a subscription, in every cloud."""

import pytest

from subscriptions.clouds import Capability
from tests.facts import audit_rows, mailed, periods, version
from tests.worlds import IN_ONE_CLOUD


def test_clear_the_box_and_submit_step_by_step(person, world):
    person.sign_in(world.billing)
    person.choose("App launcher", "Admin")
    person.choose("Billing", "Subscriptions")
    person.follow("Office 365 E5")
    page = person.follow("Edit partner of record")
    assert page.heading == "Partner information"
    assert "clear the box and select Submit" in page.text
    done = person.press("Submit", partner_id="")
    assert done.banner == f"{world.partner} is no longer partner of record of Office 365 E5. Undo"
    assert "No partner of record" in done.text
    assert done.history[0] == f"Deleted {world.partner}"


@IN_ONE_CLOUD
def test_deleting_leaves_one_audit_row_and_one_mail_each(person, world):
    person.comes_back(world.admin)
    delete(person, world)
    domain = f"{world.tenant.slug}.example"
    assert periods(world.named) == [(world.partner.number, False)]
    assert audit_rows() == [("partner-of-record.removed", "Alex Wilber", "Office 365 E5", "")]
    assert mailed() == {
        ("partner-removed", world.partner.mailbox),
        ("partner-of-record-receipt", f"admin@{domain}"),
        ("partner-of-record-receipt", f"billing@{domain}"),
    }


def test_deleting_can_be_undone_in_every_cloud(person, world):
    """Also where customers add no partner themselves: it restores what was."""
    person.comes_back(world.admin)
    delete(person, world)
    undone = person.press("Undo")
    assert undone.banner == f"Undone. {world.partner} is now partner of record of Office 365 E5."
    assert periods(world.named) == [(world.partner.number, False), (world.partner.number, True)]


def test_after_deleting_the_menu_says_add_where_customers_add(person, adding_world):
    person.comes_back(adding_world.admin)
    assert delete(person, adding_world).has("Add partner of record")


def test_after_deleting_nothing_is_added_where_the_partner_starts(person, vianet):
    person.comes_back(vianet.admin)
    page = delete(person, vianet)
    assert not page.has("Add partner of record")
    assert not page.has("Edit partner of record")
    assert "the partner starts it by email" in page.text


@pytest.mark.parametrize("blank", ["", "   ", "\u00a0", "\u3000\u200b"])
def test_blanks_are_an_empty_box(person, contoso, blank):
    person.comes_back(contoso.admin)
    person.open(contoso.url(contoso.named, "partner-of-record/"))
    assert "is no longer partner of record" in person.press("Submit", partner_id=blank).banner


@IN_ONE_CLOUD
def test_the_same_submit_again_is_harmless(person, world):
    """The form as it was, sent twice."""
    person.comes_back(world.admin)
    person.open(world.url(world.named, "partner-of-record/"))
    sending = person.page.sending("Submit", {"partner_id": ""})
    person.send(sending.action, **sending.fields)
    again = person.send(sending.action, **sending.fields)
    assert (again.status, again.url) == (200, world.url(world.named))
    assert (len(audit_rows()), version(world.named)) == (1, 2)


def test_a_missing_box_deletes_nothing(person, contoso):
    person.comes_back(contoso.admin)
    person.open(contoso.url(contoso.named, "partner-of-record/"))
    sending = person.page.sending("Submit", {})
    fields = {name: value for name, value in sending.fields.items() if name != "partner_id"}
    page = person.send(sending.action, **fields)
    assert page.status == 422
    assert page.errors == ["The partner ID is missing or was sent twice. Type it again."]
    assert periods(contoso.named) == [(contoso.partner.number, True)]


def delete(person, world):
    person.open(world.url(world.named))
    person.follow("Edit partner of record")
    return person.press("Submit", partner_id="")


def test_where_nobody_can_add_one_the_page_says_so_before_it_is_deleted(person, world):
    person.comes_back(world.admin)
    page = person.open(world.url(world.named, "partner-of-record/"))
    may_add = world.tenant.cloud_profile.allows(Capability.ADD_PARTNER_OF_RECORD)
    assert ("only Undo last change or a new offer of a partner brings one back" in page.text) != may_add
