"""The organization stands in the address and in nothing that a form sends, so that no field can name another."""

import re
from pathlib import Path

from django import forms

from portal.desk.admin_new_customer import NewCustomerForm
from subscriptions.brands.admin import BrandForm
from subscriptions.staff.acts import ReasonForm
from subscriptions.staff.filters import TenantForm
from subscriptions.staff.form import StaffForm
from tests.architecture.addresses.facts import portal_addresses
from tests.architecture.facts import APPS, faulty, sources

NAMES_AN_ORGANIZATION = re.compile(r"tenant|organi[sz]ation|slug|customer|cloud")
READ_BY_HAND = re.compile(r"request\.POST(?:\.get|\.getlist)?[\[(]\s*[\"'](\w+)")
# In a partner's workspace, which is in no organization: for whom an offer is, and whose credits are listed; and on a
# person's own page a filter, of which the choices are the organizations that the person is a member of
IN_NO_ORGANIZATION = {
    ("FindOrganizationForm", "organization"),
    ("CreditFilterForm", "customer"),
    ("SeveralFilterForm", "organization"),
}
OF_STAFF = (StaffForm, ReasonForm, TenantForm, NewCustomerForm, BrandForm)


def form_classes() -> set[type[forms.BaseForm]]:
    """Wherever they are defined: the resolver has all pages imported, and only those import a form."""
    found, todo = set(), [forms.Form, forms.ModelForm]
    assert portal_addresses()
    while todo:
        todo += (subclasses := todo.pop().__subclasses__())
        found |= {each for each in subclasses if each.__module__.startswith(APPS)}
    return {each for each in found if not issubclass(each, OF_STAFF)}


def test_no_form_has_a_field_for_the_organization():
    fields = {(form.__name__, name) for form in form_classes() for name in form.base_fields}
    assert len(fields) > 50
    assert {field for field in fields if NAMES_AN_ORGANIZATION.search(field[1])} == IN_NO_ORGANIZATION


def read_by_hand(path: Path) -> list[str]:
    return [name for name in READ_BY_HAND.findall(path.read_text()) if NAMES_AN_ORGANIZATION.search(name)]


def test_no_view_reads_one_past_its_form():
    assert faulty(sources(), read_by_hand) == {}


def test_one_that_is_read_is_seen(tmp_path):
    module = tmp_path / "module.py"
    module.write_text('request.POST.get("tenant_id")\nrequest.POST["slug"]\nrequest.POST.get("key")\n')
    assert read_by_hand(module) == ["tenant_id", "slug"]
