"""The world in which every act of the registry is possible, and what is said of each: who does it, what is typed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.test import Client
from django.utils import timezone

from partners.models import ApprovedPartner, MatchRequest, PartnerPerson, PolicyExemption, PolicyPartner
from subscriptions.models import (
    Approval,
    BrandLogo,
    OrderLine,
    OrganizationGroup,
    Product,
    ProductPrice,
    Snooze,
    User,
)
from tests.architecture.acts.audited import ADMIN, AGENT, BUYER, RESELLER, Rows, make_rows
from tests.database import as_owner
from tests.factories import (
    make_application,
    make_approval,
    make_audit_event,
    make_bulk_act,
    make_delivery,
    make_invitation,
    make_joint_act,
    make_member,
    make_offer_round,
    make_offer_template,
    make_order,
    make_partner,
    make_partner_offer,
    make_relationship,
    make_scheduled_change,
    make_sold_product,
    make_subscription,
    make_tenant,
    make_token,
    make_user,
    make_view,
    make_webhook,
)
from tests.page import attribute, inside, parse
from tests.personas import open_session, with_second_factor

Fields = dict[str, Any]  # name and value, or values, as a browser sends them
LONG = "x" * 501  # longer than any reason
NO_KEY, NOT_OFFERED = "no key", "no choice"  # what no page repeats


@dataclass(frozen=True, kw_only=True)
class Walk:
    """How an act is done: who does it, to what, what is typed, and what of that would be wrong."""

    by: str
    row: Callable[["World"], Any] = lambda world: None
    typed: Fields | Callable[["World"], Fields] = field(default_factory=dict)
    wrong: Fields | Callable[["World"], Fields] = field(default_factory=lambda: {"key": NO_KEY})  # {}: nothing can be
    refused: int = 422  # the answer to what is wrong
    answer: int = 303  # the one to what is right
    second: int = 0  # the one to a second sending, where it shows less than the first
    events: int = 1
    writes: bool = True
    shown_first: bool = False  # whether what was typed is shown before it is done
    forgets: frozenset[str] = frozenset()  # what is asked afresh after a conflict
    reused: int = 409  # the answer to its key with another content


def _many(rows: Rows) -> dict[str, Any]:
    """An act on many in each state in which something can be done with it."""
    about = {"tenant": rows.tenant, "user": User.objects.get(name=ADMIN), "rows": [rows.subscription]}
    now = timezone.now()
    decided = {"decided_at": now, "decided_by": ADMIN, "proved": now}
    over = make_bulk_act(**about, state="done", **decided, ended=now, changed=1)
    event = make_audit_event(tenant=rows.tenant, subject_uuid=rows.subscription.uuid)
    over.rows.update(outcome="changed", event=event)
    in_several = {"user": about["user"]}
    return {
        "joint_chosen": make_joint_act(make_bulk_act(**about, state="chosen", digest=""), **in_several),
        "joint_previewed": make_joint_act(make_bulk_act(**about), **in_several),
        "chosen": make_bulk_act(**about, state="chosen"),
        "previewed": make_bulk_act(**about),
        "queued": make_bulk_act(**about, state="queued", **decided),
        "paused": make_bulk_act(**about, state="paused", **decided),
        "over": over,
    }


def _scheduled(rows: Rows) -> dict[str, Any]:
    """A change that waits for its day, and one that could not be applied, on a subscription of their own."""
    row = make_subscription(tenant=rows.tenant, name="Planned")
    common = {"subscription": row, "user": User.objects.get(name=ADMIN), "partner": rows.other}
    return {
        "scheduled": make_scheduled_change(**common),
        "not_applied": make_scheduled_change(**common, state="not-applied", outcome="partner-not-active"),
    }


def _asked(rows: Rows) -> dict[str, Any]:
    """What this person and another one want a second person for."""
    row, own = (make_subscription(tenant=rows.tenant, name=name) for name in ("Asked", "Own"))
    colleague = make_member(tenant=rows.tenant, role="billing-admin", email="b@alpha.example", name="Bill Payer")
    return {
        "wanted": make_approval(subscription=row, user=colleague, partner=rows.other),
        "own_wish": make_approval(subscription=own, user=User.objects.get(name=ADMIN), partner=rows.other),
    }


def _webhooks(rows: Rows) -> dict[str, Any]:
    """One of the organization and one of the partner, and what was sent to each in vain."""
    event = make_audit_event(tenant=rows.tenant)
    own, partners = make_webhook(tenant=rows.tenant), make_webhook(partner=rows.partner)
    return {
        "webhook": own,
        "delivery": make_delivery(endpoint=own, event=event),
        "partners_webhook": partners,
        "partners_delivery": make_delivery(endpoint=partners, event=event),
    }


def _policy(rows: Rows) -> tuple[Any, ...]:
    """A default of one product that nobody buys here; on the list stands whoever is named, and one more."""
    row = make_subscription(tenant=rows.tenant, name="Exempted")
    by: dict[str, Any] = {"tenant": rows.tenant, "added_by": ADMIN}
    default = PolicyPartner.objects.create(partner=rows.partner, product=row.product, **by)
    for partner in (rows.partner, rows.other):
        ApprovedPartner.objects.create(partner=partner, **by)
    approved = ApprovedPartner.objects.create(partner=make_partner(number="700002"), **by)
    make_partner(number="700001")
    until = timezone.localdate() + timedelta(days=30)
    exemption = PolicyExemption.objects.create(subscription=row, reason="Contract", ends_on=until, **by)
    return default, approved, exemption


def _programs(rows: Rows) -> dict[str, Any]:
    """An application of an organization and one of a partner, each with a token."""
    own, theirs = make_application(tenant=rows.tenant), make_application(partner=rows.partner)
    operators = make_application(name="Watch")
    for application in (own, theirs, operators):
        make_token(application)
    return {
        "operators_application": operators,
        "operators_token": operators.tokens.get(),
        "application": own,
        "token": own.tokens.get(),
        "partners_application": theirs,
        "partners_token": theirs.tokens.get(),
    }


def _ending(rows: Rows) -> Any:
    """Delegated administration that ends soon, of an offer that was accepted."""
    ending = make_relationship(
        tenant=rows.lanyun, partner=rows.offering, expires_on=timezone.now() + timedelta(days=20)
    )
    answered = {"state": "accepted", "decided_at": timezone.now(), "decided_by": BUYER, "decided_terms": "0" * 64}
    make_partner_offer(tenant=rows.lanyun, partner=rows.offering, name="Accepted", relationship=ending, **answered)
    return ending


@as_owner()
def _more(rows: Rows) -> dict[str, Any]:
    """What the world of the audited acts has not, as one subscription is in one state only."""
    today, tenant = timezone.localdate(), rows.tenant
    project = make_sold_product(name="Project")
    repriced = make_order(tenant=tenant, started_by=ADMIN)
    OrderLine.objects.filter(order=repriced).update(unit_price=Decimal(11))
    return {
        "trial": make_subscription(
            tenant=tenant, product=project, name="Try", status="trial", term_ends_on=today + timedelta(days=5)
        ),
        "expired": make_subscription(
            tenant=tenant, product=project, name="Late", status="expired", term_ends_on=today - timedelta(days=5)
        ),
        "repriced": repriced,
        "sold": Product.objects.get(name="Visio", cloud=tenant.cloud),
        "unasked": make_relationship(tenant=tenant, partner=rows.other, kind="reseller"),
        "unextended": make_relationship(
            tenant=tenant, partner=rows.other, expires_on=timezone.now() + timedelta(days=100)
        ),
        "organization_group": OrganizationGroup.objects.create(name="Alpha Holding"),
        "logo": BrandLogo.objects.create(cloud="", png=b"PNG", digest="0" * 32, width=1, height=1),
        "approval": Approval.objects.create(
            act="admin:set-staff-roles",
            row=User.objects.get(name=ADMIN).pk,
            subject_name=ADMIN,
            wanted={"roles": ["keeps-catalog"], "reason": ["Hired"]},
            reason="Hired",
            asker=make_user(email="asker@portal.example", name="Ada Asker", is_staff=True),
            asked_by="Ada Asker",
        ),
        "locked_out": with_second_factor(make_user(email="locked@alpha.example", name="Lea Locked")),
        "suspended": make_tenant(slug="held", name="Held Ltd", state="suspended", state_since=timezone.now()),
        "inactive": make_user(email="gone@alpha.example", name="Gone Away", is_active=False),
        "price": ProductPrice.objects.get(product__name="Office 365 E3"),
        "agent": PartnerPerson.objects.get(partner=rows.partner),
        "colleague": PartnerPerson.objects.create(
            partner=rows.partner,
            user=make_user(email="c@tailspin.example", name="Carl Colleague"),
            role="sales-agent",
        ),
        "of_partner": make_invitation(
            partner=rows.partner, kind="partner-person", role="sales-agent", place=rows.partner.name
        ),
        "wish": MatchRequest.objects.get(),
        **_webhooks(rows),
        "view": make_view(tenant=tenant, user=User.objects.get(name=ADMIN)),
        "template": make_offer_template(partner=rows.offering),
        "offered_to_many": make_offer_round(partner=rows.offering, tenants=[rows.lanyun]),
        "ending": _ending(rows),
        **{
            name: Snooze.objects.create(
                **place,
                kind=kind,
                until=timezone.now() + timedelta(days=7),
                rows=[10**9],  # the newest of more than are counted
                is_cut=True,
            )
            for name, kind, place in (
                ("snooze", "partner-without", {"tenant": tenant, "user": User.objects.get(name=ADMIN)}),
                (
                    "partners_snooze",
                    "customer-ends",
                    {"partner": rows.offering, "user": User.objects.get(name=AGENT)},
                ),
            )
        },
        **_programs(rows),
        **_many(rows),
        **_scheduled(rows),
        **_asked(rows),
        "policy": _policy(rows),
    }


class World:
    """Every row that is acted on, and a signed-in client for everybody who acts."""

    def __init__(self) -> None:
        make_rows()
        self.rows = Rows()
        self.more = _more(self.rows)
        with as_owner():
            self.users = {who: User.objects.get(pk=by.user_id) for who, by in self.persons.items() if by.user_id}

    def __getattr__(self, name: str) -> Any:
        """A row by its name, wherever it was made."""
        return self.more[name] if name in self.more else getattr(self.rows, name)

    def client(self, who: str, *, proved_ago: float | None = 0) -> Client:
        client = Client(raise_request_exception=False, headers={"Accept-Language": "en"})
        open_session(client, self.users[who], proved_ago=proved_ago)
        return client

    def clients(self) -> dict[str, Client]:
        return {who: self.client(who) for who in self.users}

    def offer(self, state: str) -> Any:
        return self.rows.of_offer(state)["offer"]

    @property
    def of_whom(self) -> dict[str, str]:
        """What the addresses of each person's place begin with."""
        partners = {RESELLER: self.rows.partner.number, AGENT: self.rows.offering.number}
        return {ADMIN: self.rows.tenant.slug, BUYER: self.rows.lanyun.slug, **partners}


