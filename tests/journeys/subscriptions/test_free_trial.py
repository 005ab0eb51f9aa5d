"""Start free trial: 25 licenses, one month, once per product and organization."""

from subscriptions.subscriptions.lifecycle import months_later
from tests.facts import audit_rows, mailed
from tests.journeys.client import bought, sell, shop_url
from tests.page import attribute


def start(person, world):
    person.open(shop_url(world))
    return person.follow("Start free trial Office 365 E1")


def test_a_trial_is_explained_then_started(person, world):
    sell(world, has_trial=True)
    person.comes_back(world.billing)
    page = start(person, world)
    assert page.heading == "Start a free trial of Office 365 E1?"
    assert "You get 25 licenses until" in page.text
    assert bought("Office 365 E1") == []
    done = person.press("Start free trial")
    assert done.banner == "Your free trial of Office 365 E1 has started."
    (trial,) = bought("Office 365 E1")
    assert (trial.status, trial.licenses_total, trial.cost) == ("trial", 25, 0)
    assert trial.term_ends_on == months_later(trial.started_on, 1)
    assert (trial.began_as_trial, trial.recurring_billing, trial.payment_method) == (True, False, "")
    assert audit_rows() == [("subscription.trial-started", "Bianca Pisani", "Office 365 E1", "")]
    assert mailed() == set()


def test_one_form_sent_twice_starts_one_trial_and_another_is_refused(person, contoso):
    sell(contoso, has_trial=True)
    person.comes_back(contoso.billing)
    first, second = start(person, contoso), start(person, contoso)
    answers = [person.send(first.url, key=first.value("key")).status for _ in range(2)]
    refused = person.send(second.url, key=second.value("key"))
    assert (answers, refused.status) == ([200, 200], 409)
    assert "Your organization has used the free trial of this product already." in refused.text
    assert len(bought("Office 365 E1")) == len(audit_rows()) == 1


def test_a_trial_that_was_used_is_disabled_with_its_reason(person, contoso):
    sell(contoso, has_trial=True)
    person.comes_back(contoso.billing)
    start(person, contoso)
    person.press("Start free trial")
    page = person.open(shop_url(contoso))
    assert attribute(page.button("Start free trial Office 365 E1"), "aria-disabled") == "true"
    assert "Your organization has used the free trial of this product already." in page.text
    assert "In trial" in page.text


def test_a_product_without_a_trial_offers_none_and_refuses_one(person, contoso):
    product = sell(contoso)
    person.comes_back(contoso.billing)
    page = person.open(shop_url(contoso))
    assert not page.has("Start free trial Office 365 E1")
    refused = person.open(f"{shop_url(contoso)}{product.uuid}/trial/")
    assert (refused.status, "This product has no free trial." in refused.text) == (409, True)
