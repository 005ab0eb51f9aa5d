"""The fields of filters are drawn once, and never with what another person typed or may choose."""

import pytest
from django import forms
from django.utils import translation

from subscriptions.web import kept_fields
from subscriptions.web.forms import OrderFilterForm, SubscriptionFilterForm

HOSTILE = "\"><script>alert('1')</script>"


@kept_fields.same_for_all
class Same(forms.Form):
    q = forms.CharField(required=False)
    state = forms.ChoiceField(required=False, choices=[("", "All"), ("a", "Anna"), ("b", HOSTILE)])


class OfOne(Same):
    """Made of it, with choices of its own."""


@pytest.fixture(autouse=True)
def nothing_kept_yet():
    kept_fields.forget_fields()


def drawn(form: forms.Form) -> list[str]:
    return [str(field) for field in kept_fields.draw_fields(form, form.visible_fields())]


def plainly(form: forms.Form) -> list[str]:
    return [field.as_field_group() for field in form.visible_fields()]


def how_many() -> int:
    return kept_fields._drawn.cache_info().currsize


@pytest.mark.parametrize("form_class", [Same, SubscriptionFilterForm, OrderFilterForm])
@pytest.mark.parametrize(
    "asked", [{}, {"q": "secret"}, {"q": HOSTILE}, {"state": "a"}, {"state": "b"}, {"status": HOSTILE}]
)
def test_each_is_drawn_as_ever_in_each_language(form_class, asked):
    for language in ("en", "de", "zh-hans", "en"):
        with translation.override(language):
            assert drawn(form_class(asked)) == plainly(form_class(asked))


def test_what_is_typed_is_never_kept():
    drawn(Same({"q": "secret", "state": "a" * 41}))
    assert how_many() == 0
    drawn(Same({"q": "secret", "state": "a"}))
    assert how_many() == 1
    assert "secret" not in "".join(drawn(Same({})))


def test_what_one_chose_is_not_shown_to_another():
    assert "selected" in drawn(Same({"state": "a"}))[1].split("Anna")[0].split('value="a"')[1]
    assert 'value="a" selected' not in drawn(Same({}))[1]
    assert 'value="a" selected' not in drawn(Same({"state": "b"}))[1]


def test_a_form_that_says_nothing_of_itself_is_drawn_each_time():
    form = OfOne({})
    form.fields["state"].choices = [("mine", "Mine alone")]
    assert "Mine alone" in drawn(form)[1]
    assert "Mine alone" not in drawn(OfOne({}))[1]
    assert how_many() == 0


def test_a_field_that_a_page_adds_or_leaves_out_is_of_that_page_alone():
    form = Same({})
    form.fields["order"] = forms.CharField(required=False)
    del form.fields["state"]
    assert list(form.fields) == ["q", "order"]
    assert list(Same({}).fields) == ["q", "state"]
    assert form.fields["q"] is Same({}).fields["q"], "It is not copied, as no page changes it."


def test_a_form_made_of_one_has_fields_of_its_own_on_each_page():
    form = OfOne({})
    form.fields["state"].choices = [("mine", "Mine alone")]
    assert Same({}).fields["state"].choices[0] == ("", "All")
    assert form.fields["q"] is not OfOne({}).fields["q"]
