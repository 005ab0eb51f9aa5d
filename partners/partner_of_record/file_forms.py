"""A file of subscriptions that comes back."""

from django.utils.translation import gettext_lazy as _

from subscriptions.web.files.file_acts import FileForm
from subscriptions.web.forms import ReasonField


class ChangesFileForm(FileForm):
    reason = ReasonField(
        help_text=_("Optional. It stands in the history of each subscription; the partner does not see it.")
    )
