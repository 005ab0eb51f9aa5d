"""What an audit event keeps beside who, when and what, as labels and values that staff can read."""

import json
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from subscriptions.audit.admin_words import (
    AMOUNTS,
    CATALOG_OTHERWISE,
    CHANGED,
    LABELS,
    NAMES,
    OF_CATALOG,
    SAID_ELSEWHERE,
    TIMES,
)
from subscriptions.audit.changed_facts import changed_fact
from subscriptions.base import formats
from subscriptions.models import AuditEvent


class AuditFacts:
    """A column for the page of an audit event."""

    @admin.display(description=gettext_lazy("details"))
    def facts(self, event: AuditEvent) -> SafeString | None:
        """Raw only what has no words."""
        known = format_html_join("", "<div><dt>{}</dt><dd>{}</dd></div>", facts_of(event))
        rest = {name: value for name, value in event.detail.items() if name not in LABELS.keys() | SAID_ELSEWHERE}
        raw = format_html("<pre>{}</pre>", json.dumps(rest, indent=2, ensure_ascii=False)) if rest else ""
        return format_html('<dl class="event-facts">{}</dl>{}', known, raw) if event.detail else None


def facts_of(event: AuditEvent) -> Iterator[tuple[str, str]]:
    detail, currency = event.detail, _currency_of(event)
    if "before" in detail:
        yield _("Partner of record"), f"{_named(detail['before'])} → {_named(detail['after'])}"
    for name, values in detail.get("changes", {}).items():
        if model := _model_of(event.kind, name):
            yield changed_fact(model, name, values, currency)
        else:
            yield name, " → ".join(map(str, values))
    for name, value in detail.items():
        if name in LABELS:
            yield str(LABELS[name]), format_detail(name, value, currency)


def format_detail(name: str, value: Any, currency: str) -> str:
    """In words, by what it is; an event keeps days and amounts as text."""
    match value:
        case None | "" | []:
            return formats.DASH
        case bool():
            return _("Yes") if value else _("No")
        case int():
            return formats.number(value)
        case dict() if value.keys() == {"id", "name"}:
            return _named(value)
        case dict() if value.keys() == {"name", "uuid"}:
            return value["name"]
        case dict():
            return _parts(value, value.get("currency") or currency)
        case list():
            return formats.mark("; ").join(format_detail(name, each, currency) for each in value)
    return _text(name, value, currency)


def _parts(facts: dict, currency: str) -> str:
    return formats.join_facts(
        *(
            f"{LABELS.get(name, name)}{formats.mark(': ')}{format_detail(name, value, currency)}"
            for name, value in facts.items()
            if name not in SAID_ELSEWHERE
        )
    )


def _text(name: str, text: str, currency: str) -> str:
    if name == "country":
        return countries.name(text)
    if text in NAMES.get(name, {}):
        return str(NAMES[name][text])
    if name in AMOUNTS and currency:
        return formats.money(Decimal(text), currency)
    return _time(text) if name in TIMES else text


def _time(text: str) -> str:
    moment = datetime.fromisoformat(text)
    return formats.day(moment.date()) if len(text) == len("2026-12-31") else formats.moment(moment)


def _named(partner: dict | None) -> str:
    return f"{partner['id']} {partner['name']}" if partner else _("None")


def _currency_of(event: AuditEvent) -> str:
    return event.detail.get("currency") or (event.tenant.cloud_profile.currency if event.tenant else "")


def _model_of(kind: str, name: str) -> Any:
    subject = kind.partition(".")[0]
    return OF_CATALOG.get(name, CATALOG_OTHERWISE) if subject == "catalog" else CHANGED.get(subject)
