"""May this be done now? The answer that page, POST and act share: allowed, or why not, who can, and what next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from uuid import UUID

from subscriptions.clouds import CloudStatus, Text


class VerdictCode(Enum):
    """Why an act may be done or not; the number is the answer to a request that tries it all the same."""

    ALLOWED = ("allowed", 200)
    ROLE = ("role", 403)
    NOT_IN_THIS_CLOUD = ("not-in-this-cloud", 404)
    CLOUD_CLOSED = ("cloud-closed", 409)
    SUBSCRIPTION_DISABLED = ("subscription-disabled", 409)
    SUBSCRIPTION_EXPIRED = ("subscription-expired", 409)
    NOT_IN_GRACE = ("not-in-grace", 409)
    RESELLER_MANAGED = ("reseller-managed", 403)
    IS_A_TRIAL = ("is-a-trial", 409)
    NOT_A_TRIAL = ("not-a-trial", 409)
    TRIAL_EXTENDED = ("trial-extended", 409)
    TOO_EARLY = ("too-early", 409)
    NO_PRICE = ("no-price", 409)
    ONLY_PARTNER_CAN_END = ("only-partner-can-end", 403)
    DERIVED_RELATIONSHIP = ("derived-relationship", 409)
    ALREADY_ENDED = ("already-ended", 409)
    NO_ROLES = ("no-roles", 409)
    NO_END_DATE = ("no-end-date", 409)
    NO_EXTENSION_WITH_GLOBAL_ADMINISTRATOR = ("no-extension-with-global-administrator", 409)
    BLOCKED_BY_SUBSCRIPTIONS = ("blocked-by-subscriptions", 409)
    NOTHING_TO_UNDO = ("nothing-to-undo", 409)
    WRONG_STATE = ("wrong-state", 409)
    NOT_ON_LIST = ("not-on-list", 409)
    CHANGE_WAITS = ("change-waits", 409)
    PARTNER_NOT_USABLE = ("partner-not-usable", 409)
    LAST_GLOBAL_ADMIN = ("last-global-admin", 409)
    LAST_ADMIN_AGENT = ("last-admin-agent", 409)
    NO_TRIAL = ("no-trial", 409)
    TRIAL_USED = ("trial-used", 409)
    ORDER_NOT_DRAFT = ("order-not-draft", 409)
    ORDER_NOT_READY = ("order-not-ready", 409)
    PARTNERS_NEVER = ("partners-never", 403)
    ORGANIZATION_SUSPENDED = ("organization-suspended", 403)
    ORGANIZATION_CLOSED = ("organization-closed", 403)
    OWN_OFFER = ("own-offer", 403)
    NOTHING_TO_IMPORT = ("nothing-to-import", 409)
    SECOND_FACTOR_NEEDED = ("second-factor-needed", 403)
    VIEW_AS_IS_READ_ONLY = ("view-as-is-read-only", 403)
    NOT_VIEWED_AS = ("not-viewed-as", 403)
    VIEWING_OFF = ("viewing-off", 403)
    OWN_APPROVAL = ("own-approval", 403)
    APPROVAL_NEEDED = ("approval-needed", 409)
    APPROVAL_WAITS = ("approval-waits", 409)
    CHANGED_SINCE = ("changed-since", 409)
    NO_SECOND_PERSON = ("no-second-person", 409)
    OWN_ROLES = ("own-roles", 403)
    OFFER_DEAD = ("offer-dead", 410)
    INVITED_ELSEWHERE = ("invited-elsewhere", 403)
    INVITATION_OVER = ("invitation-over", 410)
    APPLICATIONS_NEVER = ("applications-never", 403)
    INSUFFICIENT_SCOPE = ("insufficient-scope", 403)
    NOT_RECORDED = ("not-recorded", 503)

    def __init__(self, code: str, status: int):
        self.code = code
        self.status = status


@dataclass(frozen=True)
class Page:
    """A page by its name, and what it shows: of these the web makes an address."""

    name: str
    of: Sequence[str | UUID] = ()


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """May this be done now? If not: one sentence why, who can fix it, and one next step (with a link).

    `heading` is that of its page, where *This is not possible* would say too little. The link leads to `next_page`,
    or out of the portal to `next_url`.
    """

    code: VerdictCode
    heading: Text = ""
    reason: Text = ""
    who: Text = ""
    next_step: Text = ""
    next_label: Text = ""
    next_page: Page | None = None
    next_url: str = ""

    @property
    def allowed(self) -> bool:
        return self.code is VerdictCode.ALLOWED

    def require(self) -> None:
        """Raises Refused unless the act is allowed."""
        if not self.allowed:
            raise Refused(self)


ALLOWED = Verdict(code=VerdictCode.ALLOWED)


class Stale(Exception):
    """What the person saw is not true any more: somebody else has changed it since."""


class Refused(Exception):
    """An act that its verdict forbids."""

    def __init__(self, verdict: Verdict):
        super().__init__(verdict.code.code)
        self.verdict = verdict


def unless_closed(status: CloudStatus, *, reason: Text, next_step: Text) -> Verdict:
    """Nothing new begins in a closed cloud: what that means for an act, and what still goes."""
    if status != CloudStatus.CLOSED:
        return ALLOWED
    return Verdict(code=VerdictCode.CLOUD_CLOSED, reason=reason, next_step=next_step)


def first_refusal(verdicts: Iterable[Verdict]) -> Verdict:
    """Of several conditions the first that is not met."""
    return next((verdict for verdict in verdicts if not verdict.allowed), ALLOWED)
