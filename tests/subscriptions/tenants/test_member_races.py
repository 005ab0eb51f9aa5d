"""Two who end each other at one moment, in real transactions and threads: one of them stays."""

import pytest

from subscriptions.access import staff_actor
from subscriptions.db import scopes
from subscriptions.models import Membership, User
from subscriptions.models.people.membership import Role
from subscriptions.tenants import accounts, members, staff_roles
from subscriptions.verdicts import Refused, VerdictCode
from tests.database import as_owner
from tests.factories import make_actor, make_member, make_tenant, make_user
from tests.partners.partner_of_record.test_partner_of_record_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("how", ["demote", "remove"])
def test_of_two_who_end_each_other_one_is_told_that_it_is_the_last(how):
    tenant = make_tenant(slug="alpha", name="Alpha Ltd")
    people = [make_member(tenant=tenant, email=f"{name}@alpha.example", name=name) for name in ("ann", "bob")]
    with as_owner():
        rows = {row.user_id: row for row in Membership.objects.all()}

    def end(by, target) -> VerdictCode | None:
        actor, row = make_actor(user=by), rows[target.pk]
        try:
            with scopes.tenant(tenant.pk):
                if how == "demote":
                    members.change_role(membership=row, role=Role.GLOBAL_READER, by=actor)
                else:
                    members.remove_member(membership=row, by=actor)
        except Refused as refusal:
            return refusal.verdict.code
        return None

    first, second = people
    codes = at_once(lambda: end(first, second), lambda: end(second, first))
    assert sorted(codes, key=str) == sorted([None, VerdictCode.LAST_GLOBAL_ADMIN], key=str)
    with as_owner():
        assert Membership.objects.filter(role=Role.GLOBAL_ADMIN).count() == 1


@pytest.mark.parametrize("how", ["take the roles", "close the account"])
def test_of_two_of_the_staff_who_end_each_other_at_once_one_stays(how):
    people = [make_user(email=f"{name}@portal.example", name=name, is_staff=True) for name in ("ann", "bob")]

    def end(by, target) -> VerdictCode | None:
        try:
            with scopes.staff():
                actor = staff_actor(by)
                if how == "take the roles":
                    staff_roles.set_staff_roles(user=target, roles=[], by=actor, reason="R")
                else:
                    accounts.set_active(user=target, active=False, by=actor, reason="R")
        except Refused as refusal:
            return refusal.verdict.code
        return None

    first, second = people
    codes = at_once(lambda: end(first, second), lambda: end(second, first))
    assert sorted(codes, key=str) == sorted([None, VerdictCode.ROLE], key=str)
    with as_owner():
        assert User.objects.filter(is_staff=True, is_active=True).count() == 1
