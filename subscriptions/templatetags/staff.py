"""What staff's lists need beside Django admin's own tags."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from subscriptions.base.markup import join_markup, markup

register = template.Library()


@register.simple_tag
def labeled_cells(cells: Iterable[str], heads: Iterable[Mapping[str, Any]]) -> SafeString:
    """Django admin's cells of a row, each with its column's name as `data-label`; the box to choose it has none."""
    pairs = zip(cells, heads, strict=False)
    return join_markup(_labeled(cell, head) for cell, head in pairs)


def _labeled(cell: str, head: Mapping[str, Any]) -> str:
    """`cell` is Django's own, escaped already, `<td …` or `<th …`; its braces are no places of a format."""
    if 'class="action-checkbox"' in cell[:40]:
        return cell
    tag, rest = (part.replace("{", "{{").replace("}", "}}") for part in (cell[:3], cell[3:]))
    return markup(tag + ' data-label="{}"' + rest, capfirst(str(head["text"])))
