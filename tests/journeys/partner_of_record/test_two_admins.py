"""Two people with the same page open: the second one is told, and nothing is overwritten."""

from tests.facts import audit_rows, periods
from tests.worlds import IN_ONE_CLOUD


@IN_ONE_CLOUD
def test_the_second_of_two_admins_sees_who_was_faster(person, another_person, world):
    person.comes_back(world.billing)
    another_person.comes_back(world.admin)
    edit = world.url(world.named, "partner-of-record/")
    for one in (person, another_person):
        one.open(edit)
        one.press("Check ID", partner_id=world.other.number)
    another_person.press("Submit")
    page = person.press("Submit", partner_id="")
    assert (page.status, page.heading) == (409, "Somebody was faster")
    assert f"Alex Wilber changed the partner of record from {world.partner} to {world.other}" in page.text
    assert f"Partner of record now {world.other}" in page.text
    assert periods(world.named) == [(world.partner.number, False), (world.other.number, True)]
    assert len(audit_rows()) == 1


def test_the_form_opens_again_with_what_was_typed(person, another_person, contoso):
    person.comes_back(contoso.billing)
    another_person.comes_back(contoso.admin)
    person.open(contoso.url(contoso.named, "partner-of-record/?list=q%3Doffice"))
    person.press("Check ID", partner_id=contoso.other.number, reason="Cheaper")
    another_person.open(contoso.url(contoso.named, "partner-of-record/"))
    another_person.press("Submit", partner_id="")
    person.press("Submit")
    fresh = person.press("Open the form again")
    assert (fresh.value("partner_id"), fresh.value("reason")) == (contoso.other.number, "Cheaper")
    person.press("Check ID")
    assert "is now partner of record" in person.press("Submit").banner
    assert person.page.url.endswith("?list=q%3Doffice")
    assert periods(contoso.named)[-1] == (contoso.other.number, True)


def test_checking_on_a_stale_page_changes_nothing_and_submitting_conflicts(person, another_person, contoso):
    person.comes_back(contoso.billing)
    another_person.comes_back(contoso.admin)
    person.open(contoso.url(contoso.bare, "partner-of-record/"))
    another_person.open(contoso.url(contoso.bare, "partner-of-record/"))
    another_person.press("Check ID", partner_id=contoso.partner.number)
    another_person.press("Submit")
    person.press("Check ID", partner_id=contoso.other.number)
    assert person.press("Submit").status == 409
    assert periods(contoso.bare) == [(contoso.partner.number, True)]


def test_where_nothing_can_be_added_the_conflict_offers_no_dead_end(person, another_person, vianet):
    """The partner was deleted meanwhile, and in this cloud only the partner starts anew."""
    person.comes_back(vianet.billing)
    another_person.comes_back(vianet.admin)
    for one in (person, another_person):
        one.open(vianet.url(vianet.named, "partner-of-record/"))
    another_person.press("Submit", partner_id="")
    page = person.press("Submit", partner_id=vianet.other.number)
    assert page.status == 409
    assert f"Alex Wilber deleted {vianet.partner} as partner of record" in page.text
    assert not page.has("Open the form again")
    assert "the partner starts it by email" in page.text


def test_undo_of_a_change_that_was_changed_again_conflicts(person, another_person, contoso):
    person.comes_back(contoso.billing)
    another_person.comes_back(contoso.admin)
    person.open(contoso.url(contoso.named, "partner-of-record/"))
    person.press("Submit", partner_id="")
    another_person.open(contoso.url(contoso.named, "partner-of-record/"))
    another_person.press("Check ID", partner_id=contoso.other.number)
    another_person.press("Submit")
    page = person.press("Undo")
    assert (page.status, page.heading) == (409, "Somebody was faster")
    assert periods(contoso.named) == [(contoso.partner.number, False), (contoso.other.number, True)]
