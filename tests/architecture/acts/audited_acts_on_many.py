"""Each act on many subscriptions, and a call of it: a table of test_every_act_is_audited.py."""

from collections.abc import Callable

from partners.partner_of_record import acts as partner_of_record
from partners.partner_of_record import file_lines
from subscriptions.bulk import acts as bulk
from subscriptions.bulk import runs
from subscriptions.models import BulkAct, Subscription
from subscriptions.models.mail import MailKind
from tests.architecture.acts.audited import ADMIN, ALPHA, Call, Rows, Who


def chosen(rows: Rows, by) -> BulkAct:
    mine = Subscription.objects.of_tenant(rows.tenant)
    return bulk.choose(tenant=rows.tenant, kind="partner-of-record", rows=mine, selection="All", by=by)


def by_file(rows: Rows, by) -> BulkAct:
    content = f"subscription_id,own_name\n{rows.subscription.uuid},Berlin\n".encode()
    return file_lines.preview_file(
        tenant=rows.tenant, chunks=lambda: iter([content]), file_name="a.csv", by=by, reason="R"
    )


def previewed(rows: Rows, by) -> BulkAct:
    wanted = {"id": rows.other.number, "name": rows.other.name}
    return bulk.preview(act=chosen(rows, by), wanted=wanted, reason="R", by=by)


def decided(rows: Rows, by) -> BulkAct:
    act = previewed(rows, by)
    return bulk.decide(act=act, digest=act.digest, by=by)


def begun(rows: Rows) -> BulkAct:
    """Decided with a recent sign-in, whatever the one of who goes on with it is."""
    return decided(rows, rows.persons[ADMIN])


def paused(rows: Rows, by) -> BulkAct:
    act = begun(rows)
    bulk.pause(act=act, by=by)
    return act


def undone(rows: Rows, by) -> None:
    act = begun(rows)
    runs.work_off(tenant_id=act.tenant_id, act_id=act.pk)
    bulk.preview_undo(act=act.tenant.bulk_acts.get(), by=by)


CALLS: dict[Who, dict[Callable, Call]] = {
    (ADMIN, ALPHA): {
        bulk.choose: chosen,
        bulk.preview: previewed,
        file_lines.preview_file: by_file,
        bulk.preview_again: lambda rows, by: bulk.preview_again(act=previewed(rows, by), by=by),
        bulk.leave_out: lambda rows, by: bulk.leave_out(
            act=previewed(rows, by), subscription=rows.subscription.uuid, by=by
        ),
        bulk.decide: decided,
        bulk.pause: paused,
        bulk.resume: lambda rows, by: bulk.resume(act=paused(rows, by), by=by),
        bulk.stop: lambda rows, by: bulk.stop(act=paused(rows, by), by=by),
        bulk.preview_undo: undone,
        partner_of_record.restore_partner: lambda rows, by: partner_of_record.restore_partner(
            **rows.of_subscription(), partner=rows.other, by=by
        ),
    },
}
# Of all others one: that it was decided
ROWS = {
    # Nothing is decided yet
    bulk.choose: 0,
    bulk.preview: 0,
    file_lines.preview_file: 0,
    bulk.preview_again: 0,
    bulk.leave_out: 0,
    bulk.stop: 2,  # and that it ended
    bulk.preview_undo: 5,  # decided, one subscription, ended, and each partner told
}
MAILS = {bulk.preview_undo: (MailKind.BULK_RECEIPT, MailKind.CREDITS_CHANGED, MailKind.CREDITS_CHANGED)}
