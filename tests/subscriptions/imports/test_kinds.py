"""Each kind of import: what a line makes, what it is refused for, and that the same file again changes nothing."""

import pytest
from django.db import ProgrammingError, transaction

from partners.models import Partner, PartnerOfRecord, PartnerRelationship
from partners.models.partner_of_record import Source
from partners.partner_of_record.past import Past, bring_in
from subscriptions.access import the_portal
from subscriptions.base.days import start_of
from subscriptions.db import scopes
from subscriptions.models import AuditEvent, Invitation, Mail, Product, ProductPrice, Subscription, Tenant
from tests.database import as_owner
from tests.factories import make_partner, make_product, make_relationship, make_subscription, make_tenant
from tests.factories.subscriptions import make_family
from tests.subscriptions.imports.client import apply, bring, counts, problems

ORGANIZATIONS = (
    "organization;name;cloud;country;city;time_zone\n"
    "adatum;Adatum GmbH;worldwide;DE;München;Europe/Berlin\n"
    "lanyun;蓝云科技;Operated by 21Vianet;CN;上海;Asia/Shanghai\n"
)
SUBSCRIPTIONS = (
    "organization,subscription_id,sku,licenses_total,licenses_assigned,billing_frequency,unit_price,started_on,"
    "term_ends_on,partner_id,partner_since\n"
    "alpha,3f1c2a9e-77d0-4a51-9c1e-000000000001,OFFICE-365-E3,20,12,annual,18.00,2024-05-01,2027-05-01,565380,"
    "2025-02-01\n"
    "alpha,old-17,OFFICE-365-E3,5,,monthly,20.00,2026-11-03,2026-12-03,,\n"
)
CREDITS = (
    "organization,subscription_id,partner_id,since,until\n"
    "alpha,old-17,565380,2019-03-01,2021-07-01\n"
    "alpha,old-17,935287,2021-07-01,\n"
)
PARTNERS = (
    "partner_id;name;cloud;kind;global_id;country;city;mailbox;authorized_countries\n"
    "100;Adventure Works;worldwide;global;;US;Reno;hq@adventure.example;US\n"
    "101;Adventure Works Reno;worldwide;location;100;US;Reno;reno@adventure.example;US CA\n"
)
PRODUCTS = "cloud,sku,name,family,has_trial\nworldwide,VISIO-1,Visio Plan 1,visio,yes\n"
PRICES = 'cloud,sku,monthly,annual,from_day\nworldwide,VISIO-1,"6,50",6.00,2099-01-01\n'
RELATIONSHIPS = (
    "organization,partner_id,kind,name,roles,since,ends\n"
    "alpha,565380,reseller,,,2020-01-01,\n"
    "alpha,565380,delegated-admin,Helpdesk,helpdesk-administrator global-reader,2026-01-01,2027-06-30\n"
)


def made(kind: str, text: str, staff) -> None:
    """All its lines are made; the same file again finds them there."""
    lines = text.count("\n") - 1
    run = apply(bring(kind, text, by=staff), by=staff)
    assert problems(run) == []
    assert (run.state, counts(run)) == ("done", (lines, 0, 0, lines))
    assert counts(bring(kind, text, by=staff)) == (0, lines, 0, 0)


@pytest.fixture
def filled(alpha) -> Tenant:
    make_product(name="Office 365 E3")
    make_partner()
    make_partner(number="935287", name="Adventure Works")
    return alpha


@as_owner()
def rows_of(model, *names):
    return list(model.objects.order_by("pk").values_list(*names))


def test_organizations_are_made_with_cloud_country_and_zone(db, staff):
    made("organizations", ORGANIZATIONS, staff)
    assert rows_of(Tenant, "slug", "name", "cloud", "time_zone")[1][1:] == (
        "蓝云科技", "o365-21vianet", "Asia/Shanghai",
    )  # fmt: skip


def test_partners_are_made_and_a_location_finds_its_global_id_above(db, staff):
    made("partners", PARTNERS, staff)
    assert rows_of(Partner, "number", "parent__number", "authorized_countries") == [
        ("100", None, ["US"]),
        ("101", "100", ["US", "CA"]),
    ]


def test_products_and_prices_are_made(db, staff):
    make_family(code="visio")
    made("products", PRODUCTS, staff)
    made("prices", PRICES, staff)
    assert [str(monthly) for (monthly,) in rows_of(ProductPrice, "monthly")] == ["6.50"]
    assert rows_of(Product, "sku", "has_trial") == [("VISIO-1", True)]


def test_relationships_are_made_since_when_they_began(filled, staff):
    made("relationships", RELATIONSHIPS, staff)
    assert [
        (kind, roles, at.year) for kind, roles, at in rows_of(PartnerRelationship, "kind", "roles", "started_at")
    ] == [
        ("reseller", [], 2020),
        ("delegated-admin", ["helpdesk-administrator", "global-reader"], 2026),
    ]


