"""The session ends while somebody types: after the sign-in the page shows what was typed, and nothing was done."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now

from subscriptions.models import KeptForm, Subscription
from subscriptions.models.requests.kept_form import KEPT_FOR
from subscriptions.web.kept_forms import COOKIE
from subscriptions.web.sessions import SEEN
from tests.database import as_owner
from tests.factories import PASSWORD
from tests.facts import audit_rows
from tests.journeys.client import Person
from tests.page import Page
from tests.personas import open_session

NOTHING_DONE = "Nothing was done, as you had to sign in first. What you typed is still here."
TYPED = {"when": "now", "reason": "We merge with Fabrikam"}


def cancel_page(person: Person, world) -> Page:
    url = f"/t/{world.tenant.slug}/billing/subscriptions/{world.bare.uuid}/cancel/"
    return person.open(url)


def end_session(person: Person) -> None:
    del person.client.cookies["session"]


@pytest.fixture
def signed_out(person, contoso) -> Person:
    """Has typed into a form, sent it, and stands at the sign-in."""
    person.comes_back(contoso.admin)
    cancel_page(person, contoso)
    end_session(person)
    person.press("Cancel subscription", **TYPED)
    return person


def now(world) -> Subscription:
    with as_owner():
        return Subscription.objects.get(pk=world.bare.pk)


def kept_rows() -> int:
    with as_owner():
        return KeptForm.objects.count()


def test_the_sign_in_says_that_nothing_was_done(signed_out, contoso):
    assert "You were signed out, and nothing was done." in signed_out.page.text
    assert now(contoso).status == contoso.bare.status


def test_after_the_sign_in_the_page_has_what_was_typed(signed_out, contoso):
    page = signed_out.press("Sign in", login=contoso.admin.email, password=PASSWORD)
    assert page.heading == "Cancel subscription"
    assert NOTHING_DONE in page.text
    assert page.value("reason") == TYPED["reason"]
    assert now(contoso).status == contoso.bare.status
    with as_owner():
        assert audit_rows() == []


def test_who_typed_for_longer_than_a_session_lasts_finds_it_again_too(person, contoso):
    person.comes_back(contoso.admin)
    cancel_page(person, contoso)
    session = person.client.session
    session[SEEN] -= 31 * 60
    session.save()
    person.press("Cancel subscription", **TYPED)
    page = person.press("Sign in", login=contoso.admin.email, password=PASSWORD)
    assert (page.heading, page.value("reason")) == ("Cancel subscription", TYPED["reason"])


def test_sent_again_it_is_done_once(signed_out, contoso):
    signed_out.press("Sign in", login=contoso.admin.email, password=PASSWORD)
    signed_out.press("Cancel subscription")
    assert now(contoso).status == "expired"


def test_it_is_shown_once_and_then_gone(signed_out, contoso):
    signed_out.press("Sign in", login=contoso.admin.email, password=PASSWORD)
    assert kept_rows() == 0
    page = cancel_page(signed_out, contoso)
    assert page.value("reason") == ""


def test_a_form_that_became_old_meanwhile_is_told_so(signed_out, contoso):
    with as_owner():
        Subscription.objects.filter(pk=contoso.bare.pk).update(version=contoso.bare.version + 1)
    signed_out.press("Sign in", login=contoso.admin.email, password=PASSWORD)
    page = signed_out.press("Cancel subscription")
    assert (page.status, page.heading) == (409, "Somebody was faster")


def test_another_person_finds_an_empty_form_and_leaves_nothing_behind(signed_out, contoso):
    page = signed_out.press("Sign in", login=contoso.billing.email, password=PASSWORD)
    assert page.heading == "Cancel subscription"
    assert page.value("reason") == ""
    assert kept_rows() == 0


def test_another_browser_finds_an_empty_form(signed_out, another_person, contoso):
    another_person.comes_back(contoso.admin)
    assert cancel_page(another_person, contoso).value("reason") == ""
    assert kept_rows() == 1


def test_half_an_hour_later_nothing_is_left(signed_out, contoso):
    with as_owner():
        KeptForm.objects.update(created=Now() - KEPT_FOR - timedelta(minutes=1))
    page = signed_out.press("Sign in", login=contoso.admin.email, password=PASSWORD)
    assert page.value("reason") == ""


def test_a_form_without_a_true_seal_is_not_kept(person, contoso):
    person.comes_back(contoso.admin)
    cancel_page(person, contoso)
    end_session(person)
    person.press("Cancel subscription", **TYPED, seal="forged")
    assert kept_rows() == 0
    page = person.press("Sign in", login=contoso.admin.email, password=PASSWORD)
    assert page.heading == "Cancel subscription"
    assert page.value("reason") == ""


def test_without_a_token_of_the_portal_nothing_is_kept(person, contoso):
    person.comes_back(contoso.admin)
    page = cancel_page(person, contoso)
    end_session(person)
    del person.client.cookies["csrf"]
    person.press("Cancel subscription", **TYPED)
    assert person.page.status == 403
    assert kept_rows() == 0
    assert page.heading == "Cancel subscription"


def test_payment_details_are_never_kept(person, contoso):
    with as_owner():
        Subscription.objects.filter(pk=contoso.bare.pk).update(status="expired")
    person.comes_back(contoso.admin)
    person.open(f"/t/{contoso.tenant.slug}/billing/subscriptions/{contoso.bare.uuid}/reactivate/")
    end_session(person)
    page = person.press("Reactivate", purchase_order_number="4711")
    assert "Sign in and send the form again." in page.text
    assert kept_rows() == 0


def test_what_is_kept_is_not_readable_in_the_database(signed_out):
    with as_owner():
        row = KeptForm.objects.get()
    assert TYPED["reason"].encode() not in bytes(row.content)
    assert signed_out.client.cookies[COOKIE].value.partition(".")[2] not in row.token


def test_no_scope_but_the_persons_own_reads_it(signed_out):
    """Nor does the login itself, which only puts it there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('portal_app', 'subscriptions_keptform', 'SELECT')")
        assert cursor.fetchone() == (False,)


