"""How many statements the act of every day takes, from the session to the commit, however many people are told."""

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from subscriptions.clouds import Cloud
from subscriptions.models import Mail, Membership
from subscriptions.models.mail import MailKind
from subscriptions.models.people.membership import ADMINS, Role
from tests.database import as_owner, without_scope
from tests.factories import make_members
from tests.partners.partner_of_record.client import checked, opened, submit
from tests.worlds import make_world

pytestmark = pytest.mark.django_db(transaction=True)  # within a test's transaction there would be savepoints

# From the session to the commit: nothing named yet, another partner, none any more. The goal is 12.
ADDED, CHANGED, REMOVED = 17, 16, 14


@pytest.fixture
def world():
    return make_world(Cloud.GERMANY)


def statements(client, subscription, number: str) -> list[str]:
    fields = checked(client, subscription, number) if number else opened(client, subscription) | {"partner_id": ""}
    aliases = [connections["default"], connections["counters"]]
    with CaptureQueriesContext(aliases[0]) as own, CaptureQueriesContext(aliases[1]) as counted:
        answer = submit(client, subscription, fields)
    assert answer.status_code == 303
    found = [without_scope(query["sql"]) for query in [*own, *counted]]
    return [sql for sql in found if not sql.startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))]


@pytest.mark.parametrize("admins", [1, 10, 100])
def test_a_submit_takes_as_many_however_many_admins_are_mailed(world, sign_in, admins):
    client = sign_in(world.admin)
    people = [(f"more-{number}@nordwind.example", "Mo Re", Role.BILLING_ADMIN) for number in range(admins - 1)]
    with as_owner():
        few = Membership.objects.filter(tenant=world.tenant, role__in=ADMINS).count()
        make_members(tenant=world.tenant, people=people)
    acts = {"": REMOVED, world.other.number: ADDED, world.partner.number: CHANGED}
    found = {number: len(statements(client, world.named, number)) for number in acts}
    assert found == acts
    with as_owner():
        mailed = Mail.objects.filter(kind=MailKind.PARTNER_OF_RECORD_RECEIPT).count()
    assert mailed == 3 * (few + admins - 1)
