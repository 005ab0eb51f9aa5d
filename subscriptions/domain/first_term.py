"""The first billing period of what is bought: until when."""

from calendar import monthrange
from datetime import date

from subscriptions.models.subscription import BillingFrequency

MONTHS = {BillingFrequency.MONTHLY: 1, BillingFrequency.ANNUAL: 12}


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day where it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def term_end(start: date, frequency: str) -> date:
    return months_after(start, MONTHS[BillingFrequency(frequency)])
