"""A call with an Idempotency-Key acts once: sent again, it gets its first answer, whatever has changed since."""

import json
import re
from collections.abc import Callable
from typing import Any

from django.db import OperationalError, connection
from django.http import HttpResponse
from django.utils.translation import gettext as _
from psycopg import errors

from portal.api.answers import ApiRequest
from portal.api.dry_run import taken_back
from portal.api.files.uploads import canonical_form, is_form
from portal.api.kinds import IN_PROGRESS, INVALID, KEY_MISSING
from portal.api.problems import Problem, Wrong
from portal.api.versions import tag_of
from subscriptions.db import idempotency
from subscriptions.db.idempotency import Kept, Sending

LONGEST_WAIT = "2s"
HEADER, REPLAYED = "Idempotency-Key", "Idempotent-Replayed"
KEY = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?")
Run = Callable[[], HttpResponse]


def answered_once(request: ApiRequest, run: Run) -> HttpResponse:
    """In a transaction of the caller: the key, and what `run` does; only what is committed is kept."""
    key = _key_of(request)
    if request.dry_run:
        return taken_back(request, run())
    if not key:
        return run()
    sending = _sending(request, key)
    if (earlier := _begin(sending)) is not None:
        return _replayed(request, earlier)
    response = run()
    told = request.answered
    idempotency.keep_answer(
        sending,
        Kept(
            location=told.headers.get("Location", ""),
            status=told.status or response.status_code,
            body=response.content.decode() if told.kept is None else told.kept,
            etag="" if told.version is None else tag_of(told.version),
        ),
    )
    return response


def _key_of(request: ApiRequest) -> str:
    """Raises Problem where a POST has none. The draft's quotes around it are optional."""
    key = request.headers.get(HEADER, "").strip()
    if len(key) > 1 and key[0] == key[-1] == '"':
        key = key[1:-1]
    if not key:
        if request.method == "POST" and not request.dry_run:
            raise Problem(KEY_MISSING)
        return ""
    if not KEY.fullmatch(key):
        told = _("A key has 1 to 255 visible ASCII characters.")
        raise Problem(INVALID, errors=[Wrong(told, "invalid", parameter=HEADER)])
    return key


def _sending(request: ApiRequest, key: str) -> Sending:
    content = {
        "method": str(request.method),
        "path": request.get_full_path(),
        "version": "",
        "body": canonical_form(request) if is_form(request) else _canonical(request.body),
    }
    tenant = getattr(request, "tenant", None)
    return Sending(tenant=tenant, user_id=None, application=request.caller.uuid, key=key, content=content)


def _canonical(body: bytes) -> str:
    """The same body, however its fields are ordered and spaced; what is no JSON stays as it is."""
    try:
        return json.dumps(json.loads(body), sort_keys=True)
    except ValueError:
        return body.decode("utf-8", "replace")


def _begin(sending: Sending) -> Kept | None:
    """Waits a moment for the same call that is being worked on. Raises Problem and KeyReused."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LONGEST_WAIT])
    try:
        earlier = idempotency.begin(sending)
    except OperationalError as error:
        if isinstance(error.__cause__, errors.LockNotAvailable):
            raise Problem(IN_PROGRESS, headers={"Retry-After": "2"}) from error
        raise
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
    return earlier


def _replayed(request: ApiRequest, earlier: Kept) -> HttpResponse:
    headers: dict[str, Any] = {REPLAYED: "true"}
    if earlier.etag:
        headers["ETag"] = earlier.etag
    if earlier.location:
        headers["Location"] = earlier.location
    return HttpResponse(earlier.body, status=earlier.status, content_type="application/json", headers=headers)
