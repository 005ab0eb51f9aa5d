"""Forms of Find a partner: the search, and the wish to be matched."""

from collections.abc import Iterable, Mapping
from typing import Any, cast
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from partners.matching.acts import Wish
from partners.matching.rules import MOST_ASKED
from partners.models import Partner
from subscriptions.base import formats
from subscriptions.models import ProductFamily, Tenant
from subscriptions.web.forms import KeyForm

LANGUAGES = [("", _("All languages")), *settings.LANGUAGES]


class FinderForm(forms.Form):
    """The filters of Find a partner, as they stand in its address; without a country the organization's holds."""

    q = forms.CharField(label=_("Search by name or ID"), required=False, max_length=100)
    service = forms.ChoiceField(label=_("Service"), required=False)
    country = forms.ChoiceField(label=_("Country or region"), choices=lambda: list(countries))
    language = forms.ChoiceField(label=_("Language"), required=False, choices=LANGUAGES)

    def __init__(self, query, *, tenant: Tenant, services: Iterable[tuple[str, str]]):
        data = query.copy()
        data["country"] = query.get("country") or tenant.country_code
        super().__init__(data)
        _offer(self, services)


class MatchRequestForm(KeyForm):
    """What the organization needs, and whom to ask: up to three partners, or staff alone."""

    partners = forms.MultipleChoiceField(
        label=_("Partners to ask"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": _("A partner that you chose can no longer be asked. Go back and choose again.")
        },
    )
    wish = forms.CharField(
        label=_("What do you need help with?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("The partners and the operator's staff read this. Name no people and no passwords."),
        error_messages={"required": _("Say what you need help with.")},
    )
    service = forms.ChoiceField(label=_("Service"), required=False)
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("Any language")), *settings.LANGUAGES]
    )
    country = forms.ChoiceField(choices=lambda: list(countries), widget=forms.HiddenInput)

    def __init__(self, data=None, *, offered: list[Partner], **kwargs):
        super().__init__(data, **kwargs)
        _offer(self, ProductFamily.objects.offered().labels().items())
        self.offered = {str(partner.uuid): partner for partner in offered}
        self.fields["partners"].choices = [  # type: ignore[attr-defined]
            (uuid, formats.join_facts(partner, partner.city)) for uuid, partner in self.offered.items()
        ]

    def clean_partners(self) -> list[Partner]:
        chosen = self.cleaned_data["partners"]
        if len(chosen) > MOST_ASKED:
            raise ValidationError(
                _("Choose three partners at most: you have chosen %(number)s."),
                code="too_many",
                params={"number": len(chosen)},
            )
        return [self.offered[uuid] for uuid in chosen]

    def sent_before(self, key: UUID) -> "MatchRequestForm":
        """The same form with a key of its own, and the question whether a second request is meant."""
        data = cast(QueryDict, self.data).copy()
        data["key"] = str(key)
        form = MatchRequestForm(data, offered=list(self.offered.values()))
        form.add_error(
            None,
            _(
                "This form was sent already with other words, so it was not sent again. If you mean a second "
                "request, select Send request once more; the first one is under Your match requests."
            ),
        )
        return form

    @staticmethod
    def wish_of(wanted: Mapping[str, Any]) -> Wish:
        return Wish(
            text=wanted["wish"], country=wanted["country"], family=wanted["service"], language=wanted["language"]
        )


def _offer(form: forms.Form, services: Iterable[tuple[str, str]]) -> None:
    """Lets a category be chosen, of which code and name are given."""
    form.fields["service"].choices = [("", _("All services")), *services]  # type: ignore[attr-defined]


def read_uuids(texts: Iterable[str]) -> list[UUID]:
    """What of an address or a form is a UUID; the rest names nothing."""
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def read_country(text: str, *, tenant: Tenant) -> str:
    """A country's code; the organization's where it is none."""
    return text if text in countries else tenant.country_code
