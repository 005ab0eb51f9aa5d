"""How Graph writes values."""

from datetime import UTC, date, datetime, time


def moment(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if at else None


def day(on: date) -> str:
    """Graph has moments alone, so a day is its first one."""
    return moment(datetime.combine(on, time.min, UTC))  # type: ignore[return-value]
