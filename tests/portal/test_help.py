"""Help: one place on every page that says what the page is and whom to ask, and takes a request to staff."""

from urllib.parse import quote

import pytest
from django.db import ProgrammingError, transaction
from django.test import Client
from django.urls import resolve

from portal.help.texts import ACT, PAGES, PORTAL, about
from subscriptions.access import staff_actor
from subscriptions.db import scopes
from subscriptions.help import acts as help_requests
from subscriptions.models import AuditEvent, HelpRequest, Mail
from subscriptions.models.help_request import HelpState
from subscriptions.models.people.membership import Role
from subscriptions.verdicts import Refused
from tests.architecture.addresses.url_table import TABLE
from tests.database import as_owner
from tests.factories import make_help_request, make_member, make_partner, make_partner_person, make_user
from tests.page import Page
from tests.post_office import open_for_mail

TEXT = "Our partner is suspended.\nWhich of its subscriptions do we have to change?"


@as_owner()
def stored() -> list[HelpRequest]:
    return list(HelpRequest.objects.select_related("tenant").order_by("pk"))


@as_owner()
def mails() -> list[tuple[str, str]]:
    return [
        (mail.kind, mail.to_company_mailbox or mail.to_user.email) for mail in Mail.objects.select_related("to_user")
    ]


def ask(client: Client, about: str, **typed):
    page = Page(client.get("/help/", {"about": about}))
    sending = page.sending("Send request", {"topic": "partner-of-record", "text": TEXT, "with_page": "on", **typed})
    return client.post(sending.action, sending.fields)


def test_a_request_from_an_organizations_page_reaches_staff_and_is_listed(alpha, global_admin, sign_in, settings):
    client = sign_in(global_admin)
    answer = ask(client, "/t/alpha/billing/subscriptions/?partner=without")
    assert answer.status_code == 303
    (request,) = stored()
    assert (request.tenant, request.user, request.partner, request.state) == (alpha, global_admin, "", HelpState.OPEN)
    assert (request.text, request.page) == (TEXT, "/t/alpha/billing/subscriptions/?partner=without")
    assert mails() == [("help-requested", settings.STAFF_MAILBOX)]
    with as_owner():
        (event,) = AuditEvent.objects.select_related("tenant")
    assert (event.kind, event.tenant, event.actor_name) == ("help-request.sent", alpha, global_admin.name)
    page = Page(client.get(answer.url))
    assert "Your request is on its way to staff." in page.text
    assert "Our partner is suspended." in page.text
    assert "Open" in page.text


def test_the_pages_address_stays_at_home_where_that_is_chosen(global_admin, sign_in):
    client = sign_in(global_admin)
    client.post("/help/", {"topic": "other", "text": TEXT, "about": "/t/alpha/", "key": "0" * 32})
    assert stored()[0].page == ""


@pytest.mark.parametrize(
    "page", ["https://evil.example/", "//evil.example/", "/a\nb", "javascript:x", "/" + "a" * 1001]
)
def test_an_address_that_is_not_the_portals_is_left_out(global_admin, sign_in, page):
    client = sign_in(global_admin)
    assert page not in client.get("/help/", {"about": page}).content.decode()
    fields = {"topic": "other", "text": TEXT, "about": page, "with_page": "on", "key": "0" * 32}
    assert client.post("/help/", fields).status_code == 303
    assert stored()[0].page == ""


def test_of_a_long_address_the_filters_stay_at_home(global_admin, sign_in):
    ask(sign_in(global_admin), "/t/alpha/?q=" + "a" * 1000)
    assert stored()[0].page == "/t/alpha/"


def test_the_same_form_twice_is_one_request(global_admin, sign_in):
    client = sign_in(global_admin)
    sending = Page(client.get("/help/")).sending("Send request", {"topic": "other", "text": TEXT})
    assert [client.post("/help/", sending.fields).status_code for _ in range(2)] == [303, 303]
    assert len(stored()) == 1


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(global_admin, sign_in):
    answer = ask(sign_in(global_admin), "/t/alpha/", topic="", text=TEXT)
    page = Page(answer)
    assert (answer.status_code, stored()) == (422, [])
    assert "Choose what your request is about." in page.text
    assert TEXT.splitlines()[1] in page.text
    assert page.root.xpath("//input[@name='about']/@value") == ["/t/alpha/"]


def test_the_sixth_request_of_an_hour_waits_and_its_text_is_kept(global_admin, sign_in):
    client = sign_in(global_admin)
    answers = [ask(client, "/t/alpha/").status_code for _ in range(5)]
    last = ask(client, "/t/alpha/")
    assert (set(answers), last.status_code) == ({303}, 429)
    assert TEXT.splitlines()[0] in last.content.decode()
    assert len(stored()) == 5


def test_a_partners_person_asks_from_the_workspace(db, sign_in, settings):
    partner = make_partner(number="565380", name="Tailspin Consulting")
    agent = make_partner_person(partner=partner, email="agent@tailspin.example")
    assert ask(sign_in(agent), "/p/565380/offers/").status_code == 303
    (request,) = stored()
    assert (request.tenant, request.partner) == (None, str(partner))
    assert mails() == [("help-requested", settings.STAFF_MAILBOX)]