@pytest.mark.parametrize(
    ("kind", "text", "place"),
    [
        (
            "members",
            "organization,email,name\nalpha,Anna@Adatum.example,Anna\nalpha,ben@adatum.example,Ben\n",
            "tenant",
        ),
        (
            "partner-people",
            "partner_id,email,name,role\n565380,anna@adatum.example,Anna,admin-agent\n"
            "565380,ben@adatum.example,Ben,sales-agent\n",
            "partner",
        ),
    ],
)
def test_people_are_invited_and_the_dry_run_invites_nobody(kind, text, place, filled, staff):
    run = bring(kind, text, by=staff)
    assert (counts(run), rows_of(Invitation, "pk"), rows_of(Mail, "pk")) == ((2, 0, 0, 0), [], [])
    apply(run, by=staff)
    assert [email for (email,) in rows_of(Invitation, "email")] == ["anna@adatum.example", "ben@adatum.example"]
    assert len(rows_of(Mail, "pk")) == 2
    assert counts(bring(kind, text, by=staff)) == (0, 2, 0, 0)


def test_who_is_a_member_already_is_not_invited(filled, global_admin, staff):
    text = f"organization,email,name\nalpha,{global_admin.email},G\ngamma,a@b.example,A\n"
    run = bring("members", text, by=staff)
    assert (counts(run), problems(run)) == ((0, 1, 1, 0), [(3, "organization", "unknown")])


def test_subscriptions_are_made_with_their_partner_since_that_day(filled, staff):
    made("subscriptions", SUBSCRIPTIONS, staff)
    assert [(str(cost), currency) for cost, currency in rows_of(Subscription, "cost", "currency")] == [
        ("4320.00", "USD"),
        ("100.00", "USD"),
    ]
    ((valid, source, name),) = rows_of(PartnerOfRecord, "valid", "source", "set_by_name")
    assert (valid.lower.isoformat(), valid.upper, source, name) == (
        "2025-02-01T00:00:00+00:00", None, Source.IMPORT, "Sam Staff",
    )  # fmt: skip


def test_who_was_credited_before_is_brought_in_and_stands_in_the_history(filled, staff):
    apply(bring("subscriptions", SUBSCRIPTIONS, by=staff), by=staff)
    made("credits", CREDITS, staff)
    periods = rows_of(PartnerOfRecord, "partner__number", "valid", "end_source")[1:]
    assert [(number, valid.lower.year, valid.upper and valid.upper.year, end) for number, valid, end in periods] == [
        ("565380", 2019, 2021, "import"),
        ("935287", 2021, None, ""),
    ]


def test_nobody_is_mailed_and_all_events_carry_the_id_of_the_import(filled, staff):
    run = apply(bring("subscriptions", SUBSCRIPTIONS, by=staff), by=staff)
    assert rows_of(Mail, "pk") == []
    assert [kind for (kind,) in rows_of(AuditEvent, "kind")] == [
        "import.uploaded",
        "import.applied",
        "subscription.added",
        "subscription.added",
        "partner-of-record.added",
        "import.ended",
    ]
    assert set(rows_of(AuditEvent, "correlation", "actor_name")) == {(run.uuid, "Sam Staff")}


SCOPES = [scopes.staff, scopes.worker]


@pytest.mark.parametrize("scope", SCOPES)
def test_no_other_scope_writes_what_was_before(scope, filled, staff):
    subscription = make_subscription(tenant=filled)
    with as_owner():
        partner = Partner.objects.first()
    with scope(), pytest.raises(ProgrammingError, match="backdated"), transaction.atomic():
        past = Past(subscription, partner, start_of(subscription.started_on, "UTC"))
        bring_in([past], by=the_portal(), reason="")


