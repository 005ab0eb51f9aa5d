"""Every rule about the content of an offer; each that is broken is a sentence by its field."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from partners.directory.rules import is_usable
from partners.models import Partner
from partners.models.partner_offer import MOST_DAYS, CreditWanted, OfferedPurchase, OfferKind
from partners.models.partner_relationship import NAME_LENGTH
from partners.offers.reads import Line, OfferFacts, sold_in
from partners.offers.terms import MOST_CHARACTERS, sanitized, summary_of
from subscriptions.base import formats
from subscriptions.base.names import normalize_name
from subscriptions.catalogue import shop
from subscriptions.clouds import Capability, profile_of
from subscriptions.models import Product, Subscription, Tenant
from subscriptions.models.delegated_role import DelegatedRole
from subscriptions.models.state_by_date import partner_may_be_set
from subscriptions.models.subscription import BillingFrequency
from subscriptions.subscriptions.lifecycle import today_of

MOST_LICENSES = 100_000
MOST_SUBSCRIPTIONS = 50
MOST_PRODUCTS = 10


class NotOfferable(Exception):
    """What the offer says cannot be offered; `problems` has a sentence for each field that is wrong."""

    def __init__(self, problems: dict[str, str]):
        super().__init__(" ".join(problems.values()))
        self.problems = problems


@dataclass(frozen=True, kw_only=True)
class Checked:
    """The same, as it is stored."""

    kind: OfferKind
    name: str
    html: str
    roles: list[str]
    days: int | None
    credit: str
    subscriptions: list[Subscription]
    purchase: str
    lines: list[tuple[Product, Line]]


def kind_in(tenant: Tenant) -> OfferKind:
    """What the organization's cloud lets a partner ask for."""
    return kind_of(tenant.cloud)


def kind_of(cloud: str) -> OfferKind:
    whole = profile_of(cloud).allows(Capability.RECEIVE_PARTNER_OFFERS)
    return OfferKind.FULL if whole else OfferKind.ROLES_ONLY


def check(*, tenant: Tenant, partner: Partner, facts: OfferFacts) -> Checked:
    """Raises NotOfferable. Needs a scope that sees the organization's subscriptions."""
    problems: dict[str, str] = {}
    checked = Checked(
        kind=kind_in(tenant),
        name=_name(facts, problems),
        html=_terms(facts, problems),
        roles=[role.value for role in DelegatedRole if role in facts.roles],
        days=_days(facts, problems),
        credit=facts.credit,
        subscriptions=_subscriptions(tenant, facts, problems),
        purchase=facts.purchase,
        lines=_lines(shop.items(tenant), facts, problems),
    )
    _check_choices(facts, problems, checked.kind)
    _check_partner(tenant, partner, checked, problems)
    if problems:
        raise NotOfferable(problems)
    return checked


def check_template(*, partner: Partner, facts: OfferFacts) -> OfferFacts:
    """What can be said of a content that is for no organization yet, as it is kept. Raises NotOfferable."""
    problems: dict[str, str] = {}
    name, html, days = _name(facts, problems), _terms(facts, problems), _days(facts, problems)
    lines = _lines(sold_in(partner.cloud), facts, problems)
    _check_choices(facts, problems, kind_of(partner.cloud))
    if problems:
        raise NotOfferable(problems)
    return replace(facts, name=name, terms=html, days=days, lines=tuple(line for _product, line in lines))


def _name(facts: OfferFacts, problems: dict[str, str]) -> str:
    """A line break in it would end a mail's subject, and is refused like every invisible character."""
    try:
        name = normalize_name(facts.name)
    except ValidationError as error:
        problems["name"] = error.messages[0]
        return ""
    if not name:
        problems["name"] = _("Give the offer a name.")
    elif len(name) > NAME_LENGTH:
        problems["name"] = _("The name has %(number)s characters; %(most)s are possible.") % {
            "number": len(name),
            "most": NAME_LENGTH,
        }
    return name


def _terms(facts: OfferFacts, problems: dict[str, str]) -> str:
    """What is stored keeps to the limit too, so that a draft which is checked again is never longer than it was."""
    if len(facts.terms) > MOST_CHARACTERS:
        problems["terms"] = _("The terms are too long: %(most)s characters are possible.") % {"most": MOST_CHARACTERS}
        return ""
    html = sanitized(facts.terms)
    if not summary_of(html):
        problems["terms"] = _("Write the terms that the organization agrees to.")
    elif len(html) > MOST_CHARACTERS:
        problems["terms"] = _(
            "The terms are too long: with their markup they have %(number)s characters; %(most)s are possible."
        ) % {"number": len(html), "most": MOST_CHARACTERS}
    return html


def _days(facts: OfferFacts, problems: dict[str, str]) -> int | None:
    if not facts.roles:
        return None
    if facts.days is None or not 1 <= facts.days <= MOST_DAYS:
        problems["days"] = _("Delegated administration lasts from 1 to %(most)s days.") % {"most": MOST_DAYS}
    return facts.days