def test_a_person_of_no_organization_asks_too_and_of_a_strange_address_nothing_is_told(alpha, sign_in):
    client = sign_in(make_user(email="nobody@nowhere.example"))
    page = Page(client.get("/help/", {"about": "/t/alpha/settings/members/"}))
    assert alpha.name not in page.text
    assert ask(client, "/t/alpha/settings/members/").status_code == 303
    assert stored()[0].tenant is None


def test_the_admins_are_named_to_the_organizations_own_people(alpha, global_admin, sign_in):
    reader = make_member(tenant=alpha, email="r@alpha.example", name="Rita Reader", role=Role.GLOBAL_READER)
    page = Page(sign_in(reader).get("/help/", {"about": "/t/alpha/"}))
    assert global_admin.name in page.text


def test_each_person_reads_the_own_requests_alone(alpha, global_admin, sign_in):
    reader = make_member(tenant=alpha, email="r@alpha.example", name="Rita Reader", role=Role.GLOBAL_READER)
    make_help_request(user=global_admin, tenant=alpha, text="Of the admin")
    assert "Of the admin" in Page(sign_in(global_admin).get("/help/")).text
    assert "Of the admin" not in Page(sign_in(reader).get("/help/")).text
    with scopes.person(reader.pk):
        assert list(HelpRequest.objects.all()) == []


def test_the_organizations_log_says_that_somebody_asked_and_not_what(alpha, global_admin, sign_in, by_staff):
    reader = make_member(tenant=alpha, email="r@alpha.example", name="Rita Reader", role=Role.GLOBAL_READER)
    ask(sign_in(reader), "/t/alpha/")
    with scopes.staff():
        help_requests.answer(request=stored()[0], text="Only you read this.", by=by_staff)
    log = Page(sign_in(global_admin).get("/t/alpha/settings/audit-log/")).text
    assert "Help requested" in log
    assert "Request for help answered" in log
    assert TEXT.split(".")[0] not in log
    assert "Only you read this." not in log


def test_the_database_lets_a_person_ask_only_in_the_own_name_and_reach(alpha, beta, global_admin):
    reader = make_user(email="nobody@nowhere.example")
    usual = {"topic": "other", "text": TEXT, "requested_by": "X", "requested_at": "2026-01-01T00:00Z"}
    for wrong in ({"user": reader}, {"user": global_admin, "tenant": beta}):
        with pytest.raises(ProgrammingError), transaction.atomic(), scopes.person(global_admin.pk):
            HelpRequest.objects.create(**usual | wrong)
    with pytest.raises(ProgrammingError), transaction.atomic(), scopes.person(global_admin.pk):
        AuditEvent.objects.create(
            kind="order.placed", actor_kind="member", actor=global_admin, actor_name="X", subject_name="X"
        )


@pytest.fixture
def by_staff(staff):
    return staff_actor(staff)


def test_staff_answer_once_and_the_person_is_mailed(alpha, global_admin, sign_in, by_staff):
    request = make_help_request(user=global_admin, tenant=alpha)
    with scopes.staff():
        help_requests.answer(request=request, text="Those under Without partner of record.", by=by_staff)
        with pytest.raises(Refused):
            help_requests.answer(request=request, text="Again", by=by_staff)
    assert mails() == [("help-answered", global_admin.email)]
    page = Page(sign_in(global_admin).get("/help/"))
    assert "Those under Without partner of record." in page.text
    assert "Answered" in page.text


def test_staff_close_what_is_open_or_answered(alpha, global_admin, by_staff):
    request = make_help_request(user=global_admin, tenant=None)
    with scopes.staff():
        help_requests.close(request=request, by=by_staff, reason="Asked twice")
        with pytest.raises(Refused):
            help_requests.close(request=request, by=by_staff, reason="Asked twice")
    assert stored()[0].state == HelpState.CLOSED


def test_every_page_with_a_bar_has_the_way_to_help(alpha, global_admin, sign_in):
    client = sign_in(global_admin)
    for path in ("/", "/account/", "/t/alpha/", "/t/alpha/billing/orders/"):
        page = Page(client.get(path))
        (url,) = page.root.xpath("//details[contains(@class, 'help-menu')]//a/@href")
        assert url == f"/help/?about={quote(path, safe='')}"


def test_what_a_page_is_stands_in_the_table_or_it_is_an_act():
    assert set(PAGES) <= set(TABLE)
    assert about(resolve("/t/alpha/billing/subscriptions/")) is PAGES["subscriptions:list"]
    assert about(resolve("/t/alpha/settings/partner-relationships/review/")) is ACT
    assert about(None) is PORTAL


@pytest.mark.parametrize("about", ["/t/alpha/billing/orders/", "/"])
def test_staff_read_in_the_mail_who_asks_what_and_about_which_page(alpha, global_admin, sign_in, settings, about):
    with open_for_mail() as office:
        ask(sign_in(global_admin), about)
        office.deliver()
        subject, text = office.newest(settings.STAFF_MAILBOX)
    assert subject == f"{global_admin.name} asks for help"
    assert "> Our partner is suspended." in text
    assert ("Organization: " in text) == (about != "/")
    assert f"Page: {settings.SITE_URL}{about}" in text
    assert f"{settings.SITE_URL}/staff/subscriptions/helprequest/" in text
    assert f"Its number, to search for: {stored()[0].uuid}" in text
