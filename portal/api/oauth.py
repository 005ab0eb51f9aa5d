"""OAuth 2 client credentials (RFC 6749, 4.4): an application's ID and one of its tokens for a token of some minutes.

oauthlib says what a request has to be and how each refusal is written; here is who the client is and what it gets.
"""

import json
from base64 import b64decode
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote_plus

from allauth.core.internal.httpkit import get_client_ip
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from oauthlib.common import Request
from oauthlib.oauth2 import ClientCredentialsGrant, RequestValidator
from oauthlib.oauth2.rfc6749 import errors
from oauthlib.oauth2.rfc6749.endpoints import TokenEndpoint
from oauthlib.oauth2.rfc6749.tokens import BearerToken

from portal.api.problems import absolute, request_id
from subscriptions.applications.callers import Caller, find_by_secret
from subscriptions.applications.short_tokens import SHORT_TOKEN, seal
from subscriptions.db.limits import TooManyRequests, count_request, limits_of
from subscriptions.models.people.application import ApplicationScope

GRANT = "client_credentials"
FORM = "application/x-www-form-urlencoded"
LONGEST_FORM = 8 * 1024
EVERYTHING = "/.default"  # how some clients ask for all that an application was given
ADDRESS = "Client-Address"
CHALLENGE = 'Basic realm="portal"'


@dataclass(frozen=True)
class Known:
    """The client of a request, once it has proved itself."""

    caller: Caller
    secret: str

    @property
    def client_id(self) -> str:
        return str(self.caller.uuid)

    @property
    def scopes(self) -> list[str]:
        return sorted(scope.value for scope in self.caller.scopes)

    @property
    def ends(self) -> datetime:
        """Of a short token: never after the one that it is given for."""
        return min(self.caller.asked_at + SHORT_TOKEN, self.caller.expires_on)


class Validator(RequestValidator):
    """Who asks, and for which scopes."""

    def authenticate_client(self, request: Request, *args: Any, **kwargs: Any) -> bool:
        client, secret = _credentials(request)
        caller = find_by_secret(client, secret, address=request.headers.get(ADDRESS))
        if caller is None:
            return False
        request.client = Known(caller, secret)
        count_request(*limits_of("api-token", application=caller.key))
        return True

    def validate_grant_type(self, *args: Any, **kwargs: Any) -> bool:
        return True  # the endpoint knows one

    def get_default_scopes(self, client_id: str, request: Request, *args: Any, **kwargs: Any) -> list[str]:
        return list(request.client.scopes)

    def validate_scopes(
        self, client_id: str, scopes: list[str], client: Known, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        if any(scope.endswith(EVERYTHING) for scope in scopes):
            request.scopes = client.scopes
            return len(scopes) == 1
        request.scopes = sorted(set(scopes))
        return set(scopes) <= set(client.scopes)

    def save_token(self, token: dict[str, Any], request: Request, *args: Any, **kwargs: Any) -> None:
        """Nothing is kept: see `short_tokens`."""


def _require_once(request: Request) -> None:
    """Nothing comes twice, and nobody says in two ways who it is."""
    if request.duplicate_params:
        raise errors.InvalidRequestError(f"Duplicate {request.duplicate_params[0]} parameter.", request=request)
    if request.client_secret is not None and "Authorization" in request.headers:
        raise errors.InvalidRequestError("Two ways to authenticate.", request=request)


def _credentials(request: Request) -> tuple[str, str]:
    """From the header, or from the body; what cannot be read is nobody's."""
    scheme, _space, told = request.headers.get("Authorization", "").partition(" ")
    if not scheme:
        return request.client_id or "", request.client_secret or ""
    try:
        client, _colon, secret = b64decode(told, validate=True).decode().partition(":")
    except ValueError:
        return "", ""
    return (unquote_plus(client), unquote_plus(secret)) if scheme.lower() == "basic" else ("", "")


def _seconds(request: Request) -> int:
    known: Known = request.client
    return max(int((known.ends - known.caller.asked_at).total_seconds()), 1)


def _short_token(request: Request) -> str:
    known: Known = request.client
    return seal(known.secret, scopes=request.scopes, ends=known.ends)


def _endpoint() -> TokenEndpoint:
    """It knows one grant; there is no other to be asked for."""
    validator = Validator()
    grant = ClientCredentialsGrant(validator)
    grant.custom_validators.pre_token.append(_require_once)
    return TokenEndpoint(GRANT, BearerToken(validator, _short_token, _seconds), {GRANT: grant})


ENDPOINT = _endpoint()


def token(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return refused(errors.InvalidRequestError("Ask by POST."), status=405, Allow="POST")
    try:
        _require_no_query(request)
        headers, body, status = ENDPOINT.create_token_response(
            request.path, "POST", _body_of(request), _headers_of(request)
        )
    except errors.OAuth2Error as error:
        return refused(error)
    except TooManyRequests as error:
        told = errors.TemporarilyUnavailableError("Too many requests.")
        return refused(told, status=429, Retry_After=str(error.retry_after))
    if status == 401:
        headers["WWW-Authenticate"] = CHALLENGE
    return _written(body, status, headers)


def _require_no_query(request: HttpRequest) -> None:
    """What proves a client never stands in an address; nor does the library read each query that comes."""
    if request.META.get("QUERY_STRING"):
        raise errors.InvalidRequestError("Send everything in the body, and nothing in the address.")


def _headers_of(request: HttpRequest) -> dict[str, str]:
    """And where it comes from, which is kept with the last use."""
    sent = request.headers.get("Authorization")
    return {ADDRESS: get_client_ip(request) or ""} | ({"Authorization": sent} if sent else {})


def _body_of(request: HttpRequest) -> str:
    """Raises OAuth2Error for what is no form, and for more than any client sends."""
    try:
        body = request.body
        text = body.decode("ascii")
    except (RequestDataTooBig, UnicodeDecodeError) as error:
        raise errors.InvalidRequestError("The body is no form.") from error
    if request.content_type != FORM or len(body) > LONGEST_FORM:
        raise errors.InvalidRequestError(f"Send a form, {FORM}, of at most {LONGEST_FORM} bytes.")
    return text


def refused(error: errors.OAuth2Error, *, status: int | None = None, **headers: str) -> HttpResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return _written(error.json, status or error.status_code, named)


def _written(body: str, status: int, headers: dict[str, str]) -> HttpResponse:
    never = {"Cache-Control": "no-store", "Pragma": "no-cache", "Request-Id": request_id()}
    return HttpResponse(body, status=status, headers={**headers, **never, "Content-Type": "application/json"})


def written_fault(request: HttpRequest, status: int) -> HttpResponse:
    """In the place of a page that says no more than the status does."""
    kind = errors.ServerError if status == 500 else errors.TemporarilyUnavailableError
    return refused(kind() if status >= 500 else errors.InvalidRequestError(), status=status)


@require_safe
@login_not_required
@transaction.non_atomic_requests
def metadata(request: HttpRequest) -> HttpResponse:
    """RFC 8414, by which clients find the endpoint.

    Some look for it as OpenID Connect does, with "api" for their tenant, and insist on being told where
    people would sign in; nothing is there, as no person signs in by this.
    """
    told = {
        "issuer": absolute("/api"),
        "token_endpoint": absolute("/api/oauth/token"),
        "authorization_endpoint": absolute("/api/v1/oauth/none"),
        "grant_types_supported": [GRANT],
        "response_types_supported": [],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "scopes_supported": sorted(ApplicationScope.values),
    }
    return HttpResponse(json.dumps(told), content_type="application/json")
