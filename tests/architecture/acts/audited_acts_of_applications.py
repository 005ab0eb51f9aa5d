"""Acts on applications, each with one call: a table of test_every_act_is_audited.py."""

import time
from collections.abc import Callable
from dataclasses import replace

from partners.directory.owned_applications import OfPartner
from subscriptions.access import Actor
from subscriptions.applications import acts, reminders
from subscriptions.applications.owners import OfOrganization
from subscriptions.models import Application, ApplicationToken
from subscriptions.models.mail import MailKind
from tests.architecture.acts.audited import ADMIN, ALPHA, NOBODY, PORTAL, RESELLER, Call, Rows, Who
from tests.database import as_owner
from tests.factories import make_application, make_token, make_user

NEW = {"name": "Sync", "scopes": ["subscriptions.read"], "days": 30}


def of_alpha(rows: Rows) -> dict:
    return {"owner": OfOrganization(rows.tenant), "application": make_application(tenant=rows.tenant)}


@as_owner()
def token_of(application: Application, **fields) -> ApplicationToken:
    make_token(application, **fields)
    return application.tokens.get()


def revoked(rows: Rows, by: Actor) -> object:
    there = of_alpha(rows)
    return acts.revoke_token(owner=there["owner"], row=token_of(there["application"]), by=by)


def ends_soon(rows: Rows, by: Actor) -> object:
    token_of(make_application(tenant=rows.tenant), days=20)
    return reminders.remind_batch()


def maker_gone(rows: Rows, by: Actor) -> object:
    make_application(tenant=rows.tenant, maker=make_user(email="gone@alpha.example", name="Gone"))
    return reminders.find_gone_makers()


CALLS: dict[Who, dict[Callable, Call]] = {
    (ADMIN, ALPHA): {
        acts.make_application: lambda rows, by: acts.make_application(
            owner=OfOrganization(rows.tenant), role="global-reader", by=by, **NEW
        ),
        acts.change_application: lambda rows, by: acts.change_application(
            **of_alpha(rows), role="global-reader", scopes=["orders.read"], by=by
        ),
        acts.delete_application: lambda rows, by: acts.delete_application(**of_alpha(rows), by=by),
        acts.make_token: lambda rows, by: acts.make_token(**of_alpha(rows), days=30, by=by),
        acts.revoke_token: revoked,
    },
    (RESELLER, NOBODY): {
        acts.make_application: lambda rows, by: acts.make_application(
            owner=OfPartner(rows.partner), role="sales-agent", by=replace(by, proved_at=time.time()), **NEW
        ),
    },
    (PORTAL, ALPHA): {reminders.remind_batch: ends_soon, reminders.find_gone_makers: maker_gone},
}
ROWS = {acts.make_application: 2}
CHANGED = (MailKind.APPLICATIONS_CHANGED,)
MAILS = {
    acts.make_application: CHANGED,
    acts.change_application: CHANGED,
    acts.delete_application: CHANGED,
    acts.make_token: CHANGED,
    acts.revoke_token: CHANGED,
    reminders.remind_batch: (MailKind.TOKEN_ENDS_SOON,),
    reminders.find_gone_makers: (MailKind.MAKER_GONE,),
}
