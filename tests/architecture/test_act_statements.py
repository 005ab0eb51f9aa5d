"""How many statements the act of every day takes, from the session to the commit, however many people are told."""

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from subscriptions.clouds import Cloud
from subscriptions.models import Mail
from subscriptions.models.people.membership import Role
from tests.database import as_owner, without_scope
from tests.factories import make_members
from tests.partners.partner_of_record.client import checked, submit
from tests.worlds import make_world

pytestmark = pytest.mark.django_db(transaction=True)  # within a test's transaction there would be savepoints

SUBMIT = 26  # one more where a partner was credited before; the goal is 12


@pytest.fixture
def world():
    return make_world(Cloud.GERMANY)


def statements(client, subscription, number: str) -> list[str]:
    fields = checked(client, subscription, number)
    aliases = [connections["default"], connections["counters"]]
    with CaptureQueriesContext(aliases[0]) as own, CaptureQueriesContext(aliases[1]) as counted:
        answer = submit(client, subscription, fields)
    assert answer.status_code == 303
    found = [without_scope(query["sql"]) for query in [*own, *counted]]
    return [sql for sql in found if not sql.startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))]


def test_a_submit_takes_as_many_however_many_admins_are_mailed(world, sign_in):
    client = sign_in(world.admin)
    assert len(statements(client, world.named, world.other.number)) <= SUBMIT
    with as_owner():
        few = Mail.objects.count()
        people = [(f"more-{number}@nordwind.example", "Mo Re", Role.BILLING_ADMIN) for number in range(20)]
        make_members(tenant=world.tenant, people=people)
    assert len(statements(client, world.named, world.partner.number)) <= SUBMIT
    with as_owner():
        assert Mail.objects.count() - few == few + 20
