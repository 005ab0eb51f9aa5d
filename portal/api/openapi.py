"""The document of the API, completed: problems of every operation, headers, and whose each place is."""

from typing import Any

from portal.api.access import LOOKS_UP, READS, WRITES
from subscriptions.models.people.application import ApplicationScope

PROBLEM_MEDIA = "application/problem+json"
PROBLEM_REF = {"$ref": "#/components/schemas/Problem"}
TEXT = {"type": "string"}
PROBLEM = {
    "title": "Problem",
    "description": "Why something was not done (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance", "code"],
    "properties": {
        "type": {**TEXT, "format": "uri", "description": "A page that explains this kind of problem."},
        "title": TEXT,
        "status": {"type": "integer"},
        "detail": {**TEXT, "description": "The reason, in the reader's language."},
        "instance": {**TEXT, "description": "The Request-Id."},
        "code": {**TEXT, "description": "Never translated. One of a list that may grow."},
        "who": {**TEXT, "description": "Who can do it or change that."},
        "next_step": TEXT,
        "next_url": {**TEXT, "format": "uri"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["detail", "code"],
                "properties": {
                    "detail": TEXT,
                    "code": TEXT,
                    "pointer": {**TEXT, "description": "A JSON pointer into the body."},
                    "parameter": {**TEXT, "description": "A parameter of the query, or a header."},
                },
            },
        },
    },
    "additionalProperties": True,
}
DRY_RUN = {
    "title": "DryRun",
    "description": "What the call would do. Nothing was changed.",
    "type": "object",
    "required": ["dry_run", "status", "answer", "events", "mails"],
    "properties": {
        "dry_run": {"type": "boolean"},
        "status": {"type": "integer", "description": "The status that the call would have."},
        "answer": {"description": "The body that it would have; null where it has none."},
        "events": {"type": "array", "items": {"type": "object"}},
        "mails": {"type": "array", "items": {"type": "object"}},
    },
}
ALWAYS = {
    400: "The request cannot be read.",
    401: "No valid token.",
    403: "Role, scope, or somebody else's decision.",
    404: "Nothing here for this application.",
    422: "A parameter or a field is not valid.",
    429: "Too many requests.",
    503: "The portal is not available.",
}
OF_BODIES = {409: "Not possible now.", 413: "The body is too large.", 415: "The body is no JSON."}
OF_WRITES = {
    **OF_BODIES,
    410: "It is over.",
    412: "It was changed meanwhile.",
    428: "The version that was seen is missing.",
}
HEADERS = {
    "Request-Id": {"description": "To be told when you ask for help.", "schema": TEXT},
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}},
    "ETag": {"description": "The version, to be sent in If-Match.", "schema": TEXT},
    "Link": {"description": 'The next page: <…>; rel="next".', "schema": TEXT},
    "Location": {"description": "Where it is, or how far it is.", "schema": {**TEXT, "format": "uri"}},
    "Idempotent-Replayed": {"description": "true: the answer to the first call with this key.", "schema": TEXT},
    "WWW-Authenticate": {"description": "Bearer.", "schema": TEXT},
}


def _headers(*names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in ("Request-Id", *names)}