def _check_choices(facts: OfferFacts, problems: dict[str, str], kind: OfferKind) -> None:
    if set(facts.roles) - set(DelegatedRole):
        problems["roles"] = _("Choose roles of the list only.")
    if facts.credit not in CreditWanted:
        problems["credit"] = _("Choose one of the possibilities.")
    elif not facts.roles and facts.credit == CreditWanted.NOTHING:
        problems["roles"] = _(
            "Ask for at least one role, or to be partner of record; else there is nothing to answer."
        )
    elif facts.credit == CreditWanted.BOUGHT and facts.purchase == OfferedPurchase.NONE:
        problems["credit"] = _("Nothing is created from this offer: add a trial or a purchase to it.")
    if facts.purchase not in OfferedPurchase:
        problems["purchase"] = _("Choose one of the possibilities.")
    if kind == OfferKind.ROLES_ONLY:
        _check_only_roles(facts, problems)


def _check_only_roles(facts: OfferFacts, problems: dict[str, str]) -> None:
    """In place of whatever else is wrong with what cannot be asked for at all."""
    only = _("In this cloud an offer asks for delegated administration only: for roles and days.")
    if not facts.roles:
        problems["roles"] = _("Ask for at least one role.")
    if facts.credit != CreditWanted.NOTHING:
        problems["credit"] = only
    if facts.purchase != OfferedPurchase.NONE:
        problems["purchase"] = only


def _subscriptions(tenant: Tenant, facts: OfferFacts, problems: dict[str, str]) -> list[Subscription]:
    """Found by their exact IDs alone. A disabled one looks like one that does not exist."""
    if facts.credit != CreditWanted.NAMED:
        return []
    wanted = list(dict.fromkeys(facts.subscriptions))
    if not wanted:
        problems["subscriptions"] = _("Name at least one subscription.")
    if len(wanted) > MOST_SUBSCRIPTIONS:
        problems["subscriptions"] = _("Name %(most)s subscriptions at most.") % {"most": MOST_SUBSCRIPTIONS}
        return []
    found = Subscription.objects.of_tenant(tenant).filter(partner_may_be_set(today_of(tenant)), uuid__in=wanted)
    rows = {row.uuid: row for row in found.select_related("product")}
    unknown = [str(uuid) for uuid in wanted if uuid not in rows]
    if unknown:
        problems["subscriptions"] = _(
            "The organization has no subscription with the ID %(ids)s that a partner can be named on. Compare it "
            "with what the organization sent you."
        ) % {"ids": formats.join_list(unknown)}
    return [rows[uuid] for uuid in wanted if uuid in rows]


def _lines(items: QuerySet[Product], facts: OfferFacts, problems: dict[str, str]) -> list[tuple[Product, Line]]:
    if facts.purchase == OfferedPurchase.NONE:
        return []
    wanted = {line.product: line for line in facts.lines}
    sold = {product.uuid: product for product in items.filter(uuid__in=wanted)}
    lines = [(sold[uuid], _as_offered(line, facts)) for uuid, line in wanted.items() if uuid in sold]
    problem = _first_problem_of(facts, wanted, lines)
    if problem:
        problems["products"] = problem
    return lines


def _as_offered(line: Line, facts: OfferFacts) -> Line:
    return Line(product=line.product) if facts.purchase == OfferedPurchase.TRIAL else line


def _first_problem_of(facts: OfferFacts, wanted: dict, lines: list[tuple[Product, Line]]) -> str:
    without_trial = [product.name for product, _line in lines if not product.has_trial]
    if not wanted:
        return _("Choose at least one product.")
    if len(wanted) > MOST_PRODUCTS or len(wanted) < len(facts.lines):
        return _("Choose %(most)s products at most, each once.") % {"most": MOST_PRODUCTS}
    if len(lines) < len(wanted):
        return _("A product that you chose is not sold in the organization's cloud today.")
    if facts.purchase == OfferedPurchase.TRIAL and without_trial:
        return _("There is no free trial of %(product)s.") % {"product": formats.join_list(without_trial)}
    if any(not 1 <= line.licenses <= MOST_LICENSES for _product, line in lines):
        return _("The number of licenses lies from 1 to %(most)s.") % {"most": MOST_LICENSES}
    if any(line.billing_frequency not in BillingFrequency for _product, line in lines):
        return _("Choose one of the billing frequencies.")
    return ""


def _check_partner(tenant: Tenant, partner: Partner, checked: Checked, problems: dict[str, str]) -> None:
    """On what it is to be credited for, the partner must be authorized."""
    products = {"subscriptions": [subscription.product for subscription in checked.subscriptions]}
    if checked.credit == CreditWanted.BOUGHT:
        products["products"] = [product for product, _line in checked.lines]
    for field, of_field in products.items():
        problem = _unauthorized(tenant, partner, of_field)
        if problem:
            problems.setdefault(field, problem)


def _unauthorized(tenant: Tenant, partner: Partner, products: Iterable[Product]) -> str:
    for product in products:
        if not is_usable(partner, tenant=tenant, products=[product]):
            return _("You are not authorized for %(product)s (%(family)s), so you cannot be credited for it.") % {
                "product": product.name,
                "family": product.family.name,
            }
    return ""
