"""Whose turn comes after a wait decides by the clock after that wait."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from partners.models import PartnerOffer
from partners.offers import acts as offers
from subscriptions.verdicts import Refused, VerdictCode
from tests.database import as_owner
from tests.factories import make_partner_offer
from tests.partners.offers.facts import OfferWorld

pytestmark = pytest.mark.django_db(transaction=True)
UNTIL_THE_END = timedelta(seconds=1)


def test_an_offer_that_runs_out_while_an_act_waits_is_over_for_it():
    world = OfferWorld()
    offer = make_partner_offer(tenant=world.tenant, partner=world.partner, expires_in=UNTIL_THE_END)
    refusals = []

    def withdraw():
        try:
            with world.inside():
                offers.withdraw(tenant=world.tenant, offer=offer, by=world.agent)
        except Refused as refusal:
            refusals.append(refusal.verdict.code)
        finally:
            connections.close_all()

    waiting = threading.Thread(target=withdraw)
    with as_owner(), transaction.atomic():
        PartnerOffer.objects.select_for_update().get(pk=offer.pk)
        waiting.start()
        time.sleep(UNTIL_THE_END.total_seconds() + 0.3)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
            assert cursor.fetchone()[0] >= 1
    waiting.join()
    assert refusals == [VerdictCode.WRONG_STATE]
