"""What a call would do: it is done, looked at, and taken back in the same transaction."""

import json
from contextlib import ExitStack
from typing import Any
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import Count
from django.http import HttpResponse

from portal.api.answers import ApiRequest
from subscriptions.audit.correlation import correlated
from subscriptions.models import AuditEvent, Mail
from subscriptions.web.acts import Act


class Witness:
    """In the scope of an act that is only tried: what it has recorded, and which mails it has queued."""

    def __init__(self, request: ApiRequest, act: Act):
        self.request, self.home, self.mark, self.entered = request, act.home, uuid4(), ExitStack()

    def __enter__(self) -> None:
        """What is recorded meanwhile is marked, so that nothing of anybody else's is taken for it."""
        if self.request.dry_run:
            self.entered.enter_context(correlated(self.mark))

    def __exit__(self, kind: Any, *_: Any) -> None:
        self.entered.close()
        if not self.request.dry_run or kind is not None:
            return
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        events = AuditEvent.objects.filter(tenant=self.home, correlation=self.mark).order_by("pk")
        mails = Mail.objects.filter(tenant=self.home, event__in=events.values("pk")).order_by("kind")
        self.request.answered.would = {
            "events": [
                {"kind": kind, "subject": subject, "detail": detail}
                for kind, subject, detail in events.values_list("kind", "subject_name", "detail")
            ],
            "mails": list(mails.values("kind").annotate(number=Count("pk"))),
        }


def taken_back(request: ApiRequest, response: HttpResponse) -> HttpResponse:
    """The answer, with what it would have been; nothing of it remains."""
    transaction.set_rollback(True)
    status = request.answered.status or response.status_code
    said = json.loads(response.content) if response.content else None
    request.answered.status, request.answered.version = None, None
    request.answered.headers.clear()
    would = request.answered.would or {"events": [], "mails": []}
    answer = {"dry_run": True, "status": status, "answer": said, **would}
    return HttpResponse(json.dumps(answer, ensure_ascii=False), content_type="application/json")
