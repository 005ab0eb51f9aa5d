"""The form by which staff enter a row or correct it: with a reason, and not over another person's change."""

import re
from typing import Any, cast

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import Model
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from subscriptions.audit.changed_facts import describe_fact
from subscriptions.base.time_zones import zone_choices
from subscriptions.staff.search import find_exactly

TYPED = "__typed"  # behind the name of a field, where a row's ID is typed
UNKNOWN = "?"  # before a text that is the ID of no row
KEY = re.compile("[0-9]{1,18}")  # fits a bigint column
KEY_USED_UP = "key_used_up"  # in a POST whose key belongs to a row that was added before


class RowSelect(AutocompleteSelect):
    """A row, found as one types. What is no key chooses none: the list asks the database, the field says so.

    Without a script its ID is typed, as the row's own list finds it: the address of an organization or account, a
    partner ID, a UUID. What is typed goes before what was chosen.
    """

    template_name = "admin/row_select.html"
    takes_text = True

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        text = str(value or "").removeprefix(UNKNOWN) if str(value or "").startswith(UNKNOWN) else ""
        context["widget"]["typed"] = {"name": f"{name}{TYPED}", "text": text} if self.takes_text else None
        return context

    def value_from_datadict(self, data, files, name):
        typed = str(data.get(f"{name}{TYPED}") or "").strip() if self.takes_text else ""
        return self._key_of(typed) if typed else super().value_from_datadict(data, files, name)

    def _key_of(self, typed: str) -> str:
        """Of the one row that has this ID; else what is no key, however it looks."""
        page: Any = self.admin_site.get_model_admin(self.field.remote_field.model)
        rows = find_exactly(page.model._default_manager.all(), typed, page.exact)
        keys = [] if rows is None else list(rows.values_list("pk", flat=True)[:2])
        return str(keys[0]) if len(keys) == 1 else f"{UNKNOWN}{typed}"

    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [key for key in value if KEY.fullmatch(str(key))], attr)


class StaffForm(forms.ModelForm):
    """A row's facts, and why they change. Where it `explains_new`, a row needs a reason to be entered too.

    A correction carries what its page showed, so that nobody writes over what another one changed meanwhile; a form
    that is `versioned` sees to that itself.
    """

    explains_new = False
    compares_new = False
    versioned = False
    is_stale = False

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("It stands in the audit trail. A correction needs one."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "time_zone" in self.fields:
            self._offer_zones()
        if "reason" not in self.fields:
            return
        self.fields["reason"].required = self.explains_new or not self.instance._state.adding
        if self.explains_new:
            self.fields["reason"].help_text = _("It stands in the audit trail.")
        if self._compares:
            for name in self.fields.keys() & self.initial.keys():
                self.fields[name].show_hidden_initial = True

    def _offer_zones(self) -> None:
        """Places, and before them the zone that is stored; what may be empty is then UTC."""
        field, stored = self.fields["time_zone"], getattr(self.instance, "time_zone", "")
        unset = "UTC" if field.required else ""
        field.choices = [(unset, "UTC"), *zone_choices(stored)]  # type: ignore[attr-defined]

    @property
    def _compares(self) -> bool:
        return (self.compares_new or not self.instance._state.adding) and not self.versioned

    def row_now(self) -> Model:
        """The row as it is, held until the transaction ends."""
        return type(self.instance)._base_manager.select_for_update().get(pk=self.instance.pk)

    def clean(self):
        super().clean()
        if KEY_USED_UP in self.data:
            self.is_stale = True
            raise forms.ValidationError(_("This form has added a row already. Save again to add another one."))
        if self._compares:
            self._require_unchanged()
        return self.cleaned_data

    def _require_unchanged(self) -> None:
        """Says of each fact what it has become since the page was shown, where an empty list sends nothing."""
        row = self.row_now()
        self._take_over_the_rest(row)
        typed, sent = self.changed_data, cast(QueryDict, self.data).copy()
        self.data = sent
        if not any(self[name].html_initial_name in sent for name in self.fields):
            return
        for name, now in forms.model_to_dict(row, fields=self.fields).items():
            box = self[name]
            shown = box.field.hidden_widget().value_from_datadict(sent, MultiValueDict(), box.html_initial_name)
            if not box.field.has_changed(now, shown):
                continue
            for place in [box.html_initial_name] if name in typed else [box.html_initial_name, box.html_name]:
                _put(sent, place, box.field.prepare_value(now))
            self.is_stale = True
            self.add_error(
                name,
                _("Somebody changed this while the page was open: it is “%(value)s” now. Compare, and save again.")
                % {"value": _describe_fact(row, name)},
            )

    def _take_over_the_rest(self, row: Model) -> None:
        """What the form does not carry is what it is by now, so that an older state is not stored again."""
        for field in row._meta.concrete_fields:
            if field.name not in self.fields:
                setattr(self.instance, field.attname, getattr(row, field.attname))


def _put(data: QueryDict, name: str, value: Any) -> None:
    values = value if isinstance(value, list) else [value]
    data.setlist(name, ["" if each is None else str(each) for each in values])


def _describe_fact(row: Any, name: str) -> str:
    value = getattr(row, name)
    if isinstance(value, Model):
        return str(value)
    return describe_fact(row._meta.get_field(name), value, getattr(row, "currency", ""))