MORE_HEADERS = {401: ["WWW-Authenticate"], 409: ["Retry-After"], 429: ["Retry-After"], 503: ["Retry-After"]}
RESPONSES = {
    f"Problem{status}": {
        "description": told,
        "content": {PROBLEM_MEDIA: {"schema": PROBLEM_REF}},
        "headers": _headers(*MORE_HEADERS.get(status, ())),
    }
    for status, told in sorted({**ALWAYS, **OF_WRITES}.items())
}
PARAMETERS = {
    "slug": {
        "in": "path",
        "name": "slug",
        "required": True,
        "schema": {**TEXT, "pattern": "^[-a-zA-Z0-9_]+$", "examples": ["contoso"]},
        "description": "The organization, as in the portal's addresses.",
    },
    "number": {
        "in": "path",
        "name": "number",
        "required": True,
        "schema": {**TEXT, "pattern": "^[-a-zA-Z0-9_]+$", "examples": ["565380"]},
        "description": "The partner's own ID.",
    },
    "if-match": {
        "in": "header",
        "name": "If-Match",
        "required": False,
        "schema": {**TEXT, "examples": ['"3"']},
        "description": "The ETag that you saw. Where it cannot be sent, `version` in the body.",
    },
    "key": {
        "in": "header",
        "name": "Idempotency-Key",
        "required": False,
        "schema": {**TEXT, "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
        "description": "Of your choice; with the same one, the same call acts once. Kept for 7 days.",
    },
    "dry-run": {
        "in": "query",
        "name": "dry_run",
        "required": False,
        "schema": {"type": "boolean", "default": False},
        "description": "Say what would happen, and change nothing.",
    },
}
DESCRIPTION = (
    "Partners of record, subscriptions and partner relationships for programs. Every list is read page by page with "
    "`cursor`; every change carries the version that was seen (`If-Match`) and, with POST, an `Idempotency-Key`; "
    "`dry_run=true` says what a change would do. A problem says why, who can change that, and what to do next. "
    "Lists of values may grow: take values that you do not know. Send `Accept-Language: en`, `de` or `zh-Hans`."
)


def _schemes() -> dict[str, Any]:
    scopes = {scope.value: str(scope.label) for scope in ApplicationScope}
    oauth = {"clientCredentials": {"tokenUrl": "/api/oauth/token", "scopes": scopes}}
    told = "An application's ID, and its token as the secret, for a token of some minutes."
    return {
        "Bearer": {"type": "http", "scheme": "bearer", "description": "The token of an application."},
        "OAuth2": {"type": "oauth2", "description": told, "flows": oauth},
    }


def _security(scopes: list[str]) -> list[dict[str, list[str]]]:
    """A token, or one by OAuth 2 with any one of these scopes."""
    return (
        [{"Bearer": []}, *({"OAuth2": [scope]} for scope in scopes)] if scopes else [{"Bearer": []}, {"OAuth2": []}]
    )


def completed(document: Any, kinds: dict[str, str], scopes: dict[str, list[str]]) -> Any:
    """Of each operation, by its ID: whether it reads, looks up or writes, and the scopes of which it needs one."""
    document["info"] |= {"description": DESCRIPTION, "license": {"name": "MIT", "identifier": "MIT"}}
    document["servers"] = [{"url": "/"}]
    schemas = document["components"]["schemas"]
    schemas |= {"Problem": PROBLEM, "DryRun": DRY_RUN}
    document["components"]["securitySchemes"] = _schemes()
    document["components"] |= {"responses": RESPONSES, "headers": HEADERS, "parameters": PARAMETERS}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            _complete(operation, kinds[operation["operationId"]], method)
            operation["security"] = _security(scopes[operation["operationId"]])
            operation["parameters"] = [*_places(path, operation["parameters"]), *operation["parameters"]]
    return _sorted(document)


def _places(path: str, known: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Where it is: what stands in the address before the operation's own part."""
    names = {each.get("name") for each in known}
    return [
        {"$ref": f"#/components/parameters/{name}"}
        for name in ("slug", "number")
        if f"{{{name}}}" in path and name not in names
    ]


def _complete(operation: dict[str, Any], kind: str, method: str) -> None:
    operation["summary"] = operation["operationId"].replace("_", " ").capitalize()
    parameters, responses = operation.setdefault("parameters", []), operation["responses"]
    is_list = any(each["name"] == "cursor" for each in parameters)
    problems = {READS: {}, LOOKS_UP: OF_BODIES, WRITES: OF_WRITES}[kind]
    if kind == WRITES:
        key = {**PARAMETERS["key"], "required": True} if method == "post" else _ref("key")
        parameters += [_ref("if-match"), key, _ref("dry-run")]
        _may_be_dry(responses)
    more = [*(["Link"] if is_list else []), *(["Location", "Idempotent-Replayed"] if kind == WRITES else [])]
    for response in responses.values():
        response["headers"] = _headers("ETag", *more)
    if kind == READS and not is_list:
        responses[304] = {"description": "You have this version already.", "headers": _headers("ETag")}
    for status in {**ALWAYS, **problems}:
        responses[status] = {"$ref": f"#/components/responses/Problem{status}"}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/parameters/{name}"}


def _may_be_dry(responses: dict[Any, Any]) -> None:
    done = responses.get(200)
    dry = {"$ref": "#/components/schemas/DryRun"}
    if done is None:
        responses[200] = {
            "description": "With dry_run: what would happen.",
            "content": {"application/json": {"schema": dry}},
        }
    elif "content" in done:
        media = done["content"]["application/json"]
        media["schema"] = {"anyOf": [media["schema"], dry]}


def _sorted(value: Any) -> Any:
    """Plain, with statuses as texts and in one order, so that two documents can be compared line by line."""
    if isinstance(value, dict):
        return {str(key): _sorted(each) for key, each in value.items()}
    return [_sorted(each) for each in value] if isinstance(value, list | tuple) else value
