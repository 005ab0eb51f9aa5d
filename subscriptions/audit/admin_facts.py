"""What an audit event keeps beside who, when and what, as labels and values that staff can read."""

import json
from collections.abc import Iterator

from django.contrib import admin
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from subscriptions.audit.facts import Facts, facts_of, fields_of, key_of, subject_said
from subscriptions.base.markup import join_markup, markup
from subscriptions.models import AuditEvent
from subscriptions.web.event_pages import path_of, staff_path_of, workspace_path_of

PATHS = {"path": _("Page"), "workspace_path": _("Partner's page"), "staff_path": _("Staff's page")}
SAID_ELSEWHERE = {"before", "after", "changes", "currency"}


class AuditFacts:
    """Columns for the list and the page of an audit event: what the portal named itself, in the reader's language."""

    @admin.display(description=_("to what"))
    def said_subject(self, event: AuditEvent) -> str:
        return subject_said(vars(event))

    @admin.display(description=_("who"))
    def said_actor(self, event: AuditEvent) -> str:
        return event.who

    @admin.display(description=_("details"))
    def facts(self, event: AuditEvent) -> SafeString | None:
        """Raw only what has no words."""
        said = join_markup(markup("<div><dt>{}</dt><dd>{}</dd></div>", *fact) for fact in say(event))
        rest = {name: value for name, value in event.detail.items() if name not in _in_words(event)}
        raw = markup("<pre>{}</pre>", json.dumps(rest, indent=2, ensure_ascii=False)) if rest else ""
        return markup('<dl class="event-facts">{}</dl>{}', said, raw) if event.detail else None


def say(event: AuditEvent) -> Iterator[tuple[str, str]]:
    facts = _facts(event)
    currency = getattr(facts, "currency", "") or (event.tenant.cloud_profile.currency if event.tenant else "")
    yield from facts.say(currency)
    row = vars(event)
    paths = path_of(row, event.tenant) if event.tenant else "", workspace_path_of(row), staff_path_of(row)
    yield from ((str(label), path) for label, path in zip(PATHS.values(), paths, strict=True) if path)


def _in_words(event: AuditEvent) -> set[str]:
    facts = _facts(event)
    labeled = {key_of(each) for each in fields_of(facts) if "label" in each.metadata}
    return labeled | facts.said_by_itself | SAID_ELSEWHERE | PATHS.keys()


def _facts(event: AuditEvent) -> Facts:
    return facts_of(event.kind, event.detail)
