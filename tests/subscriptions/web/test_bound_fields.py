"""Each error names its field, long texts are counted, and no browser is told to cut what is pasted."""

import pytest
from django import forms


class Example(forms.Form):
    reason = forms.CharField(label="Reason", max_length=500, widget=forms.Textarea)
    city = forms.CharField(label="City", max_length=20)
    licenses = forms.IntegerField(label="Licenses", min_value=2, max_value=9)
    plan = forms.ChoiceField(label="Plan", choices=[("a", "A")])
    day = forms.DateField(label="Day", required=False)
    told = forms.CharField(label="Told", error_messages={"required": "Say why you ask."})


def errors(data: dict) -> dict[str, list[str]]:
    form = Example(data)
    return {field.name: list(field.errors) for field in form if field.errors}


def test_what_is_missing_is_named():
    assert errors({}) == {
        "reason": ["Reason: nothing is entered yet."],
        "city": ["City: nothing is entered yet."],
        "licenses": ["Licenses: nothing is entered yet."],
        "plan": ["Plan: nothing is chosen yet."],
        "told": ["Say why you ask."],
    }


@pytest.mark.parametrize(
    ("name", "typed", "told"),
    [
        ("licenses", "x", "Licenses: enter a whole number."),
        ("licenses", "1", "Licenses: enter 2 or more."),
        ("licenses", "10", "Licenses: enter 9 or less."),
        ("plan", "b", "Plan: choose one of the possibilities."),
        ("day", "x", "Day: enter a day that is in the calendar."),
        ("city", "x" * 21, "City: at most 20 characters, and this has 21."),
    ],
)
def test_what_is_wrong_is_named(name, typed, told):
    assert errors({name: typed})[name] == [told]


def test_a_long_text_is_counted_and_nothing_is_cut():
    form = Example({"reason": "Moved"}, use_required_attribute=False)
    page = form.as_div()
    assert "maxlength" not in page
    assert (form["reason"].limit, form["city"].limit) == (500, 0)
    group = form["reason"].as_field_group()
    assert '<div class="help" id="id_reason_count" data-count="id_reason"' in group
    assert "5 of 500 characters</div>" in group
    assert 'aria-describedby="id_reason_count"' in group
    assert "_count" not in form["city"].as_field_group()


def test_an_address_is_not_counted():
    class WithAddress(forms.Form):
        email = forms.EmailField(label="Email", max_length=320)

    assert "_count" not in WithAddress()["email"].as_field_group()
