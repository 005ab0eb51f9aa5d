"""Is the audit trail what it was, and is that looked at each night?"""

from datetime import UTC, date, datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.fitness.findings import Finding, good, not_used, warning, wrong
from subscriptions.audit.events import TrailDiffers
from subscriptions.audit.facts import facts_of
from subscriptions.base import formats
from subscriptions.db import scopes
from subscriptions.models import AuditDigest, AuditEvent
from subscriptions.models.audit_event import AuditKind

LATE = timedelta(days=2)


def ask_audit_trail() -> Finding:
    with scopes.staff():
        last = AuditDigest.objects.defer("fingerprints").order_by("-day").first()
        if last is None:
            return not_used(_("No day has been looked at yet; the worker does it each night."))
        differs = AuditEvent.objects.filter(kind=AuditKind.DIGEST_DIFFERS, at__gte=last.made).last()
    if differs and isinstance(facts := facts_of(differs.kind, differs.detail), TrailDiffers):
        return wrong(
            _("It is not what it was: %(day)s. All that differs: manage.py verify_audit")
            % {"day": formats.day(facts.day)},
            reverse("admin:subscriptions_auditevent_changelist"),
            gettext_lazy("Audit log"),
        )
    return _how_late(last.day)


def _how_late(last: date) -> Finding:
    day = {"day": formats.day(last)}
    if datetime.now(tz=UTC).date() - last > LATE:
        return warning(_("The last day that was looked at is %(day)s; the worker does it each night.") % day)
    return good(_("It is what it was, up to %(day)s.") % day)
