"""Templates of offers: what a partner keeps of an offer's content for the next ones. They concern no organization."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any, TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from partners.models import OfferTemplate, Partner
from partners.models.partner_offer import CreditWanted
from partners.offers.checks import NotOfferable, check_template
from partners.offers.reads import Line, OfferFacts
from subscriptions.access import Actor, Permission
from subscriptions.verdicts import ALLOWED, Stale, Verdict, VerdictCode, first_refusal

MOST_TEMPLATES = 50
Stored = TypeVar("Stored")


def may_keep(actor: Actor, partner: Partner) -> Verdict:
    """As many as a list shows at once."""
    full = OfferTemplate.objects.filter(partner=partner).count() >= MOST_TEMPLATES
    too_many = Verdict(
        code=VerdictCode.WRONG_STATE,
        reason=_("You have %(most)s templates, which is as many as there can be.") % {"most": MOST_TEMPLATES},
        next_step=_("Delete one that you no longer use."),
    )
    return first_refusal([actor.may(Permission.MAKE_OFFERS), too_many if full else ALLOWED])


@transaction.atomic
def keep(*, partner: Partner, name: str, facts: OfferFacts, by: Actor) -> OfferTemplate:
    """Of an offer's content all that is not one organization's own. Raises Refused and NotOfferable."""
    may_keep(by, partner).require()
    kept = {"partner": partner, "name": name, "facts": _stored(facts), "kept_by": by.name}
    return _named_once(lambda: OfferTemplate.objects.create(**kept))


@transaction.atomic
def change(*, template: OfferTemplate, facts: OfferFacts, by: Actor) -> OfferTemplate:
    """What later offers begin with; those that were made of it stay as they are.

    Raises Refused, NotOfferable, and Stale where it is not as `template` has it any more.
    """
    by.may(Permission.MAKE_OFFERS).require()
    held = OfferTemplate.objects.select_for_update().filter(partner=template.partner_id, pk=template.pk).first()
    if held is None or (held.name, held.facts) != (template.name, template.facts):
        raise Stale
    checked = check_template(partner=template.partner, facts=facts)
    held.name, held.facts = checked.name, _stored(checked)
    held.kept_by, held.kept_at = by.name, timezone.now()
    _named_once(lambda: held.save(update_fields=["name", "facts", "kept_by", "kept_at"]))
    return held


def _named_once(store: Callable[[], Stored]) -> Stored:
    """Raises NotOfferable where the partner has one of that name."""
    try:
        with transaction.atomic():
            return store()
    except IntegrityError as error:
        if "offertemplate_name_once" not in str(error):
            raise
        raise NotOfferable({"name": _("You have a template of that name already.")}) from error


@transaction.atomic
def delete(*, template: OfferTemplate, by: Actor) -> OfferTemplate:
    """For good; the offers that were made of it stay. Raises Refused."""
    by.may(Permission.MAKE_OFFERS).require()
    OfferTemplate.objects.filter(partner=template.partner_id, pk=template.pk).delete()
    return template


def _stored(facts: OfferFacts) -> dict[str, Any]:
    """Subscriptions that an offer names are one organization's."""
    credit = CreditWanted.NOTHING if facts.credit == CreditWanted.NAMED else facts.credit
    said = asdict(facts) | {"credit": credit, "subscriptions": ()}
    lines = [asdict(line) | {"product": str(line.product)} for line in facts.lines]
    return said | {"lines": lines, "roles": list(facts.roles)}


def facts_of_template(template: OfferTemplate) -> OfferFacts:
    return read_stored(template.facts, template.name)


def read_stored(said: dict[str, Any], name: str) -> OfferFacts:
    return OfferFacts(
        name=name,
        terms=said["terms"],
        roles=tuple(said["roles"]),
        days=said["days"],
        credit=said["credit"],
        purchase=said["purchase"],
        lines=tuple(Line(**line | {"product": UUID(line["product"])}) for line in said["lines"]),
    )
