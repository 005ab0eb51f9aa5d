"""A forgotten password, from the mail to signing in; and the demo's sign-in by one click."""

import re

import pytest
from django.contrib.auth.hashers import check_password
from django.http import Http404
from django.urls import reverse

from portal import pages
from subscriptions.models import User
from tests.factories import PASSWORD
from tests.post_office import send_account_mails

RESET = "/accounts/password/reset/"
NEW_PASSWORD = "another-horse-2026"


def test_the_link_of_the_mail_leads_to_a_new_password(global_admin, anonymous, mailoutbox):
    anonymous.post(RESET, {"email": global_admin.email})
    send_account_mails()
    (path,) = re.findall(r"/accounts/password/reset/key/\S+", mailoutbox[0].body)
    page = anonymous.get(path, follow=True)
    (form_path, _status) = page.redirect_chain[-1]
    chosen = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert anonymous.post(form_path, chosen).url == reverse("account_reset_password_from_key_done")
    for password, status in [(PASSWORD, 200), (NEW_PASSWORD, 302)]:
        fields = {"login": global_admin.email, "password": password}
        assert anonymous.post("/accounts/sign-in/", fields).status_code == status


def test_a_person_changes_the_password_and_nothing_else_of_the_account(global_admin, sign_in):
    before = User.objects.filter(pk=global_admin.pk).values().get()
    wanted = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert sign_in(global_admin).post("/accounts/password/change/", wanted).status_code == 302
    after = User.objects.filter(pk=global_admin.pk).values().get()
    assert check_password(NEW_PASSWORD, after["password"])
    assert {name for name in after if after[name] != before[name]} <= {"password", "last_login"}


@pytest.mark.parametrize("email", ["\0", "", "admin@alpha.example"])
def test_the_demo_signs_in_nobody_but_its_own(rf, global_admin, email):
    with pytest.raises(Http404):
        pages.demo_sign_in(rf.post("/demo/sign-in/", {"email": email}))
