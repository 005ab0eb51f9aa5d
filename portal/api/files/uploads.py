"""A request that brings a file, as a form: read as strictly as JSON is, and compared by what it is."""

import hashlib
import json
from collections.abc import Collection
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _

from portal.api.kinds import BAD_REQUEST, INVALID, NOT_A_FORM, TOO_LARGE
from portal.api.problems import Problem, Wrong

FORM = "multipart/form-data"


def require_form(request: HttpRequest, known: Collection[str]) -> None:
    """Raises Problem for what is no form with a file, and for a field that is not known or comes twice."""
    if request.content_type != FORM:
        raise Problem(NOT_A_FORM)
    try:
        forms: list[Any] = [request.POST, request.FILES]
        sent = [name for fields in forms for name, values in fields.lists() for _each in values]
    except RequestDataTooBig as error:
        raise Problem(TOO_LARGE) from error
    except (MultiPartParserError, SuspiciousOperation) as error:
        raise Problem(BAD_REQUEST) from error
    wrong = [
        Wrong(_("There is no such field here."), "extra-forbidden", pointer=f"/{name[:100]}")
        for name in dict.fromkeys(sent)
        if name not in known
    ]
    wrong += [
        Wrong(_("This was sent twice."), "duplicate", pointer=f"/{name}") for name in known if sent.count(name) > 1
    ]
    if wrong:
        raise Problem(INVALID, errors=wrong)


def is_form(request: HttpRequest) -> bool:
    return request.content_type == FORM


def canonical_form(request: HttpRequest) -> str:
    """The same fields and the same file, however they were packed."""
    files = {name: _digest(file) for name, file in request.FILES.items()}
    return json.dumps([request.POST.dict(), files], sort_keys=True)


def _digest(file) -> str:
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()
