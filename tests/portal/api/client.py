"""A program that calls the API as one of the applications."""

import json
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from django.test import Client

from subscriptions.models.people.application import ApplicationScope
from tests.factories.applications import make_application, make_token

KEYS = (f"key-{number}" for number in count())
NUMBERS = count(1)
ALL = tuple(ApplicationScope.values)


@dataclass
class Program:
    """Asks with the token in the header; each POST has a key of its own, unless one is said."""

    token: str
    base: str = "/api/v1"
    client: Client = field(default_factory=Client)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        sent = {"Authorization": f"Bearer {self.token}"} | {
            name.replace("_", "-"): it for name, it in headers.items()
        }
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        type_ = sent.pop("Content-Type", "application/json" if content else "")
        url = path if path.startswith("/api") else f"{self.base}{path}"
        answer = self.client.generic(method, url, content, content_type=type_, headers=sent)
        answer.said = json.loads(answer.content) if answer.content else None
        return answer

    def get(self, path: str, **headers: str) -> Any:
        return self.ask("GET", path, **headers)

    def put(self, path: str, body: Any, **headers: str) -> Any:
        return self.ask("PUT", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.ask("DELETE", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.ask("POST", path, body, **{"Idempotency_Key": next(KEYS), **headers})


def make_program(*, tenant: Any = None, partner: Any = None, scopes: Any = ALL, **fields: Any) -> Program:
    """A program of an organization, of a partner or of the operator, with the highest role that there is for it."""
    base = f"/api/v1/t/{tenant.slug}" if tenant else f"/api/v1/p/{partner.number}" if partner else "/api/v1"
    named = {"name": f"Robot {next(NUMBERS)}", **fields}
    return Program(make_token(make_application(tenant=tenant, partner=partner, scopes=scopes, **named)), base)
