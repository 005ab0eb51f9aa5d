"""What the previews of an act on many have in common, in one organization and in several."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy, ngettext

from subscriptions.bulk.forms import PreviewForm
from subscriptions.db.limits import Limit, limits_of
from subscriptions.web.acts import Act


class PreviewPage(Act):
    """What will change and what stays, and why; the button says the numbers. An old preview is shown anew (409)."""

    leave = gettext_lazy("Back to the list")
    form_style = "preview"
    form_class: ClassVar[type[forms.Form]] = PreviewForm
    is_keyed = True
    is_read_too = True
    is_renewed = False

    @property
    def digest(self) -> str:
        """Of all that is shown."""
        raise NotImplementedError

    @property
    def is_current(self) -> bool:
        """Whether this person may decide what it shows."""
        raise NotImplementedError

    @property
    def version(self) -> str | None:
        """Of a preview that is old or another's nothing that was sent fits."""
        if self.request.method == "POST" and not self.request.POST.get("version"):
            return None
        return self.digest if self.is_current else "-"

    def limits(self) -> list[Limit]:
        return limits_of("change-many", person=self.by.counted_as if self.by else self.request.user.pk)


def receipts_said(admins: int) -> str:
    """Who of the organization is mailed, whatever the kind."""
    told = ngettext(
        "Your Global or Billing admin: one receipt",
        "Your %(count)s Global and Billing admins: one receipt each",
        admins,
    )
    return told % {"count": admins}
