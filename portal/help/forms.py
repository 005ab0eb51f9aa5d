"""What is asked of the operator's staff."""

from django import forms
from django.utils.translation import gettext_lazy as _

from subscriptions.models.help_request import HelpTopic
from subscriptions.web.forms import KeyForm


class HelpForm(KeyForm):
    topic = forms.ChoiceField(
        label=_("Topic"),
        choices=[("", _("Choose a topic")), *HelpTopic.choices],
        error_messages={"required": _("Choose what your request is about.")},
    )
    text = forms.CharField(
        label=_("What do you need?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("The operator's staff read this. Name no passwords."),
        error_messages={"required": _("Say what you need.")},
    )
    with_page = forms.BooleanField(
        label=_("Send this page's address and filters with it"), required=False, initial=True
    )

    def __init__(self, *args, page: str, **kwargs):
        super().__init__(*args, **kwargs)
        if not page:
            del self.fields["with_page"]
