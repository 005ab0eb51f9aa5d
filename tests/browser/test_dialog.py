"""The question before roles are removed, as a dialog over the page that asks the same by itself."""

import pytest
from playwright.sync_api import expect

from partners.models import PartnerRelationship
from subscriptions.models.delegated_role import DelegatedRole
from tests.browser.client import faults
from tests.database import as_owner
from tests.factories import make_relationship

ROLES = (DelegatedRole.GLOBAL_READER, DelegatedRole.HELPDESK_ADMINISTRATOR)


@pytest.fixture
def detail(open_as, contoso):
    relationship = make_relationship(tenant=contoso.tenant, partner=contoso.other, roles=ROLES)
    page = open_as(contoso.admin)
    page.goto(f"/t/{contoso.tenant.slug}/settings/partner-relationships/{relationship.uuid}/")
    return page


def roles() -> list[str]:
    with as_owner():
        return PartnerRelationship.objects.get().roles


def test_escape_and_no_change_nothing_and_give_the_focus_back(detail):
    link, dialog = detail.get_by_role("link", name="Remove roles"), detail.get_by_role("dialog")
    for leave in (lambda: detail.keyboard.press("Escape"), dialog.get_by_role("link", name="No, keep them").click):
        link.click()
        expect(dialog).to_contain_text("The roles that you choose end at once.")
        leave()
        expect(dialog).to_have_count(0)
        expect(link).to_be_focused()
    assert roles() == list(ROLES)


def test_yes_removes_what_was_chosen(detail):
    detail.get_by_role("link", name="Remove roles").click()
    dialog = detail.get_by_role("dialog", name="Remove roles of")
    dialog.get_by_label("Helpdesk administrator").check()
    dialog.get_by_role("button", name="Yes, remove roles").click()
    expect(detail.get_by_role("status")).to_contain_text("Helpdesk administrator")
    assert roles() == [DelegatedRole.GLOBAL_READER]


def test_axe_finds_nothing_in_the_dialog(detail):
    def ask() -> None:
        detail.get_by_role("link", name="Remove roles").click()
        expect(detail.get_by_role("dialog")).to_be_visible()

    assert list(faults(detail, ask)) == []
