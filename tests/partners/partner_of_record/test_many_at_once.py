"""Two acts on many at once, with rows in common: each row is one's, and neither waits for the other for ever."""

import os
import random

import pytest

from subscriptions.bulk import runs
from tests.database import at_once
from tests.factories import make_actor, make_member, make_partner, make_tenant
from tests.facts import periods
from tests.subscriptions.bulk import facts as many

ROUNDS = int(os.environ.get("ROUNDS", "2"))  # more of them by `make drill-many`


@pytest.mark.django_db(transaction=True)
def test_one_wins_a_row_and_the_other_lists_it_as_changed(monkeypatch):
    monkeypatch.setattr(runs, "ROWS_A_BATCH", 2)
    chance = random.Random(int(os.environ.get("SEED", "1")))
    partners = [make_partner(number=number) for number in ("565380", "935287")]
    for number in range(ROUNDS):
        tenant = make_tenant(slug=f"round-{number}")
        by = make_actor(user=make_member(tenant=tenant, email=f"{number}@round.example"))
        rows = many.make_many(tenant, 8)
        chosen = [chance.sample(rows, 5), chance.sample(rows, 6)]
        acts = [
            many.decide(many.previewed(tenant, by, partner=partner, of=of), by)
            for partner, of in zip(partners, chosen, strict=True)
        ]
        at_once(*[lambda act=act: many.work_off(act) for act in acts])
        common, all_chosen = set(chosen[0]) & set(chosen[1]), set(chosen[0]) | set(chosen[1])
        outcomes = [many.outcomes(act) for act in acts]
        assert [many.now(act).state for act in acts] == ["done", "done"]
        assert sum(each.get("changed", 0) for each in outcomes) == len(all_chosen)
        assert sum(each.get("stale-version", 0) for each in outcomes) == len(common)
        assert [len(periods(row)) for row in rows] == [int(row in all_chosen) for row in rows]
