"""The demo's organizations, people, partners and products; documentation and checks rely on them."""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from subscriptions.base import formats
from subscriptions.clouds import Cloud, Text
from subscriptions.models.delegated_role import AgentRole, DelegatedRole
from subscriptions.models.people.application import ApplicationScope as Scope
from subscriptions.models.people.membership import Role
from subscriptions.models.people.staff_role import StaffRole

PASSWORD = "demo-portal-2026"  # noqa: S105 - published with the demo


class Account(NamedTuple):
    email: str
    name: str
    organization: Text
    cloud: Text
    role: Text


class DemoTenant(NamedTuple):
    slug: str
    name: str
    cloud: Cloud
    country: str
    city: str
    time_zone: str


class DemoPartner(NamedTuple):
    number: str
    name: str
    cloud: Cloud
    country: str
    city: str
    authorized_countries: tuple[str, ...]
    kind: str = "location"
    state: str = "active"
    parent: str | None = None
    families: tuple[str, ...] = ()
    language: str = "en"


(WORLDWIDE, GERMANY, CHINA) = tuple(Cloud)

TENANTS = (
    DemoTenant("contoso", "Contoso Ltd", WORLDWIDE, "US", "Redmond", "America/Los_Angeles"),
    DemoTenant("fabrikam", "Fabrikam Inc", WORLDWIDE, "US", "Chicago", "America/Chicago"),
    DemoTenant("nordwind", "Nordwind GmbH", GERMANY, "DE", "Hamburg", "Europe/Berlin"),
    DemoTenant("lanyun", "蓝云科技", CHINA, "CN", "上海", "Asia/Shanghai"),
)

PEOPLE = (
    ("admin@contoso.example", "Alex Wilber", (("contoso", Role.GLOBAL_ADMIN),)),
    ("billing@contoso.example", "Bianca Pisani", (("contoso", Role.BILLING_ADMIN),)),
    ("reader@contoso.example", "Ravi Nair", (("contoso", Role.GLOBAL_READER),)),
    ("admin@fabrikam.example", "Fatima Haddad", (("fabrikam", Role.GLOBAL_ADMIN),)),
    ("admin@nordwind.example", "Nora Petersen", (("nordwind", Role.GLOBAL_ADMIN),)),
    (
        "group@nordwind.example",
        "Gustav Lindner",
        (
            ("nordwind", Role.BILLING_ADMIN),
            ("contoso", Role.BILLING_ADMIN),
            ("lanyun", Role.BILLING_ADMIN),
            ("fabrikam", Role.GLOBAL_READER),
        ),
    ),
    ("admin@lanyun.example", "李娜", (("lanyun", Role.GLOBAL_ADMIN),)),
)
GROUPS = (("Lindner Holding", ("nordwind", "contoso", "lanyun")),)  # which organizations belong together
INVITED = (  # where, who, as what, and how many days ago
    ("contoso", "Sara Davis", "sara.davis@contoso.example", Role.BILLING_ADMIN, 2),
    ("contoso", "Tom Keller", "tom.keller@contoso.example", Role.GLOBAL_READER, 12),
    ("nordwind", "Jana Vogel", "jana.vogel@nordwind.example", Role.GLOBAL_READER, 1),
    ("lanyun", "赵敏", "zhao.min@lanyun.example", Role.BILLING_ADMIN, 3),
)
STAFF = ("staff@portal.example", "Sam Staff")  # with every role; these have one each
STAFF_PEOPLE = (
    ("reads@portal.example", "Rosa Lind", StaffRole.READS_EVERYTHING),
    ("helps@portal.example", "Henry Moss", StaffRole.HELPS_CUSTOMERS),
    ("catalog@portal.example", "Carla Funk", StaffRole.KEEPS_CATALOG),
    ("partners@portal.example", "Paul Reyes", StaffRole.KEEPS_PARTNERS),
    ("people@portal.example", "Mina Sato", StaffRole.MAKES_STAFF),
)
AGENTS = (
    ("agent@tailspin.example", "Taylor Brooks", "565380", AgentRole.ADMIN_AGENT, "America/Los_Angeles"),
    ("reseller@adventure-works.example", "Petra Vogel", "935287", AgentRole.ADMIN_AGENT, "Europe/Berlin"),
    ("agent@northwind.example", "Nina Walsh", "1234567", AgentRole.ADMIN_AGENT, "America/New_York"),
    ("agent@rheinland.example", "Katrin Brandt", "777001", AgentRole.ADMIN_AGENT, "Europe/Berlin"),
    ("reseller@elbe.example", "Jonas Richter", "777003", AgentRole.ADMIN_AGENT, "Europe/Berlin"),
    ("agent@yunhuoban.example", "王伟", "880021", AgentRole.ADMIN_AGENT, "Asia/Shanghai"),
    ("reseller@huadong.example", "陈静", "880022", AgentRole.ADMIN_AGENT, "Asia/Shanghai"),
)
ALSO_WORK_FOR = (("agent@northwind.example", "1234566"), ("agent@northwind.example", "1234568"))

