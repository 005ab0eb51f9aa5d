"""What is counted within one process: `python -m bench.inside prepare|sessions|token|pages|everywhere`.

Calls of Python functions, statements, and buffers of the database, each of one request that has been warmed up.
"""

import json
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import django
from django.conf import settings

django.setup()

from allauth.account.internal.flows import login  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.auth.models import Group  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.addresses import every_page  # noqa: E402
from bench.seeds import LARGE, SMALL  # noqa: E402
from portal.database.logins import as_owner  # noqa: E402
from portal.demo import database as demo_database  # noqa: E402
from portal.demo.static_files import collect_if_changed  # noqa: E402
from subscriptions.applications.tokens import hash_of, hint_of, new_token  # noqa: E402
from subscriptions.models import Application, Tenant, User  # noqa: E402
from subscriptions.models.people.application import ApplicationScope  # noqa: E402
from subscriptions.models.people.membership import Role  # noqa: E402
from subscriptions.models.people.staff_role import StaffRole  # noqa: E402
from subscriptions.web.sessions import SEEN, SIGNED_IN  # noqa: E402

LITTLE = 100  # buffers of a table that is read from end to end


def prepare() -> None:
    """As the demo begins: migrated, its sample data there, static files collected."""
    call_command("compilemo", verbosity=0)
    demo_database.prepare()
    collect_if_changed()


def sessions() -> dict[str, str]:
    """Cookies of an admin of the large and of a small organization, the partner's agent, and one of the staff."""
    with as_owner():
        newest = User.objects.filter(email__endswith="@bench.example").order_by("-pk")
        staff, agent = newest[0], newest[1]
        staff.groups.set(Group.objects.filter(name__in=list(StaffRole)))
        people = {
            "large": User.objects.get(pk=LARGE), "small": User.objects.get(pk=SMALL), "agent": agent, "staff": staff,
        }  # fmt: skip
    return {name: _cookie(user) for name, user in people.items()}


def _cookie(user: User) -> str:
    now, session = time.time(), SessionStore()
    session.update({
        SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
        HASH_SESSION_KEY: user.get_session_auth_hash(), SIGNED_IN: now, SEEN: now,
        login.AUTHENTICATION_METHODS_SESSION_KEY: [{"method": "password", "at": now + 24 * 3600}],
        login._AUTHENTICATION_METHODS_USER_SESSION_KEY: str(user.pk),
    })  # fmt: skip
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def token() -> str:
    """Of a new application of the large organization's, which reads subscriptions."""
    shown = new_token()
    with as_owner():
        about = {"name": shown[-8:], "role": Role.BILLING_ADMIN, "scopes": [ApplicationScope.SUBSCRIPTIONS_READ]}
        application = Application.objects.create(tenant=Tenant.objects.get(slug="bench-1"), made_by="Alex", **about)
        until = timezone.now() + timedelta(days=1)
        application.tokens.create(hash=hash_of(shown), hint=hint_of(shown), made_by="Alex", expires_on=until)
    return shown


def pages(asked: list[list[str]]) -> dict[str, dict[str, int]]:
    """Of each path, as the person with that cookie gets it."""
    return {path: measured(path, cookie) for path, cookie in asked}


def measured(path: str, cookie: str) -> dict[str, int]:
    client = Client(HTTP_HOST="127.0.0.1", headers={"cookie": cookie})
    client.cookies.load(cookie)
    status = client.get(path).status_code
    calls, statements = _calls(client, path), _statements(client, path)
    return {"status": status, "statements": statements, "calls": calls, "buffers": _buffers(client, path)}


def _statements(client: Client, path: str) -> int:
    """Those that ask for something: not what names the scope or begins a transaction."""
    asked: list[str] = []

    def note(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        asked.append(str(sql))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        client.get(path)
    return sum(not sql.startswith(("SAVEPOINT", "RELEASE")) for sql in asked)


def _calls(client: Client, path: str) -> int:
    found = 0

    def count(frame: Any, event: str, argument: Any) -> None:
        nonlocal found
        found += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        client.get(path)
    finally:
        sys.setprofile(None)
    return found


def everywhere(cookies: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Every page of bench.addresses that is one: what its statements read, and which tables from end to end."""
    for path, who in dict.fromkeys(every_page()):
        client = Client(HTTP_HOST="127.0.0.1", headers={"cookie": cookies[who]})
        client.cookies.load(cookies[who])
        if (status := client.get(path).status_code) in (301, 302, 303, 405):
            continue
        began = time.process_time()
        client.get(path)
        of_python = time.process_time() - began
        read = Read()
        _explain(client, path, read)
        yield {
            "path": path, "who": who, "status": status, "statements": _statements(client, path),
            "buffers": read.buffers, "ms": round(1000 * of_python + read.milliseconds), "whole": sorted(read.whole),
        }  # fmt: skip


@dataclass
class Read:
    """Of one page: buffers, the database's time, and tables of which a plan reads more than a little to the end."""

    buffers: int = 0
    milliseconds: float = 0
    whole: set[str] = field(default_factory=set)

    def add(self, answer: dict[str, Any]) -> None:
        self.buffers += _blocks(answer["Plan"])
        self.milliseconds += answer["Planning Time"] + answer["Execution Time"]
        nodes = [answer["Plan"]]
        while nodes:
            node = nodes.pop()
            nodes += node.get("Plans", [])
            if node["Node Type"] == "Seq Scan" and _blocks(node) > LITTLE:
                self.whole.add(node["Relation Name"])


def _blocks(node: Mapping[str, Any]) -> int:
    return node["Shared Hit Blocks"] + node["Shared Read Blocks"]


def _buffers(client: Client, path: str) -> int:
    read = Read()
    _explain(client, path, read)
    return read.buffers


def _explain(client: Client, path: str, read: Read) -> None:
    """All statements that read, each explained in its scope right before it."""

    def explain(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        if str(sql).lstrip("( ").upper().startswith(("SELECT", "WITH")):
            connection.open_scope()  # type: ignore[attr-defined]
            with connection.connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {sql}", params)
                read.add(cursor.fetchone()[0][0])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        client.get(path)


def main(what: str) -> Any:
    if what == "pages":
        return pages(json.load(sys.stdin))
    if what == "everywhere":
        return list(everywhere(json.load(sys.stdin)))
    return {"prepare": prepare, "sessions": sessions, "token": token}[what]()


if __name__ == "__main__":
    told, sys.stdout = sys.stdout, sys.stderr
    result = main(sys.argv[1])
    print(json.dumps(result), file=told)
