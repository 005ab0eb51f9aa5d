"""Every act writes one audit row, which names who did it and stands where it belongs; and its mails are queued.

An act is a function of the domain, or of the house, that somebody calls with `by=`, or a job that does what is due.
"""

import inspect
import pkgutil
from importlib import import_module

import pytest
from django.db import transaction

import partners
import portal
import subscriptions
from subscriptions.db.batches import Batch
from subscriptions.models import AuditEvent, Mail
from subscriptions.verdicts import Verdict
from tests.architecture.acts import (
    audited_acts,
    audited_acts_of_applications,
    audited_acts_of_partners,
    audited_acts_on_many,
)
from tests.architecture.acts.audited import Act, Rows, make_rows
from tests.architecture.facts import ADDRESSES, OF_STAFF, Place
from tests.database import as_owner

# Parts of acts: they write the row of the act that calls them, or count, lock and remember.
PARTS = {
    "partners.directory.acts.leave_all",
    "subscriptions.invitations.acts.withdraw_from",
    "subscriptions.tenants.personal_data.is_recorded",
    "partners.directory.reads.count_check",
    "partners.offers.records.record",
    "partners.offers.records.record_of_draft",
    "partners.offers.terms.add_version",
    "partners.partner_of_record.schedule.acts.ask_for",
    # What a partner's people keep and draft for themselves is recorded nowhere
    "partners.offers.many.make_round",  # by the acts of one offer
    "partners.offers.many.read_round",
    "partners.offers.many_lines.read_lines",
    "partners.offers.renewal.list_renewals",
    "partners.offers.renewal.renew",
    "partners.offers.templates.change",
    "partners.offers.templates.delete",
    "partners.offers.templates.keep",
    "partners.partner_of_record.schedule.acts.end",
    "partners.partner_of_record.writing.write_change",
    "partners.partner_of_record.schedule.acts.record",
    # Of acts on many: a test of these proves their rows and mails
    "partners.partner_of_record.bulk.tell_partners",
    "partners.partner_of_record.schedule.digest.tell_batch",
    "partners.partner_of_record.schedule.acts.schedule_one_of_many",
    "partners.relationships.changes.record_about",
    "partners.relationships.changes.record_change",
    "partners.relationships.acts.write_end",
    "partners.relationships.releases.steps.add_step",
    "partners.relationships.releases.steps.close_request",
    "partners.relationships.releases.steps.close_with_relationship",
    "partners.relationships.releases.steps.record",
    "portal.from_offer.acts.credit_order",
    "subscriptions.audit.acts.event_of",
    "subscriptions.audit.acts.record",
    "subscriptions.approvals.requests.ask",
    "subscriptions.approvals.requests.asker_as",
    "subscriptions.approvals.requests.close_waiting",
    "subscriptions.bulk.acts.begin",
    "subscriptions.bulk.acts.kind_of",
    "subscriptions.bulk.asking.ask_for",
    "subscriptions.bulk.asking.hold_back",
    "subscriptions.bulk.runs.end",
    "subscriptions.db.batches.next_batch",
    "subscriptions.audit.changes.store",
    "subscriptions.audit.changes.store_new",
    "subscriptions.invitations.acts.withdraw_all",
    "subscriptions.orders.acts.lock_draft",
    "subscriptions.orders.acts.draft_to_fill",
    "subscriptions.orders.acts.open_drafts",
    "subscriptions.orders.carts.carts_of",
    "subscriptions.subscriptions.changes.follow_new",
    "subscriptions.subscriptions.changes.record",
    "subscriptions.subscriptions.changes.write",
    "subscriptions.subscriptions.ends.end_all",
    "subscriptions.tenants.accounts.hold_accounts",
    "subscriptions.webhooks.ends.record",
}
# What rows are made of, what is called by name only, and the demo
NO_ACTS = {"base", "demo", "management", "migrations", "models"}


TABLES = (audited_acts, audited_acts_of_applications, audited_acts_of_partners, audited_acts_on_many)


def acts() -> list[Act]:
    return [
        Act(function, call, by, log, table.ROWS.get(function, 1), table.MAILS.get(function, ()))
        for table in TABLES
        for (by, log), calls in table.CALLS.items()
        for function, call in calls.items()
    ]


ACTS = acts()


def modules() -> list[str]:
    packages = (partners, portal, subscriptions)
    found = [entry.name for each in packages for entry in pkgutil.walk_packages(each.__path__, f"{each.__name__}.")]
    return [name for name in found if not NO_ACTS & set(name.split(".")) and _may_have_acts(Place(name))]


def _may_have_acts(place: Place) -> bool:
    """What staff's pages do `by` somebody is what the rules do."""
    return place.floor != ADDRESSES and not place.words & OF_STAFF


def registry() -> set[str]:
    """The public functions that know who acts, but for what only answers whether one may, and the jobs."""
    found = set()
    for module in modules():
        for name, function in inspect.getmembers(import_module(module), inspect.isfunction):
            signature = inspect.signature(function)
            answers = signature.return_annotation
            is_act = answers is Batch or ("by" in signature.parameters and answers is not Verdict)
            if is_act and function.__module__ == module and not name.startswith("_"):
                found.add(f"{module}.{name}")
    return found


def test_every_act_is_in_a_table_and_no_part_is():
    assert {act.name for act in ACTS} | PARTS == registry()
    assert {act.name for act in ACTS} & PARTS == set()


class Undone(Exception):
    """An act was tried; the next one finds the world as it was."""


@pytest.mark.parametrize("who", sorted({(act.by, act.log) for act in ACTS}), ids=" for ".join)
def test_each_act_writes_its_row_in_the_right_log_and_queues_its_mails(db, who):
    """One world for all that a person does there: each act is undone before the next."""
    make_rows()
    tried = [act for act in ACTS if (act.by, act.log) == who]
    assert {act.name: outcome(act) for act in tried} == {act.name: expected(act) for act in tried}


def expected(act: Act) -> dict:
    rows = Rows()
    by, log = rows.persons[act.by], rows.tenants.get(act.log)
    return {"rows": [(log, by.kind, by.name, by.user_id)] * act.rows, "mails": sorted(act.mails)}


def outcome(act: Act) -> dict:
    """What is in the trail and in the queue after the act that was not there before."""
    rows = Rows()
    known = {model: {row.pk for row in stored(model)} for model in (AuditEvent, Mail)}
    came: dict = {}
    with pytest.raises(Undone), transaction.atomic():
        with rows.scope_of(act):
            act.call(rows, rows.persons[act.by])
        events, mails = ([row for row in stored(model) if row.pk not in pks] for model, pks in known.items())
        came["rows"] = [(row.tenant, row.actor_kind, row.actor_name, row.actor_id) for row in events]
        came["mails"] = sorted(mail.kind for mail in mails)
        raise Undone
    return came


@as_owner()
def stored(model) -> list:
    return list(model.objects.select_related("tenant").order_by("pk"))
