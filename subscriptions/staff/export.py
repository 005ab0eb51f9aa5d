"""A list of staff as a file: as it is filtered, all pages, read while it is sent."""

from collections.abc import Iterator
from datetime import tzinfo
from typing import Any

from django.contrib.admin.utils import label_for_field, lookup_field
from django.core.exceptions import FieldDoesNotExist
from django.http import StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from subscriptions.access import staff_actor
from subscriptions.base import formats
from subscriptions.db import scopes
from subscriptions.exports.acts import record_list
from subscriptions.web.files.csv_rows import CONTENT_TYPE, csv_chunks

ROWS_AT_ONCE = 500


def export(model_admin: Any, request: Any) -> StreamingHttpResponse:
    """Needs the permission to look at the list, which its address asks for. It is audited, with its filters."""
    rows = model_admin.get_changelist_instance(request).get_queryset(request)
    names = [str(name) for name in model_admin.list_display]
    labels = [str(label_for_field(name, model_admin.model, model_admin)) for name in names]
    lines = _lines(model_admin, rows, names, translation.get_language(), timezone.get_current_timezone())
    title = capfirst(model_admin.opts.verbose_name_plural)
    record_list(name=title, rows=rows.count(), filters=request.GET.urlencode(), by=staff_actor(request.user))
    response = StreamingHttpResponse(csv_chunks(labels, lines), content_type=CONTENT_TYPE)
    name = f"{model_admin.opts.model_name}-{timezone.localdate():%Y-%m-%d}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _lines(
    model_admin: Any, rows: Any, names: list[str], language: str | None, zone: tzinfo
) -> Iterator[list[object]]:
    """In a scope of its own, as the request's is over by then; nothing chosen for the thread stays chosen."""
    with scopes.staff():
        for row in rows.iterator(chunk_size=ROWS_AT_ONCE):
            with translation.override(language), timezone.override(zone):
                written = [_plain(model_admin, row, name) for name in names]
            yield written


def _plain(model_admin: Any, row: Any, name: str) -> object:
    """Labels of choices, and the words of lists; days and figures stay what they are."""
    try:
        # A column may be named as a relation that leads here, which has no choices
        if getattr(model_admin.opts.get_field(name), "choices", None):
            return str(getattr(row, f"get_{name}_display")())
    except FieldDoesNotExist:
        pass
    _field, _method, value = lookup_field(name, row, model_admin)
    match value:
        case None:
            return ""
        case bool():
            return _("Yes") if value else _("No")
        case list():
            return formats.join_list(value)
        case Promise():
            return str(value)
    return value if isinstance(value, int | float) or hasattr(value, "isoformat") else str(value)
