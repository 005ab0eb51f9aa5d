"""The demo's organizations, people, partners and products; documentation and checks rely on them."""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from subscriptions.base import formats
from subscriptions.base.languages import columns_of
from subscriptions.clouds import Cloud, Text
from subscriptions.models.delegated_role import AgentRole, DelegatedRole
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
        (("nordwind", Role.BILLING_ADMIN), ("contoso", Role.BILLING_ADMIN)),
    ),
    ("admin@lanyun.example", "李娜", (("lanyun", Role.GLOBAL_ADMIN),)),
)
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
    ("agent@rheinland.example", "Katrin Brandt", "777001", AgentRole.ADMIN_AGENT, "Europe/Berlin"),
    ("reseller@elbe.example", "Jonas Richter", "777003", AgentRole.ADMIN_AGENT, "Europe/Berlin"),
    ("agent@yunhuoban.example", "王伟", "880021", AgentRole.ADMIN_AGENT, "Asia/Shanghai"),
    ("reseller@huadong.example", "陈静", "880022", AgentRole.ADMIN_AGENT, "Asia/Shanghai"),
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

SCHEDULED = (  # in an organization, from whom to whom, in how many days, and why it could not be applied
    ("contoso", "565380", "935287", 31, ""),
    ("contoso", "565380", "4391507", -3, "partner-not-active"),
    ("nordwind", "777001", "777002", 45, ""),
    ("nordwind", "777001", "777003", -4, "renewal-moved"),
    ("lanyun", "880021", "880023", 60, ""),
    ("lanyun", "880021", "880022", -5, "renewal-moved"),
)