def test_signing_out_leaves_nothing_behind(signed_out, contoso):
    open_session(signed_out.client, contoso.admin)
    signed_out.open("/account/")
    signed_out.press("Sign out")
    assert kept_rows() == 0


def test_htmx_is_led_to_the_sign_in_and_keeps_it_too(person, contoso):
    person.comes_back(contoso.admin)
    cancel_page(person, contoso)
    sending = person.page.sending("Cancel subscription", TYPED)
    end_session(person)
    response = person.client.post(sending.action, sending.fields, headers={"HX-Request": "true"})
    assert response.status_code == 204
    assert response.headers["HX-Redirect"].startswith("/accounts/sign-in/")
    assert kept_rows() == 1


def test_a_button_alone_claims_nothing_of_what_was_typed(person, contoso):
    person.comes_back(contoso.admin)
    person.open(f"/t/{contoso.tenant.slug}/billing/subscriptions/{contoso.bare.uuid}/recurring-billing/")
    end_session(person)
    person.press("Turn off recurring billing")
    assert "Sign in and send the form again." in person.page.text
    assert kept_rows() == 1, "its key and version"
    page = person.press("Sign in", login=contoso.admin.email, password=PASSWORD)
    assert "Nothing was done, as you had to sign in first. Send the form again." in page.text


def test_a_form_of_another_person_is_kept_for_who_is_signed_in(person, contoso):
    """Two tabs of one browser: the page was drawn for the one, and sent by the other, whose sign-in is too old."""
    person.comes_back(contoso.billing)
    person.open(contoso.url(contoso.named, "partner-of-record/"))
    open_session(person.client, contoso.admin, proved_ago=None)
    person.press("Submit", partner_id="")
    with as_owner():
        assert [row.user_id for row in KeptForm.objects.all()] == [contoso.admin.pk]


def test_of_one_person_only_so_many_are_kept_in_an_hour(person, contoso, settings):
    settings.LIMITS = {"kept-form": {"person": (2, 3600)}}
    person.comes_back(contoso.admin)
    page = cancel_page(person, contoso)
    end_session(person)
    told = []
    for _time in range(3):
        person.page = page
        person.press("Cancel subscription", **TYPED)
        told.append("What you typed is kept" in person.page.text)
    assert (told, kept_rows()) == ([True, True, False], 2)