APPLICATIONS = (  # of whom, named what, with which role and scopes, made by whom how many days ago
    (
        "contoso",
        "Subscription report",
        Role.GLOBAL_READER,
        (Scope.SUBSCRIPTIONS_READ, Scope.EVENTS_READ),
        "admin@contoso.example",
        40,
    ),
    (
        "nordwind",
        "Kostenstellen-Abgleich",
        Role.BILLING_ADMIN,
        (Scope.SUBSCRIPTIONS_READ, Scope.SUBSCRIPTIONS_WRITE),
        "admin@nordwind.example",
        79,
    ),
    (
        "lanyun",
        "订阅报表",
        Role.GLOBAL_READER,
        (Scope.SUBSCRIPTIONS_READ,),
        "admin@lanyun.example",
        12,
    ),
    (
        "565380",
        "Credits to our books",
        AgentRole.ADMIN_AGENT,
        (Scope.WORKSPACE_READ, Scope.OFFERS_READ),
        "agent@tailspin.example",
        25,
    ),
    (
        "",
        "Provisioning",
        StaffRole.READS_EVERYTHING,
        (Scope.SUBSCRIPTIONS_READ, Scope.RELATIONSHIPS_READ),
        STAFF[0],
        60,
    ),
)

RESELLERS = (  # of an organization, and since how many days
    ("contoso", "935287", 800),
    ("nordwind", "777003", 400),
    ("lanyun", "880022", 300),
)
DELEGATIONS = (  # of an organization to a partner: the roles, and in how many days they end
    ("contoso", "565380", (DelegatedRole.LICENSE_ADMINISTRATOR, DelegatedRole.HELPDESK_ADMINISTRATOR), 160),
    ("nordwind", "777001", (DelegatedRole.LICENSE_ADMINISTRATOR, DelegatedRole.HELPDESK_ADMINISTRATOR), 220),
    ("lanyun", "880021", (DelegatedRole.GLOBAL_ADMINISTRATOR,), 285),
)
ENDING_SOON = (  # of an organization to a partner, granted by an offer that is a template too: its name and terms
    ("fabrikam", "565380", "Helpdesk for a year", "We reset sign-ins and answer your people on workdays."),
    ("nordwind", "777001", "Helpdesk für ein Jahr", "Wir setzen Anmeldungen zurück und antworten werktags."),
    ("lanyun", "880021", "服务台一年", "我们重设登录，并在工作日回答贵公司人员的问题。"),
)

SCHEDULED = (  # in an organization, from whom to whom, in how many days, and why it could not be applied
    ("contoso", "565380", "935287", 31, ""),
    ("contoso", "565380", "4391507", -3, "partner-not-active"),
    ("nordwind", "777001", "777002", 45, ""),
    ("nordwind", "777001", "777003", -4, "renewal-moved"),
    ("lanyun", "880021", "880023", 60, ""),
    ("lanyun", "880021", "880022", -5, "renewal-moved"),
)

POLICIES = (  # of an organization: approved partners, the default one of a category or of all, why one is exempt
    ("contoso", ("565380", "935287", "612345", "1234567"), ("612345", "exchange"), "Contract runs on"),
    ("nordwind", ("777001", "777002", "777003"), ("777001", None), "Vertrag läuft noch"),
    ("lanyun", ("880021", "880022", "880023"), None, "合同尚未到期"),
)

