"""Staff's lists on a small screen: every column stands in sight, and a filter is a menu above the table."""

import pytest
from django.utils import timezone

from partners.models.partner_relationship import RelationshipKind
from subscriptions.models.mail import MailState
from tests.desk import list_url, make_mail
from tests.factories import (
    make_audit_event,
    make_help_request,
    make_match_request,
    make_order,
    make_partner_offer,
    make_relationship,
    make_release_request,
    make_user,
    placed,
)

CUT = """() => [...document.querySelectorAll("html, .results")].some(part => part.scrollWidth > part.clientWidth)"""
LISTS = [
    "subscriptions_auditevent",
    "subscriptions_helprequest",
    "subscriptions_mail",
    "subscriptions_order",
    "subscriptions_productprice",
    "subscriptions_subscription",
    "subscriptions_user",
    "partners_matchrequest",
    "partners_partner",
    "partners_partneroffer",
    "partners_partnerofrecord",
    "partners_partnerrelationship",
    "partners_releaserequest",
]


@pytest.fixture
def full(contoso):
    """A row in each list, with the longest that its columns hold."""
    tenant, partner = contoso.tenant, contoso.other
    now = timezone.now()
    event = make_audit_event(tenant=tenant, reason="The organization asked for it by phone")
    error = "SMTPRecipientsRefused: {'x@partner.example': (550, b'No such user')}"
    company = {"to_company_name": partner.name, "to_company_mailbox": "partner-of-record@adventure.example"}
    make_mail(event, **company, state=MailState.SENT, sent=now, attempts=3, last_error=error)
    make_order(tenant=tenant, partner_number=partner.number, partner_name=partner.name, **placed("2026-1"))
    make_relationship(tenant=tenant, partner=partner)
    reseller = make_relationship(tenant=tenant, partner=partner, kind=RelationshipKind.RESELLER)
    make_partner_offer(tenant=tenant, partner=partner)
    make_match_request(tenant=tenant)
    make_help_request(user=contoso.admin, tenant=tenant, text="Who of us may name a partner of record? " * 20)
    make_release_request(relationship=reseller)
    return contoso


@pytest.mark.parametrize("language", ["en", "de", "zh-hans"])
def test_nothing_of_a_list_is_cut_on_a_small_screen(open_as, full, language):
    staff = make_user(email="staff@portal.example", name="Sam Staff", is_staff=True, language=language)
    page = open_as(staff, viewport={"width": 1280, "height": 800})
    cut = []
    for model in LISTS:
        page.goto(list_url(model))
        assert page.locator("#result_list tbody tr").count(), model
        cut += [model] if page.evaluate(CUT) else []
    assert cut == []


def test_a_filter_is_a_menu_that_says_what_is_chosen(open_as, full):
    page = open_as(make_user(email="staff@portal.example", name="Sam Staff", is_staff=True))
    page.goto(list_url("subscriptions_mail"))
    menu = page.locator("details.filter", has_text="State")
    menu.locator("summary").click()
    with page.expect_navigation():
        menu.get_by_role("link", name="Failed").click()
    assert menu.locator("summary").inner_text() == "State: Failed"
    menu.locator("summary").click()
    page.keyboard.press("Escape")
    assert menu.get_attribute("open") is None
