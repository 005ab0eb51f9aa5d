"""What an application may do with a subscription, beside its partner of record, and with what waits for a day."""

from typing import Any

from ninja import Router

from partners.models import ScheduledChange
from partners.partner_of_record.schedule import pages as scheduled
from portal.api.kinds import INVALID
from portal.api.problems import Problem, Wrong
from portal.api.served import Day, OnOff, Served, serve
from portal.api.tenants.scheduled_changes import ScheduleChange
from subscriptions.subscriptions.pages import acts, ends
from subscriptions.subscriptions.pages.naming import Names
from subscriptions.subscriptions.pages.undo import Undo

router = Router(tags=["Subscriptions"])
BY_UUID = "/subscriptions/{uuid:uuid}"
PAYMENT = {
    "payment_method": (str | None, None),
    "purchase_order_number": (str | None, None),
    "fapiao_title": (str | None, None),
    "fapiao_tax_number": (str | None, None),
}
PRICE = {"unit_price": (str | None, None)}


def _switched(name: str) -> Any:
    return lambda said: {**said, name: "on" if said[name] else "off"}


def _for_a_day(said: dict[str, Any]) -> dict[str, Any]:
    """Either a partner or its removal, said in words: what is left out removes nobody."""
    if ("partner_id" in said) == bool(said.get("remove")):
        raise Problem(INVALID, errors=[Wrong("partner_id, or remove: true", "one-of", pointer="")])
    at_renewal = said.pop("at_renewal", False)
    said.pop("remove", None)
    return {"partner_id": "", **said, "when": "renewal" if at_renewal else "day"}


SERVED = (
    Served("change_licenses", "POST", f"{BY_UUID}/licenses", acts.Licenses),
    Served(
        "change_billing_frequency",
        "POST",
        f"{BY_UUID}/billing-frequency",
        acts.Frequency,
        more={"frequency": str, **PRICE},
        told="At the price of today, or not at all where `unit_price` is another one.",
    ),
    Served(
        "set_recurring_billing",
        "POST",
        f"{BY_UUID}/recurring-billing",
        acts.RecurringBilling,
        more={"recurring": OnOff},
        typed=_switched("recurring"),
    ),
    Served("undo_last_change", "POST", f"{BY_UUID}/undo", Undo, told="Takes the last change back, where it can be."),
    Served("name_subscription", "POST", f"{BY_UUID}/names", Names, more={"own_name": str, "cost_center": str}),
    Served("cancel_subscription", "POST", f"{BY_UUID}/cancel", ends.Cancel),
    Served("reactivate_subscription", "POST", f"{BY_UUID}/reactivate", ends.Reactivate, more={**PAYMENT, **PRICE}),
    Served("extend_trial", "POST", f"{BY_UUID}/extend-trial", ends.ExtendTrial),
    Served("set_payment_method", "POST", f"{BY_UUID}/payment-method", ends.PaymentMethod, more=PAYMENT),
    Served(
        "schedule_partner_of_record",
        "POST",
        f"{BY_UUID}/scheduled-changes",
        ScheduleChange,
        more={
            "partner_id": (str | None, None),
            "remove": (bool | None, None),
            "on": (Day | None, None),
            "at_renewal": (bool | None, None),
            "when": None,
            "waiting": None,
        },
        typed=_for_a_day,
        made=lambda change: str(change.uuid) if isinstance(change, ScheduledChange) else "",
        told="Names or removes the partner of record on a day, or at the next renewal.",
    ),
    Served("cancel_scheduled_change", "POST", "/scheduled-changes/{uuid:uuid}/cancel", scheduled.CancelScheduled),
    Served("try_scheduled_change_again", "POST", "/scheduled-changes/{uuid:uuid}/try-again", scheduled.TryAgain),
    Served("dismiss_scheduled_change", "POST", "/scheduled-changes/{uuid:uuid}/dismiss", scheduled.Dismiss),
)
for each in SERVED:
    serve(router, each)
