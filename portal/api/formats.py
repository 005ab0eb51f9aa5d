"""How the API writes values: moments in UTC, days as days, money with its currency, IDs as texts."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated

from ninja import Schema
from pydantic import Field, PlainSerializer


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


Moment = Annotated[datetime, PlainSerializer(_utc, return_type=str), Field(description="A moment in UTC.")]
Day = Annotated[date, Field(description="A day in the organization's time zone.")]
OpenText = Annotated[str, Field(description="One of a list that may grow: take values that you do not know.")]


class Money(Schema):
    amount: str = Field(examples=["12.50"])
    currency: str = Field(examples=["EUR"])

    @classmethod
    def of(cls, amount: Decimal, currency: str) -> "Money":
        return cls(amount=f"{amount:.2f}", currency=currency)
