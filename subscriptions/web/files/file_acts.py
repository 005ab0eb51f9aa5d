"""An act that begins with a CSV file: what the file would do is shown next, and nothing of it is done yet."""

from collections.abc import Iterator
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from subscriptions.base import formats
from subscriptions.imports.encodings import Chunks
from subscriptions.imports.files import name_kept
from subscriptions.imports.problems import Unreadable
from subscriptions.web.acts import Act, Answer
from subscriptions.web.forms import SealedForm

MOST_OF_A_NAME = 100


class FileForm(SealedForm):
    file = forms.FileField(
        label=_("CSV file"),
        allow_empty_file=True,  # what reads it says so in its own words
        error_messages={"required": _("Choose a file.")},
    )


class FileAct(Act):
    """Raises Unreadable where the file is none, which the form then says."""

    button = _("Upload and look at it")
    leave = _("Cancel")
    form_class: ClassVar[type[forms.Form]] = FileForm
    is_keyed = False
    is_secret = True  # a file is not kept while somebody signs in
    problems: ClassVar[tuple[type[Exception], ...]] = (Unreadable,)

    def form_arguments(self) -> dict[str, Any]:
        return {"files": self.request.FILES} if self.request.method == "POST" else {}

    def explain(self, problem: Exception, form: forms.Form) -> Answer:
        if isinstance(problem, Unreadable):
            said = (str(text) % problem.facts for text in (problem.fault.sentence, problem.fault.mend))
            form.add_error("file", formats.sentences(*said))
        else:
            form.add_error(None, str(problem))
        return partial(self.shown, form, status=422)

    def announce(self, outcome: Any) -> None:
        """The next page says it."""


def name_of(file: Any) -> str:
    return name_kept(file.name, MOST_OF_A_NAME)


def chunks_of(file: Any) -> Chunks:
    """From its beginning, each time it is read."""

    def chunks() -> Iterator[bytes]:
        file.seek(0)
        return iter(file.chunks())

    return chunks