@pytest.mark.parametrize(
    ("kind", "text", "found"),
    [
        (
            "organizations",
            "organization,name,cloud,country\nalpha,Alpha Inc,worldwide,US\nb,B,germany,DE\nb c,C,worldwide,UK\n"
            "d,D,worldwide,DE\nd,E,worldwide,DE\n",
            [
                (2, "name", "differs"),
                (3, "cloud", "refused"),
                (4, "organization", "address"),
                (4, "country", "country"),
                (5, "organization", "twice"),
                (6, "organization", "twice"),
            ],
        ),
        (
            "partners",
            "partner_id,name,cloud,kind,global_id,country,city,mailbox\n565380,Else,worldwide,,,US,S,a@b.example\n"
            "1,N,worldwide,location,999,US,S,a@b.example\n2,N,worldwide,location,565380,US,S,a@b.example\n"
            "5E+05,N,worldwide,,,US,S,a@b@c\n",
            [
                (2, "name", "differs"),
                (3, "global_id", "unknown"),
                (4, "global_id", "refused"),
                (5, "partner_id", "shortened-number"),
                (5, "mailbox", "email"),
            ],
        ),
        (
            "prices",
            "cloud,sku,monthly,annual,from_day\nworldwide,nothing,1,1,\nworldwide,OFFICE-365-E3,1,1,2020-01-01\n",
            [(2, "sku", "unknown"), (3, "from_day", "refused")],
        ),
        (
            "subscriptions",
            "organization,subscription_id,sku,licenses_total,licenses_assigned,billing_frequency,unit_price,started_on,"
            "term_ends_on,partner_id,partner_since\n"
            "gamma,a,OFFICE-365-E3,1,,annual,1,2025-01-01,2026-01-01,,\n"
            "alpha,b,OFFICE-365-E3,1,2,annual,1,2025-01-01,2024-01-01,,\n"
            "alpha,c,OFFICE-365-E3,100000,,annual,99999999.99,2025-01-01,2026-01-01,999,\n"
            "alpha,d,OFFICE-365-E3,1,,annual,1,2025-01-01,2026-01-01,,2025-01-01\n"
            "alpha,e,OFFICE-365-E3,1,,annual,1,2025-01-01,2026-01-01,565380,2099-01-01\n",
            [
                (2, "organization", "unknown"),
                (3, "licenses_assigned", "range"),
                (3, "term_ends_on", "refused"),
                (4, "unit_price", "refused"),
                (4, "partner_id", "refused"),
                (5, "partner_id", "empty"),
                (6, "partner_since", "refused"),
            ],
        ),
        (
            "credits",
            "organization,subscription_id,partner_id,since,until\nalpha,nothing,565380,2020-01-01,\n",
            [(2, "subscription_id", "unknown")],
        ),
        (
            "relationships",
            "organization,partner_id,kind,roles,since,ends\nalpha,565380,reseller,global-reader,2099-01-01,2020-01-01\n"
            "alpha,565380,delegated-admin,,2020-01-01,\nalpha,935287,subscription-advisor,,2020-01-01,\n"
            "gamma,999,reseller,,2020-01-01,\nalpha,935287,delegated-admin,global-reader,2020-01-01,2150-01-01\n",
            [
                (2, "roles", "refused"),
                (2, "since", "refused"),
                (2, "ends", "refused"),
                (3, "roles", "empty"),
                (3, "ends", "empty"),
                (4, "kind", "choice"),
                (5, "organization", "unknown"),
                (5, "partner_id", "unknown"),
                (6, "ends", "refused"),
            ],
        ),
    ],
)
def test_a_line_that_cannot_be_done_says_why(kind, text, found, filled, staff):
    run = bring(kind, text, by=staff)
    assert problems(run) == found
    assert run.lines == run.fresh + run.there + run.wrong


def test_credits_that_meet_each_other_or_what_is_there_are_refused(filled, staff):
    apply(bring("subscriptions", SUBSCRIPTIONS, by=staff), by=staff)
    head = "organization,subscription_id,partner_id,since,until\n"
    first = "alpha,3f1c2a9e77d04a519c1e000000000001,565380,2025-06-01,2025-09-01\n"
    second = "alpha,old-17,565380,2020-01-01,2021-01-01\nalpha,old-17,935287,2020-06-01,2020-05-01\n"
    third = "alpha,old-17,935287,2020-06-01,2022-01-01\n"
    assert problems(bring("credits", head + first + second, by=staff)) == [
        (2, "since", "differs"),
        (4, "until", "refused"),
    ]
    assert problems(bring("credits", head + second.splitlines()[0] + "\n" + third, by=staff)) == [
        (3, "since", "refused")
    ]


def test_an_id_of_another_organization_is_not_taken(filled, staff):
    theirs = make_subscription(tenant=make_tenant(slug="beta", name="Beta"))
    text = SUBSCRIPTIONS.replace("3f1c2a9e-77d0-4a51-9c1e-000000000001", str(theirs.uuid))
    assert problems(bring("subscriptions", text, by=staff)) == [(2, "subscription_id", "taken")]


def test_zeros_that_a_spreadsheet_dropped_are_guessed_and_said(filled, staff):
    with as_owner():
        Product.objects.filter(sku="OFFICE-365-E3").update(sku="00365")
    text = SUBSCRIPTIONS.replace("OFFICE-365-E3", "365")
    assert problems(bring("subscriptions", text, by=staff)) == [(2, "sku", "lost-zeros"), (3, "sku", "lost-zeros")]


def test_a_reseller_that_is_there_is_known_again(filled, staff):
    with as_owner():
        partner = Partner.objects.get(number="565380")
    make_relationship(tenant=filled, partner=partner, kind="reseller")
    assert counts(bring("relationships", RELATIONSHIPS, by=staff))[:3] == (1, 1, 0)
