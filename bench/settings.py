"""The portal's settings, but for limits of how often somebody may act, which a measurement passes at once."""

from portal.settings import *  # noqa: F403

ENOUGH = (1_000_000, 3600)
LIMITS = {
    "check-id": {"person": ENOUGH, "tenant": ENOUGH},
    "change-partner": {"person": ENOUGH},
    "api-read": {"application": ENOUGH},
}
SESSION_SECONDS = STAFF_SESSION_SECONDS = (24 * 3600, 24 * 3600)
STAFF_SECOND_FACTOR = False
