"""Change the partner for a subscription, in every cloud."""

from datetime import timedelta

from django.utils import timezone

from partners.models import PartnerOfRecord
from partners.models.partner_of_record import Source
from tests.database import as_owner
from tests.factories import make_partner_of_record, make_subscription
from tests.facts import audit_rows, mailed, periods, version
from tests.page import attribute, words
from tests.worlds import IN_ONE_CLOUD


def test_edit_partner_of_record_step_by_step(person, world):
    person.sign_in(world.billing)
    person.choose("App launcher", "Admin")
    person.choose("Billing", "Subscriptions")
    subscription = person.follow("Office 365 E5")
    assert f"Partner ID {world.partner.number} {world.partner.name}" in subscription.text
    page = person.follow("Edit partner of record")
    assert page.heading == "Partner information"
    assert page.value("partner_id") == world.partner.number
    found = person.press("Check ID", partner_id=world.other.number)
    assert f"Partner found: {world.other.name}" in found.text
    done = person.press("Submit")
    assert done.banner == f"{world.other} is now partner of record of Office 365 E5, instead of {world.partner}. Undo"
    assert f"Partner ID {world.other.number} {world.other.name}" in done.text
    assert done.history[0] == f"Changed from {world.partner} to {world.other}"


def test_the_box_has_the_clouds_own_label(person, world):
    person.comes_back(world.admin)
    page = person.open(world.url(world.named, "partner-of-record/"))
    assert f"{world.id_label} " in page.text
    assert world.id_label == ("Partner ID" if world.tenant.slug == "lanyun" else "Microsoft Partner ID")


@IN_ONE_CLOUD
def test_a_change_has_no_gap_and_no_overlap(person, world):
    person.comes_back(world.admin)
    change(person, world)
    with as_owner():
        new, old = PartnerOfRecord.objects.filter(subscription=world.named).latest_first()
    assert (old.partner_id, new.partner_id) == (world.partner.pk, world.other.pk)
    assert old.valid.upper == new.valid.lower
    assert new.valid.upper_inf


@IN_ONE_CLOUD
def test_a_change_leaves_one_audit_row_and_one_mail_each(person, world):
    person.comes_back(world.billing)
    change(person, world, reason="Nearer to us")
    domain = f"{world.tenant.slug}.example"
    assert audit_rows() == [("partner-of-record.changed", "Bianca Pisani", "Office 365 E5", "Nearer to us")]
    assert mailed() == {
        ("partner-removed", world.partner.mailbox),
        ("partner-named", world.other.mailbox),
        ("partner-of-record-receipt", f"admin@{domain}"),
        ("partner-of-record-receipt", f"billing@{domain}"),
    }


def test_a_change_can_be_undone_once(person, world):
    person.comes_back(world.admin)
    change(person, world)
    stale = person.page
    assert words(stale.by_id("undo-does")) == f"Restores {world.partner}."
    undone = person.press("Undo")
    assert undone.banner == (
        f"Undone. {world.partner} is now partner of record of Office 365 E5, instead of {world.other}."
    )
    first, second = world.partner.number, world.other.number
    assert periods(world.named) == [(first, False), (second, False), (first, True)]
    button = undone.button("Undo last change")
    assert attribute(button, "aria-disabled") == "true"
    assert words(undone.by_id(attribute(button, "aria-describedby"))) == (
        "The last change was an undo, which cannot be undone itself."
        " Next step: Add or edit the partner of record instead."
    )
    sending = stale.sending("Undo", {})
    again = person.send(sending.action, **sending.fields | {"key": "00000000-0000-4000-8000-000000000000"})
    assert (again.status, again.heading) == (409, "Somebody was faster")


def test_a_change_sent_twice_happens_once(person, contoso):
    person.comes_back(contoso.admin)
    person.open(contoso.url(contoso.named, "partner-of-record/"))
    person.press("Check ID", partner_id=contoso.other.number)
    sending = person.page.sending("Submit", {})
    person.send(sending.action, **sending.fields)
    again = person.send(sending.action, **sending.fields)
    assert (again.status, again.url) == (200, contoso.url(contoso.named))
    assert len(periods(contoso.named)) == 2
    assert len(audit_rows()) == 1


@IN_ONE_CLOUD
def test_the_same_partner_again_changes_nothing(person, world):
    person.comes_back(world.admin)
    page = change(person, world, to=world.partner)
    assert page.banner == "No change: the partner of record stays as it was."
    person.follow("Edit partner of record")
    assert person.press("Submit").banner == "No change: the partner of record stays as it was."
    assert periods(world.named) == [(world.partner.number, True)]
    assert (audit_rows(), mailed(), version(world.named)) == ([], set(), 1)


def test_the_list_that_one_came_from_is_kept(person, contoso):
    person.comes_back(contoso.admin)
    person.open(f"/t/contoso/billing/subscriptions/?q=office&partner_id={contoso.partner.number}")
    person.follow("Office 365 E5")
    person.follow("Edit partner of record")
    person.press("Check ID", partner_id=contoso.other.number)
    person.press("Submit")
    person.press("Undo")
    back = crumb(person)
    assert back.url == f"/t/contoso/billing/subscriptions/?q=office&partner_id={contoso.partner.number}"


def test_as_of_tells_who_was_credited_on_a_day(person, contoso):
    subscription = make_subscription(tenant=contoso.tenant, name="Project")
    noon = timezone.now().replace(hour=12)
    first, second = noon - timedelta(days=90), noon - timedelta(days=30)
    make_partner_of_record(subscription=subscription, partner=contoso.partner, since=first, until=second)
    make_partner_of_record(subscription=subscription, partner=contoso.other, since=second, source=Source.STAFF)
    person.comes_back(contoso.reader)
    person.open(contoso.url(subscription))
    answers = {
        days: as_of(person, first.date() - timedelta(days=1) + timedelta(days=days)) for days in (0, 1, 60, 61)
    }
    assert "there was no partner of record." in answers[0]
    assert f"the partner of record was {contoso.partner}." in answers[1]
    assert f"the partner of record was {contoso.partner}." in answers[60]
    assert f"the partner of record was {contoso.other}." in answers[61]


def test_as_of_something_that_is_no_date_is_said(person, contoso):
    person.comes_back(contoso.reader)
    page = person.open(contoso.url(contoso.named) + "?as_of=31.02.2026")
    assert (page.status, page.has("Show")) == (422, True)
    assert "enter a day that is in the calendar." in page.text


def as_of(person, day) -> str:
    return person.press("Show", as_of=day.isoformat()).text


def crumb(person):
    """The breadcrumb back to the list."""
    crumbs = person.page.by_class("ol", "breadcrumbs")
    return person.open(person.page.link("Subscriptions", within=crumbs))


def change(person, world, to=None, reason=""):
    person.open(world.url(world.named))
    person.follow("Edit partner of record")
    person.press("Check ID", partner_id=(to or world.other).number, reason=reason)
    return person.press("Submit")