POLICIES = (  # of an organization: approved partners, and the default one of a category or of all
    ("contoso", ("565380", "935287", "612345", "1234567"), ("612345", "exchange")),
    ("nordwind", ("777001", "777002", "777003"), ("777001", None)),
    ("lanyun", ("880021", "880022", "880023"), None),
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


class DemoFamily(NamedTuple):
    """A category of products: its code, its name and its sentence in each language."""

    code: str
    name_en: str
    name_de: str
    name_zh_hans: str
    sentence_en: str
    sentence_de: str
    sentence_zh_hans: str


FAMILIES = (  # in the order of the shop
    DemoFamily(
        "office",
        "Office",
        "Office",
        "Office",
        "The Office apps with mail, files and meetings, by plan.",
        "Die Office-Apps mit E-Mail, Dateien und Besprechungen, je nach Plan.",
        "Office 应用以及邮件、文件和会议，依计划而定。",
    ),
    DemoFamily(
        "exchange",
        "Exchange",
        "Exchange",
        "Exchange",
        "Business mail, calendars and contacts.",
        "E-Mail, Kalender und Kontakte für Unternehmen.",
        "商务邮件、日历和联系人。",
    ),
    DemoFamily(
        "sharepoint",
        "SharePoint",
        "SharePoint",
        "SharePoint",
        "Sites and files that teams share.",
        "Websites und Dateien, die Teams gemeinsam nutzen.",
        "团队共享的网站和文件。",
    ),
    DemoFamily(
        "project",
        "Project",
        "Project",
        "Project",
        "Plans, resources and schedules of projects.",
        "Pläne, Ressourcen und Termine von Projekten.",
        "项目的计划、资源和日程。",
    ),
    DemoFamily(
        "visio",
        "Visio",
        "Visio",
        "Visio",
        "Diagrams, drawn and shared in the browser.",
        "Diagramme, im Browser gezeichnet und geteilt.",
        "在浏览器中绘制和共享图表。",
    ),
    DemoFamily(
        "skype",
        "Skype for Business",
        "Skype for Business",
        "Skype for Business",
        "Calls, chat and online meetings.",
        "Anrufe, Chat und Onlinebesprechungen.",
        "通话、聊天和联机会议。",
    ),
    DemoFamily(
        "power-bi",
        "Power BI",
        "Power BI",
        "Power BI",
        "Reports and dashboards from your data.",
        "Berichte und Dashboards aus Ihren Daten.",
        "基于你的数据的报表和仪表板。",
    ),
    DemoFamily(
        "dynamics",
        "Dynamics 365",
        "Dynamics 365",
        "Dynamics 365",
        "Customers, sales and service in one place.",
        "Kunden, Vertrieb und Service an einem Ort.",
        "客户、销售和服务集于一处。",
    ),
    DemoFamily(
        "security",
        "Security and device management",
        "Sicherheit und Geräteverwaltung",
        "安全和设备管理",
        "Protects identities, devices and information.",
        "Schützt Identitäten, Geräte und Informationen.",
        "保护身份、设备和信息。",
    ),
    DemoFamily(
        "windows",
        "Windows",
        "Windows",
        "Windows",
        "Windows for the devices of your organization.",
        "Windows für die Geräte Ihrer Organisation.",
        "适用于你的组织设备的 Windows。",
    ),
)

PRODUCTS = (
    ("Office 365 E1", "office", 8),
    ("Office 365 E3", "office", 20),
    ("Office 365 E5", "office", 35),
    ("Office 365 F1", "office", 4),
    ("Office 365 Business", "office", 8),
    ("Office 365 Business Premium", "office", 12),
    ("Office 365 ProPlus", "office", 12),
    ("Exchange Online (Plan 1)", "exchange", 4),
    ("Exchange Online (Plan 2)", "exchange", 8),
    ("Exchange Online Archiving", "exchange", 3),
    ("SharePoint Online (Plan 1)", "sharepoint", 5),
    ("SharePoint Online (Plan 2)", "sharepoint", 10),
    ("OneDrive for Business (Plan 2)", "sharepoint", 10),
    ("Project Online Essentials", "project", 7),
    ("Project Online Professional", "project", 30),
    ("Project Online Premium", "project", 55),
    ("Visio Online (Plan 1)", "visio", 5),
    ("Visio Online (Plan 2)", "visio", 15),
    ("Skype for Business Online (Plan 2)", "skype", 6),
    ("Power BI Pro", "power-bi", 10),
    ("Dynamics 365 Sales Professional", "dynamics", 65),
    ("Enterprise Mobility + Security E3", "security", 9),
    ("Windows 10 Enterprise E3", "windows", 7),
)

# What a plan has, in the three languages; the same words stand in one line beside each other
_WEB = ("Web and phone apps", "Apps für Web und Telefon", "网页版和手机版应用")
_DESKTOP = ("Office on 5 devices per person", "Office auf 5 Geräten je Person", "每人可在 5 台设备上使用 Office")
_MAILBOX_50 = ("Mailbox of 50 GB", "Postfach mit 50 GB", "50 GB 邮箱")
_MAILBOX_100 = ("Mailbox of 100 GB", "Postfach mit 100 GB", "100 GB 邮箱")
_TEAMS = ("Teams, sites and files", "Teams, Websites und Dateien", "团队、站点和文件")
_HOLD = ("Legal hold", "Aufbewahrung für Rechtsfälle", "诉讼保留")
_PHONE = ("Phone system, threat protection", "Telefonsystem, Schutz vor Bedrohungen", "电话系统、威胁防护")
_ARCHIVE = ("Archive without limit", "Unbegrenztes Archiv", "无限归档")
_TASKS = ("Own tasks and time", "Eigene Aufgaben und Zeiten", "个人任务与工时")
_PLANS = ("Plans and resources", "Pläne und Ressourcen", "计划与资源")
_PORTFOLIO = ("Portfolios of projects", "Portfolios von Projekten", "项目组合")
_DRAWING = ("Drawing in the browser", "Zeichnen im Browser", "在浏览器中绘图")
_VISIO = ("Visio on 5 devices per person", "Visio auf 5 Geräten je Person", "每人可在 5 台设备上使用 Visio")
FEATURES = {
    "Office 365 F1": (_WEB, _TEAMS),
    "Office 365 E1": (_WEB, _TEAMS, _MAILBOX_50),
    "Office 365 Business": (_WEB, _DESKTOP),
    "Office 365 Business Premium": (_WEB, _TEAMS, _MAILBOX_50, _DESKTOP),
    "Office 365 ProPlus": (_WEB, _DESKTOP),
    "Office 365 E3": (_WEB, _TEAMS, _DESKTOP, _MAILBOX_100, _HOLD),
    "Office 365 E5": (_WEB, _TEAMS, _DESKTOP, _MAILBOX_100, _HOLD, _PHONE),
    "Exchange Online Archiving": (_ARCHIVE, _HOLD),
    "Exchange Online (Plan 1)": (_MAILBOX_50,),
    "Exchange Online (Plan 2)": (_MAILBOX_100, _ARCHIVE, _HOLD),
    "Project Online Essentials": (_TASKS,),
    "Project Online Professional": (_TASKS, _PLANS),
    "Project Online Premium": (_TASKS, _PLANS, _PORTFOLIO),
    "Visio Online (Plan 1)": (_DRAWING,),
    "Visio Online (Plan 2)": (_DRAWING, _VISIO),
}


def features_of(product: str) -> dict[str, str]:
    """By the columns of a product."""
    texts = zip(*FEATURES.get(product, ()), strict=True)
    return dict(zip(columns_of("features"), map("; ".join, texts), strict=False))


TRIALS = {
    "Office 365 E3", "Office 365 E5", "Office 365 Business Premium", "Exchange Online (Plan 2)",
    "Project Online Professional", "Visio Online (Plan 2)", "Power BI Pro", "Enterprise Mobility + Security E3",
    "SharePoint Online (Plan 2)", "Dynamics 365 Sales Professional", "Exchange Online Archiving",
    "SharePoint Online (Plan 1)", "Windows 10 Enterprise E3",
}  # fmt: skip


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
