"""The kinds of problem that the API itself knows: code, status, and what its page says of it.

What a verdict refuses has the verdict's code and status; both stand under /api/problems/<code>.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from partners.directory.rules import Problem as Unusable
from subscriptions.clouds import Text
from subscriptions.verdicts import VerdictCode


@dataclass(frozen=True)
class Kind:
    code: str
    status: int
    title: Text
    meaning: Text = ""


NOT_AUTHENTICATED = Kind(
    "not-authenticated",
    401,
    _("No valid token"),
    _("Send the token of an application in the header Authorization: Bearer. Tokens expire and can be revoked."),
)
NOT_FOUND = Kind(
    "not-found",
    404,
    _("Not found"),
    _("There is nothing at this address for this application, or it belongs to somebody else."),
)
NOT_ALLOWED = Kind(
    "method-not-allowed",
    405,
    _("This method is not allowed here"),
    _("The header Allow names the methods that this address takes."),
)
BROKEN_JSON = Kind(
    "broken-json",
    400,
    _("The body is no JSON"),
    _("Send one JSON object in UTF-8: no NaN or Infinity, nested no deeper than 20 levels."),
)
BAD_REQUEST = Kind("bad-request", 400, _("The request cannot be read"), _("Its address or headers are malformed."))
KEY_MISSING = Kind(
    "idempotency-key-missing",
    400,
    _("The header Idempotency-Key is missing"),
    _("Each POST has a key of your choice, so that it can be sent again safely when the answer is lost."),
)
TOO_LARGE = Kind(
    "body-too-large",
    413,
    _("The body is too large"),
    _("JSON has at most 1 MiB, and a file as much as where it is brought on a page."),
)
NOT_A_FORM = Kind(
    "not-a-form",
    415,
    _("The body has to be a form with a file"),
    _("Send it as multipart/form-data, with the CSV file in the field file."),
)
NOT_JSON = Kind(
    "not-json", 415, _("The body has to be JSON"), _("Send the header Content-Type: application/json with it.")
)
INVALID = Kind(
    "invalid",
    422,
    _("Something in the request is not valid"),
    _("Each of the errors names its place and says what is wrong there. Nothing was changed."),
)
BAD_CURSOR = Kind(
    "invalid-cursor",
    422,
    _("The cursor is not valid here"),
    _("A cursor is good for the same list, filters and order alone. Begin without one."),
)
KEY_REUSED = Kind(
    "idempotency-key-reused",
    422,
    _("The Idempotency-Key was used for another request"),
    _("Choose a new key for each new request; repeat one only with the same method, address and body."),
)
NO_VERSION = Kind(
    "version-missing",
    428,
    _("Say which version you saw"),
    _("Send the ETag that you read in the header If-Match, or the version in the body. * is not taken."),
)
STALE = Kind(
    "stale",
    412,
    _("It was changed meanwhile"),
    _("What you saw is not true any more. Read it again, and decide by what is there now."),
)
IN_PROGRESS = Kind(
    "in-progress",
    409,
    _("The same request is being worked on"),
    _("A request with this Idempotency-Key has not ended yet. Send it again after the seconds of Retry-After."),
)
LOCKED = Kind("locked", 409, _("Somebody else is changing it right now"), _("Send the request again."))
TOO_MANY = Kind(
    "too-many-requests",
    429,
    _("Too many requests"),
    _("Wait for the seconds of Retry-After. Each application has its own limits."),
)
UNAVAILABLE = Kind(
    "unavailable",
    503,
    _("The portal is not available"),
    _("Try again after the seconds of Retry-After. Send a POST with the same Idempotency-Key."),
)
FAILED = Kind("failed", 500, _("Something went wrong on our side"), _("Nothing was changed. Tell us the Request-Id."))
FORBIDDEN = Kind("forbidden", 403, _("This is not allowed"))
NAME_DIFFERS = Kind(
    "partner-name-differs",
    409,
    _("The partner has another name"),
    _("The ID belongs to a company of another name than you expected, so that nobody is credited by mistake."),
)
PRICE_CHANGED = Kind(
    "price-changed", 409, _("The price has changed"), _("Read the price of today, and send it if you agree.")
)
OVER = Kind(
    "over",
    409,
    _("This is over"),
    _("It was decided or ended already. Read what became of it."),
)
UNUSABLE = {
    problem: Kind(
        f"partner-{problem.name.lower().replace('_', '-')}",
        409,
        _("This partner ID cannot be used here"),
        _("The answer says why, and what can be done. No name is told of a partner that cannot be used."),
    )
    for problem in Unusable
}
OWN: tuple[Kind, ...] = (
    *(NOT_AUTHENTICATED, NOT_FOUND, NOT_ALLOWED, BROKEN_JSON, BAD_REQUEST, KEY_MISSING, TOO_LARGE),
    *(NOT_JSON, NOT_A_FORM),
    *(INVALID, BAD_CURSOR, KEY_REUSED, NO_VERSION, STALE, IN_PROGRESS, LOCKED, TOO_MANY, UNAVAILABLE, FAILED),
    *(FORBIDDEN, NAME_DIFFERS, PRICE_CHANGED, OVER, *UNUSABLE.values()),
)
BY_STATUS = {
    400: BAD_REQUEST,
    401: NOT_AUTHENTICATED,
    403: FORBIDDEN,
    404: NOT_FOUND,
    405: NOT_ALLOWED,
    409: LOCKED,
    413: TOO_LARGE,
    429: TOO_MANY,
    503: UNAVAILABLE,
}
TITLES = {
    403: _("This is not allowed"),
    404: _("This does not exist here"),
    409: _("This is not possible now"),
    410: _("This is over"),
    503: _("This cannot be done right now"),
}
OF_VERDICTS = tuple(
    Kind(
        each.code,
        each.status,
        TITLES[each.status],
        _("The portal refuses this for a reason that the answer gives, with who can do it and the next step."),
    )
    for each in VerdictCode
    if each is not VerdictCode.ALLOWED
)
KINDS = {kind.code: kind for kind in (*OF_VERDICTS, *OWN)}
