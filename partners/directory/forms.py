"""The box for a partner ID, wherever a partner is named: it turns what was typed into the partner."""

from collections.abc import Callable, Sequence
from typing import cast
from uuid import UUID

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from partners.directory import reads as directory
from partners.models import Partner
from subscriptions.access import Actor
from subscriptions.base import formats
from subscriptions.base.partner_id import NumberBox
from subscriptions.models import Product, Tenant

CHECKED_SALT = "partner-id-checked"


class PartnerIdField(NumberBox):
    """Turns what was typed into the partner of that ID; None for an empty box.

    `find` looks a normalized ID up and raises directory.PartnerUnusable; it is not called for malformed text.
    """

    find: Callable[[str], Partner]

    def __init__(self, **kwargs):
        super().__init__(required=False, **kwargs)

    def clean(self, value) -> Partner | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return self.find(text)
        except directory.PartnerUnusable as unusable:
            raise as_validation_error(unusable) from unusable


def as_validation_error(unusable: directory.PartnerUnusable) -> ValidationError:
    told = formats.sentences(unusable.sentence, unusable.next_step)
    return ValidationError(told, code=unusable.problem.name.lower())


def _with_location(data: QueryDict | None) -> QueryDict | None:
    """With the location ID whose button was pressed in the box, instead of the global ID that stood there."""
    if not data or "location_id" not in data:
        return data
    data = data.copy()
    data.setlist("partner_id", data.getlist("location_id"))
    return data


class CheckedPartnerForm(forms.Form):
    """A box for a partner ID that counts only when this person has seen, by *Check ID*, whose ID it is.

    `subject` is what the partner is named for: what was checked for one thing proves nothing for another.
    """

    partner_id = PartnerIdField()
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        tenant: Tenant,
        products: Sequence[Product],
        subject: UUID,
        by: Actor,
        **kwargs,
    ):
        super().__init__(_with_location(data), **kwargs)
        self.tenant, self.products, self.subject, self.by = tenant, products, subject, by
        self.unusable: directory.PartnerUnusable | None = None
        self.was_checked = False
        field = cast(PartnerIdField, self.fields["partner_id"])
        field.label = str(tenant.cloud_profile.partner_id_label)
        field.find = self._find

    def _find(self, number: str) -> Partner:
        """A look-up that was not checked before counts as a check; raises TooManyRequests past the limit."""
        self.was_checked = self._token_names(number)
        if not self.was_checked:
            directory.count_check(tenant=self.tenant, by=self.by)
        try:
            return directory.find_partner_for_all(number, tenant=self.tenant, products=self.products)
        except directory.PartnerUnusable as unusable:
            self.unusable = unusable
            raise

    def clean_partner_id(self) -> Partner | None:
        sent = cast(QueryDict, self.data).getlist("partner_id")
        if len(sent) != 1:
            raise ValidationError(
                _("The partner ID is missing or was sent twice. Type it again."), code="not_sent_once"
            )
        partner = self.cleaned_data["partner_id"]
        if partner is None and not self.may_be_empty:
            raise ValidationError(_("Enter the ID that the partner gave you."), code="required")
        return partner

    @property
    def may_be_empty(self) -> bool:
        return False

    @property
    def asks_for_another_submit(self) -> bool:
        """Whether a partner was found whose name this person has not seen."""
        return self.cleaned_data["partner_id"] is not None and not self.was_checked

    def checked_token(self) -> str:
        """Proves to the Submit that follows that this person saw this partner for this subject."""
        return self.token_for(self.cleaned_data["partner_id"].number)

    def token_for(self, number: str) -> str:
        return signing.dumps(self._checked(number), salt=CHECKED_SALT)

    def _token_names(self, number: str) -> bool:
        try:
            seen = signing.loads(
                self.data.get("checked", ""), salt=CHECKED_SALT, max_age=settings.CHECKED_FOR_SECONDS
            )
        except signing.BadSignature:
            return False
        return seen == self._checked(number)

    def _checked(self, number: str) -> list:
        return [self.by.user_id, str(self.subject), number]