def form_on(response: Any, url: str) -> Fields:
    """The first form of a page whose button sends it to that address."""
    root = parse(response.content.decode())
    here = response.request["PATH_INFO"]
    for form in inside(root, "form"):
        if attribute(form, "method") == "post" and (attribute(form, "action") or here) == url:
            return fields_of(form)
    own = root.xpath("//button[@formaction=$url]", url=url)
    assert own, f"no form for {url} at {here}, which answers {response.status_code}"
    form = next(own[0].iterancestors("form"), None)
    return fields_of(root.get_element_by_id(attribute(own[0], "form")) if form is None else form)


def fields_of(form: Any) -> Fields:
    """Only what is chosen of boxes and buttons, and what stands elsewhere but belongs to the form."""
    fields: Fields = {}
    for name, value in form.form_values():
        fields.setdefault(name, []).append(value)
    for box in form.xpath(".//input[@type='radio'][@value=''][@checked]"):
        fields[attribute(box, "name")] = [""]  # the library says "on", as of one without a value
    for box in form.getroottree().xpath("//input[@form=$id]", id=attribute(form, "id") or "-"):
        if attribute(box, "name"):
            fields.setdefault(attribute(box, "name"), []).append(attribute(box, "value"))
    return fields


def shown(fields: Fields, typed: Fields) -> dict[str, bool]:
    """What of it stands in the form as it was typed."""
    return {name: _values(fields.get(name, [])) == _values(value) for name, value in typed.items()}


def _values(value: Any) -> list[str]:
    """A box that is empty is as good as one with nothing."""
    return [text.strip() for text in (value if isinstance(value, list) else [value]) if text.strip()]


def next_of(location: str) -> tuple[str, str]:
    """Where an answer leads, and where that leads on to."""
    parts = urlsplit(location)
    return parts.path, parse_qs(parts.query).get("next", [""])[0]
