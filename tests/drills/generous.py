"""The portal's settings with room for a load that no program of one organization makes."""

from portal.settings import *  # noqa: F403

PLENTY = (1_000_000, 60)
LIMITS = {
    "api-read": {"application": PLENTY},
    "api-write": {"application": PLENTY},
    "check-id": {"person": PLENTY, "tenant": PLENTY},
    "change-partner": {"person": PLENTY},
}