PARTNERS = (
    DemoPartner("565380", "Tailspin Consulting", WORLDWIDE, "US", "Seattle", ("US", "DE")),
    DemoPartner("935287", "Adventure Works Advisors", WORLDWIDE, "DE", "Munich", ("US", "DE")),
    DemoPartner("1234566", "Northwind Partner Group", WORLDWIDE, "US", "Boston", ("US", "DE"), kind="global"),
    DemoPartner("1234567", "Northwind Partner Group", WORLDWIDE, "US", "Boston", ("US",), parent="1234566"),
    DemoPartner("1234568", "Northwind Partner Group", WORLDWIDE, "DE", "Cologne", ("DE",), parent="1234566"),
    DemoPartner("4391507", "Fourth Coffee Services", WORLDWIDE, "US", "Denver", ("US",), state="inactive"),
    DemoPartner("3664167", "Wingtip Advisory", WORLDWIDE, "GB", "London", ("GB",)),
    DemoPartner("612345", "Litware Mail Experts", WORLDWIDE, "US", "Austin", ("US",), families=("exchange",)),
    DemoPartner("777001", "Rheinland Cloud GmbH", GERMANY, "DE", "Düsseldorf", ("DE", "AT"), language="de"),
    DemoPartner("777002", "Hanse IT Beratung GmbH", GERMANY, "DE", "Bremen", ("DE",), language="de"),
    DemoPartner("777003", "Elbe Software Vertrieb GmbH", GERMANY, "DE", "Dresden", ("DE",), language="de"),
    DemoPartner("880021", "上海云伙伴", CHINA, "CN", "上海", ("CN",), language="zh-hans"),
    DemoPartner("880022", "华东软件分销", CHINA, "CN", "杭州", ("CN",), language="zh-hans"),
    DemoPartner("880023", "北京数字服务", CHINA, "CN", "北京", ("CN",), language="zh-hans"),
)


class DemoPurchase(NamedTuple):
    """An order as placed, and a request to be matched with the partner that it names."""

    slug: str
    buyer: str
    product: str
    licenses: int
    partner_number: str
    wish: str


PURCHASES = (
    DemoPurchase(
        "contoso", "billing@contoso.example", "Project Online Essentials", 15, "565380",
        "We are moving 180 mailboxes from our own servers by March and need help with the plan and the move.",
    ),
    DemoPurchase(
        "nordwind", "admin@nordwind.example", "Visio Online (Plan 2)", 5, "777001",
        "Wir führen SharePoint an drei Standorten ein und suchen Hilfe bei Aufbau und Schulung.",
    ),
)  # fmt: skip


def _account(email: str, name: str, seats: tuple) -> Account:
    tenants = {tenant.slug: tenant for tenant in TENANTS}
    return Account(
        email,
        name,
        lazy(formats.join_list, str)([tenants[slug].name for slug, _role in seats]),
        _labels(tenants[slug].cloud for slug, _role in seats),
        _labels(role for _slug, role in seats),
    )


def _labels(choices: Iterable[Cloud | Role]) -> Text:
    """Each label once, in the language of the reader."""
    labels = [choice.label for choice in dict.fromkeys(choices)]
    return lazy(formats.join_list, str)(labels)


# Own name and cost center; the second has none, as most subscriptions in life
OWN_NAMES = [("Redmond", "4100"), ("", ""), ("Field sales", "4250"), ("Research lab", "")]


def _agent(email: str, name: str, number: str, role: AgentRole, _time_zone: str) -> Account:
    partner = next(partner for partner in PARTNERS if partner.number == number)
    return Account(email, name, f"{number} {partner.name}", partner.cloud.label, role.label)


ACCOUNTS = [
    *(_account(*person) for person in PEOPLE),
    *(_agent(*agent) for agent in AGENTS),
    Account(*STAFF, "", "", _("Staff")),
    *(Account(email, name, _("Staff"), "", role.label) for email, name, role in STAFF_PEOPLE),
]
