"""Whatever partner, customer and clock do to an offer, in whatever order: one state, one answer, one grant."""

from itertools import count

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from partners import tasks
from partners.models import OfferTerms, PartnerOffer, PartnerRelationship
from partners.offers import acts as offers
from partners.offers.acts import OfferChanged
from partners.offers.links import read_link
from partners.offers.reads import OfferFacts
from partners.templatetags.offers import path_to
from subscriptions.models import AuditEvent, Mail
from subscriptions.models.mail import MailKind
from subscriptions.verdicts import Refused
from tests.database import as_owner
from tests.machines import ANY_ORDER
from tests.partners.offers.facts import OfferWorld, accepted, declined

numbers = count(100)
ROLES = ("helpdesk-administrator", "global-reader")
FACTS = OfferFacts(name="Administration", terms="Terms 0", roles=ROLES, days=365)
# What each act makes of the states in which it is possible; in every other it is refused.
ACTS = {
    "send": {"draft": "sent"},
    "send_again": {"sent": "sent"},
    "withdraw": {"sent": "withdrawn"},
    "accept": {"sent": "accepted"},
    "decline": {"sent": "declined"},
}
AUDITED = {
    "send": "offer.sent",
    "send_again": "offer.sent-again",
    "withdraw": "offer.withdrawn",
    "accept": "offer.accepted",
    "decline": "offer.declined",
}


class OfferOverTime(RuleBasedStateMachine):
    """A model beside the database: the state, how often it was sent, the terms, and what was audited."""

    @initialize()
    def begin(self):
        self.world = OfferWorld(number=next(numbers))
        self.offer = self.world.draft(FACTS)
        self.state, self.generation, self.terms, self.audited = "draft", 0, 1, []
        self.links = []

    @rule(act=st.sampled_from(sorted(ACTS)))
    def act(self, act):
        possible = self.state in ACTS[act]
        try:
            self.do(act)
        except Refused:
            assert not possible, f"{act} was refused in the state {self.state}."
            return
        except PartnerOffer.DoesNotExist:
            assert self.state == "draft", "What was sent is there for the organization."
            return
        assert possible, f"{act} was done in the state {self.state}."
        self.state = ACTS[act][self.state]
        self.audited.append(AUDITED[act])
        if act in ("send", "send_again"):
            self.generation += 1
            now = self.read()
            self.links.append(path_to(now.uuid, now.generation))

    def do(self, act):
        offer = self.read()
        if act == "accept":
            accepted(offer, self.world.admin)
        elif act == "decline":
            declined(offer, self.world.admin)
        else:
            self.world.act(getattr(offers, act), offer)

    @rule()
    def write_other_terms(self):
        try:
            self.world.act(offers.change_terms, self.offer, terms=f"Terms {self.terms}")
        except Refused:
            assert self.state not in ("draft", "sent")
            return
        assert self.state in ("draft", "sent")
        self.terms += 1
        if self.state == "sent":
            self.audited.append("offer.changed")

    @rule()
    def answer_or_send_a_page_that_is_out_of_date(self):
        stale = self.read().version - 1
        with self.world.inside():
            for verb in (offers.send, offers.send_again, offers.discard):
                try:
                    verb(tenant=self.world.tenant, offer=self.offer, version=stale, by=self.world.agent)
                except (OfferChanged, Refused):
                    continue
                raise AssertionError("An act on a version that is gone was done.")

    @rule()
    def discard_the_draft_and_write_it_anew(self):
        """Only a draft goes, and nothing of it is left: its name is free and its terms are gone."""
        offer = self.read()
        try:
            with self.world.inside():
                offers.discard(tenant=self.world.tenant, offer=offer, version=offer.version, by=self.world.agent)
        except Refused:
            assert self.state != "draft"
            return
        assert self.state == "draft"
        with as_owner():
            assert not PartnerOffer.objects.filter(pk=offer.pk).exists()
            assert not OfferTerms.objects.filter(offer=offer.pk).exists()
        self.offer, self.terms = self.world.draft(FACTS), 1

    @rule()
    def the_time_runs_out(self):
        """Nobody can do anything from that moment on, and the job says so once."""
        if self.state == "sent":
            self.world.age(self.offer, days=31)
            self.state = "expired"
            self.audited.append("offer.expired")
            assert self.read().state == "sent"
            for act in ("send_again", "withdraw", "accept", "decline"):
                try:
                    self.do(act)
                except Refused:
                    continue
                raise AssertionError(f"{act} was done after the end.")
        self.run_the_job()

    @rule()
    def run_the_job(self):
        tasks.expire_offers(timestamp=0)

    def read(self):
        return self.world.read(self.offer)

    @invariant()
    def the_database_says_the_same(self):
        offer = self.read()
        assert (offer.state, offer.state_now, offer.generation) == (self.state, self.state, self.generation)
        with as_owner():
            terms = list(OfferTerms.objects.filter(offer=offer).order_by("number"))
            events = AuditEvent.objects.filter(subject_uuid=offer.uuid).order_by("pk")
            granted = PartnerRelationship.objects.filter(tenant=offer.tenant).count()
            mails = Mail.objects.filter(tenant=offer.tenant)
            received = mails.filter(kind=MailKind.OFFER_RECEIVED).count()
            expired = mails.filter(kind=MailKind.OFFER_EXPIRED).count()
            kinds = list(events.values_list("kind", flat=True))
        assert [version.number for version in terms] == list(range(1, self.terms + 1))
        assert kinds == self.audited
        assert granted == (self.state == "accepted")
        assert received == self.generation
        assert expired == (2 if self.state == "expired" else 0)
        if self.state in ("accepted", "declined"):
            assert offer.decided_terms == terms[-1].digest

    @invariant()
    def t35_only_the_link_of_the_last_sending_points_here(self):
        pointed = [read_link(link.split("/")[-2])[1] for link in self.links]
        assert pointed == list(range(1, self.generation + 1))
        assert [generation == self.read().generation for generation in pointed].count(True) == bool(self.links)


def test_any_order_of_acts_leaves_one_state_and_one_answer(db):
    run_state_machine_as_test(OfferOverTime, settings=ANY_ORDER)
